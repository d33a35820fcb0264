"""Places: where somebody is on the page, and what Slack last told them there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.sandbox.records import Channel, User


@dataclass(frozen=True)
class Place:
    """A person is in a place. `kind` is "home", "dm" or "channel". Only the first has no channel."""

    kind: str
    user_id: str
    channel: Channel | None = None

    @property
    def path(self) -> str:
        """This is the path of the page that shows the place."""
        if self.kind == "channel" and self.channel is not None:
            return f"/p/{self.user_id}/c/{self.channel.id}"
        return f"/p/{self.user_id}/{self.kind}"

    @property
    def name(self) -> str:
        """This distinguishes the place from the person's other places."""
        return self.channel.id if self.channel else self.kind


@dataclass(frozen=True)
class Notice:
    """Slack tells a person this about the last thing that they did.

    `beside` says where it is shown: a place's name, "message:CHANNEL/TS" or "view:ID". `block_id` names
    the block there, or is empty.
    """

    beside: str
    words: str
    block_id: str = ""


def zone_of(user: User) -> tzinfo:
    """Return a person's zone, or UTC where Slack gives none."""
    try:
        return ZoneInfo(user.tz) if user.tz else UTC
    except (ZoneInfoNotFoundError, ValueError):
        return UTC
