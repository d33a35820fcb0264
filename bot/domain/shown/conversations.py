"""The data of logged conversations for the views, and the values of a filled-in form."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from bot.domain.shown.reader import Reader
from bot.rules.conversation import Base, Close, DealOutcome

# The inputs of the form; a Refusal names the one that it is about.
COMPANY = "company"
WHICH_COMPANY = "which_company"
BASE = "base"
BACK_REASON = "back_reason"
HELD_ON = "held_on"
CLOSE = "close"
OUTCOME = "outcome"
AMOUNT = "amount"

NEW_COMPANY = "*"
"""The choice for a company that is none of the candidates. No company has this name, which has no letter or digit.
"""


@dataclass(frozen=True)
class Draft:
    """A conversation that was read but is not recorded yet. `notes` are for the rep to read."""

    company: str
    base: Base | None
    held_on: date
    close: Close | None = None
    outcome: DealOutcome = DealOutcome.OPEN
    amount: Decimal | None = None
    back_reason: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Question:
    """A question that the rep has to answer first; nothing was recorded yet.

    With `doubt`, a sentence, it asks which of the `readings` is meant: the last one takes the name as it was
    typed. With `candidates` it asks whether it is one of these companies or a new one. Else it asks why the deal
    went back from `stands_on`.
    """

    draft: Draft
    doubt: str | None = None
    readings: tuple[Draft, ...] = ()
    candidates: tuple[str, ...] = ()
    stands_on: Base | None = None


@dataclass(frozen=True)
class Form:
    """The values of the form: the typed texts, and the additional question if there is one."""

    company: str = ""
    base: str = Base.NONE.label
    held_on: date | None = None
    close: Close | None = None
    outcome: DealOutcome = DealOutcome.OPEN
    amount: str = ""
    back_reason: str = ""
    stands_on: Base | None = None
    """The opportunity's base, if the form asks why it went back."""
    asked_about: str = ""
    """The company name that `candidates` were found for."""
    candidates: tuple[str, ...] = ()
    choice: str | None = None
    """NEW_COMPANY, one of the candidates, or None before the rep chose."""
    conversation_id: int | None = None
    """The conversation being edited; None for a new one."""


@dataclass(frozen=True)
class Count:
    """A week's number of one metric, with its target if there is one."""

    number: Decimal
    target: Decimal | None = None


@dataclass(frozen=True)
class Logged:
    """A logged conversation, its effect, and the current numbers of its week."""

    conversation_id: int
    company: str
    held_on: date
    close: Close | None
    week: date
    this_week: date
    conversations: Count
    base_moves: Count
    sales: Count
    base: Base | None
    """The base that the rep said was reached, if any."""
    stands_on: Base
    """The opportunity's base right after this conversation."""
    latest: bool
    """Whether nothing later was logged for the opportunity."""
    moves: int
    skipped_second: bool
    went_back: bool
    outcome: DealOutcome
    amount: Decimal | None
    reader: Reader
    undoable: bool
    edited: bool = False
    late: bool = False
    """Whether the check-in about its week has closed, so that its answers stay as they are."""
    undone: bool = False
    notes: tuple[str, ...] = field(default=())
