"""Where a rendered surface goes: a member's DM, a coach channel, a Home, or nowhere for now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from bot.domain.shown.addressee import Addressee
from bot.domain.shown.places import Place
from bot.domain.tables import Member
from bot.slack.views.blocks import Message, View


@dataclass(frozen=True)
class ToMember:
    """A message in a member's DM with the bot."""

    member_id: int
    slack_user_id: str
    dm_channel: str | None
    message: Message
    earliest: datetime | None = None
    """The first post must not be made before this moment, because of working hours."""
    latest: datetime | None = None
    """The first post must not be made after this moment, because the message is useless by then."""


@dataclass(frozen=True)
class ToChannel:
    """A message in a coach channel."""

    channel: str
    message: Message
    reader_id: int | None = field(default=None, compare=False)
    """The coach in whose working hours it is posted; None if no coach can be written to."""


@dataclass(frozen=True)
class ToHome:
    """A member's App Home."""

    member_id: int
    slack_user_id: str
    view: View


@dataclass(frozen=True)
class Misplaced:
    """A message that stands where it no longer belongs."""

    is_open: bool
    """Whether it has to be posted anew, in its present place."""


@dataclass(frozen=True)
class NobodyYet:
    """A message for coaches that waits, because nobody coaches the rep now who can be written to."""


@dataclass(frozen=True)
class OnlyRedrawn:
    """A message that was withdrawn where it stands; it is never posted."""

    message: Message


Rendered = ToMember | ToChannel | ToHome | Misplaced | NobodyYet | OnlyRedrawn
Renderer = Callable[[Session, "RenderRequest"], Rendered | None]
"""Renders a subject from current state; returns None when there is nothing to show (any more)."""


@dataclass(frozen=True)
class RenderRequest:
    """A surface that has to be rendered in its state at `now`."""

    surface: str
    subject_id: int
    now: datetime
    stands_in: str | None = None
    """The conversation in which its message stands; None if it was not posted yet."""


def to_coaches(
    place: Place,
    message: Callable[[], Message],
    wanted: RenderRequest,
    *,
    is_open: bool,
    earliest: datetime | None = None,
) -> Rendered | None:
    """Address the coach channel, else a coach; a message that stands elsewhere is misplaced."""
    if wanted.stands_in is not None and wanted.stands_in not in place.stays_in:
        return Misplaced(is_open)
    found = in_turn(place, message, earliest=earliest)
    if found:
        return found[0]
    return NobodyYet() if is_open and wanted.stands_in is None else None


def in_turn(
    place: Place, message: Callable[[], Message], *, earliest: datetime | None = None
) -> list[ToMember | ToChannel]:
    """Return the places that may be shown a message to coaches, first the one where it belongs."""
    found: list[ToMember | ToChannel] = []
    if place.channel is not None:
        reader = place.reached[0].id if place.reached else None
        found.append(ToChannel(place.channel, message(), reader))
    for coach in place.reached:
        addressed = to(coach, message(), earliest=earliest)
        if addressed is not None:
            found.append(addressed)
    return found


def to(
    member: Member | Addressee,
    message: Message,
    *,
    earliest: datetime | None = None,
    latest: datetime | None = None,
) -> ToMember | None:
    if member.inactive_because is not None:
        return None
    return ToMember(member.id, member.slack_user_id, member.dm_channel, message, earliest, latest)
