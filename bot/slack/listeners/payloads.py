"""Reading what Slack sends. Everything in it is a hint from outside: ids are checked by the use cases."""

from __future__ import annotations

from typing import Any

from bot.domain.refusals import Refusal

_LARGEST_ID = 2**31 - 1


def identity(value: object) -> int:
    """A row id out of a button's value, a block_id or metadata; Refusal for anything that can't be one."""
    text = str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
    if text.isascii() and text.isdigit() and len(text) <= 10 and 0 < int(text) <= _LARGEST_ID:
        return int(text)
    raise Refusal("This button is from an older message. Use /checkin or open Home to go on.")


def typed_text(view: dict[str, Any], block_id: str, action_id: str) -> str:
    """What was typed into a modal's input; empty where nothing was."""
    state = view.get("state", {}).get("values", {})
    value = state.get(block_id, {}).get(action_id, {}).get("value")
    return value if isinstance(value, str) else ""
