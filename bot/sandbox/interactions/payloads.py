"""The payloads that the bot is sent when somebody uses it, field by field as Slack sends them."""

from __future__ import annotations

import copy

from bot.sandbox.block_kit import inputs
from bot.sandbox.records import (
    APP_ID,
    TEAM_DOMAIN,
    TEAM_ID,
    Channel,
    Delivery,
    Interaction,
    Json,
    Message,
    User,
    View,
)
from bot.sandbox.state.workspace import WorkspaceState

VERIFICATION_TOKEN = "sandbox-verification-token"  # noqa: S105 - Slack's deprecated field
DID_NOT_WORK = "Sorry, that didn't work. Try again?"


def outcome(delivery: Delivery, error: str = DID_NOT_WORK) -> Interaction:
    """Return how a delivery looks to the person behind it."""
    return Interaction(
        acked=delivery.acked, error=None if delivery.acked else error, body=delivery.ack
    )


def slash_command(
    workspace: WorkspaceState, user: User, channel: Channel, command: str, text: str
) -> Json:
    """Return the payload of a slash command.

    `text` is what was typed, or has tokens for names where the manifest says should_escape.
    """
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": TEAM_ID,
        "team_domain": TEAM_DOMAIN,
        "channel_id": channel.id,
        "channel_name": channel.payload_name,
        "user_id": user.id,
        "user_name": user.name,
        "command": command,
        "text": text,
        "api_app_id": APP_ID,
        "is_enterprise_install": "false",
        "response_url": _response_url(workspace, channel, user),
        "trigger_id": workspace.triggers.issue(user.id),
    }


def message_action(
    workspace: WorkspaceState,
    user: User,
    channel: Channel,
    message: Message,
    action: Json,
    state: inputs.State,
) -> Json:
    """Return the payload of a press in a message.

    Of an ephemeral message Slack does not send the message, only where it stood.
    """
    ephemeral = message.ephemeral_to is not None
    payload = _interaction(workspace, user, "block_actions") | {
        "container": {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": channel.id,
            "is_ephemeral": ephemeral,
        },
        "channel": {"id": channel.id, "name": channel.payload_name},
        "state": {"values": copy.deepcopy(state)},
        "response_url": _response_url(workspace, channel, user, message),
        "trigger_id": workspace.triggers.issue(user.id),
        "actions": [action | {"action_ts": workspace.next_ts()}],
    }
    if not ephemeral:
        payload["message"] = message.payload()
    return payload


def view_action(workspace: WorkspaceState, user: User, view: View, action: Json) -> Json:
    """Return the payload of a press in a modal or in the Home. It has no response_url."""
    shown = view.payload()
    in_modal = view.body["type"] == "modal"
    return _interaction(workspace, user, "block_actions") | {
        "container": {"type": "view", "view_id": view.id},
        "view": shown,
        "trigger_id": workspace.triggers.issue(user.id, view_id=view.id if in_modal else None),
        "actions": [action | {"action_ts": workspace.next_ts()}],
    }


def view_submission(workspace: WorkspaceState, user: User, view: View) -> Json:
    """Return the payload of a submitted modal. `state` has every input, also those outside input blocks."""
    return _interaction(workspace, user, "view_submission") | {
        "view": view.payload(),
        "trigger_id": workspace.triggers.issue(user.id, view_id=view.id),
        "response_urls": _response_urls(workspace, user, view),
    }


def view_closed(workspace: WorkspaceState, user: User, view: View, *, is_cleared: bool) -> Json:
    """Return the payload of a closed modal. `is_cleared` says that the whole stack was closed."""
    return _interaction(workspace, user, "view_closed") | {
        "view": view.payload(),
        "is_cleared": is_cleared,
    }


def _interaction(workspace: WorkspaceState, user: User, kind: str) -> Json:
    return {
        "type": kind,
        "user": {
            "id": user.id,
            "username": user.name,
            "name": user.name,
            "team_id": TEAM_ID,
        },
        "team": {"id": TEAM_ID, "domain": TEAM_DOMAIN},
        "api_app_id": APP_ID,
        "token": VERIFICATION_TOKEN,
        "enterprise": None,
        "is_enterprise_install": False,
    }


def _response_url(
    workspace: WorkspaceState, channel: Channel, user: User, message: Message | None = None
) -> str:
    secret = workspace.response_urls.issue(channel.id, user.id, message=message)
    return f"{workspace.base_url}/response/{secret}"


def _response_urls(workspace: WorkspaceState, user: User, view: View) -> list[Json]:
    """Make a response_url for each chosen conversation whose select asked for one."""
    urls: list[Json] = []
    for block, element in inputs.elements(view.body["blocks"]):
        if not element.get("response_url_enabled"):
            continue
        state = view.state[block["block_id"]][element["action_id"]]
        channel = workspace.channels.get(state[inputs.FIELD[element["type"]]] or "")
        if channel is not None:
            urls.append(
                {
                    "block_id": block["block_id"],
                    "action_id": element["action_id"],
                    "channel_id": channel.id,
                    "response_url": _response_url(workspace, channel, user),
                }
            )
    return urls
