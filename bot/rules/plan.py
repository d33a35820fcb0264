"""The behaviour plan: from a revenue goal back to what has to be done each week.

revenue still to come ÷ average sale = sales ÷ (3rd → home) = 3rd bases ÷ (2nd → 3rd) = 2nd bases
÷ (1st → 2nd) = 1st bases ÷ (conversation → 1st) = conversations; all of it ÷ working weeks.

The working backwards is common in sales planning; the bases are those of Dave Kurlan's “Baseline Selling”.
Everything is computed exactly, and rounded up once, at the end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import ceil, floor

from bot.rules.problems import PlanProblems
from bot.rules.ratios import Step

GOAL = "plan.goal"
CLOSED = "plan.closed"
AVERAGE_SALE = "plan.average_sale"
WORKING_WEEKS = "plan.working_weeks"
RATIO = "plan.ratio."
"""Followed by the step: the fields that a `PlanProblems` may name."""

STEP_UP = Decimal(5)
"""By how many points a what-if raises a ratio."""

MOST_WEEKS = Decimal(520)

MOST_A_WEEK = 10_000
"""More conversations or base moves in a week than this are a slip of the finger, not a plan."""


@dataclass(frozen=True)
class PlanInput:
    """What a plan is computed from: money in the team's currency, ratios in percent by step."""

    goal: Decimal
    closed: Decimal
    average_sale: Decimal
    ratios: Mapping[Step, Decimal]
    working_weeks: Decimal


@dataclass(frozen=True)
class Chain:
    """What the whole period needs, each rounded up to whole ones."""

    revenue: Decimal
    sales: int
    thirds: int
    seconds: int
    firsts: int
    conversations: int

    @property
    def base_moves(self) -> int:
        """Every base reached is one move."""
        return self.firsts + self.seconds + self.thirds + self.sales


@dataclass(frozen=True)
class Weekly:
    """What one week needs, rounded up: whole conversations and base moves, whole units of the currency."""

    conversations: int
    base_moves: int
    sales: Decimal


@dataclass(frozen=True)
class Worth:
    """What a better ratio would save.

    `a_point` is the conversations a week that one point more saves, to a tenth. `fewer` is by how many the
    weekly conversations fall, in whole ones, when the ratio goes from `percent` to `raised`.
    """

    step: Step
    percent: Decimal
    raised: Decimal
    fewer: int
    a_point: Decimal


@dataclass(frozen=True)
class WeeklyPlan:
    """A computed plan: the chain, the week, and what each ratio is worth."""

    chain: Chain
    weekly: Weekly
    worth: tuple[Worth, ...]


def compute(given: PlanInput) -> WeeklyPlan:
    """The plan that follows; raises PlanProblems with a sentence for each number that can't be."""
    _check(given)
    sales, thirds, seconds, firsts, conversations = _counts(given)
    weeks = Fraction(given.working_weeks)
    revenue = given.goal - given.closed
    weekly = Weekly(
        conversations=ceil(conversations / weeks),
        base_moves=ceil((firsts + seconds + thirds + sales) / weeks),
        sales=Decimal(ceil(Fraction(revenue) / weeks)),
    )
    if max(weekly.conversations, weekly.base_moves) > MOST_A_WEEK:
        raise PlanProblems(
            {
                GOAL: f"These numbers would take {weekly.conversations:,} conversations a week: "
                "check the goal, the average sale and the ratios."
            }
        )
    chain = Chain(
        revenue=revenue,
        sales=int(sales),
        thirds=ceil(thirds),
        seconds=ceil(seconds),
        firsts=ceil(firsts),
        conversations=ceil(conversations),
    )
    worth = tuple(_worth(given, step, weekly.conversations) for step in Step)
    return WeeklyPlan(chain, weekly, worth)


def most_to_sell(given: PlanInput, within: Weekly) -> Decimal:
    """The highest goal whose week asks for no more than `within`; below what is closed where there is none."""
    weeks = Fraction(given.working_weeks)
    one_sale = replace(given, goal=given.closed + given.average_sale)
    sales, thirds, seconds, firsts, conversations = _counts(one_sale)
    most = min(
        floor(within.conversations * weeks / conversations),
        floor(within.base_moves * weeks / (firsts + seconds + thirds + sales)),
    )
    by_sales = most * Fraction(given.average_sale)
    cents = floor(min(by_sales, Fraction(within.sales) * weeks) * 100)
    return given.closed + Decimal(cents) / 100


def _counts(given: PlanInput) -> tuple[Fraction, Fraction, Fraction, Fraction, Fraction]:
    """Sales, 3rd, 2nd and 1st bases and conversations of the period, exactly; sales come whole."""
    counts = [Fraction(ceil(Fraction(given.goal - given.closed) / Fraction(given.average_sale)))]
    for step in reversed(Step):
        counts.append(counts[-1] * 100 / Fraction(given.ratios[step]))
    sales, thirds, seconds, firsts, conversations = counts
    return sales, thirds, seconds, firsts, conversations


def _worth(given: PlanInput, step: Step, weekly: int) -> Worth:
    percent = given.ratios[step]
    raised = min(percent + STEP_UP, Decimal(100))
    weeks = Fraction(given.working_weeks)

    def conversations_with(other: Decimal) -> Fraction:
        return _counts(replace(given, ratios={**given.ratios, step: other}))[-1] / weeks

    saved = conversations_with(percent) - conversations_with(min(percent + 1, Decimal(100)))
    tenths = Decimal(saved.numerator) / Decimal(saved.denominator)
    return Worth(
        step,
        percent,
        raised,
        fewer=weekly - ceil(conversations_with(raised)),
        a_point=tenths.quantize(Decimal("0.1"), ROUND_HALF_UP),
    )


def _check(given: PlanInput) -> None:
    problems: dict[str, str] = {}
    if given.goal <= 0:
        problems[GOAL] = "The goal is to sell something: type an amount above 0."
    elif given.closed >= given.goal:
        problems[GOAL] = (
            "This goal is reached already: what is closed is as much. Type a higher goal."
        )
    if given.closed < 0:
        problems[CLOSED] = "What is closed can't be below 0: type 0 if nothing is."
    if given.average_sale <= 0:
        problems[AVERAGE_SALE] = "An average sale is above 0: type what one sale brings."
    for step in Step:
        percent = given.ratios[step]
        if percent <= 0:
            problems[RATIO + step] = (
                "With 0 % nothing would ever get there: type a percentage above 0."
            )
        elif percent > 100:
            problems[RATIO + step] = "More than 100 % can't get on: type a percentage up to 100."
    if given.working_weeks <= 0:
        problems[WORKING_WEEKS] = "No working week is left: choose a later end, or less leave."
    elif given.working_weeks > MOST_WEEKS:
        problems[WORKING_WEEKS] = f"That is too long to plan: type up to {MOST_WEEKS} weeks."
    if problems:
        raise PlanProblems(problems)
