"""The coach's suggestions: a new version with other numbers, which waits for the rep."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Session, select

from bot.domain.access import Caller, own_key
from bot.domain.calendars.open_weeks import today_of
from bot.domain.outbox import surfaces
from bot.domain.plans.access import coached_plan
from bot.domain.plans.beginnings import forget_time
from bot.domain.plans.checks import checked_on
from bot.domain.plans.decisions import decided, read_reason, why_not
from bot.domain.plans.history import average_figure, closed_figure, days_away, fill_in_time
from bot.domain.plans.measures import measure
from bot.domain.plans.numbers import Typed, computed
from bot.domain.plans.rows import (
    compute,
    copy_goals,
    copy_ratios,
    found_ratio,
    goals_of,
    new_version,
    next_version,
    ratio_of,
    ratio_rows,
    span_of,
    waiting_of,
    write_ratio,
)
from bot.domain.plans.showing import reader_for
from bot.domain.plans.waiting import give_way, tell_rep
from bot.domain.refusals import Refusal
from bot.domain.shown.plans import Decided, NumbersStep, SuggestForm
from bot.domain.tables import Member, Plan, PlanOrigin, PlanState, Team
from bot.rules import periods
from bot.rules import plan as rules
from bot.rules.ratios import overruled


def suggest_step(session: Session, *, caller: Caller, plan_id: int, now: datetime) -> NumbersStep:
    """Return the numbers of a waiting or signed version, which the coach can change; raises Refusal for others."""
    coach, team, plan = coached_plan(session, caller, plan_id)
    rep = session.get_one(Member, plan.member_id)
    _must_take_suggestions(session, plan, rep, coach, now)
    today = today_of(rep, now)
    suggested = _grown_from(session, plan, rep, team, today, now)
    span = span_of(plan)
    first = periods.first_week(span, today=today)
    away = days_away(session, member=rep, team=team, span=span, goals=goals_of(session, plan.id))
    assert suggested.working_weeks is not None  # noqa: S101 - every version has them
    return NumbersStep(
        plan_id=plan.id,
        span=span,
        first_week=first,
        goal=plan.goal,
        closed=closed_figure(suggested),
        average_sale=average_figure(suggested),
        ratios=tuple(ratio_of(row) for row in ratio_rows(session, plan.id).values()),
        working_weeks=suggested.working_weeks,
        weeks_counted=suggested.weeks_counted or suggested.working_weeks,
        days_away=sum(day >= first for day in away),
        sales_cycle_days=measure(session, member=rep, team=team, today=today).sales_cycle.days,
        reader=reader_for(coach, team, plan),
    )


def suggest(
    session: Session,
    *,
    caller: Caller,
    plan_id: int,
    form: SuggestForm,
    request_key: str,
    now: datetime,
) -> Decided:
    """Add a version with the coach's numbers, which the rep accepts or declines; raises FieldProblems.

    It replaces a version that waited. The same request a second time adds nothing.
    """
    coach, team, plan = coached_plan(session, caller, plan_id)
    request_key = own_key(coach.id, request_key)
    made = session.exec(
        select(Plan).where(
            Plan.workspace_id == caller.workspace_id, Plan.request_key == request_key
        )
    ).one_or_none()
    if made is not None and made.coach_agreed_by == coach.id:
        return decided(session, made)
    rep = session.get_one(Member, plan.member_id)
    _must_take_suggestions(session, plan, rep, coach, now)
    today = today_of(rep, now)
    suggested = _grown_from(session, plan, rep, team, today, now)
    give_way(
        session, member=rep, now=now
    )  # done before the new version waits, because it would replace itself
    _read(session, suggested, plan, form, coach, team, today)
    suggested.team_id, suggested.version = team.id, next_version(session, rep.id)
    suggested.proposed_at = suggested.coach_agreed_at = now
    suggested.coach_agreed_by, suggested.request_key = coach.id, request_key
    session.flush()
    tell_rep(session, suggested, now=now)
    surfaces.homes_changed(session, member=rep, now=now)
    return decided(session, suggested)


def _must_take_suggestions(
    session: Session, plan: Plan, rep: Member, coach: Member, now: datetime
) -> None:
    """Raise Refusal unless the version waits for a decision, or is signed and its period has not ended."""
    if plan.state in {PlanState.PROPOSED, PlanState.SUGGESTED, PlanState.APPROVED}:
        if _is_over(plan, rep, now):
            raise Refusal(f"This plan’s period is over: ask {rep.name} to start afresh with /plan.")
        waiting = waiting_of(session, rep.id)
        if waiting is None or waiting.id == plan.id or waiting.state != PlanState.PROPOSED:
            return
        raise Refusal(
            f"{rep.name}’s version {waiting.version} waits for you: suggest your numbers there."
        )
    raise Refusal(why_not(session, plan, viewer=coach, now=now))


def _is_over(plan: Plan, rep: Member, now: datetime) -> bool:
    return periods.span_problem(span_of(plan), today=today_of(rep, now)) is not None


def _grown_from(
    session: Session, plan: Plan, rep: Member, team: Team, today: date, now: datetime
) -> Plan:
    """Return a version with the same numbers, updated if a Monday has passed since; it is not added."""
    grown = new_version(plan, origin=PlanOrigin.COACH, state=PlanState.SUGGESTED, now=now)
    span = span_of(plan)
    then = periods.first_week(span, today=checked_on(plan, rep, today))
    if plan.state == PlanState.APPROVED or then != periods.first_week(span, today=today):
        forget_time(grown)
        fill_in_time(
            session,
            plan=grown,
            goals=goals_of(session, plan.id),
            member=rep,
            team=team,
            today=today,
        )
    return grown


def _read(
    session: Session,
    suggested: Plan,
    plan: Plan,
    form: SuggestForm,
    coach: Member,
    team: Team,
    today: date,
) -> None:
    """Store the coach's numbers in the new version and add it; raises FieldProblems with all problems."""
    typed = Typed(reader_for(coach, team, plan))
    goal = typed.money(form.goal, rules.GOAL)
    average = typed.money(form.average_sale, rules.AVERAGE_SALE)
    percents = typed.ratios(form.ratios)
    weeks = typed.weeks(form.working_weeks, span_of(plan), today=today)
    typed.check()
    before = {step: row.percent for step, row in ratio_rows(session, plan.id).items()}
    same = (goal, average, weeks, percents) == (
        plan.goal,
        plan.average_sale,
        suggested.working_weeks,
        before,
    )
    if same:
        raise Refusal(
            "These are the plan’s own numbers: change at least one of them.",
            field=rules.GOAL,
        )
    assert goal is not None  # noqa: S101 - checked
    suggested.goal, suggested.average_sale, suggested.working_weeks = goal, average, weeks
    suggested.reason = read_reason(form.reason) or None
    session.add(suggested)
    session.flush()
    copy_ratios(session, of=plan, to=suggested)
    copy_goals(session, of=plan, to=suggested, team=team)
    for step, row in ratio_rows(session, suggested.id).items():
        percent = percents[step]
        if percent is not None:
            found = found_ratio(row)
            write_ratio(row, found=found, taken=overruled(found, percent))
    session.flush()
    computed(lambda: compute(session, suggested))
