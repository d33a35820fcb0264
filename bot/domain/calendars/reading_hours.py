"""When the reader of a message is at work: the rule for everything that the bot sends without being asked.

A rep reads in the working hours of their team, by their own clock, on days on which they work. Somebody who is no
rep reads in those of the first team that they coach, and somebody of no team in the usual ones.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session

from bot.database import any_of, columns, rows
from bot.domain.calendars import working_days
from bot.domain.calendars.schedules import schedule_of, teams_of, zone_of
from bot.domain.outbox import outbox
from bot.domain.tables import Enrolment, Member, Team
from bot.rules import absences
from bot.rules.absences import Calendar
from bot.rules.weeks import DEFAULT_SCHEDULE, WEEK

HELD = frozenset(
    {
        outbox.ALERT,
        outbox.PASSED_ON,
        outbox.ADVICE,
        outbox.BRIEF,
        outbox.AGREEMENT,
        outbox.PRAISE,
        outbox.PLAN,
        outbox.PLAN_REPLY,
        *outbox.PLAN_EVENTS,
        outbox.NOTICE,
        outbox.WELCOME,
    }
)
"""The surfaces whose first post waits until its reader is at work."""

NOT_HELD: Mapping[str, str] = {
    outbox.CHECK_IN: "it goes when the team's schedule says; one that is late waits by a rule of its own",
    outbox.REMINDER: "it waits by a rule of its own, and is useless after the deadline",
    outbox.MIDWEEK: "it waits by a rule of its own, and is useless on another day",
    outbox.HOME: "nobody is told of it",
    outbox.DIRECT_REPLY: "it answers what the person typed",
    outbox.EXPORT: "somebody asked for it",
    outbox.WITHDRAWN: "it is only ever redrawn",
    **dict.fromkeys(outbox.ERASED, "it takes something away"),
}
"""The other surfaces, and why they do not wait."""


class Reading(NamedTuple):
    """A message that a member would read now."""

    member_id: int
    now: datetime


def opening(session: Session, wanted: Sequence[Reading]) -> list[datetime]:
    """Return for each message when its reader is at work; a moment of now or before for somebody unknown."""
    now = max(one.now for one in wanted)
    found = opens_at(session, {one.member_id for one in wanted}, now=now)
    at_work = {member_id for member_id, moment in found.items() if moment == now}
    return [
        one.now if one.member_id in at_work else found.get(one.member_id, one.now) for one in wanted
    ]


class _Reader(NamedTuple):
    id: int
    timezone: str
    team_id: int | None


def opens_at(
    session: Session, member_ids: Collection[int], *, now: datetime
) -> dict[int, datetime]:
    """Return the first moment from now on at which each member is at work; three statements at most."""
    found = [_Reader(*row) for row in rows(session, _READERS, members=sorted(member_ids))]
    teams = teams_of(session, {one.team_id for one in found if one.team_id is not None})
    since = now.date() - WEEK - timedelta(days=1)
    away = working_days.days_of(session, [one.id for one in found], since)
    opening = {}
    for reader in found:
        team = teams[reader.team_id] if reader.team_id is not None else None
        plain = working_days.of_team(team, since) if team is not None else Calendar()
        opening[reader.id] = absences.when_at_work(
            now,
            calendar=Calendar(plain.working_days, plain.holidays, away.get(reader.id, ())),
            schedule=schedule_of(team) if team is not None else DEFAULT_SCHEDULE,
            zone=zone_of(reader),
        )
    return opening


_MEMBER, _ENROLMENT, _TEAM = columns(Member), columns(Enrolment), columns(Team)

_READERS = sa.select(
    _MEMBER.id,
    _MEMBER.timezone,
    sa.func.coalesce(
        sa.select(_ENROLMENT.team_id)
        .where(_ENROLMENT.member_id == _MEMBER.id, _ENROLMENT.ended_on.is_(None))
        .scalar_subquery(),
        sa.select(sa.func.min(_TEAM.id))
        .where(sa.or_(_TEAM.coach_id == _MEMBER.id, _TEAM.second_coach_id == _MEMBER.id))
        .scalar_subquery(),
    ),
).where(_MEMBER.id.in_(any_of("members")))
