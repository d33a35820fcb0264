"""The account of a plan's period: what was planned and what happened, for the messages at its end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from bot.domain.shown.reader import Reader
from bot.rules.periods import Span


@dataclass(frozen=True)
class Sum:
    """One weekly number over the weeks that were asked about: what they asked for, and what was done."""

    name: str
    asked: Decimal
    done: Decimal


@dataclass(frozen=True)
class AccountShown:
    """What a rep and their coach read once a plan's period is over, or once its goal is reached before that."""

    plan_id: int
    version: int | None
    rep: str
    rep_name: str
    reader: Reader
    span: Span
    goal: Decimal
    closed: Decimal
    """What was sold in the period: the opening balance, and what was logged or answered after its day."""
    sums: tuple[Sum, ...]
    weeks: Mapping[str, int] = field(default_factory=dict)
    """How many weeks ended how: `met`, `missed`, `silent`, `away`, `skipped`."""
    weeks_left: int = 0
    """How many weeks of the period are still to come."""
    targets_until: date | None = None
    """The last day on which the plan's targets stand; None where somebody set others."""
    next_version: int | None = None
    next_from: date | None = None
    """The signed version that follows, and the week from which it counts."""
    can_start: bool = True
    """Whether the rep has sent no later version yet, so that a fresh start is the next thing to do."""
