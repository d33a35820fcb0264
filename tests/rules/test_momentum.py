"""Momentum: two weeks of zero raise one alarm, and there is no second one until it has ended."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from bot.rules.leaks import Log, Moved, Talked
from bot.rules.momentum import Alarm, Counts, Kind, counts, felt_on, raised_in, standing
from bot.rules.weeks import WEEK

LAST = date(2026, 11, 16)
C, M, F = Kind.CONVERSATIONS, Kind.BASE_MOVES, Kind.FIRSTS
Row = tuple[int | None, int | None, int | None]
FINE: Row = (20, 9, 4)
NO_FIRSTS: Row = (20, 9, 0)
NO_MOVES: Row = (20, 0, 0)
NOTHING: Row = (0, 0, 0)
UNKNOWN: Row = (None, None, None)


def past(*rows: Row) -> list[Counts]:
    """Weeks with these conversations, base moves and first appointments; the last one is LAST."""
    weeks = [LAST - n * WEEK for n in range(len(rows) - 1, -1, -1)]
    return [
        Counts(week, *(None if one is None else Decimal(one) for one in row))
        for week, row in zip(weeks, rows, strict=True)
    ]


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([], None),
        ([FINE, NOTHING], None),
        ([NOTHING, FINE], None),
        ([FINE, NOTHING, NOTHING], (C, 2, 0)),
        ([FINE, NO_MOVES, NO_MOVES], (M, 2, 0)),
        ([FINE, NO_FIRSTS, NO_FIRSTS], (F, 2, 0)),
        ([NO_MOVES, NOTHING], (M, 2, 0)),  # only the base moves were zero in both
        ([NOTHING, NOTHING, NOTHING], (C, 3, 1)),  # no second alarm in the third week
        ([NO_MOVES, NO_MOVES, NOTHING, NOTHING], (M, 4, 2)),  # nor because another number joins
        ([NOTHING, NOTHING, NO_MOVES], (M, 3, 1)),  # it lasts while anything of it is zero
        ([NOTHING, NOTHING, FINE], None),
        ([NOTHING, NOTHING, FINE, NOTHING], None),
        ([NOTHING, NOTHING, FINE, NOTHING, NOTHING], (C, 2, 0)),  # it had ended
        ([NOTHING, UNKNOWN, NOTHING], (C, 2, 0)),  # silence neither counts nor ends it
        ([NOTHING, UNKNOWN], None),
        ([NOTHING, NOTHING, UNKNOWN], (C, 2, 1)),
        ([NO_FIRSTS, NO_FIRSTS, NOTHING, (5, 2, 1), NOTHING], None),
    ],
)
def test_what_stands_after_these_weeks(
    rows: list[Row], found: tuple[Kind, int, int] | None
) -> None:
    weeks = past(*rows)
    alarm = standing(weeks)
    if found is None:
        assert alarm is None
        return
    kind, length, ago = found
    assert alarm is not None
    assert (alarm.kind, alarm.weeks, alarm.raised_by) == (kind, length, LAST - ago * WEEK)
    assert (raised_in(alarm, LAST) is None) == (ago > 0)


def test_each_run_of_zeros_raises_one_alarm_however_long_it_is() -> None:
    weeks = past(FINE, *[NOTHING] * 9, FINE, NO_MOVES, NO_MOVES, NO_MOVES)
    raised = [
        week.week
        for number, week in enumerate(weeks)
        if raised_in(standing(weeks[: number + 1]), week.week) is not None
    ]
    assert raised == [weeks[2].week, weeks[12].week]


def test_a_run_that_began_before_what_is_looked_at_is_not_raised_again() -> None:
    weeks = past(*[NOTHING] * 30)
    assert raised_in(standing(weeks[-12:]), LAST) is None


LOGGED = Log(
    LAST,
    (Moved(1, LAST, 1, 1), Moved(2, LAST, 3, 3), Moved(3, LAST, 3, 1), Moved(4, LAST - WEEK, 1, 1)),
    {LAST: Talked(6, 5)},
)
EMPTY = Log(LAST)


@pytest.mark.parametrize(
    ("talks", "moves", "log", "expected"),
    [
        (20, 9, LOGGED, (20, 9, 2)),  # two deals reached 1st: one of them on its way to 3rd
        (0, 0, LOGGED, (6, 5, 2)),  # the log has more than was answered
        (None, None, LOGGED, (6, 5, 2)),  # no answer, but the log knows
        (None, None, EMPTY, UNKNOWN),  # silence is no zero
        (0, None, EMPTY, NOTHING),  # where nobody is asked about base moves
        (20, 0, EMPTY, NO_MOVES),
        (20, 9, EMPTY, (20, 9, None)),  # who does not log may well have had first appointments
        (None, 0, EMPTY, (None, 0, 0)),
    ],
)
def test_the_counts_of_a_week(
    talks: int | None, moves: int | None, log: Log, expected: Row
) -> None:
    found = counts(
        LAST,
        conversations=None if talks is None else Decimal(talks),
        base_moves=None if moves is None else Decimal(moves),
        log=log,
    )
    assert (found.conversations, found.base_moves, found.firsts) == expected


def test_it_is_felt_one_sales_cycle_after_the_first_of_those_weeks() -> None:
    alarm = Alarm(F, since=date(2026, 11, 9), weeks=2, raised_by=LAST)
    assert felt_on(alarm, cycle_days=63) == date(2027, 1, 11)


@pytest.mark.parametrize(
    ("kind", "label"), [(C, "conversation"), (M, "base move"), (F, "first appointment")]
)
def test_what_was_zero_has_a_name(kind: Kind, label: str) -> None:
    assert kind.label == label
