"""Reads values from payloads. Nothing in a payload can be trusted: use cases check the ids."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from bot.domain.refusals import Refusal
from bot.slack.receiving.shapes import UNREADABLE, BlockActions, PressedView, SentView

_LARGEST_ID = 2**31 - 1

_PERSON = re.compile("[UW][A-Z0-9]{1,50}")

OLD_FORM = "This form is from an older version of Basecoach. Close it and open it again."


def pressed_in(body: BlockActions) -> PressedView:
    """Return the view that contains the button; raises Refusal if the press does not come from a view."""
    view = body.get("view")
    if view is None:
        raise Refusal(UNREADABLE)
    return view


def pressed_value(body: BlockActions) -> object:
    """Return the value of the pressed button."""
    return body["actions"][0].get("value")


def chosen_value(body: BlockActions) -> str:
    """Return the value that was chosen from a menu; an empty text if none was."""
    option = body["actions"][0].get("selected_option")
    return option["value"] if option is not None else ""


def metadata_of(view: Mapping[str, Any] | SentView | PressedView) -> dict[str, Any]:
    """Return the metadata that the bot stored in a form when it opened it; raises Refusal if it can't be read."""
    try:
        metadata = json.loads(view.get("private_metadata") or "{}")
    except (ValueError, RecursionError):
        metadata = None
    if not isinstance(metadata, dict):
        raise Refusal(OLD_FORM)
    return metadata


def identity(value: object) -> int:
    """Return the row id in a button's value, a block_id or metadata; raises Refusal if it can't be an id."""
    text = str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
    if text.isascii() and text.isdigit() and len(text) <= 10 and 0 < int(text) <= _LARGEST_ID:
        return int(text)
    raise Refusal("This button is from an older message. Use /checkin or open Home to go on.")


def page_number(value: object) -> int:
    """Return the number of a page in a button's value or in metadata; raises Refusal if it can't be one."""
    text = str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
    if text.isascii() and text.isdigit() and len(text) <= 6:
        return int(text)
    raise Refusal(OLD_FORM)


def slack_id(value: object) -> str:
    """Return the Slack id of a person in a button's value or in metadata; raises Refusal if it can't be one."""
    if isinstance(value, str) and _PERSON.fullmatch(value):
        return value
    raise Refusal(OLD_FORM)


def typed_text(view: SentView, block_id: str, action_id: str) -> str:
    """Return the text typed into a modal's input; an empty text if none was."""
    return view["state"]["values"].get(block_id, {}).get(action_id, {}).get("value", "")


def chosen_in(view: SentView, block_id: str, action_id: str) -> str:
    """Return the value chosen from a modal's menu; an empty text if none was."""
    option = view["state"]["values"].get(block_id, {}).get(action_id, {}).get("selected_option")
    return option["value"] if option is not None else ""


def day_in(view: SentView, block_id: str, action_id: str) -> str:
    """Return the day chosen in a modal's calendar, as `2026-11-27`; an empty text if none was."""
    return view["state"]["values"].get(block_id, {}).get(action_id, {}).get("selected_date") or ""
