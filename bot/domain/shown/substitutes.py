"""Who stands in for a coach, as the form and its answer show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.domain.shown.reader import Reader

# The inputs of the form; a Refusal names the one that it is about.
SUBSTITUTE = "substitute"
FIRST_DAY = "first_day"
LAST_DAY = "last_day"


@dataclass(frozen=True)
class StandsIn:
    """Somebody who stands in for a coach in some teams, or will."""

    substitute: str
    """The substitute's Slack user id."""
    first_day: date
    last_day: date
    teams: tuple[str, ...]
    began: bool


@dataclass(frozen=True)
class SubstituteForm:
    """The form in which a coach names a substitute."""

    teams: tuple[str, ...]
    """The teams that the coach would hand over."""
    known: tuple[StandsIn, ...]
    """Who stands in for the coach now or later; the earliest first."""
    first: date
    """Today, by the coach's clock."""
    reader: Reader


@dataclass(frozen=True)
class SubstituteSaved:
    """Who was named, or that the coach is back if nobody is left."""

    stands_in: StandsIn | None
    teams: tuple[str, ...]
    """The teams that are the coach's own again; empty if somebody was named."""
    reader: Reader
