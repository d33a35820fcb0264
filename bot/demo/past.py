"""Writes a finished week of the demo: the check-in, the answers, and the alert if a goal was missed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.domain.tables import (
    Agreement,
    Alert,
    Answer,
    AnswerEdit,
    CheckIn,
    CheckInState,
    Member,
    Metric,
    Source,
)
from bot.rules.acts import Act
from bot.rules.verdicts import verdict
from bot.rules.weeks import bounds


def past_week(
    session: Session,
    *,
    member: Member,
    coach_id: int,
    team_id: int,
    week: date,
    metrics: list[Metric],
    goals: tuple[int, ...],
    numbers: tuple[int, ...] | None,
    step: str | None = None,
) -> None:
    """Write a finished check-in with its answers; if it was a miss, also its alert, taken and done with a note.

    `step`: what coach and rep agreed on about a miss, until the Friday after.
    """
    _, due = bounds(week, ZoneInfo(member.timezone))
    delivered_at = due + timedelta(hours=9)
    deadline_at = due + timedelta(days=1, hours=17)
    answered_at = delivered_at + timedelta(minutes=12)
    check_in = CheckIn(
        workspace_id=member.workspace_id,
        member_id=member.id,
        team_id=team_id,
        week=week,
        state=CheckInState.UNANSWERED if numbers is None else CheckInState.ANSWERED,
        due_at=delivered_at,
        delivered_at=delivered_at,
        deadline_at=deadline_at,
        completed_at=None if numbers is None else answered_at,
    )
    session.add(check_in)
    session.flush()
    missed = numbers is None
    for position, (metric, goal) in enumerate(zip(metrics, goals, strict=True)):
        number = None if numbers is None else Decimal(numbers[position])
        said = _answered(session, check_in, metric, position, Decimal(goal), number, answered_at)
        missed = missed or said == "no"
    if missed:
        alert = _done(check_in, coach_id=coach_id, answered_at=answered_at)
        session.add(alert)
        session.flush()
        if step is not None:
            session.add(
                Agreement(
                    workspace_id=member.workspace_id,
                    alert_id=alert.id,
                    member_id=member.id,
                    coach_id=coach_id,
                    act=Act.COACH.value,
                    step=step,
                    due_on=due.date() + timedelta(days=4),
                    agreed_at=answered_at + timedelta(days=1),
                )
            )
    session.flush()


def _done(check_in: CheckIn, *, coach_id: int, answered_at: datetime) -> Alert:
    """The alert about a miss, which the coach took two hours later and did the next day."""
    return Alert(
        workspace_id=check_in.workspace_id,
        check_in_id=check_in.id,
        team_id=check_in.team_id,
        created_at=answered_at,
        taken_by=coach_id,
        taken_at=answered_at + timedelta(hours=2),
        done_by=coach_id,
        done_at=answered_at + timedelta(days=1),
        note="Talked it through. Two first meetings a day until Friday.",
    )


def _answered(
    session: Session,
    check_in: CheckIn,
    metric: Metric,
    position: int,
    goal: Decimal,
    number: Decimal | None,
    answered_at: datetime,
) -> str | None:
    """Write one question and its answer, if there is a number; return the verdict."""
    said = None if number is None else verdict(number, goal)
    answer = Answer(
        workspace_id=check_in.workspace_id,
        check_in_id=check_in.id,
        metric_id=metric.id,
        position=position,
        name=metric.name,
        unit=metric.unit,
        question=metric.question,
        source=metric.source,
        target=goal,
        number=number,
        logged=None if metric.source == Source.ASKED else number,
        verdict=said,
        answered_at=None if number is None else answered_at,
    )
    session.add(answer)
    session.flush()
    if number is not None and said is not None:
        session.add(
            AnswerEdit(
                workspace_id=check_in.workspace_id,
                answer_id=answer.id,
                number=number,
                logged=answer.logged,
                verdict=said,
                given_by=check_in.member_id,
                given_at=answered_at,
            )
        )
    return said
