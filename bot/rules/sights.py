"""When a rep's sights may be raised, and how high."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from math import ceil

from bot.rules.plan import Weekly
from bot.rules.verdicts import streak

QUIET = timedelta(days=91)
"""For so long nothing is proposed again after somebody declined: a quarter."""

LEAST = Decimal("0.05")
MOST = Decimal("0.25")
"""By how much at least and at most what remains of a goal is raised: enough to be felt, not to frighten."""

_CENT = Decimal("0.01")


def may_raise(results: Sequence[str], after_weeks: int) -> bool:
    """Whether the last `after_weeks` weeks in a row were `met`; `results` come newest first.

    Weeks count and break as in a streak.
    """
    return 0 < after_weeks <= streak(results)


def most_a_week(weekly: Weekly) -> Weekly:
    """The most that higher sights ask of a week: MOST above what is asked now, rounded up."""
    return Weekly(
        conversations=ceil(weekly.conversations * (1 + MOST)),
        base_moves=ceil(weekly.base_moves * (1 + MOST)),
        sales=Decimal(ceil(weekly.sales * (1 + MOST))),
    )


def raised_goal(
    *,
    goal: Decimal,
    closed: Decimal,
    weekly_sales: Sequence[Decimal],
    weeks_left: Decimal,
    at_most: Decimal | None = None,
) -> Decimal:
    """A higher goal: what is closed, and what the rep will sell at the pace of the weeks that were met.

    What remains of the old goal grows by LEAST to MOST, whatever the pace. Where nothing remains, the share
    is taken of the whole goal and comes on top of what is closed. The goal is rounded to two significant
    digits, or to more where two would leave those bounds. Without a week left it stays as it is, and so it does
    where `at_most` is no higher.
    """
    if weeks_left <= 0 or (at_most is not None and at_most <= goal):
        return goal
    remains = goal - closed
    floor = goal if remains > 0 else max(goal, closed)
    measure = remains if remains > 0 else goal
    pace = sum(weekly_sales, Decimal(0)) / len(weekly_sales) if weekly_sales else Decimal(0)
    low, high = floor + measure * LEAST, floor + measure * MOST
    if at_most is not None:
        low, high = min(low, at_most), min(high, at_most)
    return _said(min(max(closed + pace * weeks_left, low), high), low=low, high=high)


def _said(wanted: Decimal, *, low: Decimal, high: Decimal) -> Decimal:
    """The roundest number from `low` to `high`, of equally round ones the one that is nearest to `wanted`."""
    step = Decimal(1).scaleb(wanted.adjusted() - 1)
    while step > _CENT:
        rounded = (wanted / step).quantize(Decimal(1), ROUND_HALF_UP) * step
        for candidate in (rounded, rounded - step, rounded + step):
            if low <= candidate <= high:
                return Decimal(f"{candidate:f}")
        step /= 10
    return max(wanted.quantize(_CENT, ROUND_HALF_UP), low)
