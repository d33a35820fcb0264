"""Wall-clock thinking: weeks, due moments, deadlines, reminders. The only place that does it.

A week is named by its Monday, a ``date``. Every moment that comes in or goes out is an aware
``datetime``; those that go out are in UTC. A naive one raises ``ValueError``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Schedule:
    """When a team's check-in goes out and closes, in each rep's own zone. Days: 0 is Monday."""

    day: int
    at: time
    deadline_day: int
    deadline_at: time
    working_from: time = time(8)
    working_until: time = time(20)


DEFAULT_SCHEDULE = Schedule(day=0, at=time(9), deadline_day=1, deadline_at=time(17))

Snooze = Literal["1h", "3h", "tomorrow"]


def monday_of(day: date) -> date:
    """The Monday of the ISO week that ``day`` belongs to."""
    raise NotImplementedError


def week_of(moment: datetime, zone: ZoneInfo) -> date:
    """The week that holds ``moment`` in ``zone``; agrees with ``bounds`` at every instant."""
    raise NotImplementedError


def local_to_utc(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The moment of a wall-clock time, in UTC.

    A time that does not exist moves forward by the length of the gap, one that comes twice takes
    the first, a day that does not exist gives the first moment after it.
    """
    raise NotImplementedError


def bounds(week: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The half-open interval ``[start, end)`` of a week, in UTC. Neighbours share an edge."""
    raise NotImplementedError


def asked_week(due: date) -> date:
    """The week that a check-in sent on the local day ``due`` asks about: the last finished one."""
    raise NotImplementedError


def due_at(week: date, schedule: Schedule, zone: ZoneInfo) -> datetime:
    """When the check-in about ``week`` is due: at the schedule's day and time, the week after."""
    raise NotImplementedError


def next_week_to_ask(
    *,
    now: datetime,
    schedule: Schedule,
    zone: ZoneInfo,
    enrolled_on: date,
    last_asked: date | None,
) -> date:
    """The first week to ask about from ``now`` on.

    It is later than ``last_asked``, does not end before ``enrolled_on``, and its due moment is
    not past. A week that is already scheduled keeps its name when the zone or the schedule
    changes (take ``due_at`` again, a past result means: due now); this function is for the next.
    """
    raise NotImplementedError


def deadline(
    *,
    delivered_at: datetime,
    week: date,
    schedule: Schedule,
    zone: ZoneInfo,
    grace: timedelta = timedelta(minutes=15),
) -> datetime:
    """When the check-in about ``week`` closes, counted from its delivery.

    Delivered within ``grace`` of its due moment, it closes at the schedule's own deadline.
    Delivered later, it stays open for the full length of the schedule's window, rounded up to
    the quarter of an hour. Never earlier than the schedule's own deadline.
    """
    raise NotImplementedError


def reminder_times(
    *, delivered_at: datetime, deadline: datetime, zone: ZoneInfo, schedule: Schedule
) -> list[datetime]:
    """At most two moments inside working hours, in order: 4 h after delivery, 2 h before the end.

    They keep 30 minutes from each other and from the delivery and come before the deadline;
    where they don't fit there are fewer.
    """
    raise NotImplementedError


def into_working_hours(moment: datetime, schedule: Schedule, zone: ZoneInfo) -> datetime:
    """The moment itself if it lies in working hours, else the next opening, on any weekday."""
    raise NotImplementedError


def snooze(choice: Snooze, *, now: datetime, schedule: Schedule, zone: ZoneInfo) -> datetime:
    """When to remind again: later today, or tomorrow at the opening; inside working hours."""
    raise NotImplementedError


def weekday_name(day: int) -> str:
    """``0`` is Monday."""
    raise NotImplementedError


def parse_weekday(text: str) -> int | None:
    """Reads ``Mon``, ``monday``, ``Tues.`` or ``1`` to ``7`` (1 is Monday); Monday gives 0."""
    raise NotImplementedError


def parse_time(text: str) -> time | None:
    """Reads ``9:00``, ``09.30``, ``9am``, ``5:15 pm``, ``17h``, ``17h30``, ``0900``, ``9``."""
    raise NotImplementedError
