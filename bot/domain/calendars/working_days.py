"""Says when reps work: on their team's working days, except public holidays and days on which they are away."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

import sqlalchemy as sa
from sqlmodel import Session, col, select

from bot.database import rows
from bot.domain.calendars import public_holidays
from bot.domain.calendars.schedules import teams_of, zone_of
from bot.domain.metrics import targets
from bot.domain.shown.absences import Goal, MarkedLate
from bot.domain.tables import Absence, CheckIn, Member, Metric, Team
from bot.rules import weeks
from bot.rules.absences import Calendar, Span, WorkWeek, merged, target_of
from bot.rules.weeks import WEEK

YEARS = 3
"""How many years of public holidays a calendar knows, including its first year."""


class Place(Protocol):
    """The columns of a Team that determine its calendar."""

    @property
    def working_days(self) -> str: ...
    @property
    def country(self) -> str | None: ...
    @property
    def region(self) -> str | None: ...


def days_of(
    session: Session, member_ids: Collection[int], since: date
) -> dict[int, tuple[Span, ...]]:
    """Return when each member is away from `since` on, by member id, with one query.

    Members who are not away are left out.
    """
    absence = Absence.__table__.c  # type: ignore[attr-defined]
    spans: dict[int, list[Span]] = defaultdict(list)
    found = sa.select(absence.member_id, absence.first_day, absence.last_day).where(
        absence.member_id.in_(member_ids),
        absence.last_day >= since,
        absence.taken_back_at.is_(None),
    )
    for member_id, first, last in rows(session, found):
        spans[member_id].append((first, last))
    return {member_id: merged(days) for member_id, days in spans.items()}


def of_team(team: Place, since: date) -> Calendar:
    """Return the calendar of the team's reps who are not away."""
    return Calendar(
        working_days=frozenset(int(digit) for digit in team.working_days),
        holidays=public_holidays.of_years(
            team.country, team.region, range(since.year, since.year + YEARS)
        ),
    )


def of_reps(session: Session, teams: Mapping[int, Team], since: date) -> dict[int, Calendar]:
    """Return each rep's calendar from `since` on, by member id, with one query; `teams` names each rep's team."""
    away = days_of(session, teams.keys(), since)
    plain = {team.id: of_team(team, since) for team in teams.values()}
    return {
        member_id: (
            replace(plain[team.id], away=away[member_id]) if member_id in away else plain[team.id]
        )
        for member_id, team in teams.items()
    }


def of_rep(session: Session, member_id: int, team: Team, since: date) -> Calendar:
    """Return one rep's calendar from `since` on."""
    return of_reps(session, {member_id: team}, since)[member_id]


def around(session: Session, member: Member, team: Team, now: datetime) -> Calendar:
    """Return one rep's calendar from a week before today on, for check-ins that are sent or closed now."""
    since = now.astimezone(zone_of(member)).date() - WEEK
    return of_rep(session, member.id, team, since)


def goals(
    session: Session, teams: Mapping[int, Team], week: date
) -> dict[int, tuple[WorkWeek, list[tuple[Metric, Goal]]]]:
    """Return each rep's week and their targets for it, in the order they are asked, by member id.

    `teams` names each rep's team. A rep without a target has an empty list.
    """
    wanted = targets.in_force(session, teams.keys(), week)
    calendars = of_reps(session, teams, week)
    found: dict[int, tuple[WorkWeek, list[tuple[Metric, Goal]]]] = {}
    for member_id, calendar in calendars.items():
        work = calendar.week(week)
        pairs = wanted.get(member_id, [])
        found[member_id] = work, [(metric, goal_of(metric, full, work)) for metric, full in pairs]
    return found


def targets_left(session: Session, member: Member, team: Team, week: date) -> dict[int, Decimal]:
    """Return the rep's targets for the week, reduced by days off, by metric id; none for a week wholly away."""
    work, wanted = goals(session, {member.id: team}, week)[member.id]
    return {metric.id: goal.target for metric, goal in wanted} if work.left > 0 else {}


def goal_of(metric: Metric, full: Decimal, work: WorkWeek) -> Goal:
    """Return the target of a whole week together with the part of it that this week asks for."""
    return Goal(target_of(full, metric.unit, work), full if work.off else None)


class OfRep(Protocol):
    """A CheckIn, or a row with its member and team columns."""

    @property
    def id(self) -> int: ...
    @property
    def member_id(self) -> int: ...
    @property
    def team_id(self) -> int: ...


def of_check_ins(session: Session, check_ins: Sequence[OfRep], since: date) -> dict[int, Calendar]:
    """Return the calendar for each check-in, by its id: that of its rep in the check-in's team."""
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


def marked_late(session: Session, check_in: CheckIn, member: Member) -> MarkedLate | None:
    """Return who last recorded days away in the check-in's week after it had ended; None if nobody did."""
    if not check_in.days_off:
        return None
    _, ended = weeks.bounds(check_in.week, zone_of(member))
    found = session.exec(
        select(Absence, Member)
        .join(Member, col(Member.id) == col(Absence.recorded_by))
        .where(
            Absence.member_id == member.id,
            Absence.first_day < check_in.week + WEEK,
            Absence.last_day >= check_in.week,
            col(Absence.taken_back_at).is_(None),
            Absence.recorded_at >= ended,
        )
        .order_by(col(Absence.recorded_at).desc(), col(Absence.id).desc())
        .limit(1)
    ).first()
    return MarkedLate(by=found[1].slack_user_id, at=found[0].recorded_at) if found else None
