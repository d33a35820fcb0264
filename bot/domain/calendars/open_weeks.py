"""Decides for which weeks reps can still log."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from bot.database import any_of, columns, rows, run
from bot.domain.calendars.schedules import zone_of
from bot.domain.refusals import Refusal
from bot.domain.tables import CheckIn, CheckInState, Member
from bot.rules.days import show_day
from bot.rules.weeks import WEEK, monday_of, week_of

RECENT = 12 * WEEK
"""How far back a week can be open."""

LATE_ANSWERS = timedelta(days=14)
"""How long after a check-in's deadline its answers, and what is logged for its week, are taken and marked late."""


def today_of(member: Member, now: datetime) -> date:
    """Return today's date in the member's zone."""
    return now.astimezone(zone_of(member)).date()


@dataclass(frozen=True)
class OpenWeeks:
    """The weeks for which a rep can still log at one moment."""

    now: datetime
    today: date
    first_day: date
    """The first day that can still be logged for: a Monday, of this week or an earlier one."""
    check_ins: Mapping[date, Any]
    """The rows of the check-ins about this week and the twelve before it, by week."""

    def is_late(self, week: date) -> bool:
        """Return whether the check-in about the week has closed, so that its answers stay as they are."""
        check_in = self.check_ins.get(week)
        if check_in is None or check_in.state in _NEVER_ASKED or check_in.deadline_at is None:
            return False
        return bool(self.now > check_in.deadline_at)

    def must_be_open(self, day: date, *, field: str | None = None) -> None:
        """Raise Refusal for a future day or a day of a closed week."""
        if day > self.today:
            raise Refusal(
                f"{show_day(day, today=self.today)} is still to come: "
                "log the conversation once you had it.",
                field=field,
            )
        if day < self.first_day:
            raise Refusal(
                f"The week of {show_day(monday_of(day), today=self.today)} is closed: "
                f"choose a day from {show_day(self.first_day, today=self.today)} on.",
                field=field,
            )


def open_weeks_of(session: Session, member: Member, now: datetime) -> OpenWeeks:
    """Return the weeks for which the member can still log, by one statement.

    A week is open for as long as its check-in takes answers, late ones included; a week that is not asked about
    closes with the week after it.
    """
    this_week = week_of(now, zone_of(member))
    found = run(session, _RECENT, member=member.id, since=this_week - RECENT, until=this_week)
    check_ins = {row.week: row for row in found}
    earlier = (this_week - n * WEEK for n in range(1, RECENT // WEEK + 1))
    is_open = [
        week
        for week in earlier
        if _is_open(week, check_ins.get(week), this_week=this_week, now=now)
    ]
    return OpenWeeks(now, today_of(member, now), min([this_week, *is_open]), check_ins)


def first_open_day(session: Session, member: Member, now: datetime) -> date:
    """Return the first day that can still be logged for: a Monday, of this week or an earlier one."""
    return open_weeks_of(session, member, now).first_day


def must_be_open(
    session: Session, member: Member, day: date, now: datetime, *, field: str | None = None
) -> None:
    """Raise Refusal for a future day or a day of a closed week."""
    open_weeks_of(session, member, now).must_be_open(day, field=field)


def last_asked_week(session: Session, member_id: int) -> date | None:
    """Return the latest week for which the member has a check-in; None before the first."""
    return last_asked_weeks(session, [member_id]).get(member_id)


def last_asked_weeks(session: Session, member_ids: Collection[int]) -> dict[int, date]:
    """Return the latest week for which each member has a check-in, by member id; none before the first."""
    return dict(rows(session, _LAST_ASKED, members=list(member_ids)))


_NEVER_ASKED = frozenset({CheckInState.AWAY.value, CheckInState.SKIPPED.value})

_CHECK_IN = columns(CheckIn)

_RECENT = sa.select(
    _CHECK_IN.id, _CHECK_IN.week, _CHECK_IN.state, _CHECK_IN.delivered_at, _CHECK_IN.deadline_at
).where(
    _CHECK_IN.member_id == sa.bindparam("member"),
    _CHECK_IN.week.between(sa.bindparam("since"), sa.bindparam("until")),
)

_LAST_ASKED = (
    sa.select(_CHECK_IN.member_id, sa.func.max(_CHECK_IN.week))
    .where(_CHECK_IN.member_id.in_(any_of("members")))
    .group_by(_CHECK_IN.member_id)
)


def _is_open(week: date, check_in: Any, *, this_week: date, now: datetime) -> bool:
    if check_in is None or check_in.state in _NEVER_ASKED:
        return week >= this_week - WEEK
    return check_in.deadline_at is None or bool(now <= check_in.deadline_at + LATE_ANSWERS)
