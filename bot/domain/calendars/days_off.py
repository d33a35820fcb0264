"""What days off make of one check-in: the days that its week has, and when it closes."""

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
"""Weeks in a row that are passed over in search of the next one that is asked about."""


def counted(work: WorkWeek) -> dict[str, int | None]:
    """What a check-in notes of its week, by column; a whole one is not worth a note."""
    return {
        "work_days": work.days if work.off else None,
        "days_off": work.off,
        "holidays": work.holidays,
    }


def count(check_in: CheckIn, work: WorkWeek) -> None:
    """Note in the check-in what its week is made of."""
    for column, value in counted(work).items():
        setattr(check_in, column, value)


class Counted(Protocol):
    """What `counted` noted: a CheckIn, or a row with its columns."""

    @property
    def work_days(self) -> int | None: ...
    @property
    def days_off(self) -> int: ...
    @property
    def holidays(self) -> int: ...


def work_of(check_in: Counted) -> WorkWeek | None:
    """The working days of a week that days off made shorter; None for a whole one."""
    if check_in.work_days is None:
        return None
    return WorkWeek(check_in.work_days, off=check_in.days_off, holidays=check_in.holidays)


class About(Protocol):
    """What is about a week: a CheckIn, or a row with its column."""

    @property
    def week(self) -> date: ...


def deadline_of(
    check_in: About, member: Zoned, team: Scheduled, calendar: Calendar, *, delivered_at: datetime
) -> datetime:
    """When the check-in closes, counted from its delivery and on no day off."""
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
    """Move a deadline that lies on a day off to the first working day; whether it is to come then.

    A deadline only ever moves back: what a rep was told stays true.
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
    """When the rep is asked next: weeks away altogether are passed over, and none comes on a day off."""
    if enrolment.next_week is None:
        return enrolment.next_due_at
    since = min(enrolment.next_week, now.date() - WEEK)
    calendar = calendars.of_rep(session, member.id, team, since)
    return asked_next(enrolment, calendar, schedule_of(team), zone_of(member))


class Planned(Protocol):
    """What says which week is asked about next: an Enrolment, or a row with its columns."""

    @property
    def next_week(self) -> date | None: ...
    @property
    def next_due_at(self) -> datetime | None: ...


def asked_next(
    planned: Planned, calendar: Calendar, schedule: Schedule, zone: ZoneInfo
) -> datetime | None:
    """`next_check_in` for a rep whose calendar is known from the planned week on."""
    week, due = planned.next_week, planned.next_due_at
    if week is None or due is None:
        return due
    for _ in range(LONGEST_ABSENCE):
        if calendar.week(week).left > 0:
            break
        week += WEEK
        due = weeks.due_at(week, schedule, zone)
    return absences.send_at(due, calendar=calendar, schedule=schedule, zone=zone)
