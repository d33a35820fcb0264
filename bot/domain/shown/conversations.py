"""What is shown of logged conversations, and what a filled-in form says."""

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
"""The choice that says: none of the companies named. No company is called so: a name has a letter or digit."""


@dataclass(frozen=True)
class Draft:
    """A conversation that was understood and is not recorded yet. `notes` are for the rep to read."""

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
    """Nothing was recorded yet, because the rep has to say something first.

    With `candidates`: is it one of these companies, or a new one? Without: why did it go back from
    `stands_on`?
    """

    draft: Draft
    candidates: tuple[str, ...] = ()
    stands_on: Base | None = None


@dataclass(frozen=True)
class Form:
    """The form as it stands on the screen: what was typed, and what was asked besides."""

    company: str = ""
    base: str = Base.NONE.label
    held_on: date | None = None
    close: Close | None = None
    outcome: DealOutcome = DealOutcome.OPEN
    amount: str = ""
    back_reason: str = ""
    stands_on: Base | None = None
    """Where the opportunity stands, once the form asks why it went back."""
    asked_about: str = ""
    """The company name that `candidates` were found for."""
    candidates: tuple[str, ...] = ()
    choice: str | None = None
    """NEW_COMPANY, one of the candidates, or None before the rep chose."""
    conversation_id: int | None = None
    """The conversation being edited; None for a new one."""


@dataclass(frozen=True)
class Count:
    """A week's number of one metric, with its target where there is one."""

    number: Decimal
    target: Decimal | None = None


@dataclass(frozen=True)
class Logged:
    """A conversation in the log, what it did, and where its week stands now."""

    conversation_id: int
    company: str
    week: date
    this_week: date
    conversations: Count
    base_moves: Count
    sales: Count
    base: Base | None
    """The base that was said to be reached, if any."""
    stands_on: Base
    """Where the opportunity stood right after this conversation."""
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
    undone: bool = False
    notes: tuple[str, ...] = field(default=())
