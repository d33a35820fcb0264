"""Follows changes of time zones' rules: after an update of the zone database, 9:00 may be another moment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session

from bot.database import any_of, columns, rows, run, table
from bot.domain.calendars.schedules import schedule_of, teams_of, zone_of
from bot.domain.outbox import surfaces
from bot.domain.tables import Enrolment, Member
from bot.rules import weeks

PART = 500
"""How many reps are moved by one statement."""


def follow(session: Session, *, now: datetime) -> int:
    """Compute again when each rep is asked next, and return for how many the moment changed.

    A process calls this when it starts, because it reads the rules of the zones once. A check-in that is due, or
    that was put off to a working hour because its moment had passed, keeps its moment. The moment is computed once
    for all who share a team, a zone, a week and the moment of before.
    """
    alike = run(session, _ALIKE, now=now).all()
    teams = teams_of(session, {row.team_id for row in alike}) if alike else {}
    moved = 0
    for row in alike:
        try:
            due_at = weeks.due_at(row.next_week, schedule_of(teams[row.team_id]), zone_of(row))
        except (KeyError, ValueError):
            continue  # the zone is not in the database any more, or the schedule is none; doctor says so
        if now < due_at != row.next_due_at:
            moved += _move(session, row, due_at, now)
    return moved


def _move(
    session: Session, alike: sa.Row[tuple[object, ...]], due_at: datetime, now: datetime
) -> int:
    moved = 0
    for part in _parts(session, alike):
        run(session, _MOVED, members=part, due_at=due_at)
        surfaces.reps_homes_changed(
            session, workspace_id=alike.workspace_id, member_ids=part, now=now
        )
        moved += len(part)
    return moved


def _parts(session: Session, alike: sa.Row[tuple[object, ...]]) -> Iterator[list[int]]:
    """Yield the ids of the reps, PART at most each time; the caller moves them before it asks for more."""
    who = {name: value for name, value in alike._mapping.items() if name != "workspace_id"}
    while part := [member_id for (member_id,) in rows(session, _WHO, most=PART, **who)]:
        yield part


_ENROLMENT, _MEMBER = columns(Enrolment), columns(Member)

_ALIKE = (
    sa.select(
        _ENROLMENT.workspace_id,
        _ENROLMENT.team_id,
        _ENROLMENT.next_week,
        _ENROLMENT.next_due_at,
        _MEMBER.timezone,
    )
    .distinct()
    .join_from(table(Enrolment), table(Member), _MEMBER.id == _ENROLMENT.member_id)
    .where(_ENROLMENT.next_due_at > sa.bindparam("now"), _ENROLMENT.next_week.is_not(None))
)

_WHO = (
    sa.select(_ENROLMENT.member_id)
    .join_from(table(Enrolment), table(Member), _MEMBER.id == _ENROLMENT.member_id)
    .where(
        _ENROLMENT.team_id == sa.bindparam("team_id"),
        _ENROLMENT.next_week == sa.bindparam("next_week"),
        _ENROLMENT.next_due_at == sa.bindparam("next_due_at"),
        _MEMBER.timezone == sa.bindparam("timezone"),
    )
    .limit(sa.bindparam("most", type_=sa.Integer))
)

_MOVED = (
    sa.update(table(Enrolment))
    .where(_ENROLMENT.member_id.in_(any_of("members")), _ENROLMENT.next_due_at.is_not(None))
    .values(next_due_at=sa.bindparam("due_at", type_=_ENROLMENT.next_due_at.type))
)
