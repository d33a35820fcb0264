"""The messages of all channels, in order."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

from bot.sandbox.records import Clock, Message
from bot.sandbox.state.changes import Changes
from bot.sandbox.state.mentions import notified_by
from bot.sandbox.state.storage import Storage


class MessageLog(Changes):
    """Keeps what was posted where. Ephemeral messages are not kept over restarts."""

    def __init__(self, clock: Clock, storage: Storage) -> None:
        super().__init__()
        self.clock = clock
        self._storage = storage
        self._messages: defaultdict[str, list[Message]] = defaultdict(list)
        self._by_ts: dict[tuple[str, str], Message] = {}
        self._last_ts = Decimal(0)

    def next_ts(self) -> str:
        """Return a new ts: the time of the workspace's clock, and later than every ts before it."""
        now = Decimal(str(self.clock.now().timestamp())).quantize(Decimal("0.000001"))
        self._last_ts = max(now, self._last_ts + Decimal("0.000001"))
        return str(self._last_ts)

    def post(self, message: Message, *, parse_names: bool = False) -> Message:
        """Put a new message into its channel."""
        message.pings = notified_by(message.text, message.blocks, parse_names=parse_names)
        self._messages[message.channel].append(message)
        self._by_ts[message.channel, message.ts] = message
        self._save_message(message)
        return message

    def change_message(self, message: Message, **changes: Any) -> Message:
        """Change fields of a message. Its new content decides whom it pings."""
        for name, value in changes.items():
            setattr(message, name, value)
        message.pings = notified_by(message.text, message.blocks)
        self._save_message(message)
        return message

    def delete_message(self, message: Message) -> None:
        """Delete a message."""
        self._messages[message.channel].remove(message)
        del self._by_ts[message.channel, message.ts]
        self._storage.forget("message", f"{message.channel}/{message.ts}")
        self.touch()

    def message(self, channel_id: str, ts: str) -> Message | None:
        """Return the message in this channel with this ts, or None."""
        return self._by_ts.get((channel_id, ts))

    def messages(self, channel_id: str, *, viewer: str | None = None) -> list[Message]:
        """Return the messages of a channel, oldest first, with the ephemeral ones to `viewer` only."""
        return [
            message
            for message in self._messages[channel_id]
            if message.ephemeral_to in (None, viewer)
        ]

    def _save_message(self, message: Message) -> None:
        if message.ephemeral_to is None:
            self._storage.save("message", f"{message.channel}/{message.ts}", message)
        self.touch()

    def forget_messages(self, channel_id: str) -> None:
        """Drop a channel's messages. The storage drops them together with the channel."""
        for message in self._messages.pop(channel_id, []):
            del self._by_ts[channel_id, message.ts]

    def move_messages(self, old_id: str, new_id: str) -> None:
        """Put a channel's messages under its new id. The storage does this together with the channel."""
        self._messages[new_id] = self._messages.pop(old_id, [])
        for message in self._messages[new_id]:
            del self._by_ts[old_id, message.ts]
            message.channel = new_id
            self._by_ts[new_id, message.ts] = message

    def load_messages(self) -> None:
        """Read all messages from the storage."""
        for message in self._storage.load("message", Message):
            message.pings = frozenset(message.pings)
            self._messages[message.channel].append(message)
            self._by_ts[message.channel, message.ts] = message
        for messages in self._messages.values():
            messages.sort(key=lambda message: Decimal(message.ts))
            self._last_ts = max(self._last_ts, Decimal(messages[-1].ts))
