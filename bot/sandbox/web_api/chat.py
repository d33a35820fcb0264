"""chat.*: posting, changing and deleting messages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.sandbox.content.messages import read_content
from bot.sandbox.errors import SlackError
from bot.sandbox.records import BOT_USER_ID, Channel, Json, Message
from bot.sandbox.web_api.call import Call, Method

UPDATE_TEXT_LIMIT = 4_000


def post_message(call: Call) -> Json:
    """Post a message. If the channel is a user's id, it goes to the app's DM with them."""
    channel = _destination(call)
    content = read_content(call.arguments)
    if content.empty:
        raise SlackError("no_text")
    message = content.message(channel.id, call.workspace.next_ts())
    message.thread_ts = _thread(call, channel)
    call.workspace.post(message, parse_names=content.parse_names)
    return {"channel": channel.id, "ts": message.ts, "message": message.payload()}


def post_ephemeral(call: Call) -> Json:
    """Post a message that only one member of the channel sees."""
    channel = _destination(call)
    content = read_content(call.arguments)
    if content.empty:
        raise SlackError("no_text")
    if call.text("user") not in channel.members:
        raise SlackError("user_not_in_channel")
    message = content.message(channel.id, call.workspace.next_ts())
    message.ephemeral_to = call.text("user")
    message.thread_ts = _thread(call, channel)
    call.workspace.post(message, parse_names=content.parse_names)
    return {"message_ts": message.ts}


def update(call: Call) -> Json:
    """Change a message. Fields that are not named stay. Empty blocks or metadata remove the old ones."""
    channel, message = _own_message(call, "cant_update_message")
    if channel.is_archived:
        raise SlackError("is_inactive")
    content = read_content(call.arguments)
    if not content.named & {"text", "blocks", "attachments", "markdown_text"}:
        raise SlackError("no_text")
    if content.text is not None and len(content.text) > UPDATE_TEXT_LIMIT:
        raise SlackError("msg_too_long")
    changes: dict[str, Any] = {"edited": {"user": BOT_USER_ID, "ts": call.workspace.next_ts()}}
    for name in ("text", "blocks", "attachments"):
        if getattr(content, name) is not None:
            changes[name] = getattr(content, name)
    if content.metadata is not None:
        changes["metadata"] = content.metadata or None
    left = {name: changes.get(name, getattr(message, name)) for name in ("text", "blocks")}
    if not left["text"] and not left["blocks"] and not message.attachments:
        raise SlackError("no_text")
    call.workspace.change_message(message, **changes)
    return {
        "channel": channel.id,
        "ts": message.ts,
        "text": message.text,
        "message": message.payload(),
    }


def delete(call: Call) -> Json:
    """Delete a message of the bot's own."""
    channel, message = _own_message(call, "cant_delete_message")
    call.workspace.delete_message(message)
    return {"channel": channel.id, "ts": message.ts}


def _destination(call: Call) -> Channel:
    """Return the channel where the bot wants to post. Raises SlackError if it may not."""
    workspace = call.workspace
    wanted = call.text("channel")
    if wanted[:1] in ("U", "W"):
        if wanted not in workspace.users:
            raise SlackError("channel_not_found")
        channel = workspace.dm_of(call.reachable(wanted).id)
    else:
        channel = call.channel()
    if channel.kind == "im":
        call.reachable(channel.user or "")
        if not workspace.manifest.messages_tab:
            raise SlackError("messages_tab_disabled")
    if channel.is_archived:
        raise SlackError("is_archived")
    if BOT_USER_ID not in channel.members and "chat:write.public" not in workspace.manifest.scopes:
        raise SlackError("not_in_channel")
    return channel


def _thread(call: Call, channel: Channel) -> str | None:
    thread_ts = call.text("thread_ts")
    if not thread_ts:
        return None
    if call.workspace.message(channel.id, thread_ts) is None:
        raise SlackError("cannot_reply_to_message")
    return thread_ts


def _own_message(call: Call, refusal: str) -> tuple[Channel, Message]:
    """Find a message of the bot's own. It can't find ephemeral ones, for Slack does not keep them."""
    channel = call.channel()
    message = call.workspace.message(channel.id, call.text("ts"))
    if message is None or message.ephemeral_to is not None:
        raise SlackError("message_not_found")
    if message.user != BOT_USER_ID:
        raise SlackError(refusal)
    return channel, message


METHODS: Mapping[str, Method] = {
    "chat.postMessage": Method(post_message, ("chat:write",), ("channel",)),
    "chat.postEphemeral": Method(post_ephemeral, ("chat:write",), ("channel", "user")),
    "chat.update": Method(update, ("chat:write",), ("channel", "ts")),
    "chat.delete": Method(delete, ("chat:write",), ("channel", "ts")),
}
