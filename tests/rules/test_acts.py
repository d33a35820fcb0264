"""Which act a missed week asks for: every row of the table, the order between rows, and each reason's numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest

from bot.rules.acts import (
    ROWS,
    Act,
    Cause,
    Counted,
    Facts,
    OwnGoal,
    Suggestion,
    Week,
    Why,
    suggest,
)
from bot.rules.leaks import Log, Moved, Talked
from bot.rules.weeks import WEEK

LAST = date(2026, 11, 16)


def goal(number: int | None, target: int) -> Counted:
    return Counted(None if number is None else Decimal(number), Decimal(target))


def week(
    conversations: int | None = 20,
    moves: int | None = 9,
    result: str = "missed",
    *,
    of: tuple[int, int] = (20, 9),
) -> Week:
    return Week(result, goal(conversations, of[0]), goal(moves, of[1]))


def met(conversations: int = 20, moves: int = 9) -> Week:
    return week(conversations, moves, "met")


SILENT = week(None, None, "silent")
AWAY = Week("away")


def facts(*weeks: Week, sales: int | None = 5_000, **given: object) -> Facts:
    asked = None if sales is None else goal(sales, 5_000)
    return replace(Facts(weeks, asked), **given)  # type: ignore[arg-type]


def log(*, lately: tuple[int, int], usually: tuple[int, int], held: int = 20) -> Log:
    """So many of so many deals on 1st reached 2nd within four weeks, lately and in the eight weeks before."""
    moved: list[Moved] = []
    for back, (hits, trials) in ((0, lately), (5, usually)):
        for deal in range(trials):
            monday = LAST - back * WEEK
            moved.append(Moved(1_000 * back + deal, monday, base=1, moves=1))
            if deal < hits:
                moved.append(Moved(1_000 * back + deal, monday + WEEK * (back > 0), 2, 1))
    weeks = {LAST - n * WEEK: Talked(held, 2, closed=2, not_asked=1) for n in range(12)}
    return Log(LAST, tuple(moved), weeks)


LEAKS = log(lately=(1, 7), usually=(9, 20))

TABLE = [
    (facts(met(), SILENT), Act.HOLD_ACCOUNTABLE, Why.NO_ANSWER,
     "no answer by the deadline, for the first time in 2 weeks"),
    (facts(SILENT, AWAY, met(), SILENT), Act.HOLD_ACCOUNTABLE, Why.NO_ANSWER,
     "no answer by the deadline, in 2 of the last 3 weeks"),
    (facts(met(), week(12)), Act.HOLD_ACCOUNTABLE, Why.NO_CAUSE,
     "conversations 12 of 20, and no word on what was in the way"),
    (facts(met(22), week(17), week(11), cause=Cause.NO_TIME), Act.MOTIVATE, Why.FALLING,
     "conversations 22, 17, 11 in 3 weeks, the first of which met its goal"),
    (facts(met(30), met(24), AWAY, week(17), week(11), cause=Cause.NO_TIME), Act.MOTIVATE,
     Why.FALLING, "conversations 30, 24, 17, 11 in 4 weeks, the first of which met its goal"),
    (facts(met(20, 9), week(20, 8), week(20, 5)), Act.MOTIVATE, Why.FALLING,
     "base moves 9, 8, 5 in 3 weeks, the first of which met its goal"),
    (facts(week(20, 0), week(20, 0)), Act.MOTIVATE, Why.ZEROS,
     "base moves 0 and 0 in the last two weeks, of 9 a week"),
    (facts(week(0, 9), AWAY, week(0, 9), cause=Cause.NOT_MY_WEEK), Act.MOTIVATE, Why.ZEROS,
     "conversations 0 and 0 in the last two weeks, of 20 a week"),
    (facts(week(20, 2), week(20, 1), week(20, 0), log=LEAKS), Act.COACH, Why.LEAK,
     "base moves 2, 1, 0 in 3 weeks; conversations held at 20 of 20: the leak is 1st → 2nd, "
     "14 % (1 of 7 in four weeks) against a usual 45 %"),
    (facts(week(21, 4)), Act.COACH, Why.LEAK,
     "base moves 4 of 9; conversations held at 21 of 20; "
     "too few deals are logged to say at which base they stop"),
    (facts(Week("missed", None, goal(4, 9))), Act.COACH, Why.LEAK,
     "base moves 4 of 9; too few deals are logged to say at which base they stop"),
    (facts(week(21, 9), sales=3_000), Act.COACH, Why.CLOSE,
     "conversations 21 of 20 and base moves 9 of 9; sales $3,000 of $5,000"),
    (facts(week(21, 9), sales=3_000, log=Log(
        LAST, (Moved(1, LAST, 3, 3), Moved(1, LAST, 4, 1), Moved(2, LAST, 3, 1)),
        {LAST: Talked(9, 5, closed=6, not_asked=4)})), Act.COACH, Why.CLOSE,
     "conversations 21 of 20 and base moves 9 of 9; sales $3,000 of $5,000; "
     "1 of 2 that reached 3rd in four weeks came home; 4 of 6 closes not asked"),
    (facts(Week("missed"), sales=3_000), Act.COACH, Why.CLOSE, "sales $3,000 of $5,000"),
    (facts(met(), week(12), asked_advice=True), Act.MENTOR, Why.ADVICE,
     "asked for advice; conversations 12 of 20"),
    (facts(met(), week(12, 4), cause=Cause.NO_TIME, has_plan=True, log=LEAKS), Act.MENTOR,
     Why.PLAN, "the plan asks for 9 base moves from 20 conversations; "
     "at the rate of the last 12 weeks they bring 2"),
    (facts(met(), week(12, 4), cause=Cause.NO_TIME), Act.MENTOR, Why.CAUSE,
     "“no time”; conversations 12 of 20, base moves 4 of 9"),
    (facts(met(), week(12), cause=Cause.EMPTY_PIPELINE), Act.COACH, Why.CAUSE,
     "“empty pipeline”; conversations 12 of 20"),
    (facts(met(), week(12), cause=Cause.DID_NOT_WORK), Act.COACH, Why.CAUSE,
     "“didn’t work”; conversations 12 of 20"),
    (facts(met(), week(12), sales=10, cause=Cause.NOT_MY_WEEK), Act.MOTIVATE, Why.CAUSE,
     "“not my week”; conversations 12 of 20, sales $10 of $5,000"),
    (facts(met(), week(12), cause=Cause.SOMETHING_ELSE), Act.MENTOR, Why.CAUSE,
     "“something else”; conversations 12 of 20"),
    (facts(met(), week(), own_goals=(OwnGoal("Calls", "hours", goal(1, 3)),
                                     OwnGoal("Offers", "count", goal(3, 3)))),
     Act.COACH, Why.OWN_GOAL, "Calls 1 hour of 3 hours"),
]  # fmt: skip


@pytest.mark.parametrize(("found", "act", "why", "reason"), TABLE)
def test_each_row_and_the_numbers_of_its_reason(
    found: Facts, act: Act, why: Why, reason: str
) -> None:
    assert suggest(found) == Suggestion(act, why, reason)


def test_every_row_and_every_cause_is_in_the_table() -> None:
    assert {why for _, _, why, _ in TABLE} == set(Why) == {why for why, _, _ in ROWS}
    assert {found.cause for found, _, why, _ in TABLE if why is Why.CAUSE} == set(Cause)


ALL_AT_ONCE = {
    Why.NO_ANSWER: {"weeks": (met(30), week(5), SILENT)},
    Why.NO_CAUSE: {"weeks": (met(30), week(25), week(11, 0)), "asked_advice": False, "cause": None},
    Why.FALLING: {"weeks": (met(30), week(15, 0), week(0, 0))},
    Why.ZEROS: {"weeks": (week(0, 0), week(20, 0))},
    Why.LEAK: {"weeks": (met(), week(20, 3))},
    Why.CLOSE: {"weeks": (met(), week(20, 9))},
    Why.ADVICE: {"weeks": (met(), week(5, 3))},
    Why.PLAN: {"weeks": (met(), week(5, 3)), "asked_advice": False},
    Why.CAUSE: {"weeks": (met(), week(5, 3)), "asked_advice": False, "has_plan": False},
}
"""Changes of facts in which everything is so at once: the later rows match too, as far as they can."""


@pytest.mark.parametrize("why", ALL_AT_ONCE)
def test_the_first_row_that_matches_decides(why: Why) -> None:
    everything = facts(
        met(), sales=10, cause=Cause.NO_TIME, asked_advice=True, has_plan=True, log=LEAKS
    )
    found = replace(everything, **ALL_AT_ONCE[why])  # type: ignore[arg-type]
    suggestion = suggest(found)
    assert suggestion is not None
    assert suggestion.why is why


def test_the_order_of_the_rows_is_the_order_of_the_method() -> None:
    assert [why for why, _, _ in ROWS] == list(Why)
    assert all(first is not second for first, second in pairwise(ALL_AT_ONCE))


@pytest.mark.parametrize("result", ["met", "away", "skipped", "open", "none"])
def test_a_week_that_is_no_miss_asks_for_nothing(result: str) -> None:
    assert suggest(facts(met(30), week(0, 0, result))) is None


@pytest.mark.parametrize(
    "weeks",
    [
        (week(19), week(17), week(11)),  # not from a good base
        (met(22), week(11)),  # one week only
        (met(22), week(11), week(12)),  # up again
        (met(22), SILENT, week(11)),  # nobody knows
        (met(40), met(30), met(21)),  # still met
    ],
)
def test_what_is_no_fall(weeks: tuple[Week, ...]) -> None:
    suggestion = suggest(facts(*weeks, sales=10, cause=Cause.NO_TIME))
    assert suggestion is None or suggestion.why is not Why.FALLING


def test_weeks_with_days_off_are_compared_by_their_share() -> None:
    shorter = Week("met", goal(12, 12), goal(9, 9))
    found = facts(met(22), shorter, week(11), cause=Cause.NO_TIME)
    suggestion = suggest(found)
    assert suggestion is not None
    assert (
        suggestion.reason == "conversations 22, 12, 11 in 3 weeks, the first of which met its goal"
    )
    whole = facts(met(20), shorter, week(11), cause=Cause.NO_TIME)
    assert suggest(whole) == Suggestion(Act.MENTOR, Why.CAUSE, "“no time”; conversations 11 of 20")


def test_a_cause_changes_the_act() -> None:
    missed = facts(met(), week(12))
    acts = [suggest(missed), *(suggest(replace(missed, cause=cause)) for cause in Cause)]
    assert [one.act.label for one in acts if one is not None] == [
        "Hold accountable",
        "Mentor",
        "Coach",
        "Coach",
        "Motivate",
        "Mentor",
    ]


@pytest.mark.parametrize(("moves", "is_plan"), [(2, True), (9, False)])
def test_a_plan_that_the_rate_carries_is_no_reason(moves: int, is_plan: bool) -> None:
    held = Log(LAST, (), {LAST: Talked(40, moves * 2)})
    found = facts(met(), week(12, 3), cause=Cause.NO_TIME, has_plan=True, log=held)
    suggestion = suggest(found)
    assert suggestion is not None
    assert (suggestion.why is Why.PLAN) is is_plan
    few = replace(found, log=Log(LAST, (), {LAST: Talked(29, 0)}))
    assert suggest(few) != suggestion or not is_plan


def test_numbers_are_written_as_the_coach_writes_them() -> None:
    found = facts(week(21, 9), sales=3_000, currency="EUR", locale="de_DE")
    suggestion = suggest(found)
    assert suggestion is not None
    assert suggestion.reason.endswith("sales 3.000\u00a0€ of 5.000\u00a0€")
