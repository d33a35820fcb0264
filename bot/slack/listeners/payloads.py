"""Reading what Slack sends. Everything in it is a hint from outside: ids are checked by the use cases."""

from __future__ import annotations

import json
import logging
import re
from dataclasses import dataclass
from typing import Any

from bot.domain.refusals import Refusal
from bot.slack.receiving.payload_metrics import kind_of

log = logging.getLogger(__name__)

_LARGEST_ID = 2**31 - 1

UNREADABLE = (
    "Slack sent something that Basecoach can’t read. Please try again from Home or with /checkin."
)
OLD_FORM = "This form is from an older version of Basecoach. Close it and open it again."


@dataclass(frozen=True)
class _Each:
    """An object whose every value has this shape."""

    shape: Any


_TICKET = re.compile(".{1,500}", re.DOTALL)
"""A trigger id or a response_url: we keep them in forms, which have little room."""
_ID = re.compile("[A-Z0-9]{2,50}")
"""Whom Slack says it was; it goes into the log, so it is no text of anybody's."""
_TS = re.compile(r"[0-9]{1,10}\.[0-9]{1,6}")
_VIEW = {"id": str, "type": str, "callback_id": str, "private_metadata?": str, "hash?": str}
_INPUT = {
    "value?": str,
    "selected_option?": {"value": str},
    "selected_options?": [{}],
    "selected_user?": str,
    "selected_users?": [str],
    "selected_conversation?": str,
    "selected_date?": str,
    "selected_time?": str,
}
_SHAPES: dict[str, Any] = {
    "command": {
        "command": str,
        "user_id": _ID,
        "trigger_id": _TICKET,
        "text?": str,
        "response_url?": _TICKET,
    },
    "block_actions": {
        "user": {"id": _ID},
        "trigger_id": _TICKET,
        "response_url?": _TICKET,
        "actions": [
            {"action_id": str, "block_id?": str, "value?": str, "selected_option?": {"value": str}}
        ],
        "container?": {"channel_id?": str, "message_ts?": _TS},
        "message?": {"metadata?": {"event_payload?": {}}},
        "view?": {
            **_VIEW,
            "callback_id?": str,
            "hash": str,
            "previous_view_id?": str,
            "root_view_id?": str,
        },
    },
    "view_submission": {
        "user": {"id": _ID},
        "view": {
            **_VIEW,
            "blocks": [{"block_id": str, "type": str}],
            "state": {"values": _Each(_Each(_INPUT))},
            "previous_view_id?": str,
        },
    },
    "view_closed": {"user": {"id": _ID}, "view": {"callback_id": str}},
    "event_callback": {"event": {"type": re.compile("[a-z0-9_.]{1,80}")}},
}
_IN_CHANNEL = {"channel": str}
_EVENT_SHAPES: dict[str, Any] = {
    "app_home_opened": {"user": _ID, "tab?": str},
    "member_left_channel": {"user": str, "channel": str},
    "member_joined_channel": {"user": str, "channel": str},
    "channel_archive": _IN_CHANNEL,
    "group_archive": _IN_CHANNEL,
    "channel_unarchive": _IN_CHANNEL,
    "group_unarchive": _IN_CHANNEL,
    "channel_deleted": _IN_CHANNEL,
    "channel_id_changed": {"old_channel_id": str, "new_channel_id": str},
    "tokens_revoked": {"tokens?": {}},
}
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_DEEPEST = 40
_ONLY_SHOWN = frozenset({"message", "blocks"})
"""What a payload repeats of what we showed; of this a listener reads ids at most."""


def has_listener(body: dict[str, Any]) -> bool:
    """Whether the payload is of a kind that is listened to, here or by Bolt itself."""
    return kind_of(body) != "other" or "ssl_check" in body or body.get("type") == "url_verification"


def readable(body: dict[str, Any]) -> None:
    """Raises Refusal for a payload of another shape than Slack's.

    What may be absent is absent from then on, where Slack sends null for it. Characters that no
    database stores (NUL, half a surrogate pair) are replaced.
    """
    kind = "command" if "command" in body else str(body.get("type"))
    try:
        _must_fit(body, {"event?": {}, **_SHAPES.get(kind, {})})
        if kind == "event_callback":
            _must_fit(body["event"], _EVENT_SHAPES.get(body["event"]["type"], {}))
        if kind == "block_actions" and not (
            body["actions"] and (body.get("response_url") or body.get("view"))
        ):
            raise Refusal(UNREADABLE)  # nothing was pressed, or nowhere
        _make_storable(body, 0)
    except Refusal:
        log.warning("a payload of no known shape", extra={"kind": kind if kind in _SHAPES else ""})
        raise


def _must_fit(value: object, shape: Any) -> None:
    """Raises Refusal for a value of another shape; takes out nulls of what may be absent."""
    if not _fits(value, shape):
        raise Refusal(UNREADABLE)


def _fits(value: object, shape: Any) -> bool:
    if isinstance(shape, type):
        return isinstance(value, shape)
    if isinstance(shape, re.Pattern):
        return isinstance(value, str) and shape.fullmatch(value) is not None
    if isinstance(shape, list):
        return isinstance(value, list) and all(_fits(inner, shape[0]) for inner in value)
    if not isinstance(value, dict):
        return False
    if isinstance(shape, _Each):
        return all(_fits(inner, shape.shape) for inner in value.values())
    return all(_field_fits(value, name, inner) for name, inner in shape.items())


def _field_fits(fields: dict[str, Any], name: str, shape: Any) -> bool:
    if name.endswith("?"):
        name = name[:-1]
        if fields.get(name) is None:
            fields.pop(name, None)
            return True
    return _fits(fields.get(name), shape)


def _make_storable(node: Any, depth: int) -> None:
    if depth > _DEEPEST:
        raise Refusal(UNREADABLE)
    inside = node.items() if isinstance(node, dict) else enumerate(node)
    for key, value in inside:
        if isinstance(value, str):
            if not value.isprintable() and _UNSTORABLE.search(value):
                node[key] = _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", value)
        elif isinstance(value, (dict, list)) and key not in _ONLY_SHOWN:
            _make_storable(value, depth + 1)


def pressed_in(body: dict[str, Any]) -> dict[str, Any]:
    """The view that a button stands in; Refusal for a press that claims to be from elsewhere."""
    view = body.get("view")
    if not isinstance(view, dict):
        raise Refusal(UNREADABLE)
    return view


def metadata_of(view: dict[str, Any]) -> dict[str, Any]:
    """What we noted in a form when it was opened; Refusal where that can't be read any more."""
    try:
        metadata = json.loads(view.get("private_metadata") or "{}")
    except (ValueError, RecursionError):
        metadata = None
    if not isinstance(metadata, dict):
        raise Refusal(OLD_FORM)
    return metadata


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
