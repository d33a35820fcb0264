"""Decides for which weeks reps can still log."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Session, select

from bot.database import columns, rows
from bot.domain.calendars.schedules import zone_of
from bot.domain.refusals import Refusal
from bot.domain.tables import CheckIn, CheckInState, Member
from bot.rules.days import show_day
from bot.rules.weeks import WEEK, monday_of, week_of


def today_of(member: Member, now: datetime) -> date:
    """Return today's date in the member's zone."""
    return now.astimezone(zone_of(member)).date()


def first_open_day(session: Session, member: Member, now: datetime) -> date:
    """Return the first day that can still be logged for: a Monday, of this week or an earlier one.

    A week closes when its check-in's deadline has passed; a week without a check-in closes with the week after it.
    """
    this_week = week_of(now, zone_of(member))
    check_ins = {
        check_in.week: check_in
        for check_in in session.exec(
            select(CheckIn).where(
                CheckIn.member_id == member.id,
                CheckIn.week < this_week,
                CheckIn.week >= this_week - 12 * WEEK,
            )
        )
    }
    week = this_week
    while _is_open(week - WEEK, check_ins.get(week - WEEK), this_week=this_week, now=now):
        week -= WEEK
    return week


def must_be_open(
    session: Session, member: Member, day: date, now: datetime, *, field: str | None = None
) -> None:
    """Raise Refusal for a future day or a day of a closed week."""
    today = today_of(member, now)
    if day > today:
        raise Refusal(
            f"{show_day(day, today=today)} is still to come: log the conversation once you had it.",
            field=field,
        )
    first = first_open_day(session, member, now)
    if day < first:
        raise Refusal(
            f"The week of {show_day(monday_of(day), today=today)} is closed: "
            f"choose a day from {show_day(first, today=today)} on.",
            field=field,
        )


def last_asked_week(session: Session, member_id: int) -> date | None:
    """Return the latest week for which the member has a check-in; None before the first."""
    asked = columns(CheckIn)
    latest = sa.select(sa.func.max(asked.week)).where(asked.member_id == member_id)
    week: date | None = rows(session, latest)[0][0]
    return week


def _is_open(week: date, check_in: CheckIn | None, *, this_week: date, now: datetime) -> bool:
    if check_in is None or check_in.state in {CheckInState.AWAY, CheckInState.SKIPPED}:
        return week >= this_week - WEEK
    if check_in.state == CheckInState.UNANSWERED:
        return False
    # A check-in answered before its deadline is still open, because its answers can be changed until then.
    return check_in.deadline_at is None or now < check_in.deadline_at
