"""The state of the workspace: everything that is in it. The bot is told of changes elsewhere.

One event loop owns the state. Every change makes `version` grow. `changed()` and `until()` wait for
that, so nobody has to poll and no test has to sleep.
"""

from __future__ import annotations

import secrets
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from bot.sandbox.manifest import Manifest
from bot.sandbox.records import (
    BOT_USER_ID,
    ApiCall,
    Channel,
    Clock,
    Delivery,
    Json,
    User,
    View,
)
from bot.sandbox.state.faults import Faults, Limits
from bot.sandbox.state.files import Files, StoredFile
from bot.sandbox.state.message_log import MessageLog
from bot.sandbox.state.response_urls import IssuedResponseUrls
from bot.sandbox.state.storage import Storage
from bot.sandbox.state.triggers import TRIGGER_SECONDS, Triggers
from bot.sandbox.state.user_objects import user_object

BOT_TOKEN = "xoxb-sandbox-basecoach"  # noqa: S105 - opens nothing but this sandbox
APP_TOKEN = "xapp-sandbox-basecoach"  # noqa: S105
SIGNING_SECRET = "sandbox-signing-secret"  # noqa: S105


class WorkspaceState(MessageLog):
    """Keeps the people, channels, messages and views of a workspace, and the record of what happened.

    `monotonic` counts real seconds: a trigger id is good for `trigger_seconds` of them, whatever the
    workspace's clock says. Raises ManifestError if the manifest is not one that Slack would take.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        manifest: Mapping[str, Any],
        storage: Storage | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        trigger_seconds: float = TRIGGER_SECONDS,
    ) -> None:
        super().__init__(clock, storage or Storage(None))
        self.manifest = Manifest.read(manifest)
        self.monotonic = monotonic
        self.bot_token = BOT_TOKEN
        self.app_token = APP_TOKEN
        self.signing_secret = SIGNING_SECRET
        self.installed = True
        self.base_url = ""
        """The address of the server. SandboxServer fills it in when it starts."""
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.homes: dict[str, View] = {}
        self.modals: defaultdict[str, list[View]] = defaultdict(list)
        self.input_states: dict[tuple[str, str], dict[str, dict[str, Json]]] = {}
        """What each person has filled in outside views, by (user, "channel/ts")."""
        self.calls: list[ApiCall] = []
        self.deliveries: list[Delivery] = []
        self.files = Files()
        self.faults = Faults()
        self.limits: Limits | None = None
        self.triggers = Triggers(monotonic, seconds=trigger_seconds)
        self.response_urls = IssuedResponseUrls(clock)
        self.saved_offset = self._load()
        """How far the clock was ahead when the workspace was last open, in seconds."""
        self._forget_clock = clock.subscribe(self._clock_moved)

    def close(self) -> None:
        """Close the file and stop listening to the clock. Stop the server first."""
        self._forget_clock()
        self._storage.close()

    # People

    @property
    def bot_user(self) -> User:
        """This is the bot, as a member of the workspace."""
        return self.users[BOT_USER_ID]

    def add_user(self, user: User) -> User:
        """Add a person, or put them in the place of the person with the same id."""
        self.users[user.id] = user
        self._storage.save("user", user.id, user)
        self.touch()
        return user

    def user_payload(self, user: User, *, include_locale: bool = False) -> Json:
        """Return the user object of users.info as it is at this moment."""
        return user_object(
            user,
            now=self.clock.now(),
            include_locale=include_locale,
            include_email="users:read.email" in self.manifest.scopes,
        )

    # Channels

    def add_channel(self, channel: Channel) -> Channel:
        """Add a channel. If it has no time of creation, it was created now."""
        if not channel.created:
            channel.created = int(self.clock.now().timestamp())
        self.channels[channel.id] = channel
        self._save_channel(channel)
        return channel

    def dm_of(self, user_id: str) -> Channel:
        """Return the DM between a person and the bot. It is created when it is first asked for."""
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

    def _save_channel(self, channel: Channel) -> None:
        self._storage.save("channel", channel.id, channel)
        self.touch()

    # Views

    def new_view(self, user_id: str, body: Json, *, below: View | None = None) -> View:
        """Make a view that nobody sees yet. `below` is the modal that it will be shown on top of."""
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
        """Make the hash of a view that has just been made or changed."""
        return f"{int(self.clock.now().timestamp())}.{secrets.token_hex(4)}"

    def publish_home(self, view: View) -> None:
        """Show this view in the Home of its person."""
        self.homes[view.user] = view
        self._storage.save("home", view.user, view)
        self.touch()

    def find_view(self, *, view_id: str = "", external_id: str = "") -> View | None:
        """Find the open modal or the published Home that has this id or this external id."""
        for views in (*self.modals.values(), list(self.homes.values())):
            for view in views:
                if view.id == view_id or (external_id and view.external_id == external_id):
                    return view
        return None

    # Files

    def upload_url(self, file: StoredFile) -> str:
        """Return the address that takes the file's bytes."""
        return f"{self.base_url}/upload/{file.secret}"

    def keep_file(self, file: StoredFile) -> None:
        """Keep an uploaded file over restarts."""
        self._storage.save("file", file.id, file)
        self.touch()

    def delete_file(self, file_id: str) -> None:
        """Delete a file, also from the messages in which it stands."""
        self.files.forget(file_id)
        self._storage.forget("file", file_id)
        for channel_id in self.channels:
            for message in self.messages(channel_id):
                if file_id in message.files:
                    left = [one for one in message.files if one != file_id]
                    self.change_message(message, files=left)
        self.touch()

    # The record of what happened

    def record(self, call: ApiCall) -> None:
        """Add a call of the Web API to the record."""
        self.calls.append(call)
        self.touch()

    def recently(self) -> str:
        """Return the last calls and deliveries in words, for a TimeoutError."""
        calls = [f"{call.method} → {call.response.get('error', 'ok')}" for call in self.calls]
        sent = [f"{delivery.type} → {delivery.result}" for delivery in self.deliveries]
        return f"last calls: {calls[-5:]}; last deliveries: {sent[-5:]}"

    # What the file keeps

    def _load(self) -> float:
        for user in self._storage.load("user", User):
            self.users[user.id] = user
        for channel in self._storage.load("channel", Channel):
            self.channels[channel.id] = channel
        for view in self._storage.load("home", View):
            self.homes[view.user] = view
        self.files.add(self._storage.load("file", StoredFile))
        self.load_messages()
        self.installed = self._storage.value("installed", True)
        return float(self._storage.value("clock_offset", 0.0))

    def _clock_moved(self) -> None:
        self._storage.save_value("clock_offset", self.clock.offset)
        self.touch()
