"""What the checks need to know of a plan and of the goals beside it."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.rules.absences import MONDAY_TO_FRIDAY
from bot.rules.periods import Span

SALES_KEY = "sales"
"""The key of the sales goal, and of the metric that it is about."""

PairKey = tuple[str, str]
"""The keys of two goals; the one that sorts first comes first: see `pair_key`."""

Said = Mapping[PairKey, bool]
"""What the rep was asked: whether reaching the one goal gets in the way of the other."""


class GoalKind(enum.StrEnum):
    """What a goal beside the sales goal is about."""

    INCOME = "income"
    METRIC = "metric"
    LEAVE = "leave"
    PERSONAL = "personal"


@dataclass(frozen=True)
class PlanFacts:
    """A plan with its numbers.

    `goal` and `closed` are money over the whole `span`; `conversations`, `base_moves` and `sales` are what a
    week is asked for. `left_out` has the working days that the plan's working weeks were counted without:
    leave, other absences, public holidays. It stays what it was when they were counted.
    """

    span: Span
    first_week: date
    goal: Decimal
    closed: Decimal
    conversations: int
    base_moves: int
    sales: Decimal
    working_weeks: Decimal
    left_out: frozenset[date]
    sales_cycle_days: int
    conversation_minutes: int
    weekly_hours: int
    currency: str
    locale: str
    today: date
    weekdays: frozenset[int] = MONDAY_TO_FRIDAY
    """The days of the week that the team works on, 0 being Monday."""


@dataclass(frozen=True)
class GoalFacts:
    """A goal beside the sales goal.

    `amount` is money over the goal's time for INCOME, a number a week for METRIC; `commission` is in percent,
    `hours` are hours a week. `metric` is the metric's key and `unit` its unit (`money`, `count` or a word).
    Without a `span` of its own the goal is for the time of the plan.
    """

    key: str
    kind: str
    name: str
    metric: str | None = None
    amount: Decimal | None = None
    unit: str | None = None
    commission: Decimal | None = None
    hours: Decimal | None = None
    span: Span | None = None


SALES_GOAL = GoalFacts(SALES_KEY, GoalKind.METRIC, "Sales goal", metric=SALES_KEY, unit="money")
"""The plan's own goal, where it is one of a pair."""


def pair_key(first: str, second: str) -> PairKey:
    """One key for a pair of goals, whichever comes first."""
    return (first, second) if first <= second else (second, first)
