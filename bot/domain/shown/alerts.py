"""An alert as the coach sees it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from bot.domain.shown.absences import MarkedLate
from bot.domain.shown.checkins import QuestionShown
from bot.domain.shown.momentum import MomentumShown
from bot.domain.shown.reader import Reader
from bot.rules.absences import WorkWeek


@dataclass(frozen=True)
class TrendWeek:
    """One week of a rep's record: its state and the numbers by metric name."""

    week: date
    result: str
    """`met`, `missed`, `silent`, `away`, `skipped` or `none` (before the bot asked)."""
    numbers: tuple[tuple[str, Decimal | None, Decimal], ...]
    """(metric name, number, target)"""

    def of(self, name: str) -> tuple[Decimal | None, Decimal] | None:
        """Return the number and the target of the goal of this name; None if the week did not have it."""
        for goal, number, target in self.numbers:
            if goal == name:
                return number, target
        return None


@dataclass(frozen=True)
class AlertShown:
    """One missed week of one rep, and the state of its alert."""

    alert_id: int
    rep: str
    """The rep's Slack user id."""
    rep_name: str
    week: date
    state: str
    """The check-in's state: `answered` or `unanswered`; `away` or `open` if days away were recorded since."""
    questions: tuple[QuestionShown, ...]
    late: bool
    edited: bool
    all_met: bool
    """Whether the rep has since answered everything with a yes."""
    trend: tuple[TrendWeek, ...]
    """Oldest first; the week itself comes last."""
    coach: str
    reader: Reader
    deadline_at: datetime | None
    taken_by: str | None
    taken_at: datetime | None
    done_by: str | None
    done_at: datetime | None
    note: str | None
    problem: str | None
    """The Slack error code that kept the alert out of the coach channel; None when it is there."""
    coach_channel: str | None
    team_name: str
    work: WorkWeek | None = None
    """The week's working days, if some of them were off; None for a whole week."""
    marked_late: MarkedLate | None = None
    """Whether days away were recorded after the week had ended."""
    created_at: datetime | None = None
    suggested_act: str | None = None
    suggested_because: str | None = None
    """The suggested act with its reason; as of the moment of the choice, if the coach chose one."""
    act: str | None = None
    """The act that the coach chose."""
    cause: str | None = None
    """What the rep says was in the way: see `bot.rules.acts.Cause`."""
    cause_words: str | None = None
    asked_advice: bool = False
    advice_words: str | None = None
    step: str | None = None
    """What was agreed, if a step was."""
    due_on: date | None = None
    kept: str | None = None
    """`yes` or `no` once the rep has said whether the step was done."""
    otherwise: str | None = None
    """What the rep says where it was agreed otherwise."""
    passed_on_to: str | None = None
    """The second coach who was written to because nobody had taken it."""
    momentum: MomentumShown | None = None
    """The alarm that this week raises."""

    @property
    def is_over(self) -> bool:
        """Whether nobody has to act: the rep was away, can still answer, or has met everything since."""
        return self.state in {"away", "open"} or self.all_met
