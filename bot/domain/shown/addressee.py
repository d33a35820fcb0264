"""The person to whom a message is sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class Reached(Protocol):
    """A Member, or a row with these columns of one."""

    @property
    def id(self) -> int: ...
    @property
    def slack_user_id(self) -> str: ...
    @property
    def dm_channel(self) -> str | None: ...
    @property
    def inactive_because(self) -> str | None: ...
    @property
    def is_guest(self) -> bool: ...


@dataclass(frozen=True)
class Addressee:
    """A member, with what decides whether and where their messages are posted."""

    id: int
    slack_user_id: str
    dm_channel: str | None
    inactive_because: str | None
    """Why nothing is sent to this member; None for everybody else."""
    is_guest: bool = False
    """Whether the member is a guest, who may not see the numbers of others."""

    @classmethod
    def of(cls, member: Reached) -> Addressee:
        """Return the member as somebody to write to."""
        return cls(
            member.id,
            member.slack_user_id,
            member.dm_channel,
            member.inactive_because,
            member.is_guest,
        )
