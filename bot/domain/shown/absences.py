"""The data of absences for the views."""

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
    """A target for one week; `full` is the target of a whole week, if days off made this one smaller."""

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
    """The Slack user id of the person who recorded it for the rep; None if the rep did."""
    recorded_at: datetime
    running: bool
    """Whether it began on an earlier day and is not over, so that the rep can come back early."""


@dataclass(frozen=True)
class AbsenceForm:
    """The form that records an absence, with the absences planned already."""

    member_id: int
    rep: str
    """The rep's Slack user id."""
    name: str
    own: bool
    """Whether the reader is the rep."""
    first: date
    """The first day that the form suggests: today in the rep's zone."""
    planned: tuple[AbsenceShown, ...]
    reader: Reader
    """The zone is the rep's."""


@dataclass(frozen=True)
class WeekShown:
    """The effect of an absence on one week."""

    week: date
    work: WorkWeek
    goals: tuple[tuple[str, str, Decimal, Decimal], ...]
    """(metric name, unit, target, a whole week's target), for a week that days off make shorter."""


@dataclass(frozen=True)
class AbsenceSaved:
    """An absence that was recorded or taken back, and its effects."""

    absence: AbsenceShown
    member_id: int
    rep: str
    own: bool
    taken_back: bool
    known: bool
    """Whether all of its days had been recorded before, so that nothing changed."""
    back_on: date | None
    """The first working day after it; None if it is over."""
    weeks: tuple[WeekShown, ...]
    """The weeks of which it covers working days; at most four."""
    reader: Reader
    others: tuple[AbsenceShown, ...] = ()
    """Further days that the same line named."""
    notes: tuple[str, ...] = ()
    """Sentences that say how what was typed was read."""


@dataclass(frozen=True)
class MarkedLate:
    """Days away in a week that were recorded after it had ended."""

    by: str
    """Slack user id."""
    at: datetime


@dataclass(frozen=True)
class RepChoice:
    """The reps from whom a coach still has to choose one: each team with its reps, as (id, name)."""

    reps: tuple[tuple[str, tuple[tuple[int, str], ...]], ...]
