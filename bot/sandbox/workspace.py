"""The workspace: its state, and how the bot hears of what happens in it.

The methods here are what people and admins do to a workspace. Each changes the state and then tells
the bot, over Socket Mode or HTTP, if the app's manifest subscribes to the event.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.sandbox.delivery.dispatcher import Dispatcher
from bot.sandbox.delivery.events import Events
from bot.sandbox.delivery.http import HttpDelivery
from bot.sandbox.delivery.socket_mode import SocketMode
from bot.sandbox.records import BOT_USER_ID, Clock, Message, User
from bot.sandbox.state.changes import HOPELESS
from bot.sandbox.state.storage import Storage
from bot.sandbox.state.triggers import TRIGGER_SECONDS
from bot.sandbox.state.workspace import WorkspaceState


class Workspace(WorkspaceState):
    """This is a Slack workspace with one app installed.

    `ack_seconds` is how long the bot has to acknowledge, and `trigger_seconds` how long it has to open
    a modal. Slack gives it three seconds for each; a slow bot can be given more. `retry_delays` are
    the waits, in seconds, before an event that was not acknowledged is sent again. A bot that connects
    anew ends such a wait.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        manifest: Mapping[str, Any],
        storage: Storage | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        ack_seconds: float = 3.0,
        trigger_seconds: float = TRIGGER_SECONDS,
        retry_delays: Sequence[float] = (0.0, 60.0, 300.0),
    ) -> None:
        super().__init__(
            clock=clock,
            manifest=manifest,
            storage=storage,
            monotonic=monotonic,
            trigger_seconds=trigger_seconds,
        )
        self.http = HttpDelivery(self, ack_seconds=ack_seconds)
        self.socket_mode = SocketMode(self, ack_seconds=ack_seconds)
        self.dispatcher = Dispatcher(
            self, socket_mode=self.socket_mode, http=self.http, retry_delays=retry_delays
        )
        self.events = Events(self, self.dispatcher)

    @classmethod
    def open(
        cls,
        path: Path | None,
        *,
        clock: Clock,
        manifest: Mapping[str, Any],
        monotonic: Callable[[], float] = time.monotonic,
        ack_seconds: float = 3.0,
        trigger_seconds: float = TRIGGER_SECONDS,
        retry_delays: Sequence[float] = (0.0, 60.0, 300.0),
    ) -> Workspace:
        """Open the workspace that the file at `path` keeps. With None it is new and only in memory.

        `saved_offset` then holds how far its clock was ahead when it was last open, in seconds.
        Raises ManifestError, and StorageError if the file does not belong to a sandbox.
        """
        return cls(
            clock=clock,
            manifest=manifest,
            storage=Storage(path),
            monotonic=monotonic,
            ack_seconds=ack_seconds,
            trigger_seconds=trigger_seconds,
            retry_delays=retry_delays,
        )

    async def settled(self, timeout: float = HOPELESS) -> None:
        """Wait until nothing is on its way to the bot. Events that wait for a retry do not count."""
        await self.until(lambda: self.dispatcher.in_flight == 0, timeout)

    # Messages

    def post(self, message: Message, *, parse_names: bool = False) -> Message:
        """Put a new message into its channel. The bot hears of it, unless only one person sees it."""
        posted = super().post(message, parse_names=parse_names)
        if message.ephemeral_to is None:
            self.events.message_posted(self.channels[message.channel], message)
        return posted

    def change_message(self, message: Message, **changes: Any) -> Message:
        """Change fields of a message. The bot hears message_changed."""
        changed = super().change_message(message, **changes)
        if message.ephemeral_to is None:
            self.events.message_changed(self.channels[message.channel], message)
        return changed

    def delete_message(self, message: Message) -> None:
        """Delete a message. The bot hears message_deleted."""
        super().delete_message(message)
        if message.ephemeral_to is None:
            self.events.message_deleted(self.channels[message.channel], message)

    # People

    def change_user(self, user_id: str, **changes: Any) -> User:
        """Change fields of a person, as an admin or the person would. The bot hears user_change."""
        user = self.add_user(replace(self.users[user_id], **changes))
        self.events.user_change(user)
        return user

    def deactivate(self, user_id: str) -> None:
        """Deactivate a person's account. The bot hears user_change."""
        self.change_user(user_id, deleted=True)

    # Who is in a channel

    def join(self, channel_id: str, user_id: str, *, inviter: str | None = None) -> None:
        """Add a person to a channel. The bot hears member_joined_channel if it is in the channel."""
        channel = self.channels[channel_id]
        if user_id not in channel.members:
            channel.members.append(user_id)
            self._save_channel(channel)
            self.events.member_joined(channel, user_id, inviter)

    def leave(self, channel_id: str, user_id: str) -> None:
        """Take a person out of a channel. The bot hears member_left_channel if it is in the channel."""
        channel = self.channels[channel_id]
        if user_id in channel.members:
            channel.members.remove(user_id)
            self._save_channel(channel)
            self.events.member_left(channel, user_id)

    def remove_bot(self, channel_id: str) -> None:
        """Remove the bot from a channel, as a member would. The bot hears member_left_channel."""
        self.leave(channel_id, BOT_USER_ID)

    def invite_bot(self, channel_id: str, inviter: str | None = None) -> None:
        """Add the bot to a channel, as /invite does. The bot hears member_joined_channel."""
        self.join(channel_id, BOT_USER_ID, inviter=inviter)

    # Channels that come to an end or change

    def archive(self, channel_id: str, by: str | None = None) -> None:
        """Archive a channel. The bot hears channel_archive or group_archive."""
        self._set_archived(channel_id, archived=True, by=by)

    def unarchive(self, channel_id: str, by: str | None = None) -> None:
        """Undo `archive`. The bot hears channel_unarchive or group_unarchive."""
        self._set_archived(channel_id, archived=False, by=by)

    def delete_channel(self, channel_id: str, by: str | None = None) -> None:
        """Delete a channel with its messages. The bot hears channel_deleted or group_deleted."""
        channel = self.channels.pop(channel_id)
        self.forget_messages(channel_id)
        self._storage.forget_channel(channel_id)
        self.events.channel_deleted(channel, by)
        self.touch()

    def rename_channel(self, channel_id: str, name: str) -> None:
        """Give a channel another name. The bot hears channel_rename or group_rename."""
        channel = self.channels[channel_id]
        channel.name = name
        self._save_channel(channel)
        self.events.channel_renamed(channel)

    def change_channel_id(self, old_id: str, new_id: str) -> None:
        """Give a channel a new id. The bot hears channel_id_changed.

        Slack does this when a private channel begins to be shared with another workspace.
        """
        channel = self.channels.pop(old_id)
        channel.id = new_id
        self.channels[new_id] = channel
        self._storage.rename_channel(old_id, new_id)
        self.move_messages(old_id, new_id)
        self._save_channel(channel)
        self.events.channel_id_changed(channel, old_id)

    def convert(self, channel_id: str, *, public: bool) -> None:
        """Make a channel public or private. Slack sends the bot no event about it."""
        channel = self.channels[channel_id]
        channel.kind = "public" if public else "private"
        self._save_channel(channel)

    def _set_archived(self, channel_id: str, *, archived: bool, by: str | None) -> None:
        channel = self.channels[channel_id]
        if channel.is_archived != archived:
            channel.is_archived = archived
            self._save_channel(channel)
            self.events.archived_or_unarchived(channel, by)

    # The app

    def uninstall(self) -> None:
        """Remove the app, as an admin would. Its tokens stop working, and two last events tell it so."""
        self.events.uninstalled()
        self.installed = False
        self._storage.save_value("installed", False)
        self.touch()

    def install(self) -> None:
        """Install the app again. Its tokens work again."""
        self.installed = True
        self._storage.save_value("installed", True)
        self.touch()
