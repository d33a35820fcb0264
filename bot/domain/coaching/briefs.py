"""The weekly brief to a team's coaches: when it goes out, which page it shows, and who may turn it.

The tick calls `begin_due`. A team's brief about a week goes out once all its reps have answered, or after the
week's deadline, in the working hours of its coach. What is in it is read when it is rendered
(`bot.domain.coaching.brief_showing`), so late answers and edits update the message that stands.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, or_

from bot.database import any_of, columns, lock_due, rows, table
from bot.domain.access import Caller, coaches, deny, known_member, locked, members_by_id
from bot.domain.calendars import working_days as calendars
from bot.domain.calendars.schedules import schedule_of, zone_of
from bot.domain.outbox import outbox
from bot.domain.refusals import Refusal
from bot.domain.tables import Brief, CheckIn, CheckInState, Enrolment, Member, Team
from bot.rules import absences, briefs, weeks
from bot.rules.absences import Calendar
from bot.rules.briefs import Due
from bot.rules.weeks import WEEK

BATCH = 200

LOOK_AGAIN = timedelta(minutes=5)
"""When to look again at a team whose reps can still answer."""

LATEST_LOOK = timedelta(days=1)
"""When to look again at the latest: a schedule or a zone may be another by then."""

_TEAM = columns(Team)
_LOOK_AT: Any = _TEAM.brief_look_at
IS_DUE = or_(_LOOK_AT.is_(None), sa.bindparam("now", type_=_LOOK_AT.type) >= _LOOK_AT)


@dataclass(frozen=True)
class _Week:
    """The week that a team's next brief is about, and the moments that count for it."""

    week: date
    closes_at: datetime
    """The week's usual deadline, by the coach's clock."""
    next_at: datetime
    """When the check-in about the week after is due there."""
    opens_at: datetime
    """The first moment from now on in the coach's working hours."""


def begin_due(
    session: Session,
    *,
    now: datetime,
    only: Collection[int] | None = None,
    without: Collection[int] = (),
) -> int:
    """Look at the teams that are due, and have the briefs sent whose time has come; return how many were due."""
    teams = lock_due(
        session,
        Team,
        IS_DUE,
        by=col(Team.brief_look_at),
        limit=BATCH,
        now=now,
        only=only,
        without=without,
        key_share=True,
    )
    if not teams:
        return 0
    coach_of = members_by_id(session, {team.coach_id for team in teams})
    week_of = {team.id: _week(team, coach_of[team.coach_id], now) for team in teams}
    asked, waiting = _asked(session, week_of)
    known = {
        team_id
        for team_id, week in rows(session, _KNOWN, teams=list(week_of))
        if week_of[team_id].week == week
    }
    for team in teams:
        found = week_of[team.id]
        team.brief_look_at = min(found.next_at, now + LATEST_LOOK)
        if team.id in known:
            continue
        decided = briefs.due(
            asked=asked[team.id],
            waiting=waiting[team.id],
            closes_at=found.closes_at,
            now=now,
        )
        if decided is Due.WAIT:
            team.brief_look_at = min(team.brief_look_at, now + LOOK_AGAIN)
        elif decided is Due.NOW and found.opens_at > now:
            team.brief_look_at = min(found.opens_at, now + LATEST_LOOK)
        elif decided is Due.NOW:
            _begin(session, team, found.week, now)
    session.flush()
    return len(teams)


def _week(team: Team, coach: Member, now: datetime) -> _Week:
    """Return the last week that the coach's reps were asked about, by the coach's clock."""
    schedule, zone = schedule_of(team), zone_of(coach)
    week = weeks.asked_week(now.astimezone(zone).date())
    while weeks.due_at(week, schedule, zone) > now:
        week -= WEEK
    calendar: Calendar = calendars.of_team(team, week)
    sent_at = absences.send_at(
        weeks.due_at(week, schedule, zone), calendar=calendar, schedule=schedule, zone=zone
    )
    return _Week(
        week,
        closes_at=absences.deadline(
            delivered_at=sent_at, week=week, calendar=calendar, schedule=schedule, zone=zone
        ),
        next_at=weeks.due_at(week + WEEK, schedule, zone),
        opens_at=absences.into_working_day(now, calendar=calendar, schedule=schedule, zone=zone),
    )


def _asked(
    session: Session, week_of: Mapping[int, _Week]
) -> tuple[Mapping[int, int], Mapping[int, int]]:
    """Return how many of each team's reps were asked, and how many of them can still answer; two statements."""
    asked: dict[int, int] = defaultdict(int)
    waiting: dict[int, int] = defaultdict(int)
    weeks_of = sorted({found.week for found in week_of.values()})
    for team_id, week, state, number in rows(session, _STATES, teams=list(week_of), weeks=weeks_of):
        if week == week_of[team_id].week:
            asked[team_id] += number
            if state in _OPEN:
                waiting[team_id] += number
    for team_id, next_week, number in rows(session, _TO_COME, teams=list(week_of)):
        if next_week <= week_of[team_id].week:
            waiting[team_id] += number
    return asked, waiting


def _begin(session: Session, team: Team, week: date, now: datetime) -> None:
    brief = Brief(workspace_id=team.workspace_id, team_id=team.id, week=week, created_at=now)
    session.add(brief)
    session.flush()
    outbox.add_all(session, [outbox.New(brief.workspace_id, outbox.BRIEF, brief.id, now)], now=now)


def turn(session: Session, *, caller: Caller, brief_id: int, page: int, now: datetime) -> None:
    """Have the brief's message show this page; one that does not exist (any more) becomes the nearest one."""
    _, brief = coached(session, caller, brief_id)
    brief.page = max(page, 0)
    changed(session, brief, now)


def coached(session: Session, caller: Caller, brief_id: int) -> tuple[Member, Brief]:
    """Return the caller and the locked brief; raises Refusal unless the caller coaches its team now."""
    member = known_member(session, caller)
    brief = locked(session, Brief, brief_id, caller=caller)
    if brief is None:
        raise Refusal("This brief is no longer there. Open Basecoach's Home to see your reps.")
    team = session.get_one(Team, brief.team_id)
    if not coaches(session, member, team):
        deny(member, "read", "brief", brief.id)
        raise Refusal(f"Only the coaches of {team.name} can use this brief.")
    return member, brief


def changed(session: Session, brief: Brief, now: datetime) -> None:
    """Mark the brief's message stale."""
    outbox.mark_stale_if_known(
        session,
        workspace_id=brief.workspace_id,
        surface=outbox.BRIEF,
        subject_id=brief.id,
        now=now,
    )
    session.flush()


_CHECK_IN, _ENROLMENT, _BRIEF = columns(CheckIn), columns(Enrolment), columns(Brief)

_OPEN = (CheckInState.SCHEDULED.value, CheckInState.OPEN.value)
_WAS_ASKED = (*_OPEN, CheckInState.ANSWERED.value, CheckInState.UNANSWERED.value)

_STATES = (
    sa.select(_ENROLMENT.team_id, _CHECK_IN.week, _CHECK_IN.state, sa.func.count())
    .join_from(table(Enrolment), table(CheckIn), _CHECK_IN.member_id == _ENROLMENT.member_id)
    .where(
        _ENROLMENT.team_id.in_(any_of("teams")),
        _ENROLMENT.ended_on.is_(None),
        _CHECK_IN.week.in_(any_of("weeks")),
        _CHECK_IN.state.in_(_WAS_ASKED),
    )
    .group_by(_ENROLMENT.team_id, _CHECK_IN.week, _CHECK_IN.state)
)

_TO_COME = (
    sa.select(_ENROLMENT.team_id, _ENROLMENT.next_week, sa.func.count())
    .where(
        _ENROLMENT.team_id.in_(any_of("teams")),
        _ENROLMENT.ended_on.is_(None),
        _ENROLMENT.next_due_at.is_not(None),
        _ENROLMENT.next_week.is_not(None),
    )
    .group_by(_ENROLMENT.team_id, _ENROLMENT.next_week)
)
"""Selects which week the next check-ins of a team's reps are about: in the west Monday begins later."""

_KNOWN = (
    sa.select(_BRIEF.team_id, sa.func.max(_BRIEF.week))
    .where(_BRIEF.team_id.in_(any_of("teams")))
    .group_by(_BRIEF.team_id)
)
