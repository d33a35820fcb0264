"""conversations.*: opening DMs, looking at channels and reading them back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from bot.sandbox.errors import SlackError
from bot.sandbox.records import BOT_USER_ID, Channel, Json
from bot.sandbox.web_api.call import Call, Method

SCOPE_PREFIX: Mapping[str, str] = {"public": "channels", "private": "groups", "im": "im"}


def open_dm(call: Call) -> Json:
    """Open the DM with one person. `users` names them, or `channel` the id that the DM already has."""
    workspace = call.workspace
    if call.text("channel"):
        channel = call.channel()
        if channel.kind != "im":
            raise SlackError("method_not_supported_for_channel_type")
        return _opened(call, channel, already=True)
    users = [user for user in call.text("users").split(",") if user]
    if not users:
        raise SlackError("users_list_not_supplied")
    if len(users) > 8:
        raise SlackError("too_many_users")
    people = [call.reachable(user) for user in users]
    if len(people) > 1:
        call.need_scope("mpim:write")
        raise SlackError("method_not_supported_for_channel_type")
    known = "D" + people[0].id[1:] in workspace.channels
    if call.flag("prevent_creation") and not known:
        raise SlackError("channel_not_found")
    return _opened(call, workspace.dm_of(people[0].id), already=known)


def _opened(call: Call, channel: Channel, *, already: bool) -> Json:
    answer: Json = {"channel": {"id": channel.id}}
    if call.flag("return_im"):
        answer["channel"] = channel.payload()
    if already:
        answer |= {"no_op": True, "already_open": True}
    return answer


def info(call: Call) -> Json:
    """Return one conversation."""
    channel = _readable(call, "read")
    shown = channel.payload()
    if call.flag("include_num_members"):
        shown["num_members"] = len(channel.members)
    if call.flag("include_locale"):
        shown["locale"] = "en-GB"
    return {"channel": shown}


def members(call: Call) -> Json:
    """Return the ids of a conversation's members, page by page."""
    channel = _readable(call, "read")
    page, cursor = call.page(channel.members, size=call.count("limit", 100, 1000))
    return {"members": page, "response_metadata": {"next_cursor": cursor}}


def history(call: Call) -> Json:
    """Return messages, newest first, between `oldest` and `latest`. `inclusive` adds those two."""
    channel = _readable(call, "history")
    if BOT_USER_ID not in channel.members:
        raise SlackError("not_in_channel")
    oldest = _ts(call, "oldest", Decimal(0))
    latest = _ts(call, "latest", Decimal("Infinity"))
    inclusive = call.flag("inclusive")
    found = [
        message
        for message in reversed(call.workspace.messages(channel.id))
        if oldest < (ts := Decimal(message.ts)) < latest or (inclusive and ts in (oldest, latest))
    ]
    page, cursor = call.page(found, size=call.count("limit", 100, 999))
    answer: Json = {
        "messages": [
            message.payload(include_all_metadata=call.flag("include_all_metadata"))
            for message in page
        ],
        "has_more": bool(cursor),
        "pin_count": 0,
    }
    if cursor:
        answer["response_metadata"] = {"next_cursor": cursor}
    return answer


def _readable(call: Call, what: str) -> Channel:
    """Return the channel. Raises SlackError if the app has no scope for a channel of its type."""
    channel = call.channel()
    call.need_scope(f"{SCOPE_PREFIX[channel.kind]}:{what}")
    return channel


def _ts(call: Call, name: str, default: Decimal) -> Decimal:
    text = call.text(name)
    if not text:
        return default
    if not re.fullmatch(r"\d{1,12}(\.\d{1,6})?", text):
        raise SlackError(f"invalid_ts_{name}")
    return Decimal(text)


def _any(what: str) -> tuple[str, ...]:
    return tuple(f"{prefix}:{what}" for prefix in ("channels", "groups", "im", "mpim"))


METHODS: Mapping[str, Method] = {
    "conversations.open": Method(
        open_dm, ("channels:manage", "groups:write", "im:write", "mpim:write")
    ),
    "conversations.info": Method(info, _any("read"), ("channel",)),
    "conversations.members": Method(members, _any("read"), ("channel",)),
    "conversations.history": Method(history, _any("history"), ("channel",)),
}
