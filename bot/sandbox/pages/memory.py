"""The page's memory: what each person has read, and what they were last told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.sandbox.pages.places import Notice
from bot.sandbox.records import Message, User


@dataclass
class Memory:
    """The page itself remembers how far each person has read, and the last notice to each.

    What stood in the workspace before `since`, in seconds since 1970, counts as read.
    """

    since: float
    read: dict[tuple[str, str], float] = field(default_factory=dict)
    notices: dict[str, Notice] = field(default_factory=dict)

    def unread(self, user: User, channel_id: str, messages: Sequence[Message]) -> int:
        """Count the messages of others that this person has not seen yet."""
        read = self.read.get((user.id, channel_id), self.since)
        return sum(
            1 for message in messages if message.user != user.id and float(message.ts) > read
        )

    def forget_notice(self, user_id: str, place: str) -> None:
        """Forget a notice about the composer of another place than the one the person is in now."""
        notice = self.notices.get(user_id)
        if notice is not None and ":" not in notice.beside and notice.beside != place:
            del self.notices[user_id]

    def mark_read(self, user: User, channel_id: str, messages: Sequence[Message]) -> bool:
        """Remember that the person saw all of these. Returns whether there was anything new in them."""
        if not self.unread(user, channel_id, messages):
            return False
        self.read[user.id, channel_id] = float(messages[-1].ts)
        return True
