"""Block Kit, checked as strictly as Slack checks it: the blocks of a message, and views.

`check_message` and `check_view` return every problem with its JSON pointer. An empty list means that
Slack would take it. `give_ids` then fills in the ids that Slack makes up itself.
"""

from __future__ import annotations

import secrets
import string as alphabet
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.sandbox.block_kit.data_blocks import CHART_BLOCK, DATA_TABLE, TABLE
from bot.sandbox.block_kit.elements import (
    BUTTON,
    IN_ACTIONS,
    IN_CONTEXT_ACTIONS,
    IN_INPUT,
    IN_SECTION,
    INTERACTIVE,
    placed,
)
from bot.sandbox.block_kit.text import (
    BLOCK_ID,
    IMAGE_ELEMENT,
    IMAGE_SOURCES,
    RICH_CONTAINERS,
    any_text,
    one_image_source,
    plain_text,
)
from bot.sandbox.shapes import (
    Check,
    Problem,
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

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
MARKDOWN_CHARACTERS = 12_000
CHARTS = 2


def check_message(blocks: Any, *, pointer: str = "/blocks") -> list[Problem]:
    """Return what keeps these blocks from being posted. The list is empty if nothing does."""
    report = Report()
    if not isinstance(blocks, list):
        report.add(pointer, "must be an array")
        return report.problems
    list_of(BLOCK["message"], most=MESSAGE_BLOCKS, least=0)(report, pointer, blocks)
    _check_together(report, pointer, blocks)
    return report.problems


def check_view(view: Any, *, kind: str | None = None, pointer: str = "/view") -> list[Problem]:
    """Return what keeps this view from being opened or published. `kind` is the type that it must have."""
    report = Report()
    if not isinstance(view, dict):
        report.add(pointer, "must be an object")
    elif view.get("type") not in list(VIEW) or kind not in (None, view["type"]):
        report.add(f"{pointer}/type", f"must be {kind or 'modal or home'}")
    else:
        VIEW[view["type"]](report, pointer, view)
        if isinstance(view.get("blocks"), list):
            _check_together(report, f"{pointer}/blocks", view["blocks"])
    return report.problems


def give_ids(blocks: list[dict[str, Any]]) -> None:
    """Give every block and interactive element without an id one, as Slack does."""
    for block in blocks:
        block.setdefault("block_id", _made_up_id())
        for element in _inside(block):
            if element.get("type") in INTERACTIVE:
                element.setdefault("action_id", _made_up_id())


def _made_up_id() -> str:
    return "".join(secrets.choice(alphabet.ascii_letters + alphabet.digits) for _ in range(5))


def _inside(block: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the elements of a block."""
    elements = block.get("elements")
    inside = [block.get("accessory"), block.get("element")]
    inside += elements if isinstance(elements, list) else []
    yield from (element for element in inside if isinstance(element, dict))


def _block(
    required: Mapping[str, Check] | None = None,
    optional: Mapping[str, Check] | None = None,
    *rules: Check,
) -> Check:
    return shape(
        {"type": anything, **(required or {})}, {"block_id": BLOCK_ID, **(optional or {})}, *rules
    )


def _text_or_fields(report: Report, pointer: str, value: dict[str, Any]) -> None:
    if "text" not in value and "fields" not in value:
        report.add(pointer, "missing required field: text or fields")


EVERYWHERE: Mapping[str, Check] = {
    "header": _block({"text": plain_text(150)}, {"level": integer(1, 4)}),
    "section": _block(
        {},
        {
            "text": any_text(3000),
            "fields": list_of(any_text(2000), most=10),
            "accessory": placed(IN_SECTION),
            "expand": boolean,
        },
        _text_or_fields,
    ),
    "actions": _block({"elements": list_of(placed(IN_ACTIONS), most=25)}),
    "context": _block(
        {
            "elements": list_of(
                variant({"image": IMAGE_ELEMENT, "plain_text": any_text(), "mrkdwn": any_text()}),
                most=10,
            )
        }
    ),
    "divider": _block(),
    "image": _block(
        {"alt_text": string(longest=2000)},
        {**IMAGE_SOURCES, "title": plain_text(2000)},
        one_image_source,
    ),
    "input": _block(
        {"label": plain_text(2000), "element": placed(IN_INPUT)},
        {"hint": plain_text(2000), "optional": boolean, "dispatch_action": boolean},
    ),
    "rich_text": _block({"elements": RICH_CONTAINERS}),
    "video": _block(
        {
            "alt_text": string(longest=2000),
            "title": plain_text(200),
            "thumbnail_url": string(longest=3000),
            "video_url": string(longest=3000),
        },
        {
            "author_name": string(longest=50),
            "description": plain_text(200),
            "provider_icon_url": string(longest=3000),
            "provider_name": string(longest=50),
            "title_url": string(longest=3000),
        },
    ),
}


def _card_says_something(report: Report, pointer: str, value: dict[str, Any]) -> None:
    if not {"hero_image", "title", "actions", "body"} & set(value):
        report.add(pointer, "one of hero_image, title, actions and body is required")


CARD = _block(
    {},
    {
        "hero_image": variant({"image": IMAGE_ELEMENT}),
        "icon": variant({"image": IMAGE_ELEMENT}),
        "title": any_text(150),
        "subtitle": any_text(150),
        "body": any_text(200),
        "actions": list_of(variant({"button": BUTTON}), most=2),
    },
    _card_says_something,
)
ONLY_MESSAGES: Mapping[str, Check] = {
    "markdown": _block({"text": string(longest=MARKDOWN_CHARACTERS)}),
    "context_actions": _block({"elements": list_of(placed(IN_CONTEXT_ACTIONS), most=5)}),
    "table": TABLE,
    "data_visualization": CHART_BLOCK,
    "card": CARD,
    "carousel": _block({"elements": list_of(variant({"card": CARD}), most=10)}),
}
MESSAGES_AND_HOME: Mapping[str, Check] = {"data_table": DATA_TABLE}
ONLY_MODALS: Mapping[str, Check] = {
    "alert": _block(
        {"text": any_text(3000)},
        {"level": one_of("default", "info", "warning", "error", "success")},
    )
}
BY_SURFACE: Mapping[str, Mapping[str, Check]] = {
    "message": {**EVERYWHERE, **ONLY_MESSAGES, **MESSAGES_AND_HOME},
    "home": {**EVERYWHERE, **MESSAGES_AND_HOME},
    "modal": {**EVERYWHERE, **ONLY_MODALS},
}


def _blocks_of(surface: str) -> Check:
    known = {kind for kinds in BY_SURFACE.values() for kind in kinds}
    elsewhere = dict.fromkeys(
        known - set(BY_SURFACE[surface]),
        f"a {surface} can't show this block",
    )
    return variant(BY_SURFACE[surface], elsewhere=elsewhere)


BLOCK: Mapping[str, Check] = {surface: _blocks_of(surface) for surface in BY_SURFACE}


def _submit_for_inputs(report: Report, pointer: str, view: dict[str, Any]) -> None:
    if "submit" not in view and any(block["type"] == "input" for block in view["blocks"]):
        report.add(f"{pointer}/submit", "submit is required when there is an input block")


VIEW_FIELDS: Mapping[str, Check] = {
    "callback_id": string(longest=255, shortest=0),
    "external_id": string(longest=255, shortest=0),
    "private_metadata": string(longest=3000, shortest=0),
}
VIEW: Mapping[str, Check] = {
    "modal": shape(
        {
            "type": anything,
            "title": plain_text(24),
            "blocks": list_of(BLOCK["modal"], most=VIEW_BLOCKS),
        },
        {
            **VIEW_FIELDS,
            "submit": plain_text(24),
            "close": plain_text(24),
            "clear_on_close": boolean,
            "notify_on_close": boolean,
            "submit_disabled": boolean,
        },
        _submit_for_inputs,
    ),
    "home": shape(
        {"type": anything, "blocks": list_of(BLOCK["home"], most=VIEW_BLOCKS)}, VIEW_FIELDS
    ),
}


def _check_together(report: Report, pointer: str, blocks: Sequence[Any]) -> None:
    """Check the rules that look at several blocks at once."""
    seen: set[str] = set()
    focused = 0
    counted = {"table": 0, "data_visualization": 0}
    markdown = 0
    for index, block in enumerate(blocks):
        here = f"{pointer}/{index}"
        if not isinstance(block, dict):
            continue
        block_id = block.get("block_id")
        if isinstance(block_id, str):
            if block_id in seen:
                report.add(f"{here}/block_id", f"block_id already exists: {block_id}")
            seen.add(block_id)
        _unique_actions(report, here, block)
        focused += sum(element.get("focus_on_load") is True for element in _inside(block))
        kind = "table" if block.get("type") == "data_table" else str(block.get("type"))
        if kind in counted:
            counted[kind] += 1
        if kind == "markdown" and isinstance(block.get("text"), str):
            markdown += len(block["text"])
    if focused > 1:
        report.add(pointer, "only one element may have focus_on_load")
    if counted["table"] > 1:
        report.add(pointer, "only_one_table_allowed")
    if counted["data_visualization"] > CHARTS:
        report.add(pointer, f"no more than {CHARTS} data_visualization blocks allowed")
    if markdown > MARKDOWN_CHARACTERS:
        report.add(pointer, f"no more than {MARKDOWN_CHARACTERS} characters of markdown allowed")


def _unique_actions(report: Report, pointer: str, block: Mapping[str, Any]) -> None:
    seen: set[str] = set()
    for element in _inside(block):
        action_id = element.get("action_id")
        if isinstance(action_id, str):
            if action_id in seen:
                report.add(pointer, f"action_id already exists in this block: {action_id}")
            seen.add(action_id)
