"""The next check-in, reminder, deadline and brief of all workspaces, to which the sandbox can move its clock."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from bot.database import columns, rows, table
from bot.domain.calendars import working_days as calendars
from bot.domain.calendars.schedules import schedule_of, zone_of
from bot.domain.coaching import briefs
from bot.domain.tables import Brief, CheckIn, CheckInState, Enrolment, Member, Reminder, Team
from bot.rules import absences


def next_check_in(session: Session) -> datetime | None:
    """Return when the next check-in is due, or goes to a rep who is back by then; None when none is planned."""
    planned = _first(session, Enrolment.next_due_at)
    waiting = _first(session, CheckIn.due_at, CheckIn.state == CheckInState.SCHEDULED)
    return min((due for due in (planned, waiting) if due is not None), default=None)


def next_reminder(session: Session) -> datetime | None:
    """Return when the next reminder is due; None when none is planned."""
    return _first(session, Reminder.due_at)


def next_deadline(session: Session) -> datetime | None:
    """Return when the next open check-in closes; None when none is open."""
    return _first(session, CheckIn.deadline_at, CheckIn.state == CheckInState.OPEN)


def next_brief(session: Session) -> datetime | None:
    """Return when the next brief goes out if nobody answers any more; None while every team has had its own."""
    moments = []
    for team_id, closes_at, is_open, look_at in rows(session, _WITHOUT_BRIEF):
        team = session.get_one(Team, team_id)
        if not is_open:
            moments.append(look_at)
            continue
        opens_at = absences.into_working_day(
            closes_at,
            calendar=calendars.of_team(team, closes_at.date()),
            schedule=schedule_of(team),
            zone=zone_of(session.get_one(Member, team.coach_id)),
        )
        moments.append(opens_at + briefs.LOOK_AGAIN)
    return min((moment for moment in moments if moment is not None), default=None)


def _first(session: Session, moment: Any, *conditions: Any) -> datetime | None:
    found: datetime | None = session.exec(select(sa.func.min(col(moment))).where(*conditions)).one()
    return found


_CHECK_IN, _ENROLMENT = columns(CheckIn), columns(Enrolment)
_TEAM, _BRIEF = columns(Team), columns(Brief)
_LAST = table(CheckIn).alias()

_WITHOUT_BRIEF = (
    sa.select(
        _TEAM.id,
        sa.func.max(_CHECK_IN.deadline_at),
        sa.func.max(sa.case((_CHECK_IN.state == CheckInState.OPEN.value, 1), else_=0)),
        _TEAM.brief_look_at,
    )
    .join_from(table(Team), table(Enrolment), _ENROLMENT.team_id == _TEAM.id)
    .join(table(CheckIn), _CHECK_IN.member_id == _ENROLMENT.member_id)
    .where(
        _ENROLMENT.ended_on.is_(None),
        _CHECK_IN.deadline_at.is_not(None),
        _CHECK_IN.week
        == sa.select(sa.func.max(_LAST.c.week))
        .where(_LAST.c.deadline_at.is_not(None))
        .scalar_subquery(),
        ~sa.exists().where(_BRIEF.team_id == _TEAM.id, _BRIEF.week == _CHECK_IN.week),
    )
    .group_by(_TEAM.id, _TEAM.brief_look_at)
)
"""Selects the teams that were asked about the newest week and had no brief about it yet."""
