"""A check-in as the rep sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from bot.domain.shown.reader import Reader
from bot.rules.absences import WorkWeek


@dataclass(frozen=True)
class QuestionShown:
    """One row: the target, what the log says, and the answer once there is one."""

    answer_id: int
    name: str
    unit: str
    question: str
    target: Decimal
    logged: Decimal | None
    """None for a metric that nobody logs."""
    number: Decimal | None
    verdict: str | None
    note: str | None
    edited: bool
    late: bool
    full_target: Decimal | None = None
    """The target of a whole week, where days off made `target` smaller."""


@dataclass(frozen=True)
class CheckInShown:
    """One check-in, with everything its message says."""

    check_in_id: int
    state: str
    week: date
    name: str
    reader: Reader
    questions: tuple[QuestionShown, ...]
    deadline_at: datetime | None
    completed_at: datetime | None
    late: bool
    closed: bool
    """Whether the deadline has passed: answers are taken as late."""
    closed_for_good: bool
    """Whether answers are no longer taken, not even as late."""
    coach: str
    second_coach: str | None
    coach_channel: str | None
    next_due_at: datetime | None
    streak: int
    """Weeks in a row with everything met, this one included; 0 unless this one is."""
    work: WorkWeek | None = None
    """The week's working days, where some of them were off; None for a whole week."""

    @property
    def missed(self) -> tuple[QuestionShown, ...]:
        return tuple(q for q in self.questions if q.verdict == "no")


@dataclass(frozen=True)
class NumberQuestion:
    """What the number modal asks."""

    answer_id: int
    name: str
    unit: str
    question: str
    target: Decimal
    initial: Decimal | None
    pressed: str | None
    """The yes or no that was pressed and that the number is to back; None when changing an answer."""
    logged: Decimal | None
    reader: Reader
    week: date
    late: bool
    deadline_at: datetime | None
    full_target: Decimal | None = None
    """The target of a whole week, where days off made `target` smaller."""
    work: WorkWeek | None = None
    """The week's working days, where some of them were off; None for a whole week."""


@dataclass(frozen=True)
class Recorded:
    """The press was recorded; the message is being redrawn."""

    check_in_id: int


@dataclass(frozen=True)
class ReminderShown:
    """One reminder as the rep sees it."""

    reminder_id: int
    check_in: CheckInShown
    open_questions: int
    next_reminder_at: datetime | None
