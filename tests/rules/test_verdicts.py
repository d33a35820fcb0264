"""Yes or no, in words."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.sights import may_raise
from bot.rules.verdicts import sentence, streak, verdict


@pytest.mark.parametrize(
    ("number", "target", "answer", "words"),
    [
        ("17", "20", "no", "17 is below 20, so this is a No."),
        ("20", "20", "yes", "20 meets 20, so this is a Yes."),
        ("21", "20", "yes", "21 meets 20, so this is a Yes."),
        ("20.0", "20", "yes", "20 meets 20, so this is a Yes."),
        ("19.9999", "20", "no", "19.9999 is below 20, so this is a No."),
        ("0", "0", "yes", "0 meets 0, so this is a Yes."),
        ("12499.99", "12500", "no", "12,499.99 is below 12,500, so this is a No."),
    ],
)
def test_the_number_decides(number: str, target: str, answer: str, words: str) -> None:
    assert verdict(Decimal(number), Decimal(target)) == answer
    assert sentence(Decimal(number), Decimal(target)) == words


def test_the_sentence_shows_the_numbers_as_the_reader_sees_them() -> None:
    words = sentence(Decimal(9000), Decimal(12500), shown_number="$9,000", shown_target="$12,500")
    assert words == "$9,000 is below $12,500, so this is a No."


@pytest.mark.parametrize(
    ("newest_first", "weeks"),
    [
        ([], 0),
        (["met"], 1),
        (["met", "met", "missed", "met"], 2),
        (["missed", "met"], 0),
        (["unanswered", "met"], 0),
        (["met", "away", "met"], 2),
        (["away", "away"], 0),
        (["away", "met", "unanswered"], 1),
        (["open", "met"], 0),
    ],
)
def test_streaks(newest_first: list[str], weeks: int) -> None:
    assert streak(newest_first) == weeks


@given(st.lists(st.sampled_from(["met", "met", "away", "skipped", "missed", "silent", "none"])))
def test_the_run_for_higher_sights_counts_weeks_as_the_streak_does(newest_first: list[str]) -> None:
    weeks = streak(newest_first)
    assert all(may_raise(newest_first, number) for number in range(1, weeks + 1))
    assert not may_raise(newest_first, weeks + 1)
