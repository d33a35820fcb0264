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
    """A team's calendar as it stands on the screen. Days: 0 is Monday."""

    working_days: frozenset[int]
    country: str
    """What was typed: a name or two letters; empty for no public holidays."""
    region: str


@dataclass(frozen=True)
class CalendarShown:
    """The form of a team's calendar."""

    teams: tuple[Choice, ...]
    team_id: int
    form: CalendarForm


@dataclass(frozen=True)
class CalendarSaved:
    """A team's calendar as it was saved, with the public holidays that come next."""

    team: str
    working_days: frozenset[int]
    place: str | None
    """`Germany (BY)`; None where the team has no public holidays."""
    holidays: tuple[tuple[date, str], ...]
    """The next ones that fall on working days, with their names."""
    reader: Reader
