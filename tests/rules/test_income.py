"""Whether a plan's sales earn an income, word by word: what it takes, what is there, what would close the gap."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from bot.rules.goals import PlanFacts
from bot.rules.income import Shortfall, shortfall
from bot.rules.periods import Span

PLAN = PlanFacts(
    span=Span(date(2027, 1, 1), date(2027, 12, 31)),
    first_week=date(2027, 1, 4),
    goal=Decimal(600_000),
    closed=Decimal(0),
    conversations=20,
    base_moves=8,
    sales=Decimal(11_628),
    working_weeks=Decimal("51.6"),
    left_out=frozenset(),
    sales_cycle_days=60,
    conversation_minutes=30,
    weekly_hours=25,
    currency="USD",
    locale="en_US",
    today=date(2026, 11, 25),
)
UNDER_WAY = replace(PLAN, first_week=date(2027, 3, 29), closed=Decimal(100_000))
"""87 days of the plan have gone by, and 278 are left."""


def span(first: str, last: str) -> Span:
    return Span(date.fromisoformat(first), date.fromisoformat(last))


def missing(
    plan: PlanFacts = PLAN, *, amount: int = 60_000, commission: str = "8", time: Span | None = None
) -> Shortfall | None:
    return shortfall(plan, amount=Decimal(amount), commission=Decimal(commission), span=time)


def test_nothing_is_missing_where_the_sales_earn_it_to_the_cent() -> None:
    assert missing(amount=48_000) is None
    assert missing(amount=48_001) == Shortfall(
        "$48,001 at 8 % commission takes sales of $600,013. "
        "The sales goal is $600,000, which earns $48,000.",
        "Raise the sales goal to $600,013 or lower the income goal to $48,000.",
    )


@pytest.mark.parametrize("time", [None, PLAN.span])
def test_an_income_for_the_time_of_the_plan(time: Span | None) -> None:
    assert missing(time=time, commission="7.5") == Shortfall(
        "$60,000 at 7.5 % commission takes sales of $800,000. "
        "The sales goal is $600,000, which earns $45,000.",
        "Raise the sales goal to $800,000 or lower the income goal to $45,000.",
    )


def test_an_income_for_a_part_of_the_plan() -> None:
    """91 of the 362 days from the first week on: 600,000 × 91 ÷ 362 = 150,828.7."""
    assert missing(time=span("2027-04-01", "2027-06-30")) == Shortfall(
        "$60,000 from 1 April 2027 to 30 June 2027 at 8 % commission takes sales of $750,000. "
        "Of the sales goal $150,828 falls into that time, which earns $12,066.",
        "Raise the sales goal to $2,983,517 or lower the income goal to $12,066.",
    )


def test_dates_of_this_year_go_without_the_year() -> None:
    plan = replace(PLAN, today=date(2027, 2, 1))
    found = missing(plan, time=span("2027-04-01", "2027-06-30"))
    assert found is not None
    assert found.arithmetic.startswith("$60,000 from 1 April to 30 June at 8 %")


def test_an_income_that_goes_on_after_the_plan() -> None:
    """184 of its 366 days lie in the plan, and so does that share of what it takes."""
    assert missing(time=span("2027-07-01", "2028-06-30")) == Shortfall(
        "$60,000 from 1 July 2027 to 30 June 2028 at 8 % commission takes sales of $750,000, "
        "$377,050 of it in the plan's own time. "
        "Of the sales goal $304,972 falls into that, which earns $24,397.",
        "Raise the sales goal to $741,804 or lower the income goal to $48,530.",
    )


@pytest.mark.parametrize(
    ("time", "said"),
    [
        (span("2026-01-01", "2026-12-31"), False),
        (span("2026-12-01", "2027-01-01"), True),
        (span("2027-12-31", "2028-01-30"), True),
        (span("2028-01-01", "2028-01-31"), False),
    ],
)
def test_without_a_shared_day_nothing_can_be_said(time: Span, said: bool) -> None:
    assert (missing(time=time) is not None) is said


def test_what_is_closed_counts_for_the_days_before_the_first_week() -> None:
    """Of 100,000 over 87 days (to 28 March), 31 days have 35,632; nothing of it is still to come."""
    assert missing(UNDER_WAY, time=span("2027-01-01", "2027-01-31")) == Shortfall(
        "$60,000 from 1 January 2027 to 31 January 2027 at 8 % commission takes sales of $750,000. "
        "Of the sales goal $35,632 falls into that time, which earns $2,850.",
        "Lower the income goal to $2,850.",
    )


def test_both_sides_of_the_first_week_count() -> None:
    """28 of 87 days of 100,000, and 33 of 278 of the 500,000 that are left: 32,183.9 and 59,352.5."""
    assert missing(UNDER_WAY, amount=12_000, time=span("2027-03-01", "2027-04-30")) == Shortfall(
        "$12,000 from 1 March 2027 to 30 April 2027 at 8 % commission takes sales of $150,000. "
        "Of the sales goal $91,536 falls into that time, which earns $7,322.",
        "Raise the sales goal to $1,092,512 or lower the income goal to $7,322.",
    )


def test_a_time_without_any_sales_leaves_only_a_later_one() -> None:
    plan = replace(UNDER_WAY, closed=Decimal(0))
    assert missing(plan, time=span("2027-01-01", "2027-01-31")) == Shortfall(
        "$60,000 from 1 January 2027 to 31 January 2027 at 8 % commission takes sales of $750,000. "
        "Of the sales goal $0 falls into that time, which earns $0.",
        "Give the income goal a later time.",
    )


def test_nobody_is_told_to_lower_a_goal_to_nothing() -> None:
    plan = replace(UNDER_WAY, closed=Decimal(1))
    found = missing(plan, time=span("2027-01-01", "2027-01-31"))
    assert found is not None
    assert found.resolve == "Give the income goal a later time."


def test_a_goal_of_one_is_still_a_way() -> None:
    """35 of sales earn 2.85; of 60,000 that are needed 750,000 would be: 60,000 × 35.6 ÷ 750,000 = 2.85."""
    plan = replace(UNDER_WAY, closed=Decimal(40))
    found = missing(plan, time=span("2027-01-01", "2027-01-31"))
    assert found is not None
    assert found.resolve == "Lower the income goal to $1."


def test_a_plan_that_counts_from_its_first_day_has_no_time_before() -> None:
    """What is closed lies on that day then, which the first week has as well."""
    plan = replace(PLAN, first_week=date(2027, 1, 1), closed=Decimal(100_000))
    assert missing(plan, amount=48_000) is None
    found = missing(plan, time=span("2027-01-02", "2027-12-31"))
    assert found is not None
    assert "Of the sales goal $498,630 falls into that time" in found.arithmetic


def test_money_is_written_as_the_team_writes_it() -> None:
    found = missing(replace(PLAN, currency="EUR", locale="de_DE"), commission="7.5")
    assert found is not None
    assert found.arithmetic.startswith(
        "60.000\xa0€ at 7,5 % commission takes sales of 800.000\xa0€."
    )
