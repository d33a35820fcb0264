"""Base moves: forward counts, back does not, no base counts twice."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.base_moves import Moved, Step, replay
from bot.rules.conversation import Base, Close, DealOutcome, parse_base

NONE, FIRST, SECOND, THIRD, HOME = Base
LOST = Step(None, DealOutcome.LOST)


def moves(*bases: Base | None) -> list[int]:
    return [moved.moves for moved in replay(Step(base) for base in bases)]


@pytest.mark.parametrize(
    ("bases", "counted"),
    [
        ([FIRST], [1]),
        ([SECOND], [2]),
        ([HOME], [4]),
        ([FIRST, SECOND, THIRD, HOME], [1, 1, 1, 1]),
        ([FIRST, THIRD], [1, 2]),
        ([FIRST, FIRST], [1, 0]),
        ([None], [0]),
        ([FIRST, None, SECOND], [1, 0, 1]),
        ([THIRD, FIRST], [3, 0]),
        ([THIRD, FIRST, THIRD], [3, 0, 0]),
        ([SECOND, FIRST, THIRD], [2, 0, 1]),
        ([SECOND, NONE, HOME], [2, 0, 2]),
        ([], []),
    ],
)
def test_moves_counted(bases: list[Base | None], counted: list[int]) -> None:
    assert moves(*bases) == counted


def test_first_to_third_counts_two_and_flags_the_skipped_second() -> None:
    assert replay([Step(FIRST), Step(THIRD)]) == [
        Moved(NONE, FIRST, moves=1, skipped_second=False, went_back=False),
        Moved(FIRST, THIRD, moves=2, skipped_second=True, went_back=False),
    ]


@pytest.mark.parametrize(
    ("before", "after", "skipped"),
    [
        (None, FIRST, False),
        (None, SECOND, False),
        (None, THIRD, True),
        (None, HOME, True),
        (FIRST, SECOND, False),
        (FIRST, THIRD, True),
        (FIRST, HOME, True),
        (SECOND, THIRD, False),
        (SECOND, HOME, False),
        (THIRD, HOME, False),
        (THIRD, FIRST, False),
    ],
)
def test_when_the_second_was_skipped(before: Base | None, after: Base, skipped: bool) -> None:
    assert replay([Step(before), Step(after)])[-1].skipped_second is skipped


def test_going_back_moves_the_base_and_counts_none() -> None:
    assert replay([Step(THIRD), Step(FIRST)])[-1] == Moved(
        THIRD, FIRST, moves=0, skipped_second=False, went_back=True
    )


def test_a_win_stands_at_home() -> None:
    assert replay([Step(THIRD), Step(None, DealOutcome.WON)])[-1] == Moved(
        THIRD, HOME, moves=1, skipped_second=False, went_back=False
    )


def test_a_loss_moves_nothing_and_closes() -> None:
    moved = replay([Step(SECOND), LOST, Step(FIRST)])
    assert moved[1] == Moved(SECOND, SECOND, moves=0, skipped_second=False, went_back=False)
    assert moved[2] == Moved(NONE, FIRST, moves=1, skipped_second=False, went_back=False)


bases = st.none() | st.sampled_from(Base)


@given(st.lists(bases))
def test_an_opportunity_counts_up_to_its_highest_base(reached: list[Base | None]) -> None:
    moved = replay(Step(base) for base in reached)
    assert sum(step.moves for step in moved) == max((base or NONE for base in reached), default=0)
    for earlier, later in itertools.pairwise(moved):
        assert later.base_before == earlier.base_after
    assert all(step.went_back == (step.base_after < step.base_before) for step in moved)
    assert all(step.moves == 0 for step in moved if step.went_back)


@given(st.lists(bases), st.lists(bases), st.sampled_from([DealOutcome.WON, DealOutcome.LOST]))
def test_what_follows_a_close_is_a_new_opportunity(
    before: list[Base | None], after: list[Base | None], outcome: DealOutcome
) -> None:
    closing = Step(None, outcome)
    both = [*map(Step, before), closing, *map(Step, after)]
    apart = replay([*map(Step, before), closing]) + replay(map(Step, after))
    assert replay(both) == apart


@pytest.mark.parametrize(
    ("text", "base"),
    [
        ("1st", FIRST),
        ("First", FIRST),
        ("1", FIRST),
        ("2nd base", SECOND),
        (" THIRD ", THIRD),
        ("home", HOME),
        ("Home base", HOME),
        ("4", HOME),
        ("none", NONE),
        ("no base", NONE),
        ("0", NONE),
        ("", None),
        ("5th", None),
        ("base", None),
        ("homer", None),
    ],
)
def test_bases_as_typed(text: str, base: Base | None) -> None:
    assert parse_base(text) is base


def test_labels() -> None:
    assert [base.label for base in Base] == ["none", "1st", "2nd", "3rd", "home"]
    assert [close.label for close in Close] == ["not asked", "asked", "Inoffensive Close"]
    assert all(parse_base(base.label) is base for base in Base)
