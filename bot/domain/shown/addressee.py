"""The person to whom a message is sent."""

from __future__ import annotations

from dataclasses import dataclass


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
