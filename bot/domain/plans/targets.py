"""Sets the rep's targets from a signed plan, from its first week on; later signed plans keep their targets."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from sqlmodel import Session, col, select

from bot.domain.access import enrolment_of
from bot.domain.metrics import metrics
from bot.domain.metrics.targets import in_force as targets_in_force
from bot.domain.metrics.targets import save_targets
from bot.domain.plans.in_force import PLANNED, in_force
from bot.domain.plans.rows import goals_of, metrics_of
from bot.domain.tables import Goal, Member, Metric, Plan, PlanState
from bot.rules.goals import GoalKind
from bot.rules.weeks import WEEK, monday_of


def set_from_plan(
    session: Session,
    *,
    plan: Plan,
    member: Member,
    before: Plan | None,
    set_by: int | None,
    now: datetime,
) -> None:
    """Set a signed version's targets from its `from_week` on, including those of its metric goals.

    If `before`, the version that counted until then, set a target for a metric that is no longer a goal, that
    target ends, unless somebody has set another number since.
    """
    assert plan.from_week is not None  # noqa: S101 - signed
    _save(session, member, _planned(session, plan), plan.from_week, set_by, now)
    goals = _metric_goals(session, plan)
    if before is not None:
        counted = {
            metric.id: amount
            for metric, amount in targets_in_force(session, [member.id], plan.from_week).get(
                member.id, []
            )
        }
        dropped = {
            metric_id: None
            for metric_id, goal in _metric_goals(session, before).items()
            if metric_id not in goals and counted.get(metric_id) == goal.amount
        }
        _save(session, member, dropped, plan.from_week, set_by, now)
    for metric_id, goal in goals.items():
        first = plan.from_week
        if goal.begins_on is not None:
            first = max(first, monday_of(goal.begins_on))
        after = monday_of(goal.ends_on) + WEEK if goal.ends_on is not None else None
        if after is not None and after <= first:
            continue
        _save(session, member, {metric_id: goal.amount}, first, set_by, now)
        if after is not None:
            _save(session, member, {metric_id: None}, after, set_by, now)


def keep_signed(
    session: Session, *, member: Member, after: date, set_by: int | None, now: datetime
) -> None:
    """Restore the targets of signed plans that begin later, after targets were set from the week `after` on."""
    for plan in session.exec(
        select(Plan)
        .where(
            Plan.member_id == member.id,
            Plan.state == PlanState.APPROVED,
            col(Plan.from_week) > after,
        )
        .order_by(col(Plan.from_week), col(Plan.version))
    ).all():
        set_from_plan(session, plan=plan, member=member, before=None, set_by=set_by, now=now)


def planned_amounts(session: Session, *, member_id: int, week: date) -> Mapping[int, Decimal]:
    """Return the targets of the signed plan that counts in a week, by metric id; none without such a plan."""
    plan = in_force(session, member_id, week)
    return _planned(session, plan) if plan is not None else {}


def _planned(session: Session, plan: Plan) -> dict[int, Decimal]:
    amounts = {
        metrics.CONVERSATIONS: plan.conversations,
        metrics.BASE_MOVES: plan.base_moves,
        metrics.SALES: plan.sales,
    }
    built_in = session.exec(
        select(Metric).where(
            Metric.workspace_id == plan.workspace_id,
            col(Metric.team_id).is_(None),
            col(Metric.key).in_(PLANNED),
        )
    )
    return {metric.id: Decimal(amounts[metric.key] or 0) for metric in built_in}


def _metric_goals(session: Session, plan: Plan) -> dict[int, Goal]:
    """Return the goals that set a target, by metric of the rep's present team.

    The three metrics of the plan itself are left out: their targets are computed, even if a goal is about them.
    """
    enrolment = enrolment_of(session, plan.member_id)
    goals = [
        goal
        for goal in goals_of(session, plan.id)
        if goal.kind == GoalKind.METRIC and goal.amount is not None
    ]
    known = metrics_of(session, goals)
    return {
        goal.metric_id: goal
        for goal in goals
        if goal.metric_id is not None
        and enrolment is not None
        and known[goal.metric_id].team_id == enrolment.team_id
    }


def _save(
    session: Session,
    member: Member,
    amounts: Mapping[int, Decimal | None],
    week: date,
    set_by: int | None,
    now: datetime,
) -> None:
    if amounts:
        save_targets(
            session, member=member, amounts=amounts, from_week=week, set_by=set_by, now=now
        )
