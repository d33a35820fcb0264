"""The state of the workspace, and how everybody hears that it changed.

One event loop owns a Workspace. Every change makes `version` grow; `changed()` and `until()` wait
for that, so nobody has to poll and no test has to sleep.
"""

from __future__ import annotations

import secrets
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.sandbox import events
from bot.sandbox.faults import Faults, Limits
from bot.sandbox.http_delivery import HttpDelivery
from bot.sandbox.manifest import Manifest
from bot.sandbox.message_log import MessageLog
from bot.sandbox.records import (
    APP_ID,
    BOT_ID,
    BOT_USER_ID,
    TEAM_DOMAIN,
    TEAM_ID,
    TEAM_NAME,
    ApiCall,
    Channel,
    Clock,
    Delivery,
    Interaction,
    Json,
    Message,
    User,
    View,
)
from bot.sandbox.socket_mode import SocketMode
from bot.sandbox.storage import Storage
from bot.sandbox.tickets import IssuedResponseUrls, Triggers

__all__ = [
    "APP_ID",
    "BOT_ID",
    "BOT_USER_ID",
    "TEAM_DOMAIN",
    "TEAM_ID",
    "TEAM_NAME",
    "ApiCall",
    "Channel",
    "Clock",
    "Delivery",
    "Interaction",
    "Limits",
    "Message",
    "User",
    "View",
    "Workspace",
]

BOT_TOKEN = "xoxb-sandbox-basecoach"  # noqa: S105 - opens nothing but this sandbox
APP_TOKEN = "xapp-sandbox-basecoach"  # noqa: S105
SIGNING_SECRET = "sandbox-signing-secret"  # noqa: S105


class Workspace(MessageLog):
    """A Slack workspace with one app installed.

    `monotonic` counts real seconds: triggers live three of them, whatever the workspace's
    clock says. `ack_seconds` is how long the bot has to acknowledge. `retry_delays` are the waits
    before an event that was not acknowledged is sent again; a bot that connects anew cuts them short.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        manifest: Mapping[str, Any],
        storage: Storage | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        ack_seconds: float = 3.0,
        retry_delays: Sequence[float] = (0.0, 60.0, 300.0),
    ) -> None:
        super().__init__(clock, storage or Storage(None))
        self.manifest = Manifest.read(manifest)
        self.monotonic = monotonic
        self.bot_token = BOT_TOKEN
        self.app_token = APP_TOKEN
        self.signing_secret = SIGNING_SECRET
        self.installed = True
        self.base_url = ""
        """Where the server listens; SandboxServer fills it in when it starts."""
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.homes: dict[str, View] = {}
        self.modals: defaultdict[str, list[View]] = defaultdict(list)
        self.input_states: dict[tuple[str, str], dict[str, dict[str, Json]]] = {}
        """What each person has filled in outside views, by (user, "channel/ts")."""
        self.calls: list[ApiCall] = []
        self.deliveries: list[Delivery] = []
        self.faults = Faults()
        self.limits: Limits | None = None
        self.triggers = Triggers(monotonic)
        self.response_urls = IssuedResponseUrls(clock)
        self.http = HttpDelivery(self, ack_seconds=ack_seconds)
        self.socket_mode = SocketMode(self, ack_seconds=ack_seconds, retry_delays=retry_delays)
        self.saved_offset = self._load()
        self._forget_clock = clock.subscribe(self._clock_moved)

    @classmethod
    def open(
        cls,
        path: Path | None,
        *,
        clock: Clock,
        manifest: Mapping[str, Any],
        monotonic: Callable[[], float] = time.monotonic,
        ack_seconds: float = 3.0,
        retry_delays: Sequence[float] = (0.0, 60.0, 300.0),
    ) -> Workspace:
        """The workspace kept in the file at `path`, or a new one in memory for None.

        `saved_offset` then holds how far its clock was ahead when it was last open.
        Raises ManifestError, and StorageError when the file is not a sandbox's.
        """
        return cls(
            clock=clock,
            manifest=manifest,
            storage=Storage(path),
            monotonic=monotonic,
            ack_seconds=ack_seconds,
            retry_delays=retry_delays,
        )

    def close(self) -> None:
        """Let go of the file and the clock. The server must have been stopped before."""
        self._forget_clock()
        self._storage.close()

    # What is on its way

    async def settled(self, timeout: float = 20) -> None:
        """Wait until nothing is on its way to the bot (an event that waits to be sent again is not)."""
        await self.until(lambda: self.socket_mode.in_flight == 0, timeout)

    def recently(self) -> str:
        calls = [f"{call.method} → {call.response.get('error', 'ok')}" for call in self.calls]
        sent = [f"{delivery.type} → {delivery.result}" for delivery in self.deliveries]
        return f"last calls: {calls[-5:]}; last deliveries: {sent[-5:]}"

    # People

    @property
    def bot_user(self) -> User:
        return self.users[BOT_USER_ID]

    def add_user(self, user: User) -> User:
        self.users[user.id] = user
        self._storage.save("user", user.id, user)
        self.touch()
        return user

    def change_user(self, user_id: str, **changes: Any) -> User:
        """Change fields of a person, as an admin or the person would; `user_change` follows."""
        user = self.add_user(replace(self.users[user_id], **changes))
        events.user_change(self, user)
        return user

    def deactivate(self, user_id: str) -> None:
        self.change_user(user_id, deleted=True)

    def user_payload(self, user: User, *, include_locale: bool = False) -> Json:
        """The user object of users.info, without what the app has no scope for."""
        return events.user_object(self, user, include_locale=include_locale)

    # Channels

    def add_channel(self, channel: Channel) -> Channel:
        if not channel.created:
            channel.created = int(self.clock.now().timestamp())
        self.channels[channel.id] = channel
        self._save_channel(channel)
        return channel

    def dm_of(self, user_id: str) -> Channel:
        """The DM between a person and the bot; it comes into being when first asked for."""
        channel_id = "D" + user_id[1:]
        if channel_id not in self.channels:
            self.add_channel(
                Channel(
                    channel_id,
                    name=channel_id,
                    kind="im",
                    members=[user_id, BOT_USER_ID],
                    user=user_id,
                )
            )
        return self.channels[channel_id]

    def join(self, channel_id: str, user_id: str, *, inviter: str | None = None) -> None:
        channel = self.channels[channel_id]
        if user_id not in channel.members:
            channel.members.append(user_id)
            self._save_channel(channel)
            events.member_joined(self, channel, user_id, inviter)

    def leave(self, channel_id: str, user_id: str) -> None:
        channel = self.channels[channel_id]
        if user_id in channel.members:
            channel.members.remove(user_id)
            self._save_channel(channel)
            events.member_left(self, channel, user_id)

    def remove_bot(self, channel_id: str) -> None:
        """Somebody removes the bot from a channel; it is told with member_left_channel."""
        self.leave(channel_id, BOT_USER_ID)

    def invite_bot(self, channel_id: str, inviter: str | None = None) -> None:
        """Somebody runs /invite for the bot; it is told with member_joined_channel."""
        self.join(channel_id, BOT_USER_ID, inviter=inviter)

    def archive(self, channel_id: str, by: str | None = None) -> None:
        self._set_archived(channel_id, archived=True, by=by)

    def unarchive(self, channel_id: str, by: str | None = None) -> None:
        self._set_archived(channel_id, archived=False, by=by)

    def delete_channel(self, channel_id: str, by: str | None = None) -> None:
        channel = self.channels.pop(channel_id)
        self.forget_messages(channel_id)
        self._storage.forget_channel(channel_id)
        events.channel_deleted(self, channel, by)
        self.touch()

    def change_channel_id(self, old_id: str, new_id: str) -> None:
        """What Slack does when a private channel begins to be shared; channel_id_changed follows."""
        channel = self.channels.pop(old_id)
        channel.id = new_id
        self.channels[new_id] = channel
        self._storage.rename_channel(old_id, new_id)
        self.move_messages(old_id, new_id)
        self._save_channel(channel)
        events.channel_id_changed(self, channel, old_id)

    def _set_archived(self, channel_id: str, *, archived: bool, by: str | None) -> None:
        channel = self.channels[channel_id]
        if channel.is_archived != archived:
            channel.is_archived = archived
            self._save_channel(channel)
            events.archived_or_not(self, channel, by)

    def _save_channel(self, channel: Channel) -> None:
        self._storage.save("channel", channel.id, channel)
        self.touch()

    # The app

    def uninstall(self) -> None:
        """An admin removes the app: its tokens die, and it is told so with its last events."""
        events.uninstalled(self)
        self.installed = False
        self._storage.save_value("installed", False)
        self.touch()

    def install(self) -> None:
        self.installed = True
        self._storage.save_value("installed", True)
        self.touch()

    # Views

    def new_view(self, user_id: str, body: Json, *, below: View | None = None) -> View:
        """A view that nobody sees yet. `below` is the modal it will lie on."""
        view_id = "V" + secrets.token_hex(5).upper()
        return View(
            id=view_id,
            user=user_id,
            body=body,
            hash=self.new_hash(),
            root_view_id=below.root_view_id if below else view_id,
            previous_view_id=below.id if below else None,
        )

    def new_hash(self) -> str:
        return f"{int(self.clock.now().timestamp())}.{secrets.token_hex(4)}"

    def publish_home(self, view: View) -> None:
        self.homes[view.user] = view
        self._storage.save("home", view.user, view)
        self.touch()

    def find_view(self, *, view_id: str = "", external_id: str = "") -> View | None:
        """The open modal or published Home with this id or external id."""
        for views in (*self.modals.values(), list(self.homes.values())):
            for view in views:
                if view.id == view_id or (external_id and view.external_id == external_id):
                    return view
        return None

    # The record

    def record(self, call: ApiCall) -> None:
        self.calls.append(call)
        self.touch()

    # Keeping

    def _load(self) -> float:
        for user in self._storage.load("user", User):
            self.users[user.id] = user
        for channel in self._storage.load("channel", Channel):
            self.channels[channel.id] = channel
        for view in self._storage.load("home", View):
            self.homes[view.user] = view
        self.load_messages()
        self.installed = self._storage.value("installed", True)
        return float(self._storage.value("clock_offset", 0.0))

    def _clock_moved(self) -> None:
        self._storage.save_value("clock_offset", self.clock.offset)
        self.touch()
