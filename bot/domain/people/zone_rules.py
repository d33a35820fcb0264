"""Follows changes of time zones' rules: after an update of the zone database, 9:00 may be another moment."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session

from bot.database import columns, run, table, update_all
from bot.domain.calendars.schedules import schedule_of, teams_of, zone_of
from bot.domain.outbox import surfaces
from bot.domain.tables import Enrolment, Member
from bot.rules import weeks


def follow(session: Session, *, now: datetime) -> int:
    """Compute again when each rep is asked next, and return for how many the moment changed.

    A process calls this when it starts, because it reads the rules of the zones once. A check-in that is due, or
    that was put off to a working hour because its moment had passed, keeps its moment.
    """
    planned = run(session, _PLANNED, now=now).all()
    teams = teams_of(session, {row.team_id for row in planned}) if planned else {}
    moved: list[dict[str, object]] = []
    reps: dict[int, list[int]] = defaultdict(list)
    for row in planned:
        try:
            due_at = weeks.due_at(row.next_week, schedule_of(teams[row.team_id]), zone_of(row))
        except (KeyError, ValueError):
            continue  # the zone is not in the database any more, or the schedule is none; doctor says so
        if now < due_at != row.next_due_at:
            moved.append({"id": row.id, "next_due_at": due_at})
            reps[row.workspace_id].append(row.member_id)
    update_all(session, table(Enrolment), moved)
    for workspace_id, member_ids in reps.items():
        surfaces.reps_homes_changed(
            session, workspace_id=workspace_id, member_ids=member_ids, now=now
        )
    return len(moved)


_ENROLMENT, _MEMBER = columns(Enrolment), columns(Member)

_PLANNED = (
    sa.select(
        _ENROLMENT.id,
        _ENROLMENT.workspace_id,
        _ENROLMENT.member_id,
        _ENROLMENT.team_id,
        _ENROLMENT.next_week,
        _ENROLMENT.next_due_at,
        _MEMBER.timezone,
    )
    .join_from(table(Enrolment), table(Member), _MEMBER.id == _ENROLMENT.member_id)
    .where(_ENROLMENT.next_due_at > sa.bindparam("now"), _ENROLMENT.next_week.is_not(None))
)
