"""A coach's teams with a past of some length, written straight into the tables, to count statements with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from sqlmodel import Session, select

from bot.domain.setup import workspaces
from bot.domain.tables import (
    Absence,
    Alert,
    Answer,
    CheckIn,
    Enrolment,
    Member,
    Metric,
    MetricEntry,
    Plan,
    Reminder,
    Row,
    Target,
    Team,
)
from bot.rules.weeks import WEEK

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
"""A Tuesday: everybody was asked about LAST_WEEK, and has not answered yet."""
LAST_WEEK = date(2026, 11, 16)


@dataclass(frozen=True)
class Crowd:
    """The ids of what was made; the check-ins are those about LAST_WEEK."""

    coach: int
    reps: list[int]
    check_ins: list[int]
    reminders: list[int]
    enrolments: list[int]
    alerts: list[int]


def fill(session: Session, *, name: str, teams: int, reps: int, past: int) -> Crowd:
    """Make a workspace with some teams of some reps each, and their coach, who is an admin too.

    The reps' past is `past` weeks long. Each rep has an absence, a plan with as many versions, and as many changes
    of each target. Each past week was missed, was shortened by days off, and raised an alert that the coach took.
    The last week's check-in is open, with a reminder.
    """
    workspace_id = workspaces.install(
        session, slack_team_id=name, name=name, bot_user_id="U0BOT", now=NOW
    )
    dana = _member(workspace_id, "UDANA")
    dana.is_admin = True
    session.add(dana)
    session.flush()
    built_in = session.exec(select(Metric).where(Metric.workspace_id == workspace_id)).all()
    weeks: list[tuple[CheckIn, Sequence[Metric]]] = []
    enrolled = []
    for number in range(teams):
        team = _team(workspace_id, number, dana)
        session.add(team)
        session.flush()
        demos = Metric(workspace_id=workspace_id, team_id=team.id, key="demos", position=9)
        demos.name, demos.unit, demos.question, demos.source = "Demos", "count", "Demos?", "hand"
        members = [_member(workspace_id, f"U{number}R{place}") for place in range(reps)]
        session.add_all([demos, *members])
        session.flush()
        enrolled += members
        metrics = [*built_in, demos]
        for rep in members:
            session.add_all(_of_rep(rep, team, metrics, past, dana))
            weeks += [(_check_in(rep, team, LAST_WEEK - n * WEEK), metrics) for n in range(past)]
    session.add_all(check_in for check_in, _ in weeks)
    session.flush()
    session.add_all(answer for check_in, metrics in weeks for answer in _answers(check_in, metrics))
    alerts = [_alert(check_in, dana) for check_in, _ in weeks]
    asked = [check_in for check_in, _ in weeks if check_in.week == LAST_WEEK]
    reminders = [_reminder(check_in) for check_in in asked]
    session.add_all([*alerts, *reminders])
    session.flush()
    return Crowd(
        coach=dana.id,
        reps=[rep.id for rep in enrolled],
        check_ins=[check_in.id for check_in in asked],
        reminders=[reminder.id for reminder in reminders],
        enrolments=list(
            session.exec(select(Enrolment.id).where(Enrolment.workspace_id == workspace_id))
        ),
        alerts=[alert.id for alert in alerts],
    )


def _team(workspace_id: int, number: int, coach: Member) -> Team:
    return Team(
        workspace_id=workspace_id,
        name=f"Team {number}",
        name_key=f"team {number}",
        coach_id=coach.id,
        check_in_day=0,
        check_in_at=time(9),
        deadline_day=1,
        deadline_at=time(17),
        working_from=time(8),
        working_until=time(20),
        created_at=NOW,
    )


def _member(workspace_id: int, user: str) -> Member:
    return Member(
        workspace_id=workspace_id,
        slack_user_id=user,
        name=user,
        timezone="Europe/London",
        profile_read_at=NOW,
        created_at=NOW,
    )


def _of_rep(
    rep: Member, team: Team, metrics: Sequence[Metric], past: int, coach: Member
) -> list[Row]:
    """The enrolment, the absence, the number logged by hand, the targets and the plans of a rep."""
    ids = {"workspace_id": rep.workspace_id, "member_id": rep.id}
    enrolment = Enrolment(**ids, team_id=team.id, enrolled_on=LAST_WEEK, next_week=LAST_WEEK + WEEK)
    enrolment.next_due_at = NOW + timedelta(days=6)
    absence = Absence(**ids, first_day=LAST_WEEK, last_day=date(2026, 11, 25), kind="sick")
    absence.recorded_by, absence.recorded_at, absence.request_key = coach.id, NOW, f"{rep.id}"
    entry = MetricEntry(**ids, metric_id=metrics[-1].id, week=LAST_WEEK + WEEK, amount=Decimal(1))
    entry.request_key, entry.logged_at = f"{rep.id}", NOW
    targets = [
        Target(**ids, metric_id=metric.id, from_week=week, amount=Decimal(4), set_at=NOW)
        for week in (LAST_WEEK - n * WEEK for n in range(past))
        for metric in metrics
    ]
    plans = [_plan(rep, team, number + 1) for number in range(past)]
    return [enrolment, absence, entry, *targets, *plans]


def _plan(rep: Member, team: Team, version: int) -> Plan:
    return Plan(
        workspace_id=rep.workspace_id,
        member_id=rep.id,
        team_id=team.id,
        version=version,
        state="approved",
        currency="USD",
        period="dates",
        begins_on=LAST_WEEK,
        ends_on=date(2026, 12, 31),
        goal=Decimal(600_000 + version),
        closed=Decimal(0),
        created_at=NOW,
    )


def _check_in(rep: Member, team: Team, week: date) -> CheckIn:
    return CheckIn(
        workspace_id=rep.workspace_id,
        member_id=rep.id,
        team_id=team.id,
        week=week,
        state="open" if week == LAST_WEEK else "answered",
        due_at=NOW - timedelta(days=1),
        delivered_at=NOW - timedelta(days=1),
        deadline_at=NOW + timedelta(hours=7),
        work_days=5,
        days_off=2,
    )


def _answers(check_in: CheckIn, metrics: Sequence[Metric]) -> list[Answer]:
    is_open = check_in.state == "open"
    return [
        Answer(
            workspace_id=check_in.workspace_id,
            check_in_id=check_in.id,
            metric_id=metric.id,
            position=position,
            name=metric.name,
            unit=metric.unit,
            question=metric.question,
            source=metric.source,
            target=Decimal(4),
            number=None if is_open else Decimal(3),
            verdict=None if is_open else "no",
        )
        for position, metric in enumerate(metrics)
    ]


def _reminder(check_in: CheckIn) -> Reminder:
    ids = {"workspace_id": check_in.workspace_id, "check_in_id": check_in.id}
    return Reminder(**ids, number=1, sent_at=NOW)


def _alert(check_in: CheckIn, coach: Member) -> Alert:
    ids = {"workspace_id": check_in.workspace_id, "check_in_id": check_in.id}
    about = Alert(**ids, team_id=check_in.team_id, created_at=NOW)
    about.taken_by, about.taken_at = coach.id, NOW
    return about
