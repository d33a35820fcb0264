"""Reads dates as CRMs and spreadsheets write them; the order of day and month is inferred from a whole file."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from babel import Locale

_NAMED_IN = ("en", "de", "fr", "es", "it", "nl", "pt")
_TIME = re.compile(
    r"(?:[Tt]|,?\s+)\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:[AaPp]\.?[Mm]\.?)?"
    r"\s*(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})?$"
)
_YEAR_FIRST = re.compile(r"(\d{4})([-/.])\s?(\d{1,2})\2\s?(\d{1,2})\.?")
_NUMBERS = re.compile(r"(\d{1,2})([-/.])\s?(\d{1,2})\2\s?(\d{4}|\d{2})")
_DAY_NAME = re.compile(r"(\d{1,2})\.?[\s-]+(?:de )?([^\W\d_]+)\.?,?[\s-]+(?:de )?(\d{4}|\d{2})")
_NAME_DAY = re.compile(r"([^\W\d_]+)\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})")


class DayOrder(enum.StrEnum):
    """Which number of a date like 03/04/2026 is the day."""

    DAY_FIRST = "day first"
    MONTH_FIRST = "month first"


@dataclass(frozen=True)
class MixedOrders(Exception):
    """One line of the file has the day first, and another one has the month first."""

    day_first: int
    month_first: int


@dataclass(frozen=True)
class Inferred:
    """The order that the file shows. `doubt` is a date that needs an order, where no date shows one."""

    order: DayOrder | None
    doubt: str | None = None


def infer_order(cells: Iterable[tuple[int, str]]) -> Inferred:
    """Return the order of day and month in all dates of a file, given with their lines; raises MixedOrders."""
    lines: dict[DayOrder, int] = {}
    doubt: str | None = None
    for line, text in cells:
        found = _NUMBERS.fullmatch(_without_time(text))
        if found is None:
            continue
        first, second = int(found[1]), int(found[3])
        if 12 < first <= 31 and second <= 12:
            lines.setdefault(DayOrder.DAY_FIRST, line)
        elif 12 < second <= 31 and first <= 12:
            lines.setdefault(DayOrder.MONTH_FIRST, line)
        elif first != second and max(first, second) <= 12:
            doubt = doubt or text
    if len(lines) == 2:
        raise MixedOrders(lines[DayOrder.DAY_FIRST], lines[DayOrder.MONTH_FIRST])
    if lines:
        return Inferred(next(iter(lines)))
    return Inferred(None, doubt)


def read_file_date(text: str, order: DayOrder | None) -> date | None:
    """Return the day that a cell names, or None if it names none.

    A time after the day is left out. Years with two digits are of this century. Month names are read in seven
    languages. Where the numbers of day and month stand in doubt and `order` is None, the result is None.
    """
    plain = _without_time(text)
    if found := _YEAR_FIRST.fullmatch(plain):
        return _date(found[1], found[3], found[4])
    if found := _NUMBERS.fullmatch(plain):
        first, second, year = found[1], found[3], found[4]
        if order is None:
            return _date(year, first, second) if int(first) == int(second) else None
        if order is DayOrder.DAY_FIRST:
            return _date(year, second, first)
        return _date(year, first, second)
    if found := _DAY_NAME.fullmatch(plain):
        day, name, year = found.groups()
    elif found := _NAME_DAY.fullmatch(plain):
        name, day, year = found.groups()
    else:
        return None
    month = _months().get(name.casefold())
    return None if month is None else _date(year, str(month), day)


def _without_time(text: str) -> str:
    return _TIME.sub("", " ".join(text.split())).strip()


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
    except ValueError:
        return None


@lru_cache(maxsize=1)
def _months() -> dict[str, int]:
    """Return the numbers of the months by their long and short names."""
    names: dict[str, int] = {"sept": 9}
    for code in _NAMED_IN:
        for context in Locale(code).months.values():
            for width in ("wide", "abbreviated"):
                for number, name in context[width].items():
                    names.setdefault(name.casefold().rstrip("."), number)
    return names
