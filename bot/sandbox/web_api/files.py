"""files.*: uploads in Slack's two steps, and deleting files.

The bot asks for an address, posts the bytes there (`bot.sandbox.pages.downloads`), and then completes the upload,
which shares the files in a conversation as one message.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.sandbox.content.messages import parsed
from bot.sandbox.errors import SlackError
from bot.sandbox.records import APP_ID, BOT_ID, BOT_USER_ID, Json, Message
from bot.sandbox.web_api.call import Call, Method

LONGEST_NAME = 255


def get_upload_url(call: Call) -> Json:
    """Return an address that takes the bytes of one file, and the file's id."""
    length = call.text("length")
    if not length.isdecimal() or int(length) < 1:
        raise SlackError("missing_argument")
    name = call.text("filename")
    if len(name) > LONGEST_NAME:
        raise SlackError("invalid_arguments")
    file = call.workspace.files.expect(name, int(length))
    return {"upload_url": call.workspace.upload_url(file), "file_id": file.id}


def complete_upload(call: Call) -> Json:
    """Share uploaded files in a conversation, as one message of the bot's."""
    workspace = call.workspace
    files = []
    for wanted in _wanted(call):
        file = workspace.files.uploaded(str(wanted.get("id")))
        if file is None:
            raise SlackError("file_not_found")
        files.append((file, str(wanted.get("title") or file.name)))
    channel = None
    if call.text("channel_id"):
        channel = call.channel(named="channel_id")
        if channel.kind == "im":
            call.reachable(channel.user or "")
        if BOT_USER_ID not in channel.members:
            raise SlackError("not_in_channel")
        if channel.is_archived:
            raise SlackError("is_archived")
    for file, title in files:
        file.title = title
        workspace.keep_file(file)
    if channel is not None:
        message = Message(
            channel=channel.id,
            ts=workspace.next_ts(),
            user=BOT_USER_ID,
            text=call.text("initial_comment"),
            files=[file.id for file, _ in files],
            bot_id=BOT_ID,
            app_id=APP_ID,
        )
        workspace.post(message)
    return {"files": [{"id": file.id, "title": title} for file, title in files]}


def delete(call: Call) -> Json:
    """Delete a file of the bot's, also from the messages in which it stands."""
    if not workspace_has(call):
        raise SlackError("file_not_found")
    call.workspace.delete_file(call.text("file"))
    return {}


def workspace_has(call: Call) -> bool:
    """Return whether there is such a file."""
    return call.workspace.files.uploaded(call.text("file")) is not None


def _wanted(call: Call) -> list[dict[str, Any]]:
    try:
        wanted = parsed(call.arguments.get("files"))
    except ValueError:
        raise SlackError("invalid_arguments") from None
    if not isinstance(wanted, list) or not all(isinstance(one, dict) for one in wanted):
        raise SlackError("invalid_arguments")
    return wanted


METHODS: Mapping[str, Method] = {
    "files.getUploadURLExternal": Method(get_upload_url, ("files:write",), ("filename", "length")),
    "files.completeUploadExternal": Method(complete_upload, ("files:write",), ("files",)),
    "files.delete": Method(delete, ("files:write",), ("file",)),
}
