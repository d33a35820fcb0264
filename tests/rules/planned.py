"""A plan and the goals beside it, as the tests of conflicts have them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import strategies as st

from bot.rules.goals import GoalFacts, GoalKind, PlanFacts
from bot.rules.periods import Span

TODAY = date(2026, 11, 25)
YEAR = Span(date(2027, 1, 1), date(2027, 12, 31))
CHRISTMAS = frozenset({date(2027, 12, 24), date(2027, 12, 27)})

PLAN = PlanFacts(
    span=YEAR,
    first_week=date(2027, 1, 4),
    goal=Decimal(600_000),
    closed=Decimal(0),
    conversations=20,
    base_moves=8,
    sales=Decimal(11_628),
    working_weeks=Decimal("51.6"),
    left_out=CHRISTMAS,
    sales_cycle_days=60,
    conversation_minutes=30,
    weekly_hours=25,
    currency="USD",
    locale="en_US",
    today=TODAY,
)

INCOME = GoalFacts("i", GoalKind.INCOME, "Earn 48k", amount=Decimal(48_000), commission=Decimal(8))
LEAVE = GoalFacts("l", GoalKind.LEAVE, "Lofoten", span=Span(date(2027, 7, 5), date(2027, 7, 16)))
SPANISH = GoalFacts("s", GoalKind.PERSONAL, "Learn Spanish", hours=Decimal(6))
DEMOS = GoalFacts(
    "d", GoalKind.METRIC, "Demos", metric="demos", amount=Decimal(3), unit="count", hours=Decimal(9)
)


def metric(name: str, metric: str, amount: int | str, **more: object) -> GoalFacts:
    return replace(
        GoalFacts(name, GoalKind.METRIC, name, metric=metric, unit="count"),
        amount=Decimal(amount),
        **more,
    )


def span(first: str, last: str) -> Span:
    return Span(date.fromisoformat(first), date.fromisoformat(last))


amounts = st.decimals(min_value=1_000, max_value=10**7, places=2)
