"""Reads one version of a plan in its current state, for its rep or a coach."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlmodel import Session, col, select

from bot.domain.access import Caller, slack_id_of
from bot.domain.calendars.open_weeks import today_of
from bot.domain.metrics import carried, records, targets
from bot.domain.plans import checks as plan_checks
from bot.domain.plans.access import may_see
from bot.domain.plans.history import average_figure, closed_figure
from bot.domain.plans.in_force import first_open_week
from bot.domain.plans.places import coach_of
from bot.domain.plans.rows import given_of, goals_of, metrics_of, ratio_of, ratio_rows, span_of
from bot.domain.refusals import Refusal
from bot.domain.shown.loop import Difference
from bot.domain.shown.plans import Comparison, GoalShown, PlanShown
from bot.domain.shown.reader import Reader
from bot.domain.tables import Goal, Member, Metric, Plan, PlanState, Team
from bot.rules import plan as rules
from bot.rules.goals import GoalKind
from bot.rules.weeks import WEEK, monday_of

SPARE_WEEKS = 2
"""How many weeks away may lie among those behind an offer."""


def show(
    session: Session,
    plan_id: int,
    *,
    now: datetime,
    viewer: Member | None = None,
    checked: bool = True,
) -> PlanShown:
    """Return the version for `viewer`, or for the team's coach; raises Refusal for an incomplete draft.

    Only a `checked` one has conflicts and findings: they take the log of the whole team.
    """
    plan = session.get_one(Plan, plan_id)
    member = session.get_one(Member, plan.member_id)
    team = session.get_one(Team, plan.team_id)
    coach = coach_of(session, plan) or session.get_one(Member, team.coach_id)
    given = given_of(session, plan)
    if given is None:
        raise Refusal("This plan has no numbers yet: go through its second step first.")
    reader = reader_for(viewer or coach, team, plan)
    today = today_of(member, now)
    conflicts, findings = (
        plan_checks.check(
            session, plan, member=member, team=team, today=today, locale=reader.locale
        )
        if checked
        else ((), ())
    )
    return PlanShown(
        plan_id=plan.id,
        version=plan.version,
        state=plan.state,
        origin=plan.origin,
        rep=member.slack_user_id,
        rep_name=member.name,
        coach=coach.slack_user_id,
        coach_name=coach.name,
        team_name=team.name,
        reader=reader,
        span=span_of(plan),
        goal=plan.goal,
        closed=closed_figure(plan),
        average_sale=average_figure(plan),
        ratios=tuple(ratio_of(row) for row in ratio_rows(session, plan.id).values()),
        working_weeks=given.working_weeks,
        weeks_counted=plan.weeks_counted or given.working_weeks,
        plan=rules.compute(given),
        goals=_goals(session, plan),
        conflicts=conflicts,
        findings=findings,
        targets_now=targets_before(session, plan, today=today),
        from_week=plan.from_week,
        next_week=first_open_week(session, plan, member=member, now=now),
        **_decision(session, plan),
        ended=plan.ends_on < today,
        coach_channel=team.coach_channel,
        channel_name=team.coach_channel_name,
        problem=team.channel_problem if team.coach_channel else "no_channel",
        accepted=_accepted(session, plan, team),
    )


def _accepted(
    session: Session, plan: Plan, team: Team
) -> tuple[tuple[date, tuple[Difference, ...]], ...]:
    """Return the weeks behind an offer that the log does not carry; a few more, since weeks away count nothing."""
    if plan.state != PlanState.OFFERED or plan.proposed_at is None:
        return ()
    last = monday_of(plan.proposed_at.date()) - WEEK
    weeks = [last - n * WEEK for n in range(team.raise_after_weeks + SPARE_WEEKS)]
    found = carried.accepted(session, member_id=plan.member_id, weeks=weeks)
    return tuple((week, tuple(found[week])) for week in sorted(found))


def _decision(session: Session, plan: Plan) -> dict[str, Any]:
    """Return who agreed to the version, who decided about it, when and why, by the names in `PlanShown`."""
    return {
        "based_on": _version_of(session, plan.based_on),
        "proposed_at": plan.proposed_at,
        "rep_agreed_at": plan.rep_agreed_at,
        "coach_agreed_at": plan.coach_agreed_at,
        "coach_agreed_by": slack_id_of(session, plan.coach_agreed_by),
        "decided_by": slack_id_of(session, plan.decided_by),
        "decided_at": plan.decided_at,
        "reason": plan.reason,
        "replaced_by": _replaced_by(session, plan),
    }


def _goals(session: Session, plan: Plan) -> tuple[GoalShown, ...]:
    goals = goals_of(session, plan.id)
    metrics = metrics_of(session, goals)
    return tuple(goal_shown(goal, metrics) for goal in goals)


def version(session: Session, *, caller: Caller, plan_id: int, now: datetime) -> PlanShown:
    """Return one version for a caller who may see it; raises Refusal for others."""
    viewer, plan = may_see(session, caller, plan_id)
    return show(session, plan.id, now=now, viewer=viewer)


def compare(
    session: Session, *, caller: Caller, before_id: int, after_id: int, now: datetime
) -> Comparison:
    """Return two versions of one rep's plan, the older first; raises Refusal if the caller may not see them."""
    viewer, one = may_see(session, caller, before_id)
    _, other = may_see(session, caller, after_id)
    if one.member_id != other.member_id or one.id == other.id:
        raise Refusal("Choose two different versions of one plan to compare.")
    before, after = sorted((one, other), key=lambda plan: (plan.version is None, plan.version or 0))
    return Comparison(
        show(session, before.id, now=now, viewer=viewer),
        show(session, after.id, now=now, viewer=viewer),
    )


def reader_for(viewer: Member, team: Team, plan: Plan) -> Reader:
    """Return the viewer's reading settings for this plan, with the currency in which the plan was made."""
    return replace(records.reader_of(viewer, team), currency=plan.currency)


def goal_shown(goal: Goal, metrics: Mapping[int, Metric]) -> GoalShown:
    """Return a goal beside the sales goal for the views."""
    metric = metrics.get(goal.metric_id) if goal.metric_id is not None else None
    unit = "money" if goal.kind == GoalKind.INCOME else goal.unit
    return GoalShown(
        goal_id=goal.id,
        key=goal.key,
        kind=goal.kind,
        words=goal.words,
        amount=goal.amount,
        unit=metric.unit if metric else unit,
        metric=metric.name if metric else None,
        commission=goal.commission,
        hours=goal.hours,
        begins_on=goal.begins_on,
        ends_on=goal.ends_on,
    )


def targets_before(session: Session, plan: Plan, *, today: date) -> Mapping[str, Decimal]:
    """Return this week's targets, by metric key; for a signed version, the targets before its first week."""
    week = monday_of(today)
    if plan.state == PlanState.APPROVED and plan.from_week is not None:
        week = min(week, plan.from_week - WEEK)
    counted = targets.in_force(session, [plan.member_id], week)
    return {metric.key: amount for metric, amount in counted.get(plan.member_id, [])}


def _replaced_by(session: Session, plan: Plan) -> int | None:
    """Return the number of the version that replaced this one, if it was replaced."""
    if plan.state != PlanState.REPLACED or plan.version is None:
        return None
    later = select(Plan.version).where(
        Plan.member_id == plan.member_id, col(Plan.version) > plan.version
    )
    if plan.from_week is not None:  # this version was signed, and so was the one that replaced it
        later = later.where(Plan.state == PlanState.APPROVED)
    return session.exec(later.order_by(col(Plan.version)).limit(1)).first()


def _version_of(session: Session, plan_id: int | None) -> int | None:
    return session.get_one(Plan, plan_id).version if plan_id is not None else None
