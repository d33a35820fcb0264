"""What a rep has had of the week's message budget."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Spent:
    """The messages that a rep has had in one week, or has coming, of those that they may have."""

    messages: int
    most: int
    dropped: int = 0
    """How many reminders did not come, because there was no room for them."""

    @property
    def is_all(self) -> bool:
        """Whether there is no room for another one."""
        return self.messages >= self.most
