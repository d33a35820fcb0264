"""Ratios: what the history says, how sure it is, and what happens without one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.ratios import ASSUMED, Provenance, Step, overruled, ratio, wilson

SINCE = date(2026, 3, 3)


def test_thirty_trials_are_measured() -> None:
    found = ratio(Step.SECOND, hits=12, trials=31, since=SINCE)
    assert (found.percent, found.provenance) == (Decimal("38.7"), Provenance.MEASURED)
    assert (found.hits, found.trials, found.since) == (12, 31, SINCE)


def test_fewer_are_thin_and_have_their_interval() -> None:
    found = ratio(Step.HOME, hits=3, trials=7, since=SINCE)
    assert (found.percent, found.provenance) == (Decimal("42.8"), Provenance.THIN)
    assert (found.low, found.high) == (Decimal("15.8"), Decimal("75.0"))


@pytest.mark.parametrize(("hits", "trials"), [(0, 0), (0, 12)])
def test_what_never_happened_is_assumed(hits: int, trials: int) -> None:
    found = ratio(Step.HOME, hits=hits, trials=trials, since=SINCE)
    assert (found.percent, found.provenance) == (ASSUMED[Step.HOME], Provenance.ASSUMED)
    assert found.trials == (trials or None)


def test_a_tiny_ratio_is_still_above_zero() -> None:
    assert ratio(Step.FIRST, hits=1, trials=5_000, since=SINCE).percent == Decimal("0.1")


def test_what_the_rep_overrules_keeps_what_the_history_says() -> None:
    found = ratio(Step.SECOND, hits=12, trials=31, since=SINCE)
    said = overruled(found, Decimal(45))
    assert (said.percent, said.provenance) == (Decimal(45), Provenance.OVERRULED)
    assert (said.hits, said.trials, said.low) == (12, 31, found.low)
    assert overruled(found, Decimal("38.7")) is found


@pytest.mark.parametrize(
    ("hits", "trials", "interval"),
    [
        (0, 10, ("0.0", "27.8")),
        (10, 10, ("72.2", "100.0")),
        (5, 10, ("23.6", "76.4")),
        (81, 263, ("25.5", "36.7")),
    ],
)
def test_the_interval_of_wilson(hits: int, trials: int, interval: tuple[str, str]) -> None:
    """The last is the worked example of R. G. Newcombe (1998): 81 of 263 give 0.2553 to 0.3662."""
    assert wilson(hits, trials) == tuple(Decimal(bound) for bound in interval)


@pytest.mark.parametrize(("hits", "trials"), [(0, 0), (-1, 3), (4, 3)])
def test_no_interval_without_trials(hits: int, trials: int) -> None:
    with pytest.raises(ValueError, match="0 ≤ hits ≤ trials"):
        wilson(hits, trials)


@given(st.integers(0, 500), st.integers(1, 500))
def test_the_interval_holds_the_ratio(hits: int, trials: int) -> None:
    hits = min(hits, trials)
    low, high = wilson(hits, trials)
    assert 0 <= low <= Decimal(hits) * 100 / trials <= high <= 100


def test_steps_have_names_and_bases() -> None:
    assert [step.label for step in Step] == [
        "conversation → 1st",
        "1st → 2nd",
        "2nd → 3rd",
        "3rd → home",
    ]
