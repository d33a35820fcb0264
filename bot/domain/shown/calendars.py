"""A team's working days and public holidays, as their form shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.domain.shown.reader import Reader
from bot.domain.shown.setup import Choice

# The inputs of the form; a Refusal names the one that it is about.
WORKING_DAYS = "working_days"
COUNTRY = "country"
REGION = "region"


@dataclass(frozen=True)
class CalendarForm:
    """The values in the form of a team's calendar. Days are numbers; 0 is Monday."""

    working_days: frozenset[int]
    country: str
    """The typed name or two-letter code; empty for no public holidays."""
    region: str


@dataclass(frozen=True)
class CalendarShown:
    """The form of a team's calendar."""

    teams: tuple[Choice, ...]
    team_id: int
    form: CalendarForm


@dataclass(frozen=True)
class CalendarSaved:
    """A team's saved calendar, with the next public holidays."""

    team: str
    working_days: frozenset[int]
    place: str | None
    """A place such as `Germany (BY)`; None if the team has no public holidays."""
    holidays: tuple[tuple[date, str], ...]
    """The next public holidays on working days, with their names."""
    reader: Reader
