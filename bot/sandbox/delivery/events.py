"""The Events API: what the bot is told of what happens in the workspace."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Mapping

from bot.sandbox.delivery.dispatcher import Dispatcher
from bot.sandbox.manifest import EVENT_SCOPES
from bot.sandbox.records import APP_ID, BOT_USER_ID, TEAM_ID, Channel, Json, Message, User
from bot.sandbox.state.workspace import WorkspaceState

ADMIN = "U0ALEX"
"""This person archives channels and removes people where the caller names nobody."""


_MESSAGES: Mapping[str, str] = {
    "im": "message.im",
    "private": "message.groups",
    "public": "message.channels",
}
"""The subscription with which the bot hears of messages, by the channel's kind."""


class Events:
    """Tells the bot what happens, as far as its manifest subscribes to it and its scopes allow it."""

    def __init__(self, state: WorkspaceState, dispatcher: Dispatcher) -> None:
        self._state = state
        self._dispatcher = dispatcher

    def home_opened(self, user: User, *, tab: str) -> None:
        """A person opened a tab of the app: "home" or "messages"."""
        event: Json = {
            "type": "app_home_opened",
            "user": user.id,
            "channel": self._state.dm_of(user.id).id,
            "tab": tab,
        }
        home = self._state.homes.get(user.id)
        if tab == "home" and home is not None:
            event["view"] = home.payload()
        self._tell(event)

    def member_joined(self, channel: Channel, user_id: str, inviter: str | None = None) -> None:
        """A person joined a channel. `inviter` is who added them, if anybody did."""
        if channel.kind == "im":
            return
        event = _membership("member_joined_channel", channel, user_id)
        if inviter is not None:
            event["inviter"] = inviter
        if self._concerns_bot(channel, user_id):
            self._tell(event)

    def member_left(self, channel: Channel, user_id: str) -> None:
        """A person left a channel. If it is the bot, it hears two events."""
        if channel.kind == "im" or not self._concerns_bot(channel, user_id):
            return
        self._tell(_membership("member_left_channel", channel, user_id))
        if user_id == BOT_USER_ID:
            kind = "channel_left" if channel.kind == "public" else "group_left"
            self._tell({"type": kind, "channel": channel.id, "actor_id": ADMIN})

    def archived_or_unarchived(self, channel: Channel, by: str | None) -> None:
        """Somebody archived a channel or took it out of the archive, as `is_archived` now says."""
        kind = "channel" if channel.kind == "public" else "group"
        verb = "archive" if channel.is_archived else "unarchive"
        if kind == "channel" or BOT_USER_ID in channel.members:
            event: Json = {"type": f"{kind}_{verb}", "channel": channel.id, "user": by or ADMIN}
            if verb == "archive":
                event["is_moved"] = 0
            self._tell(event)

    def channel_deleted(self, channel: Channel, by: str | None) -> None:
        """Somebody deleted a channel."""
        kind = "channel" if channel.kind == "public" else "group"
        if kind == "channel" or BOT_USER_ID in channel.members:
            self._tell({"type": f"{kind}_deleted", "channel": channel.id, "actor_id": by or ADMIN})

    def channel_renamed(self, channel: Channel) -> None:
        """Somebody gave a channel another name."""
        kind = "channel" if channel.kind == "public" else "group"
        if kind == "channel" or BOT_USER_ID in channel.members:
            named: Json = {"id": channel.id, "name": channel.name}
            self._tell({"type": f"{kind}_rename", "channel": named})

    def channel_id_changed(self, channel: Channel, old_id: str) -> None:
        """A channel that the bot is in has a new id."""
        if BOT_USER_ID in channel.members:
            self._tell(
                {
                    "type": "channel_id_changed",
                    "old_channel_id": old_id,
                    "new_channel_id": channel.id,
                }
            )

    def user_change(self, user: User) -> None:
        """Something about a person changed."""
        self._tell({"type": "user_change", "user": self._state.user_payload(user)})

    def message_posted(self, channel: Channel, message: Message) -> None:
        """Somebody wrote a message. The bot hears it where it hears of messages, of its own ones, too."""
        event = message.payload()
        if not message.from_bot:
            event["client_msg_id"] = str(uuid.uuid4())
        self._tell_of_message(channel, event)

    def message_changed(self, channel: Channel, message: Message) -> None:
        """A message was edited. The bot hears it where it hears of messages."""
        event: Json = {"subtype": "message_changed", "message": message.payload()}
        self._tell_of_message(channel, {"type": "message", "hidden": True, **event})

    def message_deleted(self, channel: Channel, message: Message) -> None:
        """A message was deleted. The bot hears it where it hears of messages."""
        event: Json = {"subtype": "message_deleted", "previous_message": message.payload()}
        event["deleted_ts"] = message.ts
        self._tell_of_message(channel, {"type": "message", "hidden": True, **event})

    def _tell_of_message(self, channel: Channel, event: Json) -> None:
        """Tell of a message with message.im, message.groups or message.channels.

        Its `event_ts` is the message's own `ts`; an edit and a deletion have a `ts` of their own.
        """
        subscription = _MESSAGES[channel.kind]
        scopes = set(EVENT_SCOPES[subscription]) & set(self._state.manifest.scopes)
        if BOT_USER_ID not in channel.members or not scopes:
            return
        kind = {"im": "im", "private": "group", "public": "channel"}[channel.kind]
        self._tell(
            {**event, "channel": channel.id, "channel_type": kind}, subscription=subscription
        )

    def uninstalled(self) -> None:
        """An admin removed the app. These are the last events that it hears."""
        self._tell({"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [BOT_USER_ID]}})
        self._tell({"type": "app_uninstalled"})

    def _concerns_bot(self, channel: Channel, user_id: str) -> bool:
        """Tell whether the bot hears who comes and goes: it is in the channel and may read its kind."""
        scope = "channels:read" if channel.kind == "public" else "groups:read"
        there = user_id == BOT_USER_ID or BOT_USER_ID in channel.members
        return there and scope in self._state.manifest.scopes

    def _tell(self, event: Json, *, subscription: str | None = None) -> None:
        subscribed = (subscription or event["type"]) in self._state.manifest.events
        if not subscribed or not self._state.installed:
            return
        event_ts = event.get("ts") or self._state.next_ts()
        if event["type"] == "message":
            event = {**event, "ts": event_ts}
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
        self._dispatcher.send_event(payload)


def _membership(kind: str, channel: Channel, user_id: str) -> Json:
    return {
        "type": kind,
        "user": user_id,
        "channel": channel.id,
        "channel_type": channel.type_letter,
        "team": TEAM_ID,
    }
