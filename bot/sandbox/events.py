"""What happens in the workspace and is told to the bot, if its manifest subscribes to it."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.sandbox.records import APP_ID, BOT_USER_ID, TEAM_ID, Channel, Json, Message, User

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace

ADMIN = "U0ALEX"
"""Who archives channels and removes people when nobody in particular is named."""


def home_opened(workspace: Workspace, user: User, *, tab: str) -> None:
    event: Json = {
        "type": "app_home_opened",
        "user": user.id,
        "channel": workspace.dm_of(user.id).id,
        "tab": tab,
    }
    home = workspace.homes.get(user.id)
    if tab == "home" and home is not None:
        event["view"] = home.payload()
    _tell(workspace, event)


def member_joined(
    workspace: Workspace, channel: Channel, user_id: str, inviter: str | None = None
) -> None:
    if channel.kind == "im":
        return
    event = _membership("member_joined_channel", channel, user_id)
    if inviter is not None:
        event["inviter"] = inviter
    if _concerns_bot(workspace, channel, user_id):
        _tell(workspace, event)


def member_left(workspace: Workspace, channel: Channel, user_id: str) -> None:
    if channel.kind == "im" or not _concerns_bot(workspace, channel, user_id):
        return
    _tell(workspace, _membership("member_left_channel", channel, user_id))
    if user_id == BOT_USER_ID:
        kind = "channel_left" if channel.kind == "public" else "group_left"
        _tell(workspace, {"type": kind, "channel": channel.id, "actor_id": ADMIN})


def archived_or_not(workspace: Workspace, channel: Channel, by: str | None) -> None:
    kind = "channel" if channel.kind == "public" else "group"
    verb = "archive" if channel.is_archived else "unarchive"
    if kind == "channel" or BOT_USER_ID in channel.members:
        event: Json = {"type": f"{kind}_{verb}", "channel": channel.id, "user": by or ADMIN}
        if verb == "archive":
            event["is_moved"] = 0
        _tell(workspace, event)


def channel_deleted(workspace: Workspace, channel: Channel, by: str | None) -> None:
    kind = "channel" if channel.kind == "public" else "group"
    if kind == "channel" or BOT_USER_ID in channel.members:
        _tell(
            workspace,
            {"type": f"{kind}_deleted", "channel": channel.id, "actor_id": by or ADMIN},
        )


def channel_id_changed(workspace: Workspace, channel: Channel, old_id: str) -> None:
    if BOT_USER_ID in channel.members:
        _tell(
            workspace,
            {
                "type": "channel_id_changed",
                "old_channel_id": old_id,
                "new_channel_id": channel.id,
            },
        )


def user_change(workspace: Workspace, user: User) -> None:
    _tell(workspace, {"type": "user_change", "user": user_object(workspace, user)})


def message_posted(workspace: Workspace, channel: Channel, message: Message) -> None:
    """A person wrote something; heard with message.im, message.groups or message.channels."""
    if BOT_USER_ID not in channel.members:
        return
    subscription = {"im": "message.im", "private": "message.groups", "public": "message.channels"}
    channel_type = {"im": "im", "private": "group", "public": "channel"}
    event = message.payload() | {
        "channel": channel.id,
        "channel_type": channel_type[channel.kind],
    }
    _tell(workspace, event, subscription=subscription[channel.kind])


def uninstalled(workspace: Workspace) -> None:
    _tell(workspace, {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [BOT_USER_ID]}})
    _tell(workspace, {"type": "app_uninstalled"})


def user_object(workspace: Workspace, user: User, *, include_locale: bool = False) -> Json:
    """A person as users.info shows them to an app without users:read.email."""
    shown: Json = {
        "id": user.id,
        "team_id": TEAM_ID,
        "name": user.name,
        "deleted": user.deleted,
        "profile": {
            "real_name": user.real_name,
            "real_name_normalized": user.real_name,
            "display_name": user.name,
            "display_name_normalized": user.name,
            "title": user.title,
            "team": TEAM_ID,
        },
        "is_bot": user.is_bot,
        "is_app_user": False,
        "updated": int(workspace.clock.now().timestamp()),
    }
    if user.is_bot and user.id == BOT_USER_ID:
        shown["profile"]["api_app_id"] = APP_ID
    if user.deleted:
        return shown
    shown |= {
        "real_name": user.real_name,
        "is_admin": user.is_admin,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": user.is_restricted,
        "is_ultra_restricted": user.is_ultra_restricted,
        "is_email_confirmed": not user.is_bot,
    }
    if user.tz is not None:
        shown |= user_zone(workspace, user.tz)
    if include_locale:
        shown["locale"] = user.locale
    return shown


def user_zone(workspace: Workspace, tz: str) -> Json:
    """tz, its label and its offset at this moment, as Slack gives them."""
    shown: Json = {"tz": tz}
    try:
        local = workspace.clock.now().astimezone(ZoneInfo(tz))
    except (ZoneInfoNotFoundError, ValueError):
        return shown
    offset = local.utcoffset()
    shown["tz_label"] = local.tzname() or tz
    shown["tz_offset"] = int(offset.total_seconds()) if offset else 0
    return shown


def _concerns_bot(workspace: Workspace, channel: Channel, user_id: str) -> bool:
    """Whether the bot hears who comes and goes: it must be there, and may read channels of this kind."""
    scope = "channels:read" if channel.kind == "public" else "groups:read"
    there = user_id == BOT_USER_ID or BOT_USER_ID in channel.members
    return there and scope in workspace.manifest.scopes


def _membership(kind: str, channel: Channel, user_id: str) -> Json:
    return {
        "type": kind,
        "user": user_id,
        "channel": channel.id,
        "channel_type": channel.type_letter,
        "team": TEAM_ID,
    }


def _tell(workspace: Workspace, event: Json, *, subscription: str | None = None) -> None:
    if (subscription or event["type"]) not in workspace.manifest.events or not workspace.installed:
        return
    event_ts = workspace.next_ts()
    payload: Json = {
        "token": "sandbox-verification-token",
        "team_id": TEAM_ID,
        "context_team_id": TEAM_ID,
        "context_enterprise_id": None,
        "api_app_id": APP_ID,
        "event": {**event, "event_ts": event_ts},
        "type": "event_callback",
        "event_id": "Ev" + secrets.token_hex(5).upper(),
        "event_time": int(float(event_ts)),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": TEAM_ID,
                "user_id": BOT_USER_ID,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": "4-" + secrets.token_hex(16),
    }
    workspace.socket_mode.send_event(payload)
