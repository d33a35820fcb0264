"""Converts a team's schedule and a member's zone to the types of `bot.rules`."""

from __future__ import annotations

from collections.abc import Collection
from datetime import time
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session

from bot.database import any_of, columns, run, table
from bot.domain.tables import Team
from bot.rules.weeks import Schedule


class Scheduled(Protocol):
    """A Team, or a row with the columns of its schedule."""

    @property
    def check_in_day(self) -> int: ...
    @property
    def check_in_at(self) -> time: ...
    @property
    def deadline_day(self) -> int: ...
    @property
    def deadline_at(self) -> time: ...
    @property
    def working_from(self) -> time: ...
    @property
    def working_until(self) -> time: ...


class Zoned(Protocol):
    """A Member, or a row with its `timezone` column."""

    @property
    def timezone(self) -> str: ...


def schedule_of(team: Scheduled) -> Schedule:
    """Return the team's schedule for `bot.rules.weeks`."""
    return Schedule(
        day=team.check_in_day,
        at=team.check_in_at,
        deadline_day=team.deadline_day,
        deadline_at=team.deadline_at,
        working_from=team.working_from,
        working_until=team.working_until,
    )


def zone_of(member: Zoned) -> ZoneInfo:
    """Return the member's zone; only valid names are ever stored."""
    return ZoneInfo(member.timezone)


def teams_of(session: Session, team_ids: Collection[int]) -> dict[int, Any]:
    """Return the rows of these teams, by id."""
    found = run(session, _TEAMS, ids=list(team_ids))
    return {row.id: row for row in found}


_TEAMS = sa.select(table(Team)).where(columns(Team).id.in_(any_of("ids")))
