"""Finds, locks and copies the rows of one version of a plan, and converts them to the types of the rules."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from bot.database import rows
from bot.domain.metrics.metrics import metrics_for
from bot.domain.tables import (
    Goal,
    GoalPair,
    Member,
    Metric,
    Plan,
    PlanRatio,
    PlanState,
    Team,
)
from bot.rules import plan as rules
from bot.rules.goals import GoalFacts, GoalKind, Said
from bot.rules.periods import Span
from bot.rules.ratios import Provenance, Ratio, Step

WAITING = (PlanState.PROPOSED, PlanState.SUGGESTED, PlanState.OFFERED)
"""The states in which a version waits for a decision. A rep has at most one such version."""


def lock_member(session: Session, member_id: int) -> Member:
    """Lock the member and return it; all decisions about the member's plans take this lock first."""
    return session.exec(
        select(Member)
        .where(Member.id == member_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def lock_plan(session: Session, plan_id: int) -> Plan | None:
    """Lock the rep, then the version, and return the version's current row; None if there is none."""
    found = session.get(Plan, plan_id)
    if found is None:
        return None
    lock_member(session, found.member_id)
    return session.exec(
        select(Plan)
        .where(Plan.id == plan_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def draft_of(session: Session, member_id: int) -> Plan | None:
    """Return the rep's draft, or None."""
    return session.exec(
        select(Plan).where(Plan.member_id == member_id, Plan.state == PlanState.DRAFT)
    ).one_or_none()


def waiting_of(session: Session, member_id: int) -> Plan | None:
    """Return the version that waits for a decision, or None."""
    return session.exec(
        select(Plan)
        .where(Plan.member_id == member_id, col(Plan.state).in_(WAITING))
        .order_by(col(Plan.version).desc())
        .limit(1)
    ).first()


def next_version(session: Session, member_id: int) -> int:
    """Return the number of the rep's next version; call it with the member locked."""
    plan = Plan.__table__.c  # type: ignore[attr-defined]
    latest = sa.select(sa.func.max(plan.version)).where(plan.member_id == member_id)
    return (rows(session, latest)[0][0] or 0) + 1


def span_of(plan: Plan) -> Span:
    """Return the days of the plan's period."""
    return Span(plan.begins_on, plan.ends_on)


def ratio_rows(session: Session, plan_id: int) -> dict[Step, PlanRatio]:
    """Return the version's ratios, in the order of the funnel."""
    found = {
        Step(row.step): row
        for row in session.exec(select(PlanRatio).where(PlanRatio.plan_id == plan_id))
    }
    return {step: found[step] for step in Step if step in found}


def ratio_of(row: PlanRatio) -> Ratio:
    """Return the ratio as a type of the rules."""
    return Ratio(
        Step(row.step),
        row.percent,
        Provenance(row.provenance),
        row.hits,
        row.trials,
        row.since,
        row.low,
        row.high,
    )


def new_ratio(plan: Plan, found: Ratio) -> PlanRatio:
    """Return a row for the ratio that was found; it is not added to the session."""
    row = PlanRatio(
        workspace_id=plan.workspace_id,
        plan_id=plan.id,
        step=found.step,
        percent=found.percent,
        provenance=found.provenance,
        found_percent=found.percent,
        found_provenance=found.provenance,
    )
    write_ratio(row, found=found, taken=found)
    return row


def write_ratio(row: PlanRatio, *, found: Ratio, taken: Ratio) -> None:
    """Store in the row the ratio `found` in the history and the ratio `taken` for the plan."""
    row.percent, row.provenance = taken.percent, taken.provenance
    row.hits, row.trials, row.since = found.hits, found.trials, found.since
    row.low, row.high = found.low, found.high
    row.found_percent, row.found_provenance = found.percent, found.provenance


def found_ratio(row: PlanRatio) -> Ratio:
    """Return the ratio that was filled in before the rep overruled it."""
    return Ratio(
        Step(row.step),
        row.found_percent,
        Provenance(row.found_provenance),
        row.hits,
        row.trials,
        row.since,
        row.low,
        row.high,
    )


def goals_of(session: Session, plan_id: int) -> list[Goal]:
    """Return the goals beside the sales goal, in their order."""
    return list(
        session.exec(
            select(Goal).where(Goal.plan_id == plan_id).order_by(col(Goal.position), col(Goal.id))
        )
    )


def metrics_of(session: Session, goals: Iterable[Goal]) -> dict[int, Metric]:
    """Return the metrics that the goals are about, by id."""
    ids = {goal.metric_id for goal in goals if goal.metric_id is not None}
    return {m.id: m for m in session.exec(select(Metric).where(col(Metric.id).in_(ids)))}


def facts_of(session: Session, goals: Collection[Goal]) -> tuple[GoalFacts, ...]:
    """Return the goals as types of the rules."""
    metrics = metrics_of(session, goals)
    facts = []
    for goal in goals:
        metric = metrics.get(goal.metric_id) if goal.metric_id is not None else None
        facts.append(
            GoalFacts(
                key=goal.key,
                kind=goal.kind,
                name=goal.words,
                metric=metric.key if metric else None,
                amount=goal.amount,
                unit=metric.unit if metric else goal.unit,
                commission=goal.commission,
                hours=goal.hours,
                span=_goal_span(goal),
            )
        )
    return tuple(facts)


def _goal_span(goal: Goal) -> Span | None:
    if goal.begins_on is None or goal.ends_on is None:
        return None
    return Span(goal.begins_on, goal.ends_on)


def said_of(session: Session, member_id: int) -> Said:
    """Return the rep's answers about pairs of goals, by the goals' keys."""
    return {
        (pair.first_key, pair.second_key): pair.pulls_apart
        for pair in session.exec(select(GoalPair).where(GoalPair.member_id == member_id))
    }


def leave_days(goals: Iterable[Goal]) -> set[date]:
    """Return every day of the leave among these goals."""
    return {
        date.fromordinal(day)
        for goal in goals
        if goal.kind == GoalKind.LEAVE and goal.begins_on and goal.ends_on
        for day in range(goal.begins_on.toordinal(), goal.ends_on.toordinal() + 1)
    }


def given_of(session: Session, plan: Plan) -> rules.PlanInput | None:
    """Return the numbers that the plan is computed from; None while some are missing."""
    ratios = ratio_rows(session, plan.id)
    if plan.average_sale is None or plan.working_weeks is None or len(ratios) < len(Step):
        return None
    return rules.PlanInput(
        goal=plan.goal,
        closed=plan.closed,
        average_sale=plan.average_sale,
        ratios={step: row.percent for step, row in ratios.items()},
        working_weeks=plan.working_weeks,
    )


def told_since(moment: datetime) -> sa.ColumnElement[bool]:
    """Return the condition that the end of a plan, or its reached goal, was told after a moment."""
    return sa.or_(col(Plan.ended_at) > moment, col(Plan.reached_at) > moment)


def weekly_of(plan: Plan) -> rules.Weekly | None:
    """Return the weekly targets that were computed; None for a draft whose numbers are missing."""
    if plan.conversations is None or plan.base_moves is None or plan.sales is None:
        return None
    return rules.Weekly(plan.conversations, plan.base_moves, plan.sales)


def compute(session: Session, plan: Plan) -> None:
    """Compute the three weekly targets from the numbers and store them; raises PlanProblems.

    A draft with missing numbers gets no targets.
    """
    given = given_of(session, plan)
    plan.conversations = plan.base_moves = plan.sales = None
    if given is not None:
        weekly = rules.compute(given).weekly
        plan.conversations, plan.base_moves = weekly.conversations, weekly.base_moves
        plan.sales = weekly.sales
    session.flush()


def copy_goals(session: Session, *, of: Plan, to: Plan, team: Team) -> None:
    """Copy the goals to another version, except goals about metrics that are not the team's."""
    known = {None, *(metric.id for metric in metrics_for(session, team))}
    for goal in goals_of(session, of.id):
        if goal.metric_id not in known:
            continue
        kept = goal.model_dump(exclude={"id", "plan_id", "workspace_id"})
        session.add(Goal(workspace_id=to.workspace_id, plan_id=to.id, **kept))
    session.flush()


def copy_ratios(session: Session, *, of: Plan, to: Plan) -> None:
    """Copy the ratios, with the ratios that were found in the history."""
    for row in ratio_rows(session, of.id).values():
        kept = row.model_dump(exclude={"id", "plan_id", "workspace_id"})
        session.add(PlanRatio(workspace_id=to.workspace_id, plan_id=to.id, **kept))
    session.flush()


def new_version(of: Plan, *, origin: str, state: str, now: datetime) -> Plan:
    """Return a version with the period and numbers of `of`, on which it is based; it is not added yet."""
    kept = of.model_dump(
        include={
            "workspace_id", "member_id", "team_id", "currency", "period", "begins_on", "ends_on",
            "goal", "closed", "closed_logged", "opening", "opening_on", "average_sale", "average_logged",
            "average_sales", "average_since", "working_weeks", "weeks_counted", "signer_id",
        }
    )  # fmt: skip
    return Plan(**kept, based_on=of.id, origin=origin, state=state, created_at=now)
