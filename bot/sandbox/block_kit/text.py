"""Block Kit's small parts: text objects, options, confirmations, images, rich text."""

from __future__ import annotations

from typing import Any

from bot.sandbox.shapes import (
    Check,
    Report,
    anything,
    boolean,
    integer,
    list_of,
    one_of,
    shape,
    string,
    variant,
)

URL = string(longest=3000, pattern=r"[a-z][a-z0-9+.-]*:.+", like="a URL")
BLOCK_ID = string(longest=255)
ACTION_ID = string(longest=255)


def plain_text(longest: int = 3000) -> Check:
    """Make the check of a plain_text object of at most `longest` characters."""
    return variant(
        {
            "plain_text": shape(
                {"type": anything, "text": string(longest=longest)}, {"emoji": boolean}
            )
        },
        elsewhere={"mrkdwn": "this is plain_text only"},
    )


def any_text(longest: int = 3000) -> Check:
    """Make the check of a plain_text or mrkdwn object of at most `longest` characters."""
    return variant(
        {
            "plain_text": shape(
                {"type": anything, "text": string(longest=longest)}, {"emoji": boolean}
            ),
            "mrkdwn": shape(
                {"type": anything, "text": string(longest=longest)}, {"verbatim": boolean}
            ),
        }
    )


CONFIRM = shape(
    {
        "title": plain_text(100),
        "text": any_text(300),
        "confirm": plain_text(30),
        "deny": plain_text(30),
    },
    {"style": one_of("primary", "danger")},
)
PLACEHOLDER = plain_text(150)


def option(text: Check, *, url: bool = False) -> Check:
    """Make the check of an option. Menus take plain text; radio buttons and checkboxes take any text."""
    extra: dict[str, Check] = {"description": text}
    if url:
        extra["url"] = URL
    return shape({"text": text, "value": string(longest=150)}, extra)


MENU_OPTION = option(plain_text(75))
LIST_OPTION = option(any_text(75))
OPTION_GROUP = shape({"label": plain_text(75), "options": list_of(MENU_OPTION, most=100)})


def one_image_source(report: Report, pointer: str, value: dict[str, Any]) -> None:
    """Check that an image names exactly one source."""
    if ("image_url" in value) == ("slack_file" in value):
        report.add(pointer, "exactly one of image_url and slack_file is required")


def one_file_reference(report: Report, pointer: str, value: dict[str, Any]) -> None:
    """Check that a file of Slack's is named in exactly one way."""
    if len(value) != 1:
        report.add(pointer, "exactly one of id and url is required")


IMAGE_SOURCES: dict[str, Check] = {
    "image_url": URL,
    "slack_file": shape({}, {"id": string(longest=255), "url": URL}, one_file_reference),
}
IMAGE_ELEMENT = shape(
    {"type": anything, "alt_text": string(longest=2000)}, IMAGE_SOURCES, one_image_source
)

STYLE = shape(
    {},
    dict.fromkeys(
        (
            "bold",
            "italic",
            "strike",
            "underline",
            "code",
            "highlight",
            "client_highlight",
            "unlink",
        ),
        boolean,
    ),
)


def _leaf(required: dict[str, Check], optional: dict[str, Check] | None = None) -> Check:
    return shape({"type": anything, **required}, {"style": STYLE, **(optional or {})})


def _an_id(letters: str) -> Check:
    return string(longest=255, pattern=rf"[{letters}][A-Z0-9]+", like=f"an id in {letters}…")


ANY_STRING = string(longest=100_000, shortest=0)
RICH_LEAF = variant(
    {
        "text": _leaf({"text": string(longest=100_000)}),
        "link": _leaf({"url": URL}, {"text": ANY_STRING, "unsafe": boolean}),
        "user": _leaf({"user_id": _an_id("UW")}),
        "usergroup": _leaf({"usergroup_id": _an_id("S")}),
        "team": _leaf({"team_id": _an_id("T")}),
        "channel": _leaf({"channel_id": _an_id("CGD")}),
        "emoji": _leaf(
            {"name": string(longest=255)},
            {"skin_tone": integer(1, 6), "unicode": string(longest=255)},
        ),
        "broadcast": _leaf({"range": one_of("here", "channel", "everyone")}),
        "color": _leaf(
            {
                "value": string(
                    longest=7, pattern=r"#?[0-9a-fA-F]{6}", like="a colour such as #1f3a34"
                )
            }
        ),
        "date": _leaf(
            {"timestamp": integer(0, 9_999_999_999), "format": string(longest=255)},
            {"url": URL, "fallback": ANY_STRING},
        ),
    }
)
LEAVES = list_of(RICH_LEAF, most=10_000, least=0)
BORDER = one_of(0, 1)
RICH_SECTION = shape({"type": anything, "elements": LEAVES})
RICH_CONTAINER = variant(
    {
        "rich_text_section": RICH_SECTION,
        "rich_text_list": shape(
            {
                "type": anything,
                "style": one_of("bullet", "ordered"),
                "elements": list_of(variant({"rich_text_section": RICH_SECTION}), most=1000),
            },
            {"indent": integer(0, 8), "offset": integer(0, 100_000), "border": BORDER},
        ),
        "rich_text_preformatted": shape(
            {"type": anything, "elements": LEAVES},
            {"border": BORDER, "language": string(longest=255)},
        ),
        "rich_text_quote": shape({"type": anything, "elements": LEAVES}, {"border": BORDER}),
    }
)
RICH_CONTAINERS = list_of(RICH_CONTAINER, most=1000, least=0)
