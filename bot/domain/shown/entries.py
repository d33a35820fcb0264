"""The data of numbers logged by hand, for the views."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.domain.shown.conversations import Count
from bot.domain.shown.reader import Reader

# The inputs of the form; a Refusal names the one that it is about.
METRIC = "metric"
NUMBER = "number"
WEEK_CHOICE = "week"


@dataclass(frozen=True)
class EntryForm:
    """The choices of the form: the metrics (id, name, unit) and the open weeks, this week first."""

    metrics: tuple[tuple[int, str, str], ...]
    weeks: tuple[date, ...]
    reader: Reader


@dataclass(frozen=True)
class EntryLogged:
    """A logged number, and the current number of its metric in that week."""

    entry_id: int
    metric: str
    unit: str
    amount: Decimal
    week: date
    this_week: date
    total: Count
    reader: Reader
    undoable: bool
    undone: bool = False
    note: str | None = None
