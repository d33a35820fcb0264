"""The data of a rep's log: their conversations week by week, and the deals that are open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.domain.shown.reader import Reader
from bot.rules.conversation import Base, Close, DealOutcome


@dataclass(frozen=True)
class ConversationLine:
    """One conversation of the log."""

    conversation_id: int
    company: str
    held_on: date
    week: date
    base: Base | None
    moves: int
    close: Close | None
    outcome: DealOutcome
    amount: Decimal | None
    late: bool
    """Whether it was logged after the check-in about its week had closed."""
    edited: bool


@dataclass(frozen=True)
class WeekOfLog:
    """One week of the log in short."""

    week: date
    conversations: int
    base_moves: int
    sales: Decimal
    editable: bool
    """Whether its conversations can still be changed."""


@dataclass(frozen=True)
class LogPage:
    """One page of a rep's conversations of this week and the one before, the newest first."""

    weeks: tuple[WeekOfLog, ...]
    """This week and the one before."""
    lines: tuple[ConversationLine, ...]
    page: int
    """Counted from 0."""
    pages: int
    reader: Reader


@dataclass(frozen=True)
class RepLog:
    """Some weeks of a rep's log, for somebody who looks through it."""

    rep: str
    """The rep's Slack user id."""
    weeks: tuple[WeekOfLog, ...]
    """The newest first."""
    lines: tuple[ConversationLine, ...]
    page: int
    """Counted from 0."""
    pages: int
    reader: Reader


@dataclass(frozen=True)
class OpenDeal:
    """An opportunity that is neither won nor lost."""

    company: str
    base: Base
    on_base_since: date
    last_held_on: date


@dataclass(frozen=True)
class DealPage:
    """One page of a rep's open deals: the highest base first, and on each base the one that stands longest."""

    deals: tuple[OpenDeal, ...]
    counts: tuple[tuple[Base, int], ...]
    """How many open deals stand on each base, on all pages together; the highest base first."""
    today: date
    page: int
    pages: int
    reader: Reader
