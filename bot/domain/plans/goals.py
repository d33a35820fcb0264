"""The goals beside the sales goal: income, a weekly number of a metric, leave, something personal."""

from __future__ import annotations

import secrets
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from bot.domain import access
from bot.domain.access import Caller
from bot.domain.calendars.open_weeks import today_of
from bot.domain.metrics.metrics import metrics_for
from bot.domain.plans.access import own_draft
from bot.domain.plans.drafts import review
from bot.domain.plans.history import fill_in
from bot.domain.plans.numbers import Typed, computed
from bot.domain.plans.rows import compute, goals_of, metrics_of
from bot.domain.plans.showing import goal_shown, reader_for
from bot.domain.refusals import Refusal
from bot.domain.shown.plans import (
    AMOUNT,
    COMMISSION,
    FIRST_DAY,
    HOURS,
    KIND,
    LAST_DAY,
    METRIC,
    UNIT,
    WORDS,
    OtherGoalForm,
    OtherGoalStep,
    ReviewStep,
)
from bot.domain.tables import Goal, Member, Metric, Plan, Team
from bot.rules import plan as rules
from bot.rules.days import show_day
from bot.rules.goals import GoalKind

MOST_GOALS = 10
LONGEST_WORDS = 200
LONGEST_UNIT = 30
HOURS_OF_A_WEEK = 168

OWN_WORDS = {GoalKind.INCOME: "Income", GoalKind.LEAVE: "Leave"}
"""The names of goals without a name of their own; a goal about a metric has the metric's name."""


def other_goal_step(
    session: Session,
    *,
    caller: Caller,
    plan_id: int,
    kind: str,
    now: datetime,
    goal_id: int | None = None,
    metric_id: int | None = None,
) -> OtherGoalStep:
    """Return the form for a new goal of a kind, or for one of the draft's goals, which keeps its kind."""
    rep, team, draft = own_draft(session, caller, plan_id)
    goal = _goal_of(session, draft, goal_id) if goal_id is not None else None
    if goal is None and kind not in set(GoalKind):
        raise Refusal("Choose what the goal is about.", field=KIND)
    return OtherGoalStep(
        plan_id=draft.id,
        kind=goal.kind if goal else kind,
        goal=goal_shown(goal, metrics_of(session, [goal])) if goal else None,
        metrics=tuple((m.id, m.name, m.unit) for m in metrics_for(session, team)),
        metric_id=metric_id or (goal.metric_id if goal else None),
        reader=reader_for(rep, team, draft),
    )


def save_other_goal(
    session: Session,
    *,
    caller: Caller,
    plan_id: int,
    goal_id: int | None,
    form: OtherGoalForm,
    now: datetime,
) -> ReviewStep:
    """Add a goal to the draft, or change one; raises FieldProblems. The same goal is never added twice."""
    rep, team, draft = own_draft(session, caller, plan_id)
    goals = goals_of(session, draft.id)
    goal = _goal_of(session, draft, goal_id) if goal_id is not None else None
    columns = _read(session, form, draft=draft, rep=rep, team=team, today=today_of(rep, now))
    if goal is None and any(_says(other, columns) for other in goals):
        return review(session, draft, member=rep, now=now)
    if goal is None:
        if len(goals) >= MOST_GOALS:
            raise Refusal(
                f"A plan holds up to {MOST_GOALS} goals beside the sales goal: remove one first.",
                field=WORDS,
            )
        goal = Goal(
            workspace_id=draft.workspace_id,
            plan_id=draft.id,
            key=secrets.token_hex(8),
            position=max((other.position for other in goals), default=-1) + 1,
            **columns,
        )
        session.add(goal)
    for name, value in columns.items():
        setattr(goal, name, value)
    session.flush()
    _recount(session, draft, rep, team, now)
    return review(session, draft, member=rep, now=now)


def remove_other_goal(
    session: Session, *, caller: Caller, goal_id: int, now: datetime
) -> ReviewStep:
    """Remove a goal from the draft; raises Refusal if it is not the rep's or was removed already."""
    goal = session.get(Goal, goal_id)
    if goal is None:
        raise Refusal("This goal is gone already. Go on with your plan with /plan.")
    rep, team, draft = own_draft(session, caller, goal.plan_id)
    session.delete(goal)
    session.flush()
    _recount(session, draft, rep, team, now)
    return review(session, draft, member=rep, now=now)


def _recount(session: Session, draft: Plan, rep: Member, team: Team, now: datetime) -> None:
    """Count the working weeks again, which leave changes, and compute the plan again."""
    fill_in(session, plan=draft, member=rep, team=team, today=today_of(rep, now))
    computed(
        lambda: compute(session, draft),
        fields={rules.WORKING_WEEKS: LAST_DAY, rules.GOAL: LAST_DAY},
    )


def _goal_of(session: Session, draft: Plan, goal_id: int) -> Goal:
    goal = session.exec(
        select(Goal).where(Goal.id == goal_id, col(Goal.plan_id) == draft.id)
    ).one_or_none()
    if goal is None:
        raise Refusal("This goal is gone already. Go on with your plan with /plan.")
    return goal


def _says(goal: Goal, columns: dict[str, Any]) -> bool:
    return all(getattr(goal, name) == value for name, value in columns.items())


def _read(
    session: Session, form: OtherGoalForm, *, draft: Plan, rep: Member, team: Team, today: date
) -> dict[str, Any]:
    """Return the columns of the goal; raises FieldProblems with all problems."""
    if form.kind not in set(GoalKind):
        raise Refusal("Choose what the goal is about.", field=KIND)
    kind, typed = GoalKind(form.kind), Typed(reader_for(rep, team, draft))
    metric = _metric(session, form, kind, rep, team, typed)
    columns: dict[str, Any] = {
        "kind": kind,
        "words": _words(form, kind, metric, typed),
        "amount": None,
        "unit": None,
        "metric_id": metric.id if metric else None,
        "commission": None,
        "hours": None,
    }
    if kind == GoalKind.INCOME:
        columns["amount"] = typed.above_zero(form.amount, AMOUNT, unit="money")
        if form.commission.strip():
            columns["commission"] = typed.percent(form.commission, COMMISSION)
    elif kind == GoalKind.METRIC and metric is not None:
        columns["amount"] = typed.above_zero(form.amount, AMOUNT, unit=metric.unit)
    elif kind == GoalKind.PERSONAL:
        columns |= _personal(form, typed)
    if kind != GoalKind.LEAVE and form.hours.strip():
        hours = typed.above_zero(form.hours, HOURS, unit="hours", places=1)
        if hours is not None and hours > HOURS_OF_A_WEEK:
            typed.problems[HOURS] = f"A week has {HOURS_OF_A_WEEK} hours: type fewer."
        columns["hours"] = hours
    columns["begins_on"], columns["ends_on"] = _days(form, kind, draft, today, typed.problems)
    typed.check()
    return columns


def _metric(
    session: Session, form: OtherGoalForm, kind: GoalKind, rep: Member, team: Team, typed: Typed
) -> Metric | None:
    if kind != GoalKind.METRIC:
        return None
    known = {metric.id: metric for metric in metrics_for(session, team)}
    if form.metric_id is None:
        typed.problems[METRIC] = "Choose what is to be counted."
    elif form.metric_id not in known:
        access.deny(rep, "set a goal for", "metric", form.metric_id)
        typed.problems[METRIC] = "This metric is not there any more: choose another one."
    return known.get(form.metric_id or 0)


def _words(form: OtherGoalForm, kind: GoalKind, metric: Metric | None, typed: Typed) -> str:
    words = " ".join(form.words.split())
    if len(words) > LONGEST_WORDS:
        typed.problems[WORDS] = f"Say it shorter: {LONGEST_WORDS} characters at the most."
    if not words and kind == GoalKind.PERSONAL:
        typed.problems[WORDS] = "Say in a few words what you want to reach."
    return words or (metric.name if metric else OWN_WORDS.get(kind, ""))


def _personal(form: OtherGoalForm, typed: Typed) -> dict[str, Any]:
    unit = " ".join(form.unit.split())
    if len(unit) > LONGEST_UNIT:
        typed.problems[UNIT] = f"Say it shorter: {LONGEST_UNIT} characters at the most."
    if not form.amount.strip():
        if unit:
            typed.problems[AMOUNT] = f"Type how many {unit}, or leave the unit empty as well."
        return {}
    unit = unit or "count"
    places = 4 if unit == "count" else None
    return {
        "amount": typed.above_zero(form.amount, AMOUNT, unit=unit, places=places),
        "unit": unit,
    }


def _days(
    form: OtherGoalForm, kind: GoalKind, draft: Plan, today: date, problems: dict[str, str]
) -> tuple[date | None, date | None]:
    """Return the goal's first and last day; if only one is given, the plan's period supplies the other."""
    first, last = form.begins_on, form.ends_on
    if kind == GoalKind.LEAVE:
        if first is None:
            problems[FIRST_DAY] = "Choose the first day of the leave."
        if last is None:
            problems[LAST_DAY] = "Choose the last day of the leave."
    if first is None and last is None:
        return None, None
    first, last = first or min(draft.begins_on, last or today), last or draft.ends_on
    begins, ends = (show_day(day, today=today) for day in (draft.begins_on, draft.ends_on))
    if last < first:
        problems[LAST_DAY] = "The last day is before the first: choose a later one."
    elif last < today:
        problems[LAST_DAY] = "That is over: choose a day to come."
    elif last < draft.begins_on or first > draft.ends_on:
        problems[FIRST_DAY] = f"The plan goes from {begins} to {ends}: choose days within it."
    return first, last
