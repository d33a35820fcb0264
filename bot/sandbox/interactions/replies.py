"""The bot's replies outside the Web API: in an acknowledgement, or posted to a response_url."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bot.sandbox.content.messages import is_true, read_content
from bot.sandbox.errors import SlackError
from bot.sandbox.records import BOT_USER_ID, Message
from bot.sandbox.state.response_urls import ResponseUrl
from bot.sandbox.state.workspace import WorkspaceState

RESPONSE_TYPES = ("ephemeral", "in_channel")


def reply(
    workspace: WorkspaceState, payload: Mapping[str, Any], *, channel_id: str, user_id: str
) -> Message:
    """Post an answer to an interaction: for its user alone, unless response_type is in_channel.

    The bot need not be a member: Slack lets an app answer wherever it was called. Raises SlackError.
    """
    content = read_content(payload)
    kind = payload.get("response_type", "ephemeral")
    if kind not in RESPONSE_TYPES:
        raise SlackError("invalid_response_type")
    if content.empty:
        raise SlackError("no_text")
    message = content.message(channel_id, workspace.next_ts())
    message.ephemeral_to = user_id if kind == "ephemeral" else None
    return workspace.post(message, parse_names=content.parse_names)


def answer_response_url(workspace: WorkspaceState) -> Callable[[Request], Awaitable[Response]]:
    """Make the endpoint behind every response_url. Like Slack's it answers in plain words."""

    async def endpoint(request: Request) -> Response:
        try:
            url = workspace.response_urls.find(request.path_params["secret"])
        except SlackError as gone:
            return PlainTextResponse(gone.code, status_code=404)
        url.uses_left -= 1
        try:
            payload = json.loads(await request.body())
            if not isinstance(payload, dict):
                raise ValueError("not an object")
            _respond(workspace, url, payload)
        except ValueError:
            return PlainTextResponse("invalid_payload", status_code=400)
        except SlackError as refused:
            words = "\n".join([refused.code, *refused.messages])
            return PlainTextResponse(words, status_code=400)
        return PlainTextResponse("ok")

    return endpoint


def _respond(workspace: WorkspaceState, url: ResponseUrl, payload: dict[str, Any]) -> None:
    original = url.message
    if original is not None and workspace.message(original.channel, original.ts) is None:
        original = None
    if is_true(payload.get("delete_original")):
        if len(payload) > 1:
            raise SlackError("invalid_payload")
        if original is None:
            raise SlackError("message_not_found")
        workspace.delete_message(original)
    elif is_true(payload.get("replace_original")):
        if original is None:
            raise SlackError("message_not_found")
        _replace(workspace, original, payload)
    else:
        reply(workspace, payload, channel_id=url.channel, user_id=url.user)


def _replace(workspace: WorkspaceState, original: Message, payload: Mapping[str, Any]) -> None:
    content = read_content(payload)
    if content.empty:
        raise SlackError("no_text")
    workspace.change_message(
        original,
        text=content.text or "",
        blocks=content.blocks or [],
        attachments=content.attachments or [],
        edited={"user": BOT_USER_ID, "ts": workspace.next_ts()},
    )
