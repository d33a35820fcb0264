"""What a coach did about a missed week, what was agreed, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.shown.reader import Reader


@dataclass(frozen=True)
class DoneForm:
    """The facts of the modal in which the coach says what was done."""

    alert_id: int
    rep_name: str
    act: str | None
    """The act that is filled in: the one that the coach chose, else the suggested one."""


@dataclass(frozen=True)
class DoneTyped:
    """What the coach typed there, each with the field in which a problem is shown."""

    act: str
    note: str
    step: str
    due_on: str
    """A day as `2026-11-27`; an empty text for none."""
    act_field: str = "act"
    note_field: str = "note"
    step_field: str = "step"
    due_field: str = "due"


@dataclass(frozen=True)
class AgreementShown:
    """What was agreed about one missed week."""

    agreement_id: int
    rep: str
    """The rep's Slack user id."""
    coach: str
    """The Slack user id of the coach who did it, whoever coaches the rep now."""
    week: date
    act: str
    note: str | None
    step: str | None
    due_on: date | None
    agreed_at: datetime
    otherwise: str | None
    """What the rep says where it was agreed otherwise."""
    talked: str | None = None
    helped: str | None = None
    kept: str | None = None
    """`yes` or `no` once the rep has answered."""
    asks_step: bool = False
    """Whether the check-in in which it is shown asks about the step."""
    asks_talk: bool = False
    """Whether the check-in in which it is shown asks whether they talked."""


@dataclass(frozen=True)
class AgreementMessage:
    """What was agreed, as the rep reads it."""

    agreement: AgreementShown
    reader: Reader
    now_coached_by: str | None
    """The Slack user id of the coach to whom the rep's words go now; None for somebody in no team."""
    is_open: bool
    """Whether the rep can still say that it is otherwise."""


@dataclass(frozen=True)
class AdviceShown:
    """A rep's wish for advice, as the coaches read it."""

    advice_id: int
    rep: str
    rep_name: str
    words: str | None
    created_at: datetime
    closed_by: str | None
    """The Slack user id of whoever closed it: a coach, or the rep who took it back."""
    closed_at: datetime | None
    coach: str
    reader: Reader


@dataclass(frozen=True)
class PassedOnShown:
    """A line to the second coach about an alert that nobody took."""

    alert_id: int
    rep: str
    rep_name: str
    week: date
    coach: str
    """The first coach's Slack user id."""
    created_at: datetime
    taken_by: str | None
    done_by: str | None
    is_needed: bool
    """Whether somebody still has to act."""
    reader: Reader
