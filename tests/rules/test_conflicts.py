"""The six conflicts between goals, each with its words, and the pairs that only the rep can judge."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.conflicts import MOST_PAIRS, Conflict, Kind, find, pairs_to_ask
from bot.rules.goals import SALES_GOAL, GoalFacts, GoalKind, pair_key
from bot.rules.periods import Span, working_days, working_weeks
from tests.rules.planned import (
    CHRISTMAS,
    DEMOS,
    INCOME,
    LEAVE,
    PLAN,
    SPANISH,
    TODAY,
    YEAR,
    amounts,
    metric,
    span,
)


def test_a_clean_plan_with_goals_of_every_kind_is_silent() -> None:
    weeks = working_weeks(YEAR, today=TODAY, away=CHRISTMAS | working_days(LEAVE.span or YEAR))
    plan = replace(PLAN, working_weeks=weeks, left_out=CHRISTMAS | working_days(LEAVE.span or YEAR))
    goals = [
        INCOME,
        LEAVE,
        SPANISH,  # 10 hours of conversations, 6 and 9 make the 25 of a week
        DEMOS,
        metric("Demos again", "demos", 3),
        metric("As planned", "conversations", 20),
        metric("Before the plan", "base_moves", 3, span=span("2026-12-01", "2027-01-03")),
    ]
    said = {pair_key("d", "s"): False, pair_key("gone", "sales"): True}
    assert find(plan, goals, said) == ()


@pytest.mark.parametrize(
    ("goal", "arithmetic", "resolve"),
    [
        (
            metric("Thirty a week", "conversations", 30),
            "One metric with two targets: 20 conversations a week and 30 conversations a week, both "
            "from the week of 4 January 2027 to the week of 27 December 2027.",
            "Change “Thirty a week” to 20 conversations a week, which is what the plan needs, "
            "or leave it out.",
        ),
        (
            metric("Calm spring", "base_moves", 4, span=span("2027-03-03", "2027-03-05")),
            "One metric with two targets: 8 base moves a week and 4 base moves a week, both "
            "in the week of 1 March 2027.",
            "Change “Calm spring” to 8 base moves a week, which is what the plan needs, "
            "or leave it out.",
        ),
        (
            metric("Sell more", "sales", 15_000, unit="money"),
            "One metric with two targets: $11,628 of sales a week and $15,000 of sales a week, both "
            "from the week of 4 January 2027 to the week of 27 December 2027.",
            "Change “Sell more” to $11,628 of sales a week, which is what the plan needs, "
            "or leave it out.",
        ),
    ],
)
def test_a_second_target_for_what_the_plan_sets(
    goal: GoalFacts, arithmetic: str, resolve: str
) -> None:
    assert find(PLAN, [goal], {}) == (
        Conflict(Kind.SAME_METRIC, "Sales goal", goal.name, arithmetic, resolve),
    )


def test_one_of_something_is_no_plural() -> None:
    plan = replace(PLAN, conversations=1, conversation_minutes=25 * 60 + 1)
    same, hours = find(plan, [metric("Two", "base_moves", 1)], {})
    assert "8 base moves a week and 1 base move a week" in same.arithmetic
    assert hours.arithmetic.startswith("1 conversation at 1,501 minutes takes 25 h 1 min a week")


def test_two_goals_with_different_numbers_for_one_metric() -> None:
    spring = metric("Spring", "hours", "2.5", unit="hours", span=span("2027-01-04", "2027-04-02"))
    all_year = metric("All year", "hours", 4, unit="hours")
    assert find(PLAN, [spring, all_year], {}) == (
        Conflict(
            Kind.SAME_METRIC,
            "All year",
            "Spring",
            "One metric with two targets: 4 hours a week and 2.5 hours a week, both "
            "from the week of 4 January 2027 to the week of 29 March 2027.",
            "Give both the same number, or let one end before the other begins.",
        ),
    )
    after = replace(all_year, span=span("2027-04-05", "2027-12-31"))
    assert find(PLAN, [spring, after], {}) == ()


def test_hours_beside_the_plan_that_a_week_does_not_have() -> None:
    more = replace(SPANISH, hours=Decimal("6.25"))
    assert find(PLAN, [more, DEMOS], {}) == (
        Conflict(
            Kind.HOURS,
            "Sales goal",
            "Demos",
            "Each week, 20 conversations at 30 minutes take 10 h, “Demos” 9 h and the other goals "
            "6 h 15 min: 25 h 15 min, where a week has 25 h.",
            "Find 15 min a week: give “Demos” less time, or spread the sales goal over more "
            "working weeks.",
        ),
    )


def test_hours_count_in_the_weeks_where_goals_meet() -> None:
    spanish = replace(SPANISH, hours=Decimal(8), span=span("2027-02-01", "2027-03-02"))
    demos = replace(DEMOS, hours=Decimal(8), span=span("2027-03-04", "2027-05-28"))
    assert find(PLAN, [spanish, demos], {}) == (
        Conflict(
            Kind.HOURS,
            "Sales goal",
            "Demos",
            "In the week of 1 March 2027, 20 conversations at 30 minutes take 10 h, “Demos” 8 h and "
            "the other goals 8 h: 26 h, where a week has 25 h.",
            "Find 1 h a week: give “Demos” less time, or spread the sales goal over more "
            "working weeks.",
        ),
    )
    apart = replace(demos, span=span("2027-03-08", "2027-05-28"))
    assert find(PLAN, [spanish, apart], {}) == ()
    away = replace(LEAVE, hours=Decimal(40), span=span("2027-03-06", "2027-03-07"))
    assert find(PLAN, [spanish, apart, away], {}) == ()  # nobody works in their leave
    afterwards = replace(demos, hours=Decimal(100), span=span("2028-01-03", "2028-02-01"))
    assert find(PLAN, [spanish, afterwards], {}) == ()


def test_one_goal_alone_takes_too_many_hours() -> None:
    (conflict,) = find(PLAN, [replace(SPANISH, hours=Decimal(16))], {})
    assert conflict.arithmetic == (
        "Each week, 20 conversations at 30 minutes take 10 h and “Learn Spanish” 16 h: 26 h, "
        "where a week has 25 h."
    )


def test_a_plan_that_alone_takes_more_than_a_week_has() -> None:
    plan = replace(PLAN, conversations=60)
    assert find(plan, [SPANISH], {}) == (
        Conflict(
            Kind.HOURS,
            "Sales goal",
            "The 25 h of a week",
            "60 conversations at 30 minutes take 30 h a week, where a week has 25 h.",
            "Come down to 50 conversations a week: with more working weeks, a higher average sale, "
            "better ratios or a lower goal.",
        ),
    )
    assert find(replace(PLAN, conversations=50), [], {}) == ()


def test_goals_that_the_rep_says_pull_apart() -> None:
    margin = GoalFacts("m", GoalKind.PERSONAL, "Give no discount")
    said = {pair_key("m", "sales"): True, pair_key("m", "s"): True, pair_key("s", "sales"): False}
    words = (
        "Asked whether reaching the one gets in the way of the other, the answer was yes.",
        "Decide which of the two comes first, or change one so that both can be reached.",
    )
    assert find(PLAN, [SPANISH, margin], said) == (
        Conflict(Kind.PULLS_APART, "Sales goal", "Give no discount", *words),
        Conflict(Kind.PULLS_APART, "Give no discount", "Learn Spanish", *words),
    )
    assert find(PLAN, [SPANISH], said) == ()


def test_what_is_stored_of_a_kind_stays_what_it_is() -> None:
    assert [(kind.name, kind.value) for kind in Kind] == [
        ("SAME_METRIC", "same_metric"),
        ("HOURS", "hours"),
        ("INCOME", "income"),
        ("LEAVE", "leave"),
        ("TOO_SOON", "too_soon"),
        ("PULLS_APART", "pulls_apart"),
    ]


def test_a_target_of_nothing_is_a_target() -> None:
    (conflict,) = find(PLAN, [metric("None at all", "conversations", 0)], {})
    assert "20 conversations a week and 0 conversations a week" in conflict.arithmetic


def test_a_metric_without_a_unit_is_counted() -> None:
    goals = [metric(name, "demos", amount, unit=None) for name, amount in (("A", 3), ("B", 4))]
    (conflict,) = find(PLAN, goals, {})
    assert conflict.arithmetic.startswith("One metric with two targets: 3 a week and 4 a week,")


def test_the_first_of_the_fullest_weeks_is_named_and_its_largest_goal() -> None:
    spring = replace(SPANISH, hours=Decimal(16), span=span("2027-03-01", "2027-03-05"))
    demos = replace(DEMOS, hours=Decimal(16), span=span("2027-05-03", "2027-05-07"))
    (conflict,) = find(PLAN, [spring, demos], {})
    assert (conflict.kind, conflict.second) == (Kind.HOURS, "Learn Spanish")
    assert conflict.arithmetic.startswith("In the week of 1 March 2027,")
    together = [replace(SPANISH, hours=Decimal(9)), replace(DEMOS, hours=Decimal(7))]
    (conflict,) = find(PLAN, together, {})
    assert conflict.second == "Learn Spanish"


def test_the_last_week_counts_where_the_plan_ends_on_its_monday() -> None:
    plan = replace(PLAN, span=Span(YEAR.first, date(2027, 12, 27)))
    last = replace(SPANISH, hours=Decimal(16), span=span("2027-12-27", "2027-12-31"))
    hours = [conflict for conflict in find(plan, [last], {}) if conflict.kind is Kind.HOURS]
    assert len(hours) == 1


def test_a_week_without_hours() -> None:
    (conflict,) = find(replace(PLAN, weekly_hours=0), [], {})
    assert conflict.second == "The 0 h of a week"
    assert conflict.arithmetic.endswith("take 10 h a week, where a week has 0 h.")


def test_a_goal_without_a_conflict_hides_none_behind_it() -> None:
    """Goals are looked at by their names: what the first has is said, and what the last has, too."""
    quiet = replace(SPANISH, name="A quiet one")
    income = replace(INCOME, name="Earn 60k", amount=Decimal(60_000))
    assert [conflict.kind for conflict in find(PLAN, [quiet, income], {})] == [Kind.INCOME]
    soon = replace(INCOME, amount=Decimal(100), span=span("2027-01-04", "2027-03-03"))
    assert [conflict.kind for conflict in find(PLAN, [quiet, soon], {})] == [Kind.TOO_SOON]
    plan = replace(
        PLAN,
        left_out=CHRISTMAS | working_days(LEAVE.span or YEAR),
        working_weeks=Decimal("49.6"),
    )
    later = replace(LEAVE, key="x", name="Zermatt", span=span("2027-10-01", "2027-10-03"))
    assert [conflict.second for conflict in find(plan, [LEAVE, later], {})] == ["Zermatt"]


def test_numbers_and_money_are_written_as_the_team_writes_them() -> None:
    plan = replace(PLAN, currency="EUR", locale="de_DE")
    (conflict,) = find(plan, [metric("Sell more", "sales", 15_000, unit="money")], {})
    assert "11.628\xa0€ of sales a week and 15.000\xa0€ of sales a week" in conflict.arithmetic
    (conflict,) = find(replace(plan, conversations=1_200), [], {})
    assert conflict.arithmetic.startswith("1.200 conversations at 30 minutes take 600 h a week")


goals = st.builds(
    GoalFacts,
    key=st.text("abc", min_size=1, max_size=3),
    kind=st.sampled_from(list(GoalKind)),
    name=st.sampled_from(["Alps", "alps", "Bonus", "Calls"]),
    metric=st.sampled_from([None, "conversations", "sales", "demos"]),
    amount=st.none() | amounts,
    unit=st.sampled_from([None, "count", "money", "hours"]),
    commission=st.none() | st.decimals(min_value=1, max_value=100, places=1),
    hours=st.none() | st.decimals(min_value="0.1", max_value=20, places=1),
    span=st.none()
    | st.builds(
        lambda first, length: Span(first, first + timedelta(days=length)),
        st.dates(date(2026, 11, 1), date(2028, 2, 1)),
        st.integers(0, 120),
    ),
)
some_goals = st.lists(goals, max_size=5, unique_by=lambda goal: goal.key)


@given(some=some_goals, data=st.data())
def test_the_order_of_goals_changes_nothing(some: list[GoalFacts], data: st.DataObject) -> None:
    keys = ["sales", *(goal.key for goal in some)]
    pairs = st.tuples(st.sampled_from(keys), st.sampled_from(keys))
    said = {
        pair_key(*pair): answer
        for pair, answer in data.draw(st.dictionaries(pairs, st.booleans(), max_size=4)).items()
    }
    other = data.draw(st.permutations(some))
    assert find(PLAN, some, said) == find(PLAN, other, said)
    assert pairs_to_ask(some, said) == pairs_to_ask(other, said)


@given(some=some_goals)
def test_every_conflict_names_two_goals_and_speaks_in_sentences(some: list[GoalFacts]) -> None:
    for conflict in find(PLAN, some, {}):
        assert conflict.first
        assert conflict.second
        for words in (conflict.arithmetic, conflict.resolve):
            assert words[0].isupper() or words[0].isdigit() or words[0] == "$"
            assert words.endswith(".")


@given(
    conversations=st.integers(1, 50),
    goal=amounts,
    closed_share=st.decimals(0, "0.9", places=1),
    length=st.integers(63, 800),
    left_out=st.sets(st.dates(date(2026, 11, 25), date(2029, 3, 1)), max_size=30),
)
def test_without_other_goals_a_sound_plan_has_no_conflict(
    conversations: int, goal: Decimal, closed_share: Decimal, length: int, left_out: set[date]
) -> None:
    span = Span(date(2026, 11, 27), date(2026, 11, 27) + timedelta(days=length))
    plan = replace(
        PLAN,
        span=span,
        first_week=date(2026, 11, 30),
        goal=goal,
        closed=goal * closed_share,
        conversations=conversations,
        working_weeks=working_weeks(span, today=TODAY, away=left_out),
        left_out=frozenset(left_out),
    )
    assert find(plan, [], {}) == ()


def test_pairs_that_no_arithmetic_can_judge_are_asked() -> None:
    asked = pairs_to_ask([SPANISH, INCOME, LEAVE, DEMOS], {})
    assert [(first.name, second.name) for first, second in asked] == [
        ("Sales goal", "Demos"),
        ("Sales goal", "Learn Spanish"),
        ("Demos", "Earn 48k"),
        ("Demos", "Learn Spanish"),
        ("Demos", "Lofoten"),
    ]
    assert len(asked) == MOST_PAIRS
    assert asked[0][0] is SALES_GOAL


def test_pairs_are_asked_once_whatever_was_said_and_the_rest_follows() -> None:
    some = [SPANISH, INCOME, LEAVE, DEMOS]
    said: dict[tuple[str, str], bool] = {}
    rounds = []
    for _ in range(3):
        asked = pairs_to_ask(some, said)
        rounds.append(len(asked))
        said |= {pair_key(one.key, two.key): len(said) % 2 == 0 for one, two in asked}
    assert rounds == [5, 2, 0]


@pytest.mark.parametrize(
    "some",
    [
        [],
        [INCOME, LEAVE],
        [INCOME, metric("Thirty", "conversations", 30), metric("Sell", "sales", 9)],
    ],
)
def test_what_arithmetic_can_judge_is_not_asked(some: list[GoalFacts]) -> None:
    assert pairs_to_ask(some, {}) == ()


def test_two_targets_for_one_metric_are_not_asked_about() -> None:
    some = [DEMOS, replace(DEMOS, key="e", name="More demos", amount=Decimal(9))]
    assert [two.name for _, two in pairs_to_ask(some, {})] == ["Demos", "More demos"]
