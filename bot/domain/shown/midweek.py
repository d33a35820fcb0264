"""The data of the mid-week line, for the views."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.shown.home import GoalShown
from bot.domain.shown.reader import Reader


@dataclass(frozen=True)
class MidweekShown:
    """Where a rep's goals of the week stand on its Thursday."""

    week: date
    goals: tuple[GoalShown, ...]
    """The goals that the log counts, in the order in which they are asked."""
    days_left: int
    """The rep's working days from Thursday to the end of the week, Thursday included."""
    reader: Reader


@dataclass(frozen=True)
class MidweekChoice:
    """What a rep has chosen, and when the next line comes."""

    next_at: datetime | None
    """When the next line comes at the earliest; None if the rep wants none."""
    reader: Reader
