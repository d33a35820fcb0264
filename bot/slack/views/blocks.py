"""Block Kit in the few shapes that Basecoach uses, as plain dictionaries within Slack's limits.

Text from people enters through `plain`, `quote` or `escape` and nowhere else: `mrkdwn` takes text that is
already safe. Every mrkdwn object is verbatim, so that Slack links and mentions nothing by itself.

A view keeps within Slack's limits by itself: it shows less and says so. What goes over all the same is cut by
`fit`, so that people see something, and logged as an error, which no test lets pass.

Limits: https://docs.slack.dev/reference/block-kit/blocks
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, TypeAlias, TypeVar

from bot.slack.views.mrkdwn import Mrkdwn, cut, wrap

log = logging.getLogger(__name__)

Part = TypeVar("Part")

Block: TypeAlias = dict[str, Any]
Element: TypeAlias = dict[str, Any]
View: TypeAlias = dict[str, Any]
Message: TypeAlias = dict[str, Any]
"""`{"text": fallback, "blocks": […]}`, ready for chat.postMessage."""

TEXT_LIMIT = 3000
TITLE_LIMIT = 24
BUTTON_LIMIT = 75
OPTION_LIMIT = 75
FALLBACK_LIMIT = 4000
MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
METADATA_LIMIT = 3000
TABLE_ROWS = 100
TABLE_COLUMNS = 20
MENU_OPTIONS = 100
"""Options of a select, or of one group in it; a select has as many groups at the most."""


def fit(parts: Sequence[Part], most: int, *, what: str) -> list[Part]:
    """The parts as a list, of which Slack takes no more than `most`.

    More of them are a fault of the view: what is over is left out, and an error says where.
    """
    if len(parts) > most:
        _does_not_fit(what, len(parts), most)
    return list(parts[:most])


def _does_not_fit(what: str, size: int, most: int) -> None:
    facts = {"what": what, "size": size, "most": most}
    log.error("a view does not fit", extra=facts, stack_info=True)


def shorten(text: str, limit: int) -> str:
    """The text, cut with an ellipsis where it is longer than `limit` characters."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def plain(text: str, limit: int = TEXT_LIMIT) -> Element:
    """A plain_text object; what people typed goes in here as it is."""
    return {"type": "plain_text", "text": shorten(text, limit), "emoji": True}


def mrkdwn(text: Mrkdwn, limit: int = TEXT_LIMIT) -> Element:
    """A mrkdwn object of text that is already escaped."""
    if len(text) > limit:
        _does_not_fit("characters", len(text), limit)
    return {"type": "mrkdwn", "text": cut(text, limit), "verbatim": True}


def header(text: str) -> Block:
    return {"type": "header", "text": plain(text, 150)}


def section(
    text: Mrkdwn, *, accessory: Element | None = None, block_id: str | None = None
) -> Block:
    """A section of mrkdwn, already escaped."""
    block: Block = {"type": "section", "text": mrkdwn(text)}
    if accessory is not None:
        block["accessory"] = accessory
    if block_id is not None:
        block["block_id"] = block_id
    return block


def sections(
    lines: Iterable[Mrkdwn], *, accessory: Element | None = None, title: Mrkdwn | None = None
) -> list[Block]:
    """The lines in as few sections as hold them; the title and the accessory belong to the first one."""
    texts = wrap(lines if title is None else [title, *lines], "\n", TEXT_LIMIT)
    return [
        section(text, accessory=accessory if number == 0 else None)
        for number, text in enumerate(texts)
    ]


def plain_section(text: str) -> Block:
    """A section that shows text from people as it is."""
    return {"type": "section", "text": plain(text)}


def fields(texts: Sequence[Mrkdwn]) -> Block:
    """A section of up to ten short mrkdwn texts in two columns."""
    return {
        "type": "section",
        "fields": [mrkdwn(text, 2000) for text in fit(texts, 10, what="fields")],
    }


def context(*texts: Mrkdwn) -> Block:
    """Small print, already escaped."""
    return {"type": "context", "elements": [mrkdwn(text) for text in fit(texts, 10, what="texts")]}


def divider() -> Block:
    return {"type": "divider"}


def quote(text: str) -> Block:
    """Text from people, set off as a quotation; nothing in it is interpreted."""
    return {
        "type": "rich_text",
        "elements": [
            {
                "type": "rich_text_quote",
                "elements": [{"type": "text", "text": shorten(text, TEXT_LIMIT) or " "}],
            }
        ],
    }


def table(rows: Sequence[Sequence[Element]]) -> Block:
    """A table of `cell`s, the first row of which is its head. A message holds one, and Homes and modals none."""
    fitting = [fit(row, TABLE_COLUMNS, what="columns") for row in rows]
    return {
        "type": "table",
        "rows": fit(fitting, TABLE_ROWS, what="rows"),
        "column_settings": [{"is_wrapped": True} for _ in fitting[0]],
    }


def cell(text: str, *, bold: bool = False) -> Element:
    """A cell of a table; text from people is shown as it is."""
    words = text or "–"
    if not bold:
        return {"type": "raw_text", "text": words}
    part = {"type": "text", "text": words, "style": {"bold": True}}
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": [part]}],
    }


def actions(*elements: Element, block_id: str | None = None) -> Block:
    block: Block = {"type": "actions", "elements": fit(elements, 25, what="elements")}
    if block_id is not None:
        block["block_id"] = block_id
    return block


def button(
    text: str,
    *,
    action_id: str,
    value: str | None = None,
    style: str | None = None,
    label: str | None = None,
    confirm: Element | None = None,
) -> Element:
    """A button; `label` is what a screen reader says where the text alone would not tell.

    `confirm` asks before the press counts: see `confirmation`.
    """
    element: Element = {
        "type": "button",
        "text": plain(text, BUTTON_LIMIT),
        "action_id": action_id,
    }
    if value is not None:
        element["value"] = value
    if style is not None:
        element["style"] = style
    if label is not None:
        element["accessibility_label"] = shorten(label, 75)
    if confirm is not None:
        element["confirm"] = confirm
    return element


def confirmation(title: str, text: str, *, yes: str, no: str = "Cancel") -> Element:
    """What Slack asks before a press counts."""
    return {
        "title": plain(title, 100),
        "text": plain(text, 300),
        "confirm": plain(yes, 30),
        "deny": plain(no, 30),
    }


def option(text: str, value: str, *, description: str | None = None) -> Element:
    element: Element = {"text": plain(text, OPTION_LIMIT), "value": value}
    if description is not None:
        element["description"] = plain(description, OPTION_LIMIT)
    return element


def static_select(
    options: Sequence[Element],
    *,
    action_id: str,
    initial: str | None = None,
    placeholder: str | None = None,
) -> Element:
    """A select with up to 100 options; `initial` is the value that is chosen at first."""
    element: Element = {
        "type": "static_select",
        "action_id": action_id,
        "options": fit(options, MENU_OPTIONS, what="options"),
    }
    chosen = next((o for o in options if o["value"] == initial), None)
    if chosen is not None:
        element["initial_option"] = chosen
    if placeholder is not None:
        element["placeholder"] = plain(placeholder, 150)
    return element


def radio_buttons(
    options: Sequence[Element], *, action_id: str, initial: str | None = None
) -> Element:
    element: Element = {
        "type": "radio_buttons",
        "action_id": action_id,
        "options": fit(options, 10, what="options"),
    }
    chosen = next((o for o in options if o["value"] == initial), None)
    if chosen is not None:
        element["initial_option"] = chosen
    return element


def text_input(
    *,
    action_id: str,
    initial: str | None = None,
    placeholder: str | None = None,
    max_length: int | None = None,
    multiline: bool = False,
    focus: bool = False,
) -> Element:
    element: Element = {"type": "plain_text_input", "action_id": action_id}
    if initial:
        element["initial_value"] = shorten(initial, max_length or TEXT_LIMIT)
    if placeholder is not None:
        element["placeholder"] = plain(placeholder, 150)
    if max_length is not None:
        element["max_length"] = max_length
    if multiline:
        element["multiline"] = True
    if focus:
        element["focus_on_load"] = True
    return element


def datepicker(*, action_id: str, initial: date | None = None) -> Element:
    element: Element = {"type": "datepicker", "action_id": action_id}
    if initial is not None:
        element["initial_date"] = initial.isoformat()
    return element


def input_block(
    label: str,
    element: Element,
    *,
    block_id: str,
    hint: str | None = None,
    optional: bool = False,
) -> Block:
    """An input of a modal; its `block_id` is where a Refusal with that `field` is shown."""
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": plain(label, 2000),
        "element": element,
        "optional": optional,
    }
    if hint is not None:
        block["hint"] = plain(hint, 2000)
    return block


def modal(
    title: str,
    blocks: Sequence[Block],
    *,
    callback_id: str,
    submit: str | None = None,
    close: str = "Cancel",
    metadata: dict[str, Any] | None = None,
) -> View:
    """A modal; `metadata` comes back with its submission and is to be checked like any other input."""
    view: View = {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title, TITLE_LIMIT),
        "close": plain(close, TITLE_LIMIT),
        "blocks": fit(blocks, VIEW_BLOCKS, what="blocks"),
    }
    if submit is not None:
        view["submit"] = plain(submit, TITLE_LIMIT)
    if metadata is not None:
        encoded = json.dumps(metadata, separators=(",", ":"))
        if len(encoded) > METADATA_LIMIT:
            _does_not_fit("metadata", len(encoded), METADATA_LIMIT)
        view["private_metadata"] = encoded
    return view


def notice(title: str, text: Mrkdwn) -> View:
    """A modal that only says something; the text is already escaped."""
    return modal(title, [section(text)], callback_id="notice", close="Close")


def home(blocks: Sequence[Block]) -> View:
    return {"type": "home", "blocks": fit(blocks, VIEW_BLOCKS, what="blocks")}


def message(text: Mrkdwn, blocks: Sequence[Block]) -> Message:
    """A message with its fallback for notifications and screen readers, which may be cut: the blocks say all."""
    return {
        "text": cut(text, FALLBACK_LIMIT),
        "blocks": fit(blocks, MESSAGE_BLOCKS, what="blocks"),
    }
