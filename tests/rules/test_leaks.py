"""Where a funnel leaks: blocks of four weeks, each with the same time, the last held against the two before."""

from __future__ import annotations

from datetime import date

import pytest

from bot.rules.leaks import Leak, Log, Moved, Passed, Talked
from bot.rules.ratios import Step
from bot.rules.weeks import WEEK

LAST = date(2026, 11, 16)


def moved(deal: int, back: int, base: int, moves: int = 1) -> Moved:
    return Moved(deal, LAST - back * WEEK, base, moves)


def deals(first: int, back: int, *, on: int, hits: int, trials: int) -> list[Moved]:
    """So many deals that reached a base in a week, of which so many reached the next one in the same week."""
    numbers = range(first, first + trials)
    return [
        *(moved(deal, back, on) for deal in numbers),
        *(moved(deal, back, on + 1) for deal in numbers[:hits]),
    ]


def test_a_deal_passes_within_its_block_or_not_at_all() -> None:
    log = Log(LAST, (moved(1, 4, 1), moved(1, 3, 2), moved(2, 7, 1), moved(2, 4, 2)))
    assert log.passed(0)[Step.SECOND] == Passed(0, 0)  # it reached 1st in the block before
    assert log.passed(1)[Step.SECOND] == Passed(1, 2)
    assert log.passed(2)[Step.SECOND] == Passed(0, 0)


def test_a_skipped_base_was_reached() -> None:
    log = Log(LAST, (moved(1, 0, 3, moves=3),))
    assert log.passed(0)[Step.SECOND] == Passed(1, 1)
    assert log.passed(0)[Step.THIRD] == Passed(1, 1)
    assert log.passed(0)[Step.HOME] == Passed(0, 1)


def test_first_appointments_are_counted_by_conversations() -> None:
    weeks = {LAST: Talked(8, 2), LAST - 3 * WEEK: Talked(2, 0), LAST - 4 * WEEK: Talked(99, 0)}
    log = Log(LAST, (moved(1, 0, 1), moved(2, 3, 1), moved(3, 4, 1)), weeks)
    assert log.passed(0)[Step.FIRST] == Passed(2, 10)
    assert log.passed(0)[Step.FIRST].percent == 20
    assert log.passed(2)[Step.FIRST].percent == 0


@pytest.mark.parametrize(
    ("lately", "before", "step"),
    [
        ((1, 7), (9, 20), Step.SECOND),
        ((1, 3), (5, 5), Step.SECOND),
        ((1, 2), (5, 5), None),  # too few lately
        ((1, 3), (4, 4), None),  # too few before
        ((3, 4), (6, 8), None),  # as usual
        ((4, 4), (6, 8), None),  # better than usual
    ],
)
def test_the_leak_is_where_the_share_fell(
    lately: tuple[int, int], before: tuple[int, int], step: Step | None
) -> None:
    history = [
        *deals(1, 0, on=1, hits=lately[0], trials=lately[1]),
        *deals(100, 5, on=1, hits=before[0], trials=before[1]),
    ]
    leak = Log(LAST, tuple(history)).leak()
    assert leak == (None if step is None else Leak(step, Passed(*lately), Passed(*before)))


def test_of_two_leaks_the_larger_one_is_named() -> None:
    history = [
        *deals(1, 0, on=1, hits=4, trials=8),
        *deals(100, 5, on=1, hits=6, trials=8),
        *deals(200, 0, on=2, hits=0, trials=8),
        *deals(300, 9, on=2, hits=8, trials=8),
    ]
    leak = Log(LAST, tuple(history)).leak()
    assert leak is not None
    assert leak.step is Step.THIRD


def test_it_is_known_where_deals_stop_once_there_are_enough_lately_and_before() -> None:
    before = deals(10, 4, on=1, hits=4, trials=5)
    assert Log(LAST, (*before, *deals(30, 0, on=1, hits=3, trials=3))).says_where_deals_stop()
    assert not Log(LAST, (*before, *deals(30, 0, on=1, hits=2, trials=2))).says_where_deals_stop()
    assert not Log(LAST).says_where_deals_stop()
