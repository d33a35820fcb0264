"""When a rep's sights may be raised, and how high."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

QUIET = timedelta(days=91)
"""For so long nothing is proposed again after somebody declined: a quarter."""


def may_raise(results: Sequence[str], after_weeks: int) -> bool:
    """Whether the last `after_weeks` weeks in a row were met; `results` come newest first.

    They are `met`, `away`, `skipped` or something else. Weeks `away` and `skipped` neither count nor break.
    """
    raise NotImplementedError


def raised_goal(
    *, goal: Decimal, closed: Decimal, weekly_sales: Sequence[Decimal], weeks_left: Decimal
) -> Decimal:
    """A higher goal: what remains of the old one, taken at the pace of the weeks that were met.

    What remains grows by 5 % at least and by 25 % at most. The goal is rounded to two significant digits of
    what is added, and is never below the old one.
    """
    raise NotImplementedError
