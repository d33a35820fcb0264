"""Who is away when, as its surfaces show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from bot.domain.shown.reader import Reader
from bot.rules.absences import WorkWeek

# The inputs of the form; a Refusal names the one that it is about.
FIRST_DAY = "first_day"
LAST_DAY = "last_day"
KIND = "kind"


@dataclass(frozen=True)
class Goal:
    """A target for one week; `full` is that of a whole one, where days off made it smaller."""

    target: Decimal
    full: Decimal | None = None


@dataclass(frozen=True)
class AbsenceShown:
    """Days on which somebody is away, both ends included."""

    absence_id: int
    first: date
    last: date
    kind: str
    recorded_by: str | None
    """Slack user id of whoever recorded it for the rep; None where that was the rep."""
    recorded_at: datetime
    running: bool
    """Whether it began on an earlier day and is not over: then the rep can be back early."""


@dataclass(frozen=True)
class AbsenceForm:
    """The form that records an absence, with what is planned already."""

    member_id: int
    rep: str
    """The rep's Slack user id."""
    name: str
    own: bool
    """Whether the reader is the rep."""
    first: date
    """The day that the form begins with: the rep's today."""
    planned: tuple[AbsenceShown, ...]
    reader: Reader
    """The zone is the rep's."""


@dataclass(frozen=True)
class WeekShown:
    """What an absence makes of one week."""

    week: date
    work: WorkWeek
    goals: tuple[tuple[str, str, Decimal, Decimal], ...]
    """(metric name, unit, target, a whole week's target), for a week that days off make shorter."""


@dataclass(frozen=True)
class AbsenceSaved:
    """An absence as it was recorded or taken back, and what follows."""

    absence: AbsenceShown
    member_id: int
    rep: str
    own: bool
    taken_back: bool
    known: bool
    """Whether all of its days were recorded before, so that nothing changed."""
    back_on: date | None
    """The first working day after it; None for one that is over."""
    weeks: tuple[WeekShown, ...]
    """The weeks with working days in it, at most four of them."""
    reader: Reader


@dataclass(frozen=True)
class MarkedLate:
    """Days away in a week that were recorded after it had ended."""

    by: str
    """Slack user id."""
    at: datetime


@dataclass(frozen=True)
class RepChoice:
    """A coach still has to say whom an absence is for: each team with its reps, as (id, name)."""

    reps: tuple[tuple[str, tuple[tuple[int, str], ...]], ...]
