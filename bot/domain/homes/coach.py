"""What a coach's Home shows: the alerts that wait, and each rep with this week and the last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.domain.calendars import working_days as calendars
from bot.domain.calendars.schedules import zone_of
from bot.domain.calendars.working_days import Recorded
from bot.domain.homes.rows import CheckInRow, Rep, TeamRow, Viewer
from bot.domain.metrics.metrics import Logged
from bot.domain.setup.checklist import RepFacts, TeamFacts
from bot.domain.shown.home import (
    AskedNumber,
    CoachedRep,
    CoachHome,
    GoalShown,
    OpenAlert,
    PlanInShort,
)
from bot.domain.shown.loop import Loop
from bot.rules.absences import Calendar, WorkWeek
from bot.rules.weeks import WEEK

LAST_CHECK_IN = 2 * WEEK
"""How long ago the week of a rep's last check-in may lie for their coach to see it."""


@dataclass(frozen=True)
class RepWeek:
    """One rep's present week and absences, and the state of the rep's plan."""

    week: date
    today: date
    calendar: Calendar
    work: WorkWeek
    goals: tuple[GoalShown, ...]
    absences: Sequence[Recorded]
    plan: PlanInShort


def of_team(
    team: TeamRow,
    reps: Sequence[Rep],
    rep_weeks: Mapping[int, RepWeek],
    check_ins: Mapping[int, Sequence[CheckInRow]],
    logged: Logged,
    loops: Mapping[int, Loop],
) -> CoachHome:
    """Return what each of its coaches sees of a team."""
    return CoachHome(
        team_id=team.id,
        team=team.name,
        coach_channel=team.coach_channel,
        channel_problem=team.channel_problem if team.coach_channel else "no_channel",
        currency=team.currency,
        reps=tuple(
            _coached_rep(r, rep_weeks[r.id], check_ins.get(r.id, ()), logged, loops[r.id])
            for r in reps
        ),
    )


def team_facts(teams: Iterable[TeamRow]) -> list[TeamFacts]:
    """Return these teams as the checklist looks at them."""
    return [
        TeamFacts(
            workspace_id=team.workspace_id,
            id=team.id,
            name=team.name,
            coach_channel=team.coach_channel,
            channel_problem=team.channel_problem,
            coach=team.coach_name,
            coach_inactive=team.coach_inactive,
        )
        for team in teams
    ]


def rep_facts(reps: Iterable[Rep]) -> list[RepFacts]:
    """Return these reps as the checklist looks at them."""
    return [
        RepFacts(
            workspace_id=rep.workspace_id,
            id=rep.id,
            name=rep.name,
            timezone=rep.timezone,
            timezone_missing=rep.timezone_missing,
            inactive_because=rep.inactive_because,
            team_id=rep.team_id,
            next_week=rep.next_week,
        )
        for rep in reps
    ]


def open_alerts(
    viewer: Viewer,
    coached: Sequence[TeamRow],
    reps: Mapping[int, Sequence[Rep]],
    check_ins: Mapping[int, Sequence[CheckInRow]],
    logged: Logged,
    now: datetime,
) -> tuple[OpenAlert, ...]:
    """Return the alerts that wait for a coach of these teams, the oldest first."""
    zone = zone_of(viewer)
    found = [
        (check_in.alert_at, check_in, rep, team)
        for team in coached
        for rep in reps.get(team.id, ())
        for check_in in check_ins.get(rep.id, ())
        if check_in.is_open and check_in.alert_at is not None
    ]
    found.sort(key=lambda one: (one[0], one[1].id))
    return tuple(
        OpenAlert(
            alert_id=check_in.alert_id or 0,
            rep=rep.slack_user_id,
            rep_name=rep.name,
            team=team.name,
            currency=team.currency,
            week=check_in.week,
            result=check_in.result,
            days=(now.astimezone(zone).date() - raised_at.astimezone(zone).date()).days,
            taken_by=check_in.taken_by,
            numbers=_numbers(check_in, logged),
        )
        for raised_at, check_in, rep, team in found
    )


def _numbers(check_in: CheckInRow, logged: Logged) -> tuple[AskedNumber, ...]:
    return tuple(
        AskedNumber(
            name=question.name,
            unit=question.unit,
            target=question.target,
            number=question.number,
            logged=question.logged
            if question.verdict is not None
            else logged.get((check_in.member_id, check_in.week, question.id)),
        )
        for question in check_in.asked
    )


def last_of(week: RepWeek, check_ins: Sequence[CheckInRow]) -> CheckInRow | None:
    """Return the rep's last check-in, if it is not too old."""
    return next((found for found in check_ins if found.week >= week.week - LAST_CHECK_IN), None)


def read_by(home: CoachHome, viewer: Viewer) -> CoachHome:
    """Leave out what reps said of a talk with another coach: it is for the two who talked."""
    reps = []
    for rep in home.reps:
        last = rep.loop.last
        if last is not None and last.coach != viewer.slack_user_id:
            unsaid = replace(rep.loop, last=replace(last, talked=None, helped=None))
            reps.append(replace(rep, loop=unsaid))
        else:
            reps.append(rep)
    return replace(home, reps=tuple(reps))


def _coached_rep(
    rep: Rep, week: RepWeek, check_ins: Sequence[CheckInRow], logged: Logged, held: Loop
) -> CoachedRep:
    last = last_of(week, check_ins)
    return CoachedRep(
        slack_user_id=rep.slack_user_id,
        name=rep.name,
        goals=week.goals,
        away_until=week.calendar.away_until(week.today),
        marked_late=calendars.marked_late(week.absences, last, rep) if last else None,
        last_result=last.result if last else "none",
        not_asked_because=last.skipped_because if last else None,
        alert=last.alert if last else None,
        alert_id=last.alert_id if last else None,
        last_week=last.week if last else None,
        last_numbers=_numbers(last, logged) if last else (),
        plan=week.plan,
        loop=held,
    )
