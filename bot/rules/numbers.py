"""Numbers and money as people type them, and as they are shown."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


class NumberProblem(ValueError):
    """``str()`` is one sentence that says what to type instead."""


@dataclass(frozen=True)
class Reading:
    """A number that was read; ``note`` is a sentence when the text had a second reading."""

    value: Decimal
    note: str | None = None


def parse_number(
    text: str,
    *,
    locale: str = "en_US",
    unit: str = "count",
    currency: str = "USD",
    places: int | None = None,
) -> Reading:
    """Reads ``12,500``, ``12.5k``, ``$12 500``, ``€ 1.234,50``, ``1.2m``; else ``NumberProblem``.

    ``unit`` is ``count`` (whole numbers), ``money`` (two decimals) or any other word (four);
    ``places`` overrides the number of decimals. The result is from 0 up to, not including, 10^12.
    """
    raise NotImplementedError


def show_number(
    value: Decimal, *, unit: str = "count", currency: str = "USD", locale: str = "en_US"
) -> str:
    """``12,500``, ``$12,500``, ``$12,500.50``, ``3.5 hours``, as the locale writes them."""
    raise NotImplementedError
