"""Reads what Homes show: for many people, teams and reps at once, with one statement for each kind of row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime, time
from decimal import Decimal
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session

from bot.database import any_of, columns, rows, table
from bot.domain.metrics import records
from bot.domain.shown.places import may_coach
from bot.domain.tables import (
    Advice,
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
    home_page: int
    team_id: int | None
    enrolled_on: date | None
    next_week: date | None
    next_due_at: datetime | None
    midweek_at: datetime | None
    advice_id: int | None
    advice_since: datetime | None
    """The person's open wish for advice."""


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
    channel_members: int | None
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
    coach_inactive: str | None
    second_coach: str | None
    by_hand: bool
    """Whether the team has a metric that is logged by hand."""

    def is_coached_by(self, viewer: Viewer) -> bool:
        same_workspace = self.workspace_id == viewer.workspace_id
        entitled = may_coach(is_guest=viewer.is_guest, inactive_because=viewer.inactive_because)
        return same_workspace and entitled and viewer.id in {self.coach_id, self.second_coach_id}


class Rep(NamedTuple):
    """A rep of a team."""

    team_id: int
    id: int
    slack_user_id: str
    name: str
    timezone: str
    advice_id: int | None
    advice_since: datetime | None
    """The rep's open wish for advice."""
    workspace_id: int
    timezone_missing: bool
    inactive_because: str | None
    next_week: date | None
    enrolled_on: date


class Asked(NamedTuple):
    """A question of a check-in and its answer, with the columns of its metric that count the log's number."""

    id: int
    key: str
    source: str
    name: str
    unit: str
    target: Decimal
    number: Decimal | None
    logged: Decimal | None
    verdict: str | None


class CheckInRow(NamedTuple):
    """A check-in, with its alert and the number of its goals that were not met."""

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
    alert_at: datetime | None
    taken_by: str | None
    nodded_by: str | None
    """The Slack user id of the coach who accepts answers that the log does not carry."""
    unmet: int
    asked: list[Asked]
    """Its questions in order; of a rep's own Home they are not read."""

    @property
    def is_open(self) -> bool:
        """Whether a coach still has to act on its alert."""
        return self.alert in {"waiting", "taken"} and self.result in {"missed", "silent"}

    @property
    def result(self) -> str:
        return records.result_from(self.state, self.unmet == 0)


def viewers(session: Session, member_ids: Collection[int]) -> list[Viewer]:
    """Return the members; those who do not exist are left out."""
    return [Viewer(*row) for row in rows(session, _VIEWERS, ids=list(member_ids))]


def teams(session: Session, found: Collection[Viewer]) -> dict[int, TeamRow]:
    """Return the teams in which these people are reps, those that they coach, and all of an admin's workspace.

    The teams are by id, in the order of names.
    """
    return {
        row[0]: TeamRow(*row)
        for row in rows(
            session,
            _TEAMS,
            ids=[viewer.team_id for viewer in found if viewer.team_id is not None],
            coaches=[viewer.id for viewer in found],
            workspaces=list({viewer.workspace_id for viewer in found if viewer.is_admin}),
        )
    }


def reps(session: Session, team_ids: Collection[int]) -> list[Rep]:
    """Return the reps of these teams, in the order of names."""
    if not team_ids:
        return []
    return [Rep(*row) for row in rows(session, _REPS, teams=list(team_ids))]


def by_team(found: Collection[Rep]) -> dict[int, list[Rep]]:
    """Return these reps by team id, in the same order."""
    teams: dict[int, list[Rep]] = defaultdict(list)
    for rep in found:
        teams[rep.team_id].append(rep)
    return teams


def check_ins(
    session: Session,
    *,
    coached: Collection[int],
    since: date,
    own: Collection[int],
    history_since: date,
) -> dict[int, list[CheckInRow]]:
    """Return check-ins by member id, the newest first.

    Of the members in `coached` these are all from the week `since` on, and earlier ones whose alert nobody has
    marked as done; of those in `own`, all from the week `history_since` on and those that wait.
    """
    found: dict[int, list[CheckInRow]] = defaultdict(list)
    last: CheckInRow | None = None
    if coached or own:
        for row in rows(
            session,
            _CHECK_INS,
            coached=list(coached),
            since=since,
            own=list(own),
            history_since=history_since,
        ):
            member_id, check_in_id, *_ = row
            if last is None or last.id != check_in_id:
                last = CheckInRow._make([*row[:_FACTS], []])
                found[member_id].append(last)
            if row[_FACTS] is not None:
                last.asked.append(Asked(*row[_FACTS:]))
    return found


_MEMBER, _ENROLMENT, _TEAM = columns(Member), columns(Enrolment), columns(Team)
_METRIC, _CHECK_IN = columns(Metric), columns(CheckIn)
_ANSWER, _ALERT, _ADVICE = columns(Answer), columns(Alert), columns(Advice)
_COACH, _SECOND, _TAKER, _NODDER = (table(Member).alias() for _ in range(4))

_WISHES = (_ADVICE.member_id == _MEMBER.id) & _ADVICE.closed_at.is_(None)

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
        _MEMBER.home_page,
        _ENROLMENT.team_id,
        _ENROLMENT.enrolled_on,
        _ENROLMENT.next_week,
        _ENROLMENT.next_due_at,
        _ENROLMENT.midweek_at,
        _ADVICE.id,
        _ADVICE.created_at,
    )
    .join_from(table(Member), table(Enrolment), _IS_ENROLLED, isouter=True)
    .outerjoin(table(Advice), _WISHES)
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
        *(_TEAM[name] for name in TeamRow._fields[:19]),
        _COACH.c.slack_user_id,
        _COACH.c.name,
        _COACH.c.inactive_because,
        _SECOND.c.slack_user_id,
        _BY_HAND,
    )
    .join_from(table(Team), _COACH, _COACH.c.id == _TEAM.coach_id)
    .outerjoin(_SECOND, _SECOND.c.id == _TEAM.second_coach_id)
    .where(_TEAM.id.in_(any_of("ids")) | _OF_COACH | _TEAM.workspace_id.in_(any_of("workspaces")))
    .order_by(_TEAM.name)
)

_REPS = (
    sa.select(
        _ENROLMENT.team_id,
        _MEMBER.id,
        _MEMBER.slack_user_id,
        _MEMBER.name,
        _MEMBER.timezone,
        _ADVICE.id,
        _ADVICE.created_at,
        _MEMBER.workspace_id,
        _MEMBER.timezone_missing,
        _MEMBER.inactive_because,
        _ENROLMENT.next_week,
        _ENROLMENT.enrolled_on,
    )
    .join_from(table(Enrolment), table(Member), _IS_ENROLLED)
    .outerjoin(table(Advice), _WISHES)
    .where(_ENROLMENT.team_id.in_(any_of("teams")))
    .order_by(_MEMBER.name, _MEMBER.id)
)

_ALERT_STATE = sa.case(
    (_ALERT.id.is_(None), None),
    (_ALERT.done_at.is_not(None), "done"),
    (_ALERT.taken_at.is_not(None), "taken"),
    else_="waiting",
)

_ANY_ANSWER = table(Answer).alias()

_UNMET = (
    sa.select(sa.func.count())
    .where(
        _ANY_ANSWER.c.check_in_id == _CHECK_IN.id,
        sa.func.coalesce(_ANY_ANSWER.c.verdict, "") != Verdict.YES.value,
    )
    .scalar_subquery()
)

_IS_OPEN = _ALERT.id.is_not(None) & _ALERT.done_at.is_(None)

_IS_OWN = (_CHECK_IN.week >= sa.bindparam("history_since")) | _CHECK_IN.state.in_(WAITING)

_FACTS = len(CheckInRow._fields) - 1
"""How many columns a check-in has before those of its question."""

_IS_COACHED = _CHECK_IN.member_id.in_(any_of("coached"))

_CHECK_INS = (
    sa.select(
        *(_CHECK_IN[name] for name in CheckInRow._fields[:8]),
        _ALERT_STATE,
        _ALERT.id,
        _ALERT.created_at,
        _TAKER.c.slack_user_id,
        _NODDER.c.slack_user_id,
        _UNMET,
        _METRIC.id,
        _METRIC.key,
        _METRIC.source,
        *(_ANSWER[name] for name in Asked._fields[3:]),
    )
    .join_from(table(CheckIn), table(Alert), _ALERT.check_in_id == _CHECK_IN.id, isouter=True)
    .outerjoin(_TAKER, _TAKER.c.id == _ALERT.taken_by)
    .outerjoin(_NODDER, _NODDER.c.id == _CHECK_IN.nodded_by)
    .outerjoin(table(Answer), (_ANSWER.check_in_id == _CHECK_IN.id) & _IS_COACHED)
    .outerjoin(table(Metric), _METRIC.id == _ANSWER.metric_id)
    .where(
        (_IS_COACHED & ((_CHECK_IN.week >= sa.bindparam("since")) | _IS_OPEN))
        | (_CHECK_IN.member_id.in_(any_of("own")) & _IS_OWN)
    )
    .order_by(_CHECK_IN.week.desc(), _CHECK_IN.id, _ANSWER.position)
)
