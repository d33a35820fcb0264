"""Sets reps' targets from signed plans, from their first weeks on; later signed plans keep their targets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from bot.database import any_of, columns, rows, run, table
from bot.domain.metrics import metrics
from bot.domain.metrics.target_changes import TargetChanges, read_targets
from bot.domain.plans.in_force import PLANNED, beginning_after, counting, signed_of
from bot.domain.tables import Enrolment, Goal, Member, Metric, Plan, Team
from bot.rules.goals import GoalKind
from bot.rules.weeks import WEEK, monday_of


def set_from_plan(
    session: Session,
    *,
    plan: Plan,
    member: Member,
    before: Plan | None,
    signed: Collection[Plan],
    set_by: int | None,
    now: datetime,
) -> None:
    """Set a signed version's targets from its `from_week` on, including those of its metric goals.

    If `before`, the version that counted until then, set a target for a metric that is no longer a goal, that
    target ends, unless somebody has set another number since. Those of the rep's other `signed` versions that
    begin later keep their targets.
    """
    assert plan.from_week is not None  # noqa: S101 - signed
    later = beginning_after(signed, plan.from_week)
    own = [before] if before is not None else []
    wanted = _wanted(session, workspace_id=member.workspace_id, plans=[plan, *own, *later])
    changes = read_targets(session, [member.id])
    _set(changes, plan, wanted, before=before)
    for other in later:
        _set(changes, other, wanted, before=None)
    changes.write(session, workspace_id=member.workspace_id, set_by=set_by, now=now)


def end(session: Session, *, plan: Plan, member: Member, from_week: date, now: datetime) -> bool:
    """End the plan's targets from a week on; one that somebody has set to another number stays.

    Return whether any of them counted until then. The caller has checked that no signed plan follows.
    """
    wanted = _wanted(session, workspace_id=member.workspace_id, plans=[plan])
    currency = wanted.currencies.get(member.id)
    amounts = {
        **amounts_of(plan, wanted.planned, currency=currency),
        **{goal.metric_id: goal.amount for goal in wanted.goals[plan.id].values()},
    }
    changes = read_targets(session, [member.id])
    ended = {
        metric_id: None
        for metric_id, amount in amounts.items()
        if changes.amount(member.id, metric_id, from_week) == amount
    }
    changes.save(member.id, ended, from_week)
    changes.write(session, workspace_id=member.workspace_id, set_by=None, now=now)
    return bool(ended)


def keep_signed(
    session: Session,
    *,
    workspace_id: int,
    changes: TargetChanges,
    signed: Mapping[int, Collection[Plan]],
    after: Mapping[int, date],
) -> None:
    """Restore, in `changes`, the targets of signed plans that begin after targets were set by somebody.

    `signed` has the reps' signed plans, and `after` the weeks from which targets were set, both by member id.
    """
    later = [
        plan
        for member_id, week in after.items()
        for plan in beginning_after(signed.get(member_id, ()), week)
    ]
    if later:
        wanted = _wanted(session, workspace_id=workspace_id, plans=later)
        for plan in later:
            _set(changes, plan, wanted, before=None)


def planned_amounts(session: Session, *, member_id: int, week: date) -> Mapping[int, Decimal]:
    """Return the targets of the signed plan that counts in a week, by metric id; none without such a plan."""
    plan = counting(signed_of(session, [member_id]).get(member_id, ()), week)
    if plan is None:
        return {}
    currency = _currencies(session, [member_id]).get(member_id)
    return amounts_of(plan, planned_metrics(session, plan.workspace_id), currency=currency)


def planned_metrics(session: Session, workspace_id: int) -> Mapping[str, int]:
    """Return the ids of the metrics whose targets a signed plan sets, by key."""
    return dict(rows(session, _PLANNED, of_workspace=workspace_id))


def amounts_of(
    plan: Plan, planned: Mapping[str, int], *, currency: str | None
) -> dict[int, Decimal]:
    """Return the plan's own targets, by metric id; `planned` has the metrics' ids by key.

    `currency` is that of the rep's present team. A plan that was made in another one sets no target of money.
    """
    amounts = {
        metrics.CONVERSATIONS: plan.conversations,
        metrics.BASE_MOVES: plan.base_moves,
        metrics.SALES: plan.sales,
    }
    return {
        metric_id: Decimal(amounts[key] or 0)
        for key, metric_id in planned.items()
        if key != metrics.SALES or currency in {None, plan.currency}
    }


def _currencies(session: Session, member_ids: Collection[int]) -> dict[int, str]:
    """Return the currencies of the members' present teams, by member id."""
    return dict(rows(session, _CURRENCIES, members=list(member_ids)))


@dataclass(frozen=True)
class _Wanted:
    """What versions set: the metrics of every plan, and each version's goals about metrics of the rep's team."""

    planned: Mapping[str, int]
    goals: defaultdict[int, dict[int, Any]] = field(default_factory=lambda: defaultdict(dict))
    """Rows of goals, by the version's id and the metric's."""
    currencies: Mapping[int, str] = field(default_factory=dict)
    """The currencies of the reps' teams, by member id."""


def _wanted(session: Session, *, workspace_id: int, plans: Collection[Plan]) -> _Wanted:
    wanted = _Wanted(
        planned_metrics(session, workspace_id),
        currencies=_currencies(session, {plan.member_id for plan in plans}),
    )
    for goal in run(session, _METRIC_GOALS, plans=[plan.id for plan in plans]):
        wanted.goals[goal.plan_id][goal.metric_id] = goal
    return wanted


def _set(changes: TargetChanges, plan: Plan, wanted: _Wanted, *, before: Plan | None) -> None:
    assert plan.from_week is not None  # noqa: S101 - signed
    member_id, from_week = plan.member_id, plan.from_week
    currency = wanted.currencies.get(member_id)
    changes.save(member_id, amounts_of(plan, wanted.planned, currency=currency), from_week)
    goals = wanted.goals[plan.id]
    if before is not None:
        dropped = {
            metric_id: None
            for metric_id, goal in wanted.goals[before.id].items()
            if metric_id not in goals
            and goal.archived_at is None
            and changes.amount(member_id, metric_id, from_week) == goal.amount
        }
        changes.save(member_id, dropped, from_week)
    for metric_id, goal in goals.items():
        first = from_week
        if goal.begins_on is not None:
            first = max(first, monday_of(goal.begins_on))
        after = monday_of(goal.ends_on) + WEEK if goal.ends_on is not None else None
        if after is not None and after <= first:
            continue
        changes.save(member_id, {metric_id: goal.amount}, first)
        if after is not None:
            changes.save(member_id, {metric_id: None}, after)


_GOAL, _METRIC = columns(Goal), columns(Metric)
_PLAN, _ENROLMENT = columns(Plan), columns(Enrolment)

_PLANNED = sa.select(_METRIC.key, _METRIC.id).where(
    _METRIC.workspace_id == sa.bindparam("of_workspace"),
    _METRIC.team_id.is_(None),
    _METRIC.key.in_(PLANNED),
)

_CURRENCIES = (
    sa.select(_ENROLMENT.member_id, columns(Team).currency)
    .join_from(table(Enrolment), table(Team), columns(Team).id == _ENROLMENT.team_id)
    .where(_ENROLMENT.member_id.in_(any_of("members")), _ENROLMENT.ended_on.is_(None))
)

_METRIC_GOALS = (
    sa.select(
        _GOAL.plan_id,
        _GOAL.metric_id,
        _GOAL.amount,
        _GOAL.begins_on,
        _GOAL.ends_on,
        _METRIC.archived_at,
    )
    .join_from(table(Goal), table(Plan), _PLAN.id == _GOAL.plan_id)
    .join(table(Metric), _METRIC.id == _GOAL.metric_id)
    .join(
        table(Enrolment),
        (_ENROLMENT.member_id == _PLAN.member_id)
        & _ENROLMENT.ended_on.is_(None)
        & (_ENROLMENT.team_id == _METRIC.team_id),
    )
    .where(
        _GOAL.plan_id.in_(any_of("plans")),
        _GOAL.kind == GoalKind.METRIC.value,
        _GOAL.amount.is_not(None),
    )
    .order_by(_GOAL.position, _GOAL.id)
)
"""Selects the goals that set a target, for metrics of the rep's present team.

The three metrics of the plan itself are left out: their targets are computed, even if a goal is about them.
"""
