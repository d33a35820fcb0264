"""Checks a plan: finds conflicts between goals, for rep and coach, and findings for the coach."""

from __future__ import annotations

from datetime import date

from sqlmodel import Session

from bot.domain.calendars import working_days as calendars
from bot.domain.calendars.schedules import zone_of
from bot.domain.plans import measures
from bot.domain.plans.history import days_away
from bot.domain.plans.rows import facts_of, goals_of, ratio_of, ratio_rows, said_of, span_of
from bot.domain.shown.plans import Pair
from bot.domain.tables import Member, Plan, Team
from bot.rules import conflicts, periods, validity
from bot.rules.conflicts import Conflict
from bot.rules.goals import SALES_GOAL, SALES_KEY, GoalFacts, PlanFacts
from bot.rules.numbers import show_number
from bot.rules.validity import Asked, Done, Finding
from bot.rules.weeks import WEEK


def checked_on(plan: Plan, member: Member, today: date) -> date:
    """Return the day from which the checks look: today for a draft, else the day it was proposed, in the rep's
    zone.

    So the message about a version does not change from one day to the next.
    """
    if plan.proposed_at is None:
        return today
    return plan.proposed_at.astimezone(zone_of(member)).date()


def check(
    session: Session, plan: Plan, *, member: Member, team: Team, today: date, locale: str
) -> tuple[tuple[Conflict, ...], tuple[Finding, ...]]:
    """Return the conflicts between the plan and the other goals, and the findings from the rep's past numbers.

    Both are empty while numbers of the plan are missing. `today` is the date in the rep's zone.
    """
    day = checked_on(plan, member, today)
    return (
        _conflicts(session, plan, member, team, day, locale),
        _findings(session, plan, member, team, day, locale),
    )


def _conflicts(
    session: Session, plan: Plan, member: Member, team: Team, today: date, locale: str
) -> tuple[Conflict, ...]:
    if plan.conversations is None or plan.base_moves is None or plan.sales is None:
        return ()
    assert plan.working_weeks is not None  # noqa: S101 - there are targets
    goals = goals_of(session, plan.id)
    span = span_of(plan)
    facts = PlanFacts(
        span=span,
        first_week=periods.first_week(span, today=today),
        goal=plan.goal,
        closed=plan.closed,
        conversations=plan.conversations,
        base_moves=plan.base_moves,
        sales=plan.sales,
        working_weeks=plan.working_weeks,
        left_out=frozenset(days_away(session, member=member, team=team, span=span, goals=goals)),
        sales_cycle_days=measures.measure(
            session, member=member, team=team, today=today
        ).sales_cycle.days,
        conversation_minutes=team.conversation_minutes,
        weekly_hours=team.weekly_hours,
        currency=plan.currency,
        locale=locale,
        today=today,
        weekdays=calendars.of_team(team, span.first).working_days,
    )
    return conflicts.find(facts, facts_of(session, goals), said_of(session, member.id))


def _findings(
    session: Session, plan: Plan, member: Member, team: Team, today: date, locale: str
) -> tuple[Finding, ...]:
    if plan.conversations is None:
        return ()
    best = measures.best_four_weeks(session, member_id=member.id, last=today - WEEK)
    medians = measures.team_medians(session, team=team, without=member.id, today=today)
    return validity.findings(
        Asked(
            plan.conversations,
            [ratio_of(row) for row in ratio_rows(session, plan.id).values()],
        ),
        Done(
            best_average=best.average if best else None,
            best_first=best.first if best else None,
            medians={step: m.percent for step, m in medians.items() if m.percent is not None},
            conversation_minutes=team.conversation_minutes,
            weekly_hours=team.weekly_hours,
        ),
        locale=locale,
        today=today,
    )


def pairs_of(session: Session, plan: Plan, *, locale: str) -> tuple[Pair, ...]:
    """Return the pairs of goals that the rep has not been asked about."""
    said = said_of(session, plan.member_id)
    facts = facts_of(session, goals_of(session, plan.id))

    def words(goal: GoalFacts) -> str:
        if goal.key != SALES_KEY:
            return goal.name
        amount = show_number(plan.goal, unit="money", currency=plan.currency, locale=locale)
        return f"{SALES_GOAL.name} ({amount})"

    return tuple(
        Pair(first.key, words(first), second.key, words(second))
        for first, second in conflicts.pairs_to_ask(facts, said)
    )
