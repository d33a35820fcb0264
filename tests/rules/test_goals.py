"""The facts of a plan and of its goals: what they are keyed by, and what they are without further word."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from bot.rules.goals import SALES_GOAL, SALES_KEY, GoalFacts, GoalKind, PlanFacts, pair_key
from bot.rules.periods import Span


def test_what_is_stored_of_a_kind_stays_what_it_is() -> None:
    """The rows of every team have these values: whoever changes one writes a migration."""
    assert [(kind.name, kind.value) for kind in GoalKind] == [
        ("INCOME", "income"),
        ("METRIC", "metric"),
        ("LEAVE", "leave"),
        ("PERSONAL", "personal"),
    ]


@pytest.mark.parametrize(
    ("first", "second", "key"),
    [("a", "b", ("a", "b")), ("b", "a", ("a", "b")), ("a", "a", ("a", "a"))],
)
def test_a_pair_has_one_key_whichever_comes_first(
    first: str, second: str, key: tuple[str, str]
) -> None:
    assert pair_key(first, second) == key


def test_the_sales_goal_is_a_goal_of_the_metric_of_the_same_key() -> None:
    assert SALES_KEY == "sales"
    assert (
        GoalFacts(
            key="sales", kind="metric", name="Sales goal", metric="sales", unit="money", span=None
        )
        == SALES_GOAL
    )


def test_a_goal_says_nothing_but_what_it_was_given() -> None:
    goal = GoalFacts("7", GoalKind.PERSONAL, "Learn Spanish")
    assert (goal.metric, goal.amount, goal.unit, goal.commission, goal.hours, goal.span) == (
        None,
        None,
        None,
        None,
        None,
        None,
    )


def test_a_team_works_from_monday_to_friday_unless_it_says_otherwise() -> None:
    day = date(2027, 1, 4)
    plan = PlanFacts(
        span=Span(day, day),
        first_week=day,
        goal=Decimal(1),
        closed=Decimal(0),
        conversations=1,
        base_moves=1,
        sales=Decimal(1),
        working_weeks=Decimal(1),
        left_out=frozenset(),
        sales_cycle_days=1,
        conversation_minutes=1,
        weekly_hours=1,
        currency="USD",
        locale="en_US",
        today=day,
    )
    assert plan.weekdays == {0, 1, 2, 3, 4}
