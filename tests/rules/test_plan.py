"""The behaviour plan: the worked example, what better ratios are worth, and what can't be planned."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from math import ceil

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.rules.plan import (
    AVERAGE_SALE,
    CLOSED,
    GOAL,
    MOST_A_WEEK,
    RATIO,
    WORKING_WEEKS,
    PlanInput,
    Weekly,
    WeeklyPlan,
    compute,
    most_to_sell,
)
from bot.rules.problems import PlanProblems
from bot.rules.ratios import Step

EXAMPLE = PlanInput(
    goal=Decimal(600_000),
    closed=Decimal(0),
    average_sale=Decimal(20_000),
    ratios={
        Step.FIRST: Decimal(20),
        Step.SECOND: Decimal(50),
        Step.THIRD: Decimal(50),
        Step.HOME: Decimal(60),
    },
    working_weeks=Decimal(46),
)


def test_the_worked_example_gives_22_conversations_and_9_base_moves() -> None:
    plan = compute(EXAMPLE)
    chain = plan.chain
    assert (chain.conversations, chain.firsts, chain.seconds, chain.thirds, chain.sales) == (
        1000,
        200,
        100,
        50,
        30,
    )
    assert chain.base_moves == 380
    assert plan.weekly == Weekly(conversations=22, base_moves=9, sales=Decimal(13_044))


@pytest.mark.parametrize(
    ("change", "weekly"),
    [
        ({"working_weeks": Decimal(50)}, Weekly(20, 8, Decimal(12_000))),
        ({"closed": Decimal(590_000)}, Weekly(1, 1, Decimal(218))),
        ({"closed": Decimal("100000.50")}, Weekly(19, 7, Decimal(10_870))),
        ({"average_sale": Decimal(19_999)}, Weekly(23, 9, Decimal(13_044))),
        ({"working_weeks": Decimal("0.2")}, Weekly(5_000, 1_900, Decimal(3_000_000))),
    ],
)
def test_what_a_week_needs(change: dict[str, Decimal], weekly: Weekly) -> None:
    assert compute(replace(EXAMPLE, **change)).weekly == weekly


def test_what_five_points_and_one_point_of_a_ratio_are_worth() -> None:
    worth = {w.step: w for w in compute(EXAMPLE).worth}
    second = worth[Step.SECOND]
    assert (second.percent, second.raised, second.fewer) == (Decimal(50), Decimal(55), 2)
    assert worth[Step.FIRST].a_point == Decimal("1.0")  # 21.74 at 20 %, 20.70 at 21 %


def test_a_ratio_of_100_percent_can_save_nothing_more() -> None:
    ratios = {**EXAMPLE.ratios, Step.HOME: Decimal(100)}
    home = compute(replace(EXAMPLE, ratios=ratios)).worth[-1]
    assert (home.raised, home.fewer, home.a_point) == (Decimal(100), 0, Decimal(0))


@pytest.mark.parametrize(
    ("change", "field", "sentence"),
    [
        ({"goal": Decimal(0)}, GOAL, "The goal is to sell something: type an amount above 0."),
        (
            {"closed": Decimal(600_000)},
            GOAL,
            "This goal is reached already: what is closed is as much. Type a higher goal.",
        ),
        (
            {"closed": Decimal(-1)},
            CLOSED,
            "What is closed can't be below 0: type 0 if nothing is.",
        ),
        (
            {"average_sale": Decimal(0)},
            AVERAGE_SALE,
            "An average sale is above 0: type what one sale brings.",
        ),
        (
            {"ratios": {**EXAMPLE.ratios, Step.THIRD: Decimal(0)}},
            RATIO + "third",
            "With 0 % nothing would ever get there: type a percentage above 0.",
        ),
        (
            {"ratios": {**EXAMPLE.ratios, Step.FIRST: Decimal("100.1")}},
            RATIO + "first",
            "More than 100 % can't get on: type a percentage up to 100.",
        ),
        (
            {"working_weeks": Decimal(0)},
            WORKING_WEEKS,
            "No working week is left: choose a later end, or less leave.",
        ),
        (
            {"working_weeks": Decimal(521)},
            WORKING_WEEKS,
            "That is too long to plan: type up to 520 weeks.",
        ),
        (
            {"average_sale": Decimal(1)},
            GOAL,
            "These numbers would take 434,783 conversations a week: "
            "check the goal, the average sale and the ratios.",
        ),
    ],
)
def test_what_cannot_be_planned(change: dict[str, object], field: str, sentence: str) -> None:
    with pytest.raises(PlanProblems) as problems:
        compute(replace(EXAMPLE, **change))
    assert problems.value.sentences == {field: sentence}


def test_every_problem_is_said_at_once() -> None:
    with pytest.raises(PlanProblems) as problems:
        compute(replace(EXAMPLE, goal=Decimal(0), average_sale=Decimal(0)))
    assert set(problems.value.sentences) == {GOAL, AVERAGE_SALE}
    assert str(problems.value) == (
        "The goal is to sell something: type an amount above 0. "
        "An average sale is above 0: type what one sale brings."
    )


def test_the_names_of_the_numbers_stay_what_they_are() -> None:
    """A form that is open in Slack has them as the ids of its inputs, and comes back after a restart."""
    assert (GOAL, CLOSED, AVERAGE_SALE, WORKING_WEEKS) == (
        "plan.goal",
        "plan.closed",
        "plan.average_sale",
        "plan.working_weeks",
    )
    assert [RATIO + step for step in Step] == [
        "plan.ratio.first",
        "plan.ratio.second",
        "plan.ratio.third",
        "plan.ratio.home",
    ]


SURE = {step: Decimal(100) for step in Step}
SMALLEST = PlanInput(
    goal=Decimal(1),
    closed=Decimal(0),
    average_sale=Decimal(1),
    ratios=SURE,
    working_weeks=Decimal(1),
)


def test_the_smallest_plan_that_can_be() -> None:
    assert compute(SMALLEST).weekly == Weekly(1, 4, Decimal(1))
    rare = replace(SMALLEST, ratios={**SURE, Step.FIRST: Decimal(1)})
    assert compute(rare).weekly == Weekly(100, 4, Decimal(1))


def test_the_longest_time_that_can_be_planned() -> None:
    assert compute(replace(EXAMPLE, working_weeks=Decimal(520))).weekly.conversations == 2
    with pytest.raises(PlanProblems):
        compute(replace(EXAMPLE, working_weeks=Decimal("520.1")))


def test_the_most_conversations_a_week_that_can_be_planned() -> None:
    most = replace(SMALLEST, ratios={**SURE, Step.FIRST: Decimal("0.01")})
    assert compute(most).weekly.conversations == 10_000
    with pytest.raises(PlanProblems, match=r"would take 10,001 conversations a week"):
        compute(replace(SMALLEST, ratios={**SURE, Step.FIRST: Decimal("0.00999901")}))


def test_half_a_tenth_is_rounded_up() -> None:
    """At 4 % a week takes 156.25 conversations, and at 5 % 125: a point saves 31.25."""
    ratios = {**EXAMPLE.ratios, Step.FIRST: Decimal(4)}
    plan = compute(replace(EXAMPLE, ratios=ratios, working_weeks=Decimal(32)))
    assert plan.worth[0].a_point == Decimal("31.3")


percents = st.decimals(min_value="5", max_value="100", places=1)
plans = st.builds(
    PlanInput,
    goal=st.decimals(min_value=10_000, max_value=5_000_000, places=2),
    closed=st.decimals(min_value=0, max_value=9_999, places=2),
    average_sale=st.decimals(min_value=5_000, max_value=100_000, places=2),
    ratios=st.fixed_dictionaries(dict.fromkeys(Step, percents)),
    working_weeks=st.decimals(min_value=10, max_value=60, places=1),
)


def planned(given_: PlanInput) -> WeeklyPlan | None:
    try:
        return compute(given_)
    except PlanProblems:
        return None  # too many conversations to be a plan


@given(plans, st.sampled_from(Step), st.decimals(min_value="0.1", max_value="50", places=1))
def test_raising_a_ratio_never_raises_the_week(
    given_: PlanInput, step: Step, more: Decimal
) -> None:
    raised = min(given_.ratios[step] + more, Decimal(100))
    before = planned(given_)
    if before is None:
        return
    after = compute(replace(given_, ratios={**given_.ratios, step: raised}))
    assert after.weekly.conversations <= before.weekly.conversations
    assert after.weekly.base_moves <= before.weekly.base_moves
    assert all(worth.fewer >= 0 and worth.a_point >= 0 for worth in before.worth)


@given(plans)
def test_rounding_never_asks_for_too_little(given_: PlanInput) -> None:
    plan = planned(given_)
    if plan is None:
        return
    weeks, chain = given_.working_weeks, plan.chain
    assert plan.weekly.sales * weeks >= given_.goal - given_.closed
    assert chain.sales * given_.average_sale >= given_.goal - given_.closed
    reached = Decimal(plan.weekly.conversations) * weeks
    for step in Step:
        reached = reached * given_.ratios[step] / 100
    # A whole week's conversations, taken through the exact ratios, bring at least the sales.
    assert reached >= chain.sales - Decimal("1e-9")


@given(plans, st.sampled_from(["1.25", "0.5"]))
def test_the_most_to_sell_is_what_a_week_allows_and_not_a_sale_more(
    given_: PlanInput, share: str
) -> None:
    plan = planned(given_)
    if plan is None:
        return
    asked = plan.weekly
    within = Weekly(
        ceil(asked.conversations * Decimal(share)),
        ceil(asked.base_moves * Decimal(share)),
        Decimal(ceil(asked.sales * Decimal(share))),
    )
    assume(max(within.conversations, within.base_moves) <= MOST_A_WEEK)
    most = most_to_sell(given_, within)
    if most > given_.closed:
        found = compute(replace(given_, goal=most)).weekly
        assert found.conversations <= within.conversations
        assert found.base_moves <= within.base_moves
        assert found.sales <= within.sales
    too_much = planned(replace(given_, goal=most + given_.average_sale))
    if too_much is None:
        return
    more = too_much.weekly
    assert (
        more.conversations > within.conversations
        or more.base_moves > within.base_moves
        or more.sales > within.sales
    )


@given(plans)
def test_money_is_exact(given_: PlanInput) -> None:
    plan = planned(given_)
    if plan is not None:
        assert plan.chain.revenue == given_.goal - given_.closed
        assert plan.weekly.sales == plan.weekly.sales.to_integral_value()
