"""Says when reps work: on their team's working days, except public holidays and days on which they are away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple, Protocol

import sqlalchemy as sa
from sqlmodel import Session

from bot.database import any_of, columns, rows, table
from bot.domain.calendars import public_holidays
from bot.domain.calendars.schedules import Zoned, teams_of, zone_of
from bot.domain.metrics import targets
from bot.domain.metrics.targets import TargetMetric
from bot.domain.shown.absences import Goal, MarkedLate
from bot.domain.shown.home import GoalShown
from bot.domain.tables import Absence, Enrolment, Member, Team
from bot.rules import weeks
from bot.rules.absences import Calendar, Span, WorkWeek, merged, target_of
from bot.rules.weeks import WEEK

YEARS = 4
"""How many years of public holidays a calendar knows, including its first: three years of a plan touch four."""


class Place(Protocol):
    """The columns of a Team that determine its calendar."""

    @property
    def working_days(self) -> str: ...
    @property
    def country(self) -> str | None: ...
    @property
    def region(self) -> str | None: ...


class Recorded(NamedTuple):
    """Days away that were not taken back, with the Slack id of the person who recorded them."""

    id: int
    member_id: int
    first_day: date
    last_day: date
    kind: str
    recorded_by: int
    recorded_at: datetime
    recorder: str


def recorded(
    session: Session, member_ids: Collection[int], since: date
) -> dict[int, list[Recorded]]:
    """Return the members' absences with a day from `since` on, by member id, the earliest first; one statement.

    Members who are not away are left out.
    """
    found: dict[int, list[Recorded]] = defaultdict(list)
    if member_ids:
        for row in rows(session, _RECORDED, members=list(member_ids), since=since):
            found[row[1]].append(Recorded(*row))
    return found


def spans_of(absences: Iterable[Recorded]) -> tuple[Span, ...]:
    """Return when a member with these absences is away."""
    return merged((absence.first_day, absence.last_day) for absence in absences)


def days_of(
    session: Session, member_ids: Collection[int], since: date
) -> dict[int, tuple[Span, ...]]:
    """Return when each member is away from `since` on, by member id, with one statement.

    Members who are not away are left out.
    """
    if not member_ids:
        return {}
    spans: dict[int, list[Span]] = defaultdict(list)
    for member_id, first, last in rows(session, _AWAY, members=list(member_ids), since=since):
        spans[member_id].append((first, last))
    return {member_id: merged(days) for member_id, days in spans.items()}


def of_team(team: Place, since: date) -> Calendar:
    """Return the calendar of the team's reps who are not away."""
    return _of_place(team.working_days, team.country, team.region, since.year)


@lru_cache(maxsize=256)  # every rep of a team has the same one, and so have most teams
def _of_place(working_days: str, country: str | None, region: str | None, year: int) -> Calendar:
    return Calendar(
        working_days=frozenset(int(digit) for digit in working_days),
        holidays=public_holidays.of_years(country, region, range(year, year + YEARS)),
    )


def of_reps(session: Session, teams: Mapping[int, Team], since: date) -> dict[int, Calendar]:
    """Return each rep's calendar from `since` on, by member id, with one statement.

    `teams` names each rep's team.
    """
    found = {}
    away: dict[int, list[Span]] = defaultdict(list)
    began: dict[int, date] = {}
    for member_id, first, last in rows(session, _PRESENCE, members=list(teams), since=since):
        if last is None:
            began[member_id] = first
        else:
            away[member_id].append((first, last))
    plain = {team.id: of_team(team, since) for team in teams.values()}
    for member_id, team in teams.items():
        found[member_id] = plain[team.id]
        if member_id in away or member_id in began:
            found[member_id] = replace(
                plain[team.id],
                away=merged(away.get(member_id, ())),
                begins=began.get(member_id),
            )
    return found


def of_rep(session: Session, member_id: int, team: Team, since: date) -> Calendar:
    """Return one rep's calendar from `since` on."""
    return of_reps(session, {member_id: team}, since)[member_id]


def around(session: Session, member: Member, team: Team, now: datetime) -> Calendar:
    """Return one rep's calendar from a week before today on, for check-ins that are sent or closed now."""
    since = now.astimezone(zone_of(member)).date() - WEEK
    return of_rep(session, member.id, team, since)


def goals(
    session: Session, teams: Mapping[int, Team], week: date
) -> dict[int, tuple[WorkWeek, list[tuple[TargetMetric, Goal]]]]:
    """Return each rep's week and their targets for it, in the order they are asked, by member id.

    `teams` names each rep's team. A rep without a target has an empty list.
    """
    wanted = targets.in_force(session, teams.keys(), week)
    calendars = of_reps(session, teams, week)
    found: dict[int, tuple[WorkWeek, list[tuple[TargetMetric, Goal]]]] = {}
    for member_id, calendar in calendars.items():
        work = calendar.week(week)
        pairs = wanted.get(member_id, [])
        found[member_id] = work, [(metric, goal_of(metric, full, work)) for metric, full in pairs]
    return found


def targets_left(session: Session, member: Member, team: Team, week: date) -> dict[int, Decimal]:
    """Return the rep's targets for the week, reduced by days off, by metric id; none where nothing is asked."""
    work, wanted = goals(session, {member.id: team}, week)[member.id]
    return {metric.id: goal.target for metric, goal in wanted} if work.is_asked else {}


def goal_of(metric: TargetMetric, full: Decimal, work: WorkWeek) -> Goal:
    """Return the target of a whole week together with the part of it that this week asks for."""
    return Goal(target_of(full, metric.unit, work), full if work.off else None)


def goal_shown(
    metric: TargetMetric, full: Decimal, work: WorkWeek, logged: Decimal | None
) -> GoalShown:
    """Return what this week asks for beside what is logged of it."""
    goal = goal_of(metric, full, work)
    return GoalShown(
        metric_id=metric.id,
        name=metric.name,
        unit=metric.unit,
        source=metric.source,
        logged=logged,
        target=goal.target,
        full_target=goal.full,
    )


class OfRep(Protocol):
    """A CheckIn, or a row with its member and team columns."""

    @property
    def id(self) -> int: ...
    @property
    def member_id(self) -> int: ...
    @property
    def team_id(self) -> int: ...


def of_check_ins(
    session: Session,
    check_ins: Sequence[OfRep],
    since: date,
    *,
    teams: Mapping[int, Place] | None = None,
) -> dict[int, Calendar]:
    """Return the calendar for each check-in, by its id: that of its rep in the check-in's team.

    The teams are read unless `teams` has them, by id.
    """
    if teams is None:
        teams = teams_of(session, {check_in.team_id for check_in in check_ins})
    plain = {team_id: of_team(team, since) for team_id, team in teams.items()}
    away = days_of(session, {check_in.member_id for check_in in check_ins}, since)
    return {
        check_in.id: (
            replace(plain[check_in.team_id], away=away[check_in.member_id])
            if check_in.member_id in away
            else plain[check_in.team_id]
        )
        for check_in in check_ins
    }


class Shortened(Protocol):
    """A CheckIn, or a row with its week and its days off."""

    @property
    def week(self) -> date: ...
    @property
    def days_off(self) -> int: ...


def marked_late(
    absences: Iterable[Recorded], check_in: Shortened, member: Zoned
) -> MarkedLate | None:
    """Return which of the rep's absences was recorded last, after the check-in's week had ended; None if none was.

    `absences` are those of the rep with a day from the check-in's week on, and maybe earlier ones.
    """
    if not check_in.days_off:
        return None
    _, ended = weeks.bounds(check_in.week, zone_of(member))
    late = [
        absence
        for absence in absences
        if absence.first_day < check_in.week + WEEK
        and absence.last_day >= check_in.week
        and absence.recorded_at >= ended
    ]
    if not late:
        return None
    last = max(late, key=lambda absence: (absence.recorded_at, absence.id))
    return MarkedLate(by=last.recorder, at=last.recorded_at)


_ABSENCE, _RECORDER = columns(Absence), columns(Member)

_KEPT = (
    _ABSENCE.member_id.in_(any_of("members")),
    _ABSENCE.last_day >= sa.bindparam("since"),
    _ABSENCE.taken_back_at.is_(None),
)

_AWAY = sa.select(_ABSENCE.member_id, _ABSENCE.first_day, _ABSENCE.last_day).where(*_KEPT)

_ENROLMENT = columns(Enrolment)

_PRESENCE = _AWAY.union_all(
    sa.select(_ENROLMENT.member_id, _ENROLMENT.enrolled_on, sa.cast(sa.null(), sa.Date)).where(
        _ENROLMENT.member_id.in_(any_of("members")), _ENROLMENT.enrolled_on > sa.bindparam("since")
    )
)
"""Selects when members are away, and, without a last day, when those began who did so only after `since`."""

_RECORDED = (
    sa.select(
        _ABSENCE.id,
        _ABSENCE.member_id,
        _ABSENCE.first_day,
        _ABSENCE.last_day,
        _ABSENCE.kind,
        _ABSENCE.recorded_by,
        _ABSENCE.recorded_at,
        _RECORDER.slack_user_id,
    )
    .join_from(table(Absence), table(Member), _RECORDER.id == _ABSENCE.recorded_by)
    .where(*_KEPT)
    .order_by(_ABSENCE.first_day, _ABSENCE.id)
)
