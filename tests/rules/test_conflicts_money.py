"""Conflicts about incomes, leave and time: what earns too little, has no room or comes too soon."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.conflicts import Conflict, Kind, find
from bot.rules.goals import GoalFacts
from bot.rules.periods import Span, working_days
from tests.rules.planned import (
    CHRISTMAS,
    DEMOS,
    INCOME,
    LEAVE,
    PLAN,
    SPANISH,
    YEAR,
    amounts,
    metric,
    span,
)


def test_an_income_that_the_sales_goal_cannot_earn() -> None:
    goal = replace(INCOME, name="Earn 60k", amount=Decimal(60_000))
    assert find(PLAN, [goal], {}) == (
        Conflict(
            Kind.INCOME,
            "Sales goal",
            "Earn 60k",
            "$60,000 at 8 % commission takes sales of $750,000. The sales goal is $600,000, "
            "which earns $48,000.",
            "Raise the sales goal to $750,000 or lower the income goal to $48,000.",
        ),
    )


def test_an_income_is_shown_as_the_team_writes_money() -> None:
    plan = replace(PLAN, currency="EUR", locale="de_DE")
    goal = replace(INCOME, amount=Decimal("50000.50"), commission=Decimal("7.5"))
    (conflict,) = find(plan, [goal], {})
    assert conflict.arithmetic.replace("\N{NO-BREAK SPACE}", " ") == (
        "50.000,50 € at 7,5 % commission takes sales of 666.674 €. The sales goal is 600.000 €, "
        "which earns 45.000 €."
    )


def test_an_income_of_other_days_is_taken_in_proportion() -> None:
    half = replace(INCOME, amount=Decimal(30_000), span=span("2027-07-01", "2027-12-31"))
    (conflict,) = find(PLAN, [half], {})  # 184 of the 362 days from the first week on
    assert conflict.arithmetic == (
        "$30,000 from 1 July 2027 to 31 December 2027 at 8 % commission takes sales of $375,000. "
        "Of the sales goal $304,972 falls into that time, which earns $24,397."
    )
    assert (
        conflict.resolve == "Raise the sales goal to $737,772 or lower the income goal to $24,397."
    )
    beyond = replace(INCOME, amount=Decimal(100_000), span=span("2027-07-01", "2028-06-30"))
    (conflict,) = find(PLAN, [beyond], {})  # 184 of its 366 days
    assert conflict.arithmetic == (
        "$100,000 from 1 July 2027 to 30 June 2028 at 8 % commission takes sales of $1,250,000, "
        "$628,416 of it in the plan's own time. Of the sales goal $304,972 falls into that, "
        "which earns $24,397."
    )
    elsewhere = replace(INCOME, amount=Decimal(10**6), span=span("2028-01-01", "2028-12-31"))
    assert find(PLAN, [elsewhere], {}) == ()


def test_what_is_closed_earns_the_income_of_the_time_before() -> None:
    plan = replace(
        PLAN, today=date(2027, 6, 30), first_week=date(2027, 7, 5), closed=Decimal(500_000),
        working_weeks=Decimal("25.2"),
    )  # fmt: skip
    assert find(plan, [INCOME], {}) == ()
    rest = replace(INCOME, amount=Decimal(8_001), span=span("2027-07-05", "2027-12-31"))
    (conflict,) = find(plan, [rest], {})
    assert (
        conflict.resolve == "Raise the sales goal to $600,013 or lower the income goal to $8,000."
    )
    past = replace(INCOME, amount=Decimal(41_000), span=span("2027-01-01", "2027-07-04"))
    kinds = {conflict.kind: conflict for conflict in find(plan, [past], {})}
    assert kinds[Kind.INCOME].resolve == "Lower the income goal to $40,000."


@given(
    amount=amounts,
    commission=st.decimals(min_value="0.5", max_value=100, places=1),
    first=st.integers(-200, 360),
    length=st.integers(60, 900),
)
def test_a_raised_sales_goal_as_it_is_said_does_earn_the_income(
    amount: Decimal, commission: Decimal, first: int, length: int
) -> None:
    begins = YEAR.first + timedelta(days=first)
    goal = replace(
        INCOME,
        amount=amount,
        commission=commission,
        span=Span(begins, begins + timedelta(days=length)),
    )
    for conflict in find(PLAN, [goal], {}):
        if conflict.kind is Kind.INCOME and conflict.resolve.startswith("Raise"):
            said = conflict.resolve.split("$")[1].split(" ")[0].rstrip(".").replace(",", "")
            raised = replace(PLAN, goal=Decimal(said))
            assert Kind.INCOME not in {left.kind for left in find(raised, [goal], {})}
            short = replace(PLAN, goal=Decimal(said) - 2)
            assert Kind.INCOME in {left.kind for left in find(short, [goal], {})}


def test_leave_that_came_after_the_weeks_were_counted() -> None:
    assert find(PLAN, [LEAVE], {}) == (
        Conflict(
            Kind.LEAVE,
            "Sales goal",
            "Lofoten",
            "From 4 January 2027 to 31 December 2027 there are 260 working days. Without 10 days of "
            "this leave and 2 other working days away 248 are left, which is 49.6 weeks; "
            "the plan counts 51.6.",
            "Plan with 49.6 working weeks, or take this leave at another time.",
        ),
    )
    assert find(replace(PLAN, working_weeks=Decimal("49.6")), [LEAVE], {}) == ()


def test_leave_that_the_rep_wants_to_work_through() -> None:
    left_out = working_days(LEAVE.span or YEAR)
    plan = replace(PLAN, left_out=frozenset(left_out), working_weeks=Decimal("50.1"))
    (conflict,) = find(plan, [LEAVE], {})
    assert conflict.kind is Kind.LEAVE
    assert "Without 10 days of this leave 250 are left" in conflict.arithmetic
    assert conflict.arithmetic.endswith("which is 50 weeks; the plan counts 50.1.")
    # Whoever plans with less than the calendar has room for it.
    assert find(replace(plan, working_weeks=Decimal(40)), [LEAVE], {}) == ()


def test_the_leave_that_was_not_left_out_is_the_one_that_is_named() -> None:
    later = replace(LEAVE, key="x", name="A day off", span=span("2027-10-01", "2027-10-03"))
    plan = replace(
        PLAN,
        left_out=CHRISTMAS | working_days(LEAVE.span or YEAR),
        working_weeks=Decimal("49.6"),
    )
    (conflict,) = find(plan, [LEAVE, later], {})
    assert conflict.second == "A day off"
    assert "Without 1 day of this leave and 12 other working days away 247" in conflict.arithmetic
    both = find(replace(plan, working_weeks=Decimal(52)), [LEAVE, later], {})
    assert [conflict.second for conflict in both] == ["A day off", "Lofoten"]


@pytest.mark.parametrize(
    "span",
    [
        span("2027-07-03", "2027-07-04"),  # a weekend
        span("2026-12-28", "2027-01-03"),  # before the first week
        span("2028-01-03", "2028-01-14"),  # after the end
        span("2027-12-24", "2027-12-27"),  # away anyhow
    ],
)
def test_leave_that_takes_no_working_day_of_the_plan(span: Span) -> None:
    assert find(PLAN, [replace(LEAVE, span=span)], {}) == ()


def test_leave_for_the_whole_time() -> None:
    (conflict,) = find(PLAN, [replace(LEAVE, span=YEAR)], {})
    assert conflict.resolve == "Choose a later end, or take this leave at another time."


def test_a_plan_that_ends_before_a_sale_can_be_made() -> None:
    plan = replace(
        PLAN, span=span("2026-10-01", "2026-12-31"), first_week=date(2026, 11, 30),
        working_weeks=Decimal("4.6"),
    )  # fmt: skip
    assert find(plan, [], {}) == (
        Conflict(
            Kind.TOO_SOON,
            "Sales goal",
            "A sales cycle of 60 days",
            "From 30 November to 31 December there are 32 days; a sale takes 60 days.",
            "Choose an end on 28 January 2027 or later, or reach it with opportunities that are "
            "open already.",
        ),
    )
    assert find(replace(plan, sales_cycle_days=32), [], {}) == ()
    # Said once, not again of a goal that ends with the plan.
    goal = replace(INCOME, span=span("2026-11-30", "2026-12-31"))
    kinds = [conflict.kind for conflict in find(plan, [goal], {})]
    assert kinds.count(Kind.TOO_SOON) == 1


@pytest.mark.parametrize(
    "goal",
    [
        replace(INCOME, name="Bonus", amount=Decimal(100)),
        metric("Bonus", "upsells", 500, unit="money"),
    ],
)
def test_money_that_is_wanted_before_a_sale_can_be_made(goal: GoalFacts) -> None:
    soon = replace(goal, span=span("2027-01-04", "2027-03-03"))
    assert find(PLAN, [soon], {}) == (
        Conflict(
            Kind.TOO_SOON,
            "Sales goal",
            "Bonus",
            "From 4 January 2027 to 3 March 2027 there are 59 days; a sale takes 60 days.",
            "Choose an end on 4 March 2027 or later, or reach it with opportunities that are "
            "open already.",
        ),
    )
    assert find(PLAN, [replace(goal, span=span("2027-01-04", "2027-03-04"))], {}) == ()
    began = replace(goal, span=span("2026-11-02", "2027-01-31"))  # its money comes in already
    assert find(PLAN, [began], {}) == ()


def test_what_is_no_money_may_end_soon() -> None:
    soon = span("2027-01-04", "2027-01-10")
    assert find(PLAN, [replace(DEMOS, span=soon), replace(SPANISH, span=soon)], {}) == ()


def test_two_incomes_for_one_time_are_one_too_many() -> None:
    other = replace(INCOME, key="j", name="Earn 40k", amount=Decimal(40_000))
    assert find(PLAN, [INCOME, other], {}) == (
        Conflict(
            Kind.INCOME,
            "Earn 40k",
            "Earn 48k",
            "Two incomes for one time: $40,000 and $48,000, both from 1 January 2027 to 31 December 2027.",
            "Leave one of them out, or make one goal of what both are to bring together.",
        ),
    )
    # The year is the plan's own time. The same amount twice is no contradiction, nor is a step on the way.
    assert len(find(PLAN, [INCOME, replace(other, span=YEAR)], {})) == 1
    assert find(PLAN, [INCOME, replace(other, amount=INCOME.amount)], {}) == ()
    spring = span("2027-01-04", "2027-06-30")
    assert find(PLAN, [INCOME, replace(other, amount=Decimal(9_000), span=spring)], {}) == ()


def test_leave_on_days_that_the_team_does_not_work_on_takes_nothing() -> None:
    """From Monday to Thursday: 208 days of the year from 4 January on, which are 52 weeks."""
    plan = replace(
        PLAN,
        weekdays=frozenset(range(4)),
        left_out=frozenset(),
        working_weeks=Decimal(52),
    )
    friday = replace(LEAVE, span=span("2027-07-09", "2027-07-09"))
    assert find(plan, [friday], {}) == ()
    thursday = replace(LEAVE, span=span("2027-07-08", "2027-07-09"))
    (conflict,) = find(plan, [thursday], {})
    assert "there are 208 working days. Without 1 day of this leave 207" in conflict.arithmetic
