"""The six conflicts between goals, each with its words, and the pairs that only the rep can judge."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.conflicts import MOST_PAIRS, Conflict, Kind, find, pairs_to_ask
from bot.rules.goals import SALES_GOAL, GoalFacts, GoalKind, PlanFacts, pair_key
from bot.rules.periods import Span, working_days, working_weeks

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


def _metric(name: str, metric: str, amount: int | str, **more: object) -> GoalFacts:
    return replace(
        GoalFacts(name, GoalKind.METRIC, name, metric=metric, unit="count"),
        amount=Decimal(amount),
        **more,
    )


def _span(first: str, last: str) -> Span:
    return Span(date.fromisoformat(first), date.fromisoformat(last))


def test_a_clean_plan_with_goals_of_every_kind_is_silent() -> None:
    weeks = working_weeks(YEAR, today=TODAY, away=CHRISTMAS | working_days(LEAVE.span or YEAR))
    plan = replace(PLAN, working_weeks=weeks, left_out=CHRISTMAS | working_days(LEAVE.span or YEAR))
    goals = [
        INCOME,
        LEAVE,
        SPANISH,  # 10 hours of conversations, 6 and 9 make the 25 of a week
        DEMOS,
        _metric("Demos again", "demos", 3),
        _metric("As planned", "conversations", 20),
        _metric("Before the plan", "base_moves", 3, span=_span("2026-12-01", "2027-01-03")),
    ]
    said = {pair_key("d", "s"): False, pair_key("gone", "sales"): True}
    assert find(plan, goals, said) == ()


@pytest.mark.parametrize(
    ("goal", "arithmetic", "resolve"),
    [
        (
            _metric("Thirty a week", "conversations", 30),
            "One metric with two targets: 20 conversations a week and 30 conversations a week, both "
            "from the week of 4 January 2027 to the week of 27 December 2027.",
            "Change “Thirty a week” to 20 conversations a week, which is what the plan needs, "
            "or leave it out.",
        ),
        (
            _metric("Calm spring", "base_moves", 4, span=_span("2027-03-03", "2027-03-05")),
            "One metric with two targets: 8 base moves a week and 4 base moves a week, both "
            "in the week of 1 March 2027.",
            "Change “Calm spring” to 8 base moves a week, which is what the plan needs, "
            "or leave it out.",
        ),
        (
            _metric("Sell more", "sales", 15_000, unit="money"),
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
    same, hours = find(plan, [_metric("Two", "base_moves", 1)], {})
    assert "8 base moves a week and 1 base move a week" in same.arithmetic
    assert hours.arithmetic.startswith("1 conversation at 1,501 minutes takes 25 h 1 min a week")


def test_two_goals_with_different_numbers_for_one_metric() -> None:
    spring = _metric("Spring", "hours", "2.5", unit="hours", span=_span("2027-01-04", "2027-04-02"))
    all_year = _metric("All year", "hours", 4, unit="hours")
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
    after = replace(all_year, span=_span("2027-04-05", "2027-12-31"))
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
    spanish = replace(SPANISH, hours=Decimal(8), span=_span("2027-02-01", "2027-03-02"))
    demos = replace(DEMOS, hours=Decimal(8), span=_span("2027-03-04", "2027-05-28"))
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
    apart = replace(demos, span=_span("2027-03-08", "2027-05-28"))
    assert find(PLAN, [spanish, apart], {}) == ()
    away = replace(LEAVE, hours=Decimal(40), span=_span("2027-03-06", "2027-03-07"))
    assert find(PLAN, [spanish, apart, away], {}) == ()  # nobody works in their leave
    afterwards = replace(demos, hours=Decimal(100), span=_span("2028-01-03", "2028-02-01"))
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
    half = replace(INCOME, amount=Decimal(30_000), span=_span("2027-07-01", "2027-12-31"))
    (conflict,) = find(PLAN, [half], {})  # 184 of the 362 days from the first week on
    assert conflict.arithmetic == (
        "$30,000 from 1 July 2027 to 31 December 2027 at 8 % commission takes sales of $375,000. "
        "Of the sales goal $304,972 falls into that time, which earns $24,397."
    )
    assert (
        conflict.resolve == "Raise the sales goal to $737,772 or lower the income goal to $24,397."
    )
    beyond = replace(INCOME, amount=Decimal(100_000), span=_span("2027-07-01", "2028-06-30"))
    (conflict,) = find(PLAN, [beyond], {})  # 184 of its 366 days
    assert conflict.arithmetic == (
        "$100,000 from 1 July 2027 to 30 June 2028 at 8 % commission takes sales of $1,250,000, "
        "$628,416 of it in the plan's own time. Of the sales goal $304,972 falls into that, "
        "which earns $24,397."
    )
    elsewhere = replace(INCOME, amount=Decimal(10**6), span=_span("2028-01-01", "2028-12-31"))
    assert find(PLAN, [elsewhere], {}) == ()


def test_what_is_closed_earns_the_income_of_the_time_before() -> None:
    plan = replace(
        PLAN, today=date(2027, 6, 30), first_week=date(2027, 7, 5), closed=Decimal(500_000),
        working_weeks=Decimal("25.2"),
    )  # fmt: skip
    assert find(plan, [INCOME], {}) == ()
    rest = replace(INCOME, amount=Decimal(8_001), span=_span("2027-07-05", "2027-12-31"))
    (conflict,) = find(plan, [rest], {})
    assert (
        conflict.resolve == "Raise the sales goal to $600,013 or lower the income goal to $8,000."
    )
    past = replace(INCOME, amount=Decimal(41_000), span=_span("2027-01-01", "2027-07-04"))
    kinds = {conflict.kind: conflict for conflict in find(plan, [past], {})}
    assert kinds[Kind.INCOME].resolve == "Lower the income goal to $40,000."


amounts = st.decimals(min_value=1_000, max_value=10**7, places=2)


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
    later = replace(LEAVE, key="x", name="A day off", span=_span("2027-10-01", "2027-10-03"))
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
        _span("2027-07-03", "2027-07-04"),  # a weekend
        _span("2026-12-28", "2027-01-03"),  # before the first week
        _span("2028-01-03", "2028-01-14"),  # after the end
        _span("2027-12-24", "2027-12-27"),  # away anyhow
    ],
)
def test_leave_that_takes_no_working_day_of_the_plan(span: Span) -> None:
    assert find(PLAN, [replace(LEAVE, span=span)], {}) == ()


def test_leave_for_the_whole_time() -> None:
    (conflict,) = find(PLAN, [replace(LEAVE, span=YEAR)], {})
    assert conflict.resolve == "Choose a later end, or take this leave at another time."


def test_a_plan_that_ends_before_a_sale_can_be_made() -> None:
    plan = replace(
        PLAN, span=_span("2026-10-01", "2026-12-31"), first_week=date(2026, 11, 30),
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
    goal = replace(INCOME, span=_span("2026-11-30", "2026-12-31"))
    kinds = [conflict.kind for conflict in find(plan, [goal], {})]
    assert kinds.count(Kind.TOO_SOON) == 1


@pytest.mark.parametrize(
    "goal",
    [
        replace(INCOME, name="Bonus", amount=Decimal(100)),
        _metric("Bonus", "upsells", 500, unit="money"),
    ],
)
def test_money_that_is_wanted_before_a_sale_can_be_made(goal: GoalFacts) -> None:
    soon = replace(goal, span=_span("2027-01-04", "2027-03-03"))
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
    assert find(PLAN, [replace(goal, span=_span("2027-01-04", "2027-03-04"))], {}) == ()
    began = replace(goal, span=_span("2026-11-02", "2027-01-31"))  # its money comes in already
    assert find(PLAN, [began], {}) == ()


def test_what_is_no_money_may_end_soon() -> None:
    soon = _span("2027-01-04", "2027-01-10")
    assert find(PLAN, [replace(DEMOS, span=soon), replace(SPANISH, span=soon)], {}) == ()


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
        [INCOME, _metric("Thirty", "conversations", 30), _metric("Sell", "sales", 9)],
    ],
)
def test_what_arithmetic_can_judge_is_not_asked(some: list[GoalFacts]) -> None:
    assert pairs_to_ask(some, {}) == ()


def test_two_targets_for_one_metric_are_not_asked_about() -> None:
    some = [DEMOS, replace(DEMOS, key="e", name="More demos", amount=Decimal(9))]
    assert [two.name for _, two in pairs_to_ask(some, {})] == ["Demos", "More demos"]
