"""The data of a rep's record: the weeks with their goals and answers, and what became of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from bot.domain.shown.reader import Reader
from bot.rules.absences import WorkWeek

# The inputs of the form for a correction; a Refusal names the one that it is about.
WHICH = "which"
NUMBER = "number"
REASON = "reason"

REASON_LIMIT = 300


@dataclass(frozen=True)
class Earlier:
    """A number that an answer had before it was changed."""

    number: Decimal
    given_at: datetime
    late: bool


@dataclass(frozen=True)
class Correction:
    """The number that a coach noted beside an answer, which stays as it is."""

    number: Decimal
    reason: str
    noted_by: str
    """The coach's Slack user id."""
    noted_at: datetime


@dataclass(frozen=True)
class GoalOfWeek:
    """One goal of a week, with its answer and all that was changed or noted since."""

    answer_id: int
    name: str
    unit: str
    target: Decimal
    full_target: Decimal | None
    """The target of a whole week, if days off made `target` smaller."""
    number: Decimal | None
    """The answer's number; None while there is none."""
    logged: Decimal | None
    """The log's number when the answer was given."""
    verdict: str | None
    late: bool
    earlier: tuple[Earlier, ...]
    """The oldest first."""
    corrections: tuple[Correction, ...]


@dataclass(frozen=True)
class AlertOfWeek:
    """What became of the alert about a week."""

    raised_at: datetime
    taken_by: str | None
    done_by: str | None
    """Slack user ids."""
    done_at: datetime | None
    note: str | None


@dataclass(frozen=True)
class WeekOfRecord:
    """One week that was asked about."""

    check_in_id: int
    week: date
    result: str
    """See `TrendWeek.result`."""
    not_asked_because: str | None
    completed_at: datetime | None
    late: bool
    work: WorkWeek | None
    """The week's working days, if some of them were off; None for a whole week."""
    goals: tuple[GoalOfWeek, ...]
    alert: AlertOfWeek | None
    """For the rep's coaches; None for the rep."""
    correctable: bool
    """Whether the reader may note a correction of one of its numbers."""


@dataclass(frozen=True)
class RecordPage:
    """One page of a rep's weeks, the newest first."""

    rep: str
    """The rep's Slack user id."""
    name: str
    own: bool
    """Whether the reader is the rep."""
    weeks: tuple[WeekOfRecord, ...]
    page: int
    """Counted from 0."""
    pages: int
    reader: Reader


@dataclass(frozen=True)
class CorrectionForm:
    """The form with which a coach notes another number beside an answer."""

    check_in_id: int
    name: str
    """The rep's name."""
    week: date
    goals: tuple[GoalOfWeek, ...]
    reader: Reader
