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

NO_REGION = "-"
"""The value of a region that says that none is meant."""


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
    missing: tuple[RegionalDay, ...] = ()
    """The public holidays that the team lacks because its country was chosen without a region."""


@dataclass(frozen=True)
class RegionalDay:
    """A public holiday that only some regions of a country have."""

    day: date
    name: str
    regions: tuple[str, ...]


@dataclass(frozen=True)
class RegionQuestion:
    """The question which region of its country a team is in, asked before its calendar is saved."""

    team_id: int
    team: str
    form: CalendarForm
    country: str
    country_code: str
    regions: tuple[tuple[str, str], ...]
    """The code and the name of each region, by name."""
    missing: tuple[RegionalDay, ...]
    """Which working days the team would not have off without a region, in one year."""


@dataclass(frozen=True)
class CalendarSaved:
    """A team's saved calendar, with the next public holidays."""

    team: str
    working_days: frozenset[int]
    place: str | None
    """A place such as `Germany (Bavaria)`; None if no country was chosen."""
    holidays: tuple[tuple[date, str], ...]
    """The next public holidays on working days, with their names; empty for a place of which none are known."""
    some_are_estimates: bool
    """Whether the date of one of them follows the moon and may still move by a day or two."""
    reader: Reader
