"""Weeks in which a whole team pauses, as the form and its answer show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.domain.shown.reader import Reader
from bot.domain.shown.setup import Choice

# The inputs of the form; a Refusal names the one that it is about.
FIRST_WEEK = "first_week"
WEEKS = "weeks"


@dataclass(frozen=True)
class PauseShown:
    """A pause, by its key, with its first and its last day."""

    key: str
    first_day: date
    last_day: date


@dataclass(frozen=True)
class PauseForm:
    """The form that pauses a team."""

    teams: tuple[Choice, ...]
    team_id: int
    weeks: tuple[date, ...]
    """The Mondays with which a pause may begin."""
    known: tuple[PauseShown, ...]
    """The team's pauses that are not over; the earliest first."""
    reader: Reader


@dataclass(frozen=True)
class PauseSaved:
    """A pause that was recorded or taken back; none if it was no longer there."""

    team: str
    pause: PauseShown | None
    reps: int
    reader: Reader
    taken_back: bool = False
