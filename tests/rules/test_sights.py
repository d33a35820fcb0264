"""When sights may be raised: after weeks met in a row. How high: the rep's own pace, within bounds."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.plan import Weekly
from bot.rules.sights import LEAST, MOST, QUIET, may_raise, most_a_week, raised_goal


@pytest.mark.parametrize(
    ("results", "after_weeks", "raised"),
    [
        (["met"] * 4, 4, True),
        (["met"] * 3, 4, False),
        (["met", "met", "met", "met", "missed"], 4, True),
        (["met", "met", "missed", "met", "met"], 4, False),
        (["missed", "met", "met", "met", "met"], 4, False),
        (["unanswered", "met", "met", "met", "met"], 4, False),
        (["met", "away", "met", "skipped", "met", "away", "met"], 4, True),
        (["away"] * 9, 4, False),
        ([], 1, False),
        (["met"], 1, True),
    ],
)
def test_weeks_met_in_a_row(results: list[str], after_weeks: int, raised: bool) -> None:
    assert may_raise(results, after_weeks) is raised


@pytest.mark.parametrize(
    ("goal", "closed", "pace", "weeks", "raised"),
    [
        (600_000, 200_000, 15_000, "30", 650_000),  # 450,000 more, where 400,000 remain
        (600_000, 200_000, 10_000, "30", 620_000),  # slower than the plan: 5 % of 400,000
        (600_000, 200_000, 90_000, "30", 700_000),  # much faster: 25 % of 400,000
        (600_000, 200_000, 15_555, "30", 670_000),  # 666,650 in a number that people say
        (600_000, 590_000, 800, "14", 601_000),  # two digits would be 610,000: too much
        (100, 0, 1, "110", 110),
        (600_000, 600_000, 10_000, "10", 700_000),  # reached: on top of what is closed
        (600_000, 650_000, 1_000, "10", 680_000),  # 5 % of the goal, to the next round number
        (600_000, 200_000, 15_000, "0", 600_000),
        (350, 0, 891, "1", 430),  # 437.5 at most, and 440 is above it
        (250, 0, 251, "1", 270),  # 262.5 at least, and 260 is below it
    ],
)
def test_how_high(goal: int, closed: int, pace: int, weeks: str, raised: int) -> None:
    found = raised_goal(
        goal=Decimal(goal),
        closed=Decimal(closed),
        weekly_sales=[Decimal(pace)] * 4,
        weeks_left=Decimal(weeks),
    )
    assert str(found) == str(raised)


def test_no_higher_than_the_week_allows() -> None:
    def goal(at_most: int) -> str:
        return str(
            raised_goal(
                goal=Decimal(600_000),
                closed=Decimal(200_000),
                weekly_sales=[Decimal(15_000)],
                weeks_left=Decimal(30),
                at_most=Decimal(at_most),
            )
        )

    # Without a bound it is 650,000; a bound below what is the least to be felt still holds.
    assert [goal(most) for most in (900_000, 640_000, 610_000, 600_000, 500_000)] == [
        "650000",
        "640000",
        "610000",
        "600000",
        "600000",
    ]
    asked = Weekly(conversations=8, base_moves=3, sales=Decimal(4_001))
    assert most_a_week(asked) == Weekly(conversations=10, base_moves=4, sales=Decimal(5_002))


def test_the_pace_is_the_average_of_the_weeks_that_were_met() -> None:
    weeks = [Decimal(0), Decimal(40_000), Decimal(5_000), Decimal(15_000)]
    assert raised_goal(
        goal=Decimal(600_000),
        closed=Decimal(200_000),
        weekly_sales=weeks,
        weeks_left=Decimal(30),
    ) == Decimal(650_000)


def test_without_any_week_the_least_is_proposed() -> None:
    assert raised_goal(
        goal=Decimal(600_000), closed=Decimal(0), weekly_sales=[], weeks_left=Decimal(30)
    ) == Decimal(630_000)


@pytest.mark.parametrize(
    ("goal", "closed", "weekly", "weeks", "raised"),
    [
        ("20", "0", ["22.5"], "1", "23"),  # in the middle of two numbers: the higher one
        ("10", "0", [], "12", "11"),  # no week is no pace, not a pace of one
        ("100", "99.5", [], "12", "100.1"),  # 5 % of the 0.50 that remain
        ("0.10", "0", ["9"], "1", "0.13"),  # 0.125, to the cent
        ("0.10", "0", ["0.123"], "1", "0.12"),
        ("0.10", "0", [], "1", "0.11"),  # 0.105 at least
    ],
)
def test_how_high_where_little_is_left(
    goal: str, closed: str, weekly: list[str], weeks: str, raised: str
) -> None:
    found = raised_goal(
        goal=Decimal(goal),
        closed=Decimal(closed),
        weekly_sales=[Decimal(week) for week in weekly],
        weeks_left=Decimal(weeks),
    )
    assert str(found) == raised


def test_even_a_goal_of_one_cent_is_raised() -> None:
    cent = Decimal("0.01")
    assert raised_goal(goal=cent, closed=Decimal(0), weekly_sales=[], weeks_left=cent) > cent


def test_a_decline_is_respected_for_a_quarter() -> None:
    assert timedelta(weeks=13) == QUIET


@given(
    goal=st.decimals(min_value=1, max_value=10**9, places=2),
    share_closed=st.decimals(min_value=0, max_value="0.99", places=2),
    weekly=st.lists(st.decimals(min_value=0, max_value=10**6, places=2), max_size=6),
    weeks_left=st.decimals(min_value="0.2", max_value=150, places=1),
)
def test_what_remains_grows_by_5_to_25_percent(
    goal: Decimal, share_closed: Decimal, weekly: list[Decimal], weeks_left: Decimal
) -> None:
    closed = (goal * share_closed).quantize(Decimal("0.01"))
    raised = raised_goal(goal=goal, closed=closed, weekly_sales=weekly, weeks_left=weeks_left)
    remains = goal - closed
    cent = Decimal("0.01")  # of a few cents, no share can be taken to the cent
    assert goal + remains * LEAST <= raised <= goal + remains * MOST + cent
    assert raised > goal
