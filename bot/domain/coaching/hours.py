"""When the messages of coaching may go out: in the working hours of whom they are for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import NamedTuple, Protocol

from sqlmodel import Session

from bot.domain.calendars import working_days as calendars
from bot.domain.calendars.schedules import Scheduled, Zoned, schedule_of, zone_of
from bot.domain.calendars.working_days import Place
from bot.domain.outbox import budget
from bot.domain.tables import Member, Team
from bot.rules import absences


class AtWork(Place, Scheduled, Protocol):
    """A Team, or a row with the columns of its calendar and of its schedule."""


def of_coach(team: AtWork, coach: Zoned, *, now: datetime) -> datetime:
    """Return the first moment from now on in the team's working hours, by the clock of one of its coaches."""
    return absences.into_working_day(
        now,
        calendar=calendars.of_team(team, now.date()),
        schedule=schedule_of(team),
        zone=zone_of(coach),
    )


def of_rep(session: Session, rep: Member, team: Team, *, now: datetime) -> datetime:
    """Return the first moment from now on in the rep's working hours."""
    return _into_hours(session, rep, team, now)(now)


class Room(NamedTuple):
    """When a message to a rep goes out."""

    at: datetime
    is_put_off: bool
    """Whether it waits for a later week, because the message budget of this one has no room for it."""


def with_room(session: Session, rep: Member, team: Team, *, now: datetime) -> Room:
    """Take a message from the rep's budget, and return the first moment from now on that has room for it.

    The moment is in the rep's working hours.
    """
    into_hours = _into_hours(session, rep, team, now)
    wanted = into_hours(now)
    at = budget.read(session, [rep.id], now=now, to_take=True).take_first(rep.id, wanted)
    return Room(into_hours(at), is_put_off=at > wanted)


def _into_hours(
    session: Session, rep: Member, team: Team, now: datetime
) -> Callable[[datetime], datetime]:
    """Return the function that moves a moment, now or later, into the rep's working hours."""
    return partial(
        absences.into_working_day,
        calendar=calendars.of_rep(session, rep.id, team, now.date()),
        schedule=schedule_of(team),
        zone=zone_of(rep),
    )
