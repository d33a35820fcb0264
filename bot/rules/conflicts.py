"""Where goals stand in each other's way: what arithmetic can tell, and which pairs only the rep can judge."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from math import ceil, floor

from bot.rules.days import show_date
from bot.rules.goals import SALES_GOAL, SALES_KEY, GoalFacts, GoalKind, PlanFacts, Said, pair_key
from bot.rules.income import shortfall
from bot.rules.numbers import show_number
from bot.rules.periods import Span, working_days
from bot.rules.weeks import monday_of

MOST_PAIRS = 5
"""So many pairs are asked about at a time."""

_BUILT_IN = {"conversations": "conversation", "base_moves": "base move", SALES_KEY: "of sales"}
"""The metrics that the plan itself sets targets for, and what follows their number."""


class Kind(enum.StrEnum):
    """What is wrong between two goals."""

    SAME_METRIC = "same_metric"
    HOURS = "hours"
    INCOME = "income"
    LEAVE = "leave"
    TOO_SOON = "too_soon"
    PULLS_APART = "pulls_apart"


@dataclass(frozen=True)
class Conflict:
    """Two goals by their names, the numbers that show it, and what would resolve it. Plain text, unescaped."""

    kind: Kind
    first: str
    second: str
    arithmetic: str
    resolve: str


def find(plan: PlanFacts, goals: Iterable[GoalFacts], said: Said) -> tuple[Conflict, ...]:
    """Every conflict between the plan and the goals beside it, by kind; none for a plan that is sound.

    The order in which the goals come changes nothing. `said` may speak of goals that are no more.
    """
    ordered = _in_order(goals)
    return (
        *_same_metric(plan, ordered),
        *_hours(plan, ordered),
        *_two_incomes(plan, ordered),
        *_income(plan, ordered),
        *_leave(plan, ordered),
        *_too_soon(plan, ordered),
        *_pulls_apart(ordered, said),
    )


def pairs_to_ask(goals: Iterable[GoalFacts], said: Said) -> tuple[tuple[GoalFacts, GoalFacts], ...]:
    """Up to MOST_PAIRS pairs that no arithmetic can judge and that were not asked about before.

    One of the two is personal, or about a metric of the team's own. Pairs with the sales goal (`SALES_GOAL`)
    come first. The order in which the goals come changes nothing.
    """
    pairs = combinations((SALES_GOAL, *_in_order(goals)), 2)
    open_pairs = [
        (first, second)
        for first, second in pairs
        if pair_key(first.key, second.key) not in said
        and (_beyond_arithmetic(first) or _beyond_arithmetic(second))
        and not (first.metric is not None and first.metric == second.metric)
    ]
    return tuple(open_pairs[:MOST_PAIRS])


def _in_order(goals: Iterable[GoalFacts]) -> list[GoalFacts]:
    return sorted(goals, key=lambda goal: (goal.name.casefold(), goal.key))


def _beyond_arithmetic(goal: GoalFacts) -> bool:
    if goal.kind == GoalKind.METRIC:
        return goal.metric not in _BUILT_IN
    return goal.kind == GoalKind.PERSONAL


def _same_metric(plan: PlanFacts, goals: Sequence[GoalFacts]) -> Iterator[Conflict]:
    planned = {
        "conversations": Decimal(plan.conversations),
        "base_moves": Decimal(plan.base_moves),
        SALES_KEY: plan.sales,
    }
    own = [
        GoalFacts(SALES_KEY, GoalKind.METRIC, SALES_GOAL.name, metric=metric, amount=amount)
        for metric, amount in planned.items()
    ]
    metrics = [goal for goal in goals if goal.kind == GoalKind.METRIC and goal.amount is not None]
    for first, second in combinations((*own, *metrics), 2):
        both = _weeks(plan, first).shared(_weeks(plan, second))
        if first.metric != second.metric or first.amount == second.amount or both is None:
            continue
        numbers = [_weekly(plan, goal.amount, like=second) for goal in (first, second)]
        yield Conflict(
            Kind.SAME_METRIC,
            first.name,
            second.name,
            f"One metric with two targets: {numbers[0]} a week and {numbers[1]} a week, both "
            f"{_in_weeks(plan, both)}.",
            f"Change “{second.name}” to {numbers[0]} a week, which is what the plan needs, or leave it out."
            if first.key == SALES_KEY
            else "Give both the same number, or let one end before the other begins.",
        )


def _weekly(plan: PlanFacts, amount: Decimal | None, *, like: GoalFacts) -> str:
    number, word = amount or Decimal(0), _BUILT_IN.get(like.metric or "")
    if like.metric == SALES_KEY:
        return f"{_shown(plan, number, unit='money')} {word}"
    if word is not None:
        return _count(plan, number, word)
    return _shown(plan, number, unit=like.unit or "count")


def _weeks(plan: PlanFacts, goal: GoalFacts) -> Span:
    """From the Monday of its first week to that of its last."""
    if goal.span is None:
        return Span(plan.first_week, monday_of(plan.span.last))
    return Span(monday_of(goal.span.first), monday_of(goal.span.last))


def _in_weeks(plan: PlanFacts, weeks: Span) -> str:
    first, last = (show_date(day, today=plan.today) for day in (weeks.first, weeks.last))
    if first == last:
        return f"in the week of {first}"
    return f"from the week of {first} to the week of {last}"


def _hours(plan: PlanFacts, goals: Sequence[GoalFacts]) -> Iterator[Conflict]:
    """The fullest week, or the plan alone where that is too much already. Everything in minutes."""
    talking = Fraction(plan.conversations * plan.conversation_minutes)
    most = Fraction(plan.weekly_hours * 60)
    talked = (
        f"{_count(plan, plan.conversations, 'conversation')} at "
        f"{_count(plan, plan.conversation_minutes, 'minute')} take{'s' * (plan.conversations == 1)} "
        f"{_time(plan, talking)}"
    )
    if talking > most:
        possible = floor(most / plan.conversation_minutes)
        yield Conflict(
            Kind.HOURS,
            SALES_GOAL.name,
            f"The {_time(plan, most)} of a week",
            f"{talked} a week, where a week has {_time(plan, most)}.",
            f"Come down to {_count(plan, possible, 'conversation')} a week: with more working weeks, "
            "a higher average sale, better ratios or a lower goal.",
        )
        return
    busy = [goal for goal in goals if goal.hours and goal.kind != GoalKind.LEAVE]
    starts = {plan.first_week, *(max(_weeks(plan, goal).first, plan.first_week) for goal in busy)}
    fullest: Sequence[GoalFacts] = ()
    week = plan.first_week
    for start in sorted(start for start in starts if start <= plan.span.last):
        then = [goal for goal in busy if start in _weeks(plan, goal)]
        if _minutes(then) > _minutes(fullest):
            fullest, week = then, start
    if talking + _minutes(fullest) <= most:
        return
    largest = max(fullest, key=lambda goal: goal.hours or 0)
    others = [goal for goal in fullest if goal is not largest]
    beside = f" and the other goals {_time(plan, _minutes(others))}" if others else ""
    comma = "," if others else " and"
    over = talking + _minutes(fullest) - most
    when = (
        f"In the week of {show_date(week, today=plan.today)}"
        if any(goal.span for goal in fullest)
        else "Each week"
    )
    yield Conflict(
        Kind.HOURS,
        SALES_GOAL.name,
        largest.name,
        f"{when}, {talked}{comma} “{largest.name}” {_time(plan, _minutes([largest]))}{beside}: "
        f"{_time(plan, most + over)}, where a week has {_time(plan, most)}.",
        f"Find {_time(plan, over)} a week: give “{largest.name}” less time, or spread the sales goal "
        "over more working weeks.",
    )


def _minutes(goals: Iterable[GoalFacts]) -> Fraction:
    return sum((Fraction(goal.hours or 0) * 60 for goal in goals), Fraction(0))


def _time(plan: PlanFacts, minutes: Fraction) -> str:
    """``11 h``, ``7 h 20 min``, ``40 min``; a part of a minute counts as one."""
    hours, rest = divmod(ceil(minutes), 60)
    parts = [f"{_shown(plan, hours)} h"] * bool(hours) + [f"{rest} min"] * bool(rest)
    return " ".join(parts) or "0 h"


def _two_incomes(plan: PlanFacts, goals: Sequence[GoalFacts]) -> Iterator[Conflict]:
    """Two incomes of different amounts for one time; those for a part of it may be steps on the way."""
    incomes = [goal for goal in goals if goal.kind == GoalKind.INCOME and goal.amount is not None]
    for first, second in combinations(incomes, 2):
        time = first.span or plan.span
        if first.amount == second.amount or time != (second.span or plan.span):
            continue
        amounts = [_shown(plan, goal.amount or 0, unit="money") for goal in (first, second)]
        yield Conflict(
            Kind.INCOME,
            first.name,
            second.name,
            f"Two incomes for one time: {amounts[0]} and {amounts[1]}, both from {_from_to(plan, time)}.",
            "Leave one of them out, or make one goal of what both are to bring together.",
        )


def _income(plan: PlanFacts, goals: Sequence[GoalFacts]) -> Iterator[Conflict]:
    for goal in goals:
        if goal.kind != GoalKind.INCOME or not goal.amount or not goal.commission:
            continue
        short = shortfall(plan, amount=goal.amount, commission=goal.commission, span=goal.span)
        if short is not None:
            yield Conflict(Kind.INCOME, SALES_GOAL.name, goal.name, short.arithmetic, short.resolve)


def _leave(plan: PlanFacts, goals: Sequence[GoalFacts]) -> Iterator[Conflict]:
    """Days of leave that the plan's working weeks have no room for, first those that were not left out."""
    time = Span(plan.first_week, plan.span.last)
    days = working_days(time, plan.weekdays)
    leaves = [
        (goal, days & working_days(goal.span, plan.weekdays))
        for goal in goals
        if goal.kind == GoalKind.LEAVE and goal.span is not None
    ]
    away = days.intersection(plan.left_out).union(*(gone for _, gone in leaves))
    left = len(days) - len(away)
    excess = plan.working_weeks * len(plan.weekdays) - left
    weeks_left, working_weeks = (
        _count(plan, Decimal(left) / len(plan.weekdays), what) for what in ("week", "working week")
    )
    counted: set[date] = set()
    concerned: set[str] = set()
    for known in (False, True):
        for goal, gone in leaves:
            mine = {day for day in gone if (day in plan.left_out) is known} - counted
            if mine and len(counted) < excess:
                counted |= mine
                concerned.add(goal.key)
    for goal, gone in leaves:
        if goal.key not in concerned:
            continue
        others = len(away) - len(gone)
        beside = f" and {_count(plan, others, 'other working day')} away" if others else ""
        yield Conflict(
            Kind.LEAVE,
            SALES_GOAL.name,
            goal.name,
            f"From {_from_to(plan, time)} there are {_count(plan, len(days), 'working day')}. Without "
            f"{_count(plan, len(gone), 'day')} of this leave{beside} {_shown(plan, left)} are left, "
            f"which is {weeks_left}; the plan counts {_shown(plan, plan.working_weeks)}.",
            f"Plan with {working_weeks}, or take this leave at another time."
            if left
            else "Choose a later end, or take this leave at another time.",
        )


def _too_soon(plan: PlanFacts, goals: Sequence[GoalFacts]) -> Iterator[Conflict]:
    """The plan counts from its first week; money beside it may have begun to come in before."""
    cycle = _count(plan, plan.sales_cycle_days, "day")
    time = Span(plan.first_week, plan.span.last)
    if time.days < plan.sales_cycle_days:
        yield Conflict(
            Kind.TOO_SOON,
            SALES_GOAL.name,
            f"A sales cycle of {cycle}",
            f"From {_from_to(plan, time)} there are {_count(plan, time.days, 'day')}; a sale takes {cycle}.",
            _later(plan, time.first),
        )
    for goal in goals:
        money = goal.kind == GoalKind.INCOME or (
            goal.kind == GoalKind.METRIC and (goal.unit == "money" or goal.metric == SALES_KEY)
        )
        if not money or goal.span is None or goal.span.last >= plan.span.last:
            continue
        time = Span(min(goal.span.first, plan.first_week), goal.span.last)
        if time.days < plan.sales_cycle_days:
            yield Conflict(
                Kind.TOO_SOON,
                SALES_GOAL.name,
                goal.name,
                f"From {_from_to(plan, time)} there are {_count(plan, time.days, 'day')}; a sale takes "
                f"{cycle}.",
                _later(plan, time.first),
            )


def _later(plan: PlanFacts, first: date) -> str:
    end = show_date(first + timedelta(days=plan.sales_cycle_days - 1), today=plan.today)
    return f"Choose an end on {end} or later, or reach it with opportunities that are open already."


def _pulls_apart(goals: Sequence[GoalFacts], said: Said) -> Iterator[Conflict]:
    for first, second in combinations((SALES_GOAL, *goals), 2):
        if said.get(pair_key(first.key, second.key)):
            yield Conflict(
                Kind.PULLS_APART,
                first.name,
                second.name,
                "Asked whether reaching the one gets in the way of the other, the answer was yes.",
                "Decide which of the two comes first, or change one so that both can be reached.",
            )


def _from_to(plan: PlanFacts, span: Span) -> str:
    first, last = (show_date(day, today=plan.today) for day in (span.first, span.last))
    return f"{first} to {last}"


def _count(plan: PlanFacts, number: Decimal | int, what: str) -> str:
    return f"{_shown(plan, number)} {what}{'' if number == 1 else 's'}"


def _shown(plan: PlanFacts, number: Decimal | int, *, unit: str = "count") -> str:
    return show_number(Decimal(number), unit=unit, currency=plan.currency, locale=plan.locale)
