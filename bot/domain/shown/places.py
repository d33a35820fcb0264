"""The place of what belongs to a team's coaches: their channel, or the DM of one of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.shown.addressee import Addressee

BOT = "bot"
DEACTIVATED = "deactivated"

CHANNEL_PUBLIC = "channel_is_public"
CHANNEL_SHARED = "channel_is_shared"
"""Why a coach channel takes no numbers: beside the error codes of Slack, these are words of our own."""


def may_coach(*, is_guest: bool, inactive_because: str | None) -> bool:
    """Return whether a person may see the numbers of reps: a full member of the workspace, and no bot."""
    return not is_guest and inactive_because not in {BOT, DEACTIVATED}


@dataclass(frozen=True)
class Place:
    """Where an alert or a plan belongs now."""

    channel: str | None
    """The coach channel, if it takes numbers and if somebody coaches the team."""
    reached: tuple[Addressee, ...]
    """The coaches who can be written to, the one first who is where there is no channel."""
    acting: str | None
    """The Slack user id of the person who coaches the team now; None if nobody may."""
    stays_in: frozenset[str]
    """The conversations in which a message that was posted already may stay."""


NOWHERE = Place(None, (), None, frozenset())
"""The place of what belongs to nobody any more."""


def place_of(coaches: Sequence[Addressee], channel: str | None, problem: str | None) -> Place:
    """Return the place of what belongs to these coaches, the first of whom is written to if possible.

    `problem` says why the channel takes no messages, or no numbers. A message in a coach's DM stays there when
    the channel is mended.
    """
    entitled = [
        coach
        for coach in coaches
        if may_coach(is_guest=coach.is_guest, inactive_because=coach.inactive_because)
    ]
    if not entitled:
        return NOWHERE
    usable = channel if problem is None else None
    stays_in = {coach.dm_channel for coach in entitled} | {usable}
    reached = tuple(coach for coach in entitled if coach.inactive_because is None)
    return Place(
        channel=usable,
        reached=reached,
        acting=(*reached, *entitled)[0].slack_user_id,
        stays_in=frozenset(where for where in stays_in if where is not None),
    )
