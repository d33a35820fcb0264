"""Applies days off to a check-in: the working days of its week, its deadline and the next check-in."""

from __future__ import annotations

from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.domain.calendars import working_days as calendars
from bot.domain.calendars.schedules import Scheduled, Zoned, schedule_of, zone_of
from bot.domain.outbox import surfaces
from bot.domain.tables import CheckIn, Enrolment, Member, Team
from bot.rules import absences, weeks
from bot.rules.absences import Calendar, WorkWeek
from bot.rules.weeks import WEEK, Schedule

LONGEST_ABSENCE = 60
"""The largest number of weeks that the search for the next check-in skips because the rep is away."""


def counted(work: WorkWeek) -> dict[str, int | date | None]:
    """Return the columns of a check-in that describe its week; without days off, `work_days` is None."""
    return {
        "work_days": work.days if work.off else None,
        "days_off": work.off,
        "holidays": work.holidays,
        "joined_on": work.joined_on,
    }


def count(check_in: CheckIn, work: WorkWeek) -> None:
    """Store in the check-in how many working days and days off its week has."""
    for column, value in counted(work).items():
        setattr(check_in, column, value)


class Counted(Protocol):
    """A CheckIn, or a row with the columns that `counted` fills."""

    @property
    def work_days(self) -> int | None: ...
    @property
    def days_off(self) -> int: ...
    @property
    def holidays(self) -> int: ...
    @property
    def joined_on(self) -> date | None: ...


def work_of(check_in: Counted) -> WorkWeek | None:
    """Return the working days of a week with days off; None for a whole week."""
    if check_in.work_days is None:
        return None
    return WorkWeek(
        check_in.work_days,
        off=check_in.days_off,
        holidays=check_in.holidays,
        joined_on=check_in.joined_on,
    )


class About(Protocol):
    """A CheckIn, or a row with its `week` column."""

    @property
    def week(self) -> date: ...


def deadline_of(
    check_in: About, member: Zoned, team: Scheduled, calendar: Calendar, *, delivered_at: datetime
) -> datetime:
    """Return when the check-in closes, counted from its delivery and never on a day off."""
    return absences.deadline(
        delivered_at=delivered_at,
        week=check_in.week,
        calendar=calendar,
        schedule=schedule_of(team),
        zone=zone_of(member),
    )


def move_deadline(
    session: Session, check_in: CheckIn, member: Member, calendar: Calendar, *, now: datetime
) -> bool:
    """Move a deadline on a day off to the first working day; return whether the deadline is in the future then.

    A deadline only ever moves to a later moment, so that a rep never has less time than they were told.
    """
    if check_in.deadline_at is None:
        return False
    moved = absences.after_days_off(check_in.deadline_at, calendar=calendar, zone=zone_of(member))
    if moved == check_in.deadline_at:
        return False
    check_in.deadline_at = moved
    session.flush()
    surfaces.check_in_changed(session, check_in=check_in, now=now)
    surfaces.homes_changed(session, member=member, now=now)
    return moved > now


def next_check_in(
    session: Session, enrolment: Enrolment, member: Member, team: Team, *, now: datetime
) -> datetime | None:
    """Return when the rep is asked next: never on a day off, and not about weeks in which there is nothing to ask.

    These are weeks that the rep is wholly away, and a first week with fewer than two days.
    """
    if enrolment.next_week is None:
        return enrolment.next_due_at
    since = min(enrolment.next_week, now.date() - WEEK)
    calendar = calendars.of_rep(session, member.id, team, since)
    return asked_next(enrolment, calendar, schedule_of(team), zone_of(member))


class Planned(Protocol):
    """An Enrolment, or a row with the columns that say which week is asked about next."""

    @property
    def next_week(self) -> date | None: ...
    @property
    def next_due_at(self) -> datetime | None: ...


def asked_next(
    planned: Planned, calendar: Calendar, schedule: Schedule, zone: ZoneInfo
) -> datetime | None:
    """Do what `next_check_in` does, for a rep whose calendar is known from the planned week on."""
    week, due = planned.next_week, planned.next_due_at
    if week is None or due is None:
        return due
    for _ in range(LONGEST_ABSENCE):
        if calendar.week(week).is_asked:
            break
        week += WEEK
        due = weeks.due_at(week, schedule, zone)
    return absences.send_at(due, calendar=calendar, schedule=schedule, zone=zone)
