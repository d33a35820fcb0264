"""Ratios: what the history says, how sure it is, and what happens without one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.conversation import Base
from bot.rules.ratios import Provenance, Ratio, Step, overruled, ratio, wilson

SINCE = date(2026, 3, 3)


def test_thirty_trials_are_measured() -> None:
    assert ratio(Step.SECOND, hits=12, trials=31, since=SINCE) == Ratio(
        Step.SECOND,
        Decimal("38.7"),
        Provenance.MEASURED,
        hits=12,
        trials=31,
        since=SINCE,
        low=Decimal("23.7"),
        high=Decimal("56.2"),
    )
    found = ratio(Step.SECOND, hits=12, trials=30, since=SINCE)
    assert found.provenance is Provenance.MEASURED


def test_fewer_are_thin_and_have_their_interval() -> None:
    found = ratio(Step.HOME, hits=3, trials=7, since=SINCE)
    assert (found.percent, found.provenance) == (Decimal("42.8"), Provenance.THIN)
    assert (found.low, found.high) == (Decimal("15.8"), Decimal("75.0"))
    assert ratio(Step.HOME, hits=12, trials=29, since=SINCE).provenance is Provenance.THIN
    once = ratio(Step.HOME, hits=1, trials=1, since=SINCE)
    assert (once.percent, once.provenance) == (Decimal(100), Provenance.THIN)


@pytest.mark.parametrize(
    ("step", "percent"),
    [(Step.FIRST, 20), (Step.SECOND, 50), (Step.THIRD, 50), (Step.HOME, 60)],
)
def test_without_a_history_a_ratio_is_assumed(step: Step, percent: int) -> None:
    assert ratio(step, hits=0, trials=0, since=SINCE) == Ratio(
        step,
        Decimal(percent),
        Provenance.ASSUMED,
        hits=None,
        trials=None,
        since=None,
        low=None,
        high=None,
    )


@pytest.mark.parametrize(
    ("step", "trials", "percent", "provenance"),
    [
        (Step.FIRST, 50, "3.6", Provenance.MEASURED),
        (Step.HOME, 30, "5.7", Provenance.MEASURED),
        (Step.HOME, 12, "12.1", Provenance.THIN),
        (Step.FIRST, 6, "19.5", Provenance.THIN),
        (Step.FIRST, 5, "20", Provenance.ASSUMED),  # the middle of 0 to 43.5 % is above 20
    ],
)
def test_what_never_happened_is_the_middle_of_its_interval_unless_too_few_tried(
    step: Step, trials: int, percent: str, provenance: Provenance
) -> None:
    found = ratio(step, hits=0, trials=trials, since=SINCE)
    assert (str(found.percent), found.provenance) == (percent, provenance)
    assert (found.hits, found.trials, found.since) == (0, trials, SINCE)
    assert (found.low, found.high) == wilson(0, trials)


def test_a_tiny_ratio_is_still_above_zero() -> None:
    assert ratio(Step.FIRST, hits=1, trials=5_000, since=SINCE).percent == Decimal("0.1")


def test_what_the_rep_overrules_keeps_what_the_history_says() -> None:
    found = ratio(Step.SECOND, hits=12, trials=31, since=SINCE)
    assert overruled(found, Decimal(45)) == replace(
        found, percent=Decimal(45), provenance=Provenance.OVERRULED
    )
    assert overruled(found, Decimal("38.7")) is found


@pytest.mark.parametrize(
    ("hits", "trials", "interval"),
    [
        (0, 10, ("0.0", "27.8")),
        (10, 10, ("72.2", "100.0")),
        (5, 10, ("23.6", "76.4")),
        (1, 10, ("1.7", "40.5")),
        (9, 10, ("59.5", "98.3")),
        (81, 263, ("25.5", "36.7")),
    ],
)
def test_the_interval_of_wilson(hits: int, trials: int, interval: tuple[str, str]) -> None:
    """The last is the worked example of R. G. Newcombe (1998): 81 of 263 give 0.2553 to 0.3662."""
    assert wilson(hits, trials) == tuple(Decimal(bound) for bound in interval)


@pytest.mark.parametrize(("hits", "trials"), [(0, 0), (-1, 3), (4, 3)])
def test_no_interval_without_trials(hits: int, trials: int) -> None:
    with pytest.raises(ValueError, match=r"^an interval needs 0 ≤ hits ≤ trials, and a trial$"):
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
    assert [step.base for step in Step] == [Base.FIRST, Base.SECOND, Base.THIRD, Base.HOME]


def test_what_is_stored_of_them_stays_what_it_is() -> None:
    """The plans of every team have these values: whoever changes one writes a migration."""
    assert [step.value for step in Step] == ["first", "second", "third", "home"]
    assert [(known.name, known.value) for known in Provenance] == [
        ("MEASURED", "measured"),
        ("THIN", "thin"),
        ("ASSUMED", "assumed"),
        ("OVERRULED", "overruled"),
    ]


@given(st.integers(1, 500))
def test_nothing_is_not_a_little_less_than_nothing(trials: int) -> None:
    """For 21 trials the formula gives -0.0, which would be shown with its sign."""
    assert str(wilson(0, trials)[0]) == "0.0"
    assert str(wilson(0, 21)[0]) == "0.0"
