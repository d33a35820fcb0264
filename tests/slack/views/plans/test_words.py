"""How the numbers of a plan are said: where each comes from, what follows from it, what it is worth."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from bot.domain.shown.plans import (
    Figure,
)
from bot.rules import plan as rules
from bot.rules import ratios
from bot.rules.ratios import Provenance, Ratio, Step
from bot.slack.views.plans import decisions as plan_decisions
from bot.slack.views.plans import words as plan_words
from tests.slack.views.plans.shown import (
    MARCH,
    NUMBERS,
    NUMBERS_STEP,
    PLAN,
    READER,
    measured,
)
from tests.slack.views.sound import text_of


@pytest.mark.parametrize(
    ("ratio", "words"),
    [
        (measured(12, 31), "measured: 12 of 31 since 3 March"),
        (measured(3, 7), "thin: 3 of 7 since 3 March, somewhere between 15 and 75 %"),
        (measured(0, 0), "assumed: nothing is logged yet"),
        (
            measured(0, 9),
            "thin: none of 9 since 3 March, somewhere between 0 and 30 %; the middle of it is taken",
        ),
        (
            measured(0, 50),
            "measured: none of 50 since 3 March, somewhere between 0 and 8 %; the middle of it is taken",
        ),
        (
            ratios.ratio(Step.FIRST, hits=0, trials=4, since=MARCH),
            "assumed: none of 4 since 3 March got there",
        ),
        (
            ratios.overruled(measured(12, 31), Decimal(45)),
            "yours; measured 38.7 %, 12 of 31 since 3 March",
        ),
        (
            ratios.overruled(measured(3, 7, date(2025, 3, 3)), Decimal(45)),
            "yours; thin 42.8 %, 3 of 7 since 3 March 2025",
        ),
        (ratios.overruled(measured(0, 0), Decimal(45)), "yours; nothing is logged yet"),
        (
            ratios.overruled(measured(0, 9), Decimal(45)),
            "yours; none of 9 since 3 March got there",
        ),
    ],
)
def test_a_ratio_says_where_it_comes_from(ratio: Ratio, words: str) -> None:
    assert plan_words.ratio_origin(ratio, READER, 2026) == words


@pytest.mark.parametrize(
    ("figure", "words"),
    [
        (
            Figure(Decimal(14_300), Provenance.MEASURED, Decimal(14_300), 40, MARCH),
            "measured: $14,300 over 40 sales since 3 March",
        ),
        (
            Figure(Decimal(14_300), Provenance.THIN, Decimal(14_300), 1, MARCH),
            "thin: $14,300 over only 1 sale since 3 March",
        ),
        (
            Figure(Decimal(20_000), Provenance.OVERRULED, Decimal(14_300), 40, MARCH),
            "yours; measured $14,300 over 40 sales since 3 March",
        ),
        (
            Figure(None, Provenance.ASSUMED),
            "nothing is logged yet: type what one sale usually brings",
        ),
        (Figure(Decimal(20_000), Provenance.OVERRULED), "yours; nothing is logged yet"),
    ],
)
def test_an_average_sale_says_where_it_comes_from(figure: Figure, words: str) -> None:
    assert plan_words.average_origin(figure, READER, 2026) == words


def test_what_was_typed_over_is_yours_in_a_draft_and_by_hand_to_whoever_reads_it_later() -> None:
    ratio = ratios.overruled(measured(12, 31), Decimal(45))
    draft = replace(PLAN, ratios=(ratio,), state="draft")
    assert "*1st → 2nd 45 %*  yours; measured 38.7 %" in plan_words.origins(draft)[0]
    sent = replace(draft, state="proposed", working_weeks=Decimal(44))
    assert "*1st → 2nd 45 %*  by hand; measured 38.7 %" in plan_words.origins(sent)[0]
    assert plan_words.origins(sent)[-1] == "*44 working weeks*  by hand; the calendar gives 46"
    view = plan_decisions.suggest_modal(replace(NUMBERS_STEP, ratios=(ratio,)))
    assert "By hand; measured 38.7 %, 12 of 31 since 3 March." in text_of(view)


def test_what_is_closed_says_what_the_log_has() -> None:
    logged = Figure(Decimal(12_400), Provenance.MEASURED, Decimal(12_400), since=MARCH)
    assert (
        plan_words.closed_origin(logged, READER, 2026)
        == "log and answers say $12,400 since 3 March"
    )
    nothing = replace(logged, logged=Decimal(0))
    assert plan_words.closed_origin(nothing, READER, 2026) == "nothing is logged in this time yet"
    mine = replace(logged, value=Decimal(0), provenance=Provenance.OVERRULED)
    assert plan_words.closed_origin(mine, READER, 2026).startswith(
        "yours; log and answers say $12,400"
    )


def test_an_opening_balance_says_its_day_and_what_came_after() -> None:
    opening = Figure(
        Decimal(40_000),
        Provenance.OVERRULED,
        opening=Decimal(40_000),
        opening_on=date(2026, 10, 3),
    )
    nothing = "nothing is logged in this time yet"
    said = plan_words.closed_origin(opening, READER, 2026)
    assert said == f"yours, of 3 October; {nothing}"
    grown = replace(opening, value=Decimal(52_400), logged=Decimal(30_000), since=date(2026, 3, 3))
    assert plan_words.closed_origin(grown, READER, 2027, typed="by hand") == (
        "by hand, $40,000 on 3 October 2026, and $12,400 since then; "
        "log and answers say $30,000 since 3 March 2026"
    )


def test_the_chain_of_the_worked_example_can_be_followed_line_by_line() -> None:
    assert plan_words.chain(PLAN).splitlines() == [
        "*30* sales = $600,000 ÷ $20,000",
        "*50* on 3rd = 30 ÷ 60 %",
        "*100* on 2nd = 50 ÷ 50 %",
        "*200* on 1st = 100 ÷ 50 %",
        "*1,000* conversations = 200 ÷ 20 %",
        "*22 a week* = 1,000 ÷ 46 weeks",
        "*380* base moves = 200 + 100 + 50 + 30",
        "*9 a week* = 380 ÷ 46 weeks",
    ]
    closed = replace(PLAN, closed=Figure(Decimal(120_000), Provenance.ASSUMED))
    closed = replace(closed, plan=rules.compute(replace(NUMBERS, closed=Decimal(120_000))))
    assert plan_words.chain(closed).splitlines()[:2] == [
        "*$480,000* to sell = $600,000 − $120,000 closed",
        "*24* sales = $480,000 ÷ $20,000",
    ]


def test_the_week_is_shown_beside_what_counts_now() -> None:
    assert plan_words.weekly(PLAN).splitlines() == [
        "*22* conversations  (now 20)",
        "*9* base moves",
        "*$13,044* in sales  (now $10,000)",
    ]


def test_one_of_everything_is_in_the_singular() -> None:
    one = rules.PlanInput(
        goal=Decimal(1_000),
        closed=Decimal(0),
        average_sale=Decimal(1_000),
        ratios=dict.fromkeys(Step, Decimal(100)),
        working_weeks=Decimal(1),
    )
    targets = {"conversations": Decimal(1), "base_moves": Decimal(1)}
    shown = replace(PLAN, plan=rules.compute(one), working_weeks=Decimal(1), targets_now=targets)
    assert plan_words.weekly(shown).startswith("*1* conversation\n")
    assert plan_words.in_short(1, 1, Decimal(1_000), READER) == (
        "1 conversation · 1 base move · $1,000 a week"
    )
    assert plan_words.targets_now(targets, READER) == "1 conversation · 1 base move"
    chain = plan_words.chain(shown)
    assert "*1* conversation = 1 ÷" in chain
    assert "= 1 ÷ 1 week\n" in chain
    assert "*1 working week*" in "".join(plan_words.origins(shown))
