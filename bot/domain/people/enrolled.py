"""Decides who can be a rep, from which day on, and which check-in comes next. It reads and writes nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.refusals import Refusal
from bot.domain.shown.places import BOT as BOT
from bot.domain.shown.places import DEACTIVATED as DEACTIVATED
from bot.rules import weeks
from bot.rules.absences import Calendar
from bot.rules.weeks import WEEK, Schedule

FURTHEST_AHEAD = timedelta(days=366)
EARLIEST = date(2000, 1, 1)


@dataclass(frozen=True)
class Enrolled:
    """The columns of an enrolment that change, and nothing else of its row."""

    team_id: int
    enrolled_on: date
    ended_on: date | None = None
    next_week: date | None = None
    next_due_at: datetime | None = None


def why_not_rep(name: str, inactive_because: str | None) -> str | None:
    """Return the sentence that says why this person can't be a rep; None if they can."""
    if inactive_because == BOT:
        return f"{name} is a bot and has nothing to answer: choose a person."
    if inactive_because == DEACTIVATED:
        return (
            f"{name}’s Slack account is deactivated: choose somebody else, or reactivate it first."
        )
    return None


def must_be_rep(
    name: str, inactive_because: str | None, *, enrolled_on: date | None, today: date
) -> None:
    """Raise Refusal for a person who can't be a rep, and for a day on which nobody can begin."""
    if (sentence := why_not_rep(name, inactive_because)) is not None:
        raise Refusal(sentence)
    if enrolled_on is not None and not EARLIEST <= enrolled_on <= today + FURTHEST_AHEAD:
        raise Refusal(
            f"{enrolled_on.isoformat()} is no day to begin on: "
            "type one from 2000 on and not more than a year ahead."
        )


def enrolled_again(
    before: Enrolled | None, *, team_id: int, enrolled_on: date | None, today: date
) -> Enrolled:
    """Return the enrolment of a new, present or former rep in a team, from a day on or from today.

    It is equal to `before` if nothing changes. The next check-in of a new beginning is not known yet. Whoever was
    a rep until now, or until another day of the same week, keeps the first day as a rep in a new team: there is no
    part of the week in which they were in none.
    """
    if before is None:
        return Enrolled(team_id, enrolled_on or today)
    comes_back = before.ended_on is not None
    begins = enrolled_on or (today if comes_back else before.enrolled_on)
    if begins > before.enrolled_on and _goes_on(before, begins, team_id=team_id):
        begins = before.enrolled_on
    after = replace(before, team_id=team_id, enrolled_on=begins, ended_on=None)
    if comes_back or begins != before.enrolled_on:
        after = replace(after, next_week=None, next_due_at=None)
    return after


def _goes_on(before: Enrolled, begins: date, *, team_id: int) -> bool:
    """Return whether the person moves to another team, or comes back in the week in which they left."""
    if before.ended_on is None:
        return before.team_id != team_id
    return weeks.monday_of(begins) == weeks.monday_of(before.ended_on)


def rescheduled(
    enrolled: Enrolled,
    *,
    is_active: bool,
    schedule: Schedule,
    calendar: Calendar,
    zone: ZoneInfo,
    last_asked: date | None,
    now: datetime,
) -> Enrolled:
    """Return the enrolment with its next check-in by the current schedule, zone and state of the member.

    `calendar` is the team's. A first week with fewer than two of its working days is not asked about.
    An overdue check-in keeps its moment. A check-in whose moment has just moved into the past is sent in the next
    working hour. A member who left or is not active gets no check-in, and one who comes back is not asked about
    the weeks in between. `last_asked` is the latest week about which the member was asked.
    """
    if enrolled.ended_on is not None or not is_active:
        return replace(enrolled, next_week=None, next_due_at=None)
    if enrolled.next_due_at is not None and enrolled.next_due_at <= now:
        return enrolled
    week = enrolled.next_week
    first = _first_week(enrolled.enrolled_on, calendar)
    if week is None or week < first or (last_asked is not None and week <= last_asked):
        week = weeks.next_week_to_ask(
            now=now,
            schedule=schedule,
            zone=zone,
            enrolled_on=first,
            last_asked=last_asked,
        )
    due = weeks.due_at(week, schedule, zone)
    if due < now:
        due = weeks.into_working_hours(now, schedule, zone)
    return replace(enrolled, next_week=week, next_due_at=due)


def _first_week(enrolled_on: date, calendar: Calendar) -> date:
    """Return the first week to ask about: the one of the first day, or the next if that leaves too few days."""
    week = weeks.monday_of(enrolled_on)
    work = replace(calendar, begins=enrolled_on).week(week)
    return week + WEEK if work.joined_on is not None and not work.is_asked else week
