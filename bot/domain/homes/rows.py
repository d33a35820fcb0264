"""Reads what Homes show: for many people, teams and reps at once, with one statement for each kind of row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime, time
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session

from bot.database import any_of, columns, rows, table
from bot.domain.metrics import records
from bot.domain.shown.places import may_coach
from bot.domain.tables import (
    Alert,
    Answer,
    CheckIn,
    CheckInState,
    Enrolment,
    Member,
    Metric,
    Source,
    Team,
    Verdict,
)

REPS_SHOWN = 12
"""How many reps of one team a coach's Home shows."""

WAITING = (CheckInState.OPEN, CheckInState.SCHEDULED)
"""The states of a check-in that waits for its rep's answers."""


class Viewer(NamedTuple):
    """A member whose Home is shown, with their enrolment if they are a rep."""

    id: int
    workspace_id: int
    slack_user_id: str
    name: str
    timezone: str
    locale: str
    is_admin: bool
    is_guest: bool
    inactive_because: str | None
    team_id: int | None
    next_week: date | None
    next_due_at: datetime | None


class TeamRow(NamedTuple):
    """A team with its coaches."""

    id: int
    workspace_id: int
    name: str
    coach_id: int
    second_coach_id: int | None
    coach_channel: str | None
    coach_channel_name: str | None
    channel_problem: str | None
    currency: str
    working_days: str
    country: str | None
    region: str | None
    check_in_day: int
    check_in_at: time
    deadline_day: int
    deadline_at: time
    working_from: time
    working_until: time
    coach: str
    coach_name: str
    second_coach: str | None
    by_hand: bool
    """Whether the team has a metric that is logged by hand."""

    def is_coached_by(self, viewer: Viewer) -> bool:
        same_workspace = self.workspace_id == viewer.workspace_id
        entitled = may_coach(is_guest=viewer.is_guest, inactive_because=viewer.inactive_because)
        return same_workspace and entitled and viewer.id in {self.coach_id, self.second_coach_id}


class Rep(NamedTuple):
    """A rep of a team, and how many reps the team has."""

    team_id: int
    id: int
    slack_user_id: str
    name: str
    timezone: str
    reps: int


class CheckInRow(NamedTuple):
    """A check-in, with its alert's state and the number of its goals that were not met."""

    member_id: int
    id: int
    week: date
    state: str
    due_at: datetime
    deadline_at: datetime | None
    skipped_because: str | None
    days_off: int
    alert: str | None
    alert_id: int | None
    unmet: int

    @property
    def result(self) -> str:
        return records.result_from(self.state, self.unmet == 0)


def viewers(session: Session, member_ids: Collection[int]) -> list[Viewer]:
    """Return the members; those who do not exist are left out."""
    return [Viewer(*row) for row in rows(session, _VIEWERS, ids=list(member_ids))]


def teams(session: Session, found: Collection[Viewer]) -> dict[int, TeamRow]:
    """Return the teams in which these people are reps, and those that they coach, by id, in the order of names."""
    return {
        row[0]: TeamRow(*row)
        for row in rows(
            session,
            _TEAMS,
            ids=[viewer.team_id for viewer in found if viewer.team_id is not None],
            coaches=[viewer.id for viewer in found],
        )
    }


def reps(session: Session, team_ids: Collection[int]) -> dict[int, list[Rep]]:
    """Return the first REPS_SHOWN reps of each team, by team id, in the order of names."""
    found: dict[int, list[Rep]] = defaultdict(list)
    for row in rows(session, _REPS, teams=list(team_ids)) if team_ids else ():
        found[row[0]].append(Rep(*row))
    return found


def check_ins(
    session: Session,
    *,
    coached: Collection[int],
    since: date,
    own: Collection[int],
    history_since: date,
) -> dict[int, list[CheckInRow]]:
    """Return check-ins by member id, the newest first.

    Of the members in `coached` these are all from the week `since` on; of those in `own`, all from the week
    `history_since` on and those that wait.
    """
    found: dict[int, list[CheckInRow]] = defaultdict(list)
    if coached or own:
        for row in rows(
            session,
            _CHECK_INS,
            coached=list(coached),
            since=since,
            own=list(own),
            history_since=history_since,
        ):
            found[row[0]].append(CheckInRow(*row))
    return found


_MEMBER, _ENROLMENT, _TEAM = columns(Member), columns(Enrolment), columns(Team)
_METRIC, _CHECK_IN = columns(Metric), columns(CheckIn)
_ANSWER, _ALERT = columns(Answer), columns(Alert)
_COACH, _SECOND = table(Member).alias(), table(Member).alias()

_IS_ENROLLED = (_ENROLMENT.member_id == _MEMBER.id) & _ENROLMENT.ended_on.is_(None)

_VIEWERS = (
    sa.select(
        _MEMBER.id,
        _MEMBER.workspace_id,
        _MEMBER.slack_user_id,
        _MEMBER.name,
        _MEMBER.timezone,
        _MEMBER.locale,
        _MEMBER.is_admin,
        _MEMBER.is_guest,
        _MEMBER.inactive_because,
        _ENROLMENT.team_id,
        _ENROLMENT.next_week,
        _ENROLMENT.next_due_at,
    )
    .join_from(table(Member), table(Enrolment), _IS_ENROLLED, isouter=True)
    .where(_MEMBER.id.in_(any_of("ids")))
)

_BY_HAND = sa.exists().where(
    _METRIC.workspace_id == _TEAM.workspace_id,
    _METRIC.team_id.is_(None) | (_METRIC.team_id == _TEAM.id),
    _METRIC.archived_at.is_(None),
    _METRIC.source == Source.HAND.value,
)

_OF_COACH = _TEAM.coach_id.in_(any_of("coaches")) | _TEAM.second_coach_id.in_(any_of("coaches"))

_TEAMS = (
    sa.select(
        *(_TEAM[name] for name in TeamRow._fields[:18]),
        _COACH.c.slack_user_id,
        _COACH.c.name,
        _SECOND.c.slack_user_id,
        _BY_HAND,
    )
    .join_from(table(Team), _COACH, _COACH.c.id == _TEAM.coach_id)
    .outerjoin(_SECOND, _SECOND.c.id == _TEAM.second_coach_id)
    .where(_TEAM.id.in_(any_of("ids")) | _OF_COACH)
    .order_by(_TEAM.name)
)

_ENROLLED = (
    sa.select(
        _ENROLMENT.team_id,
        _MEMBER.id,
        _MEMBER.slack_user_id,
        _MEMBER.name,
        _MEMBER.timezone,
        sa.func.count().over(partition_by=_ENROLMENT.team_id).label("reps"),
        sa.func.row_number()
        .over(partition_by=_ENROLMENT.team_id, order_by=(_MEMBER.name, _MEMBER.id))
        .label("place"),
    )
    .join_from(table(Enrolment), table(Member), _IS_ENROLLED)
    .where(_ENROLMENT.team_id.in_(any_of("teams")))
    .subquery()
)

_REPS = (
    sa.select(*(_ENROLLED.c[name] for name in Rep._fields))
    .where(_ENROLLED.c.place <= REPS_SHOWN)
    .order_by(_ENROLLED.c.place)
)

_ALERT_STATE = sa.case(
    (_ALERT.id.is_(None), None),
    (_ALERT.done_at.is_not(None), "done"),
    (_ALERT.taken_at.is_not(None), "taken"),
    else_="waiting",
)

_UNMET = (
    sa.select(sa.func.count())
    .where(
        _ANSWER.check_in_id == _CHECK_IN.id,
        sa.func.coalesce(_ANSWER.verdict, "") != Verdict.YES.value,
    )
    .scalar_subquery()
)

_IS_OWN = (_CHECK_IN.week >= sa.bindparam("history_since")) | _CHECK_IN.state.in_(WAITING)

_CHECK_INS = (
    sa.select(
        *(_CHECK_IN[name] for name in CheckInRow._fields[:8]), _ALERT_STATE, _ALERT.id, _UNMET
    )
    .join_from(table(CheckIn), table(Alert), _ALERT.check_in_id == _CHECK_IN.id, isouter=True)
    .where(
        (_CHECK_IN.member_id.in_(any_of("coached")) & (_CHECK_IN.week >= sa.bindparam("since")))
        | (_CHECK_IN.member_id.in_(any_of("own")) & _IS_OWN)
    )
    .order_by(_CHECK_IN.week.desc())
)
