"""A check-in as the rep sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from bot.domain.shown.agreements import AgreementShown
from bot.domain.shown.budget import Spent
from bot.domain.shown.reader import Reader
from bot.rules.absences import WorkWeek


@dataclass(frozen=True)
class QuestionShown:
    """One question: the target, the log's number, and the answer once there is one."""

    answer_id: int
    name: str
    unit: str
    question: str
    target: Decimal
    logged: Decimal | None
    """The log's number; None for a metric that is not logged."""
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
    """Whether the deadline has passed, so that answers count as late."""
    closed_for_good: bool
    """Whether the check-in accepts no answers any more, not even late ones."""
    coach: str
    second_coach: str | None
    coach_channel: str | None
    """The channel in which a miss is shown; None where the coach reads it in a direct message."""
    next_due_at: datetime | None
    streak: int
    """The number of weeks in a row with every goal met, including this week; 0 if this week was not met."""
    work: WorkWeek | None = None
    """The week's working days, where some of them were off; None for a whole week."""
    channel_name: str | None = None
    """The coach channel's name, which Slack shows to its members only; None while nobody told it."""
    channel_members: int | None = None
    """How many people are in it; None while Slack did not tell."""
    cause: str | None = None
    """What the rep says was in the way: see `bot.rules.acts.Cause`."""
    cause_words: str | None = None
    asked_advice: bool = False
    """Whether the rep's wish for advice is open."""
    agreed: tuple[AgreementShown, ...] = ()
    """What was agreed, where this check-in asks what became of it."""

    @property
    def missed(self) -> tuple[QuestionShown, ...]:
        return tuple(q for q in self.questions if q.verdict == "no")


@dataclass(frozen=True)
class NumberQuestion:
    """The question in the modal for a number."""

    answer_id: int
    name: str
    unit: str
    question: str
    target: Decimal
    initial: Decimal | None
    pressed: str | None
    """The pressed yes or no, which the number has to support; None when an answer is changed."""
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
class CauseForm:
    """What the rep has said so far about what was in the way of a missed week."""

    check_in_id: int
    cause: str | None
    words: str | None


@dataclass(frozen=True)
class Recorded:
    """The press was recorded; the message is being updated."""

    check_in_id: int


@dataclass(frozen=True)
class ReminderShown:
    """One reminder as the rep sees it."""

    reminder_id: int
    check_in: CheckInShown
    open_questions: int
    next_reminder_at: datetime | None
    no_room: Spent | None = None
    """What the rep has had of the message budget, if it has no room for that next reminder."""
