"""A plan against reality: what six weeks say of its pace and its ratios, and what is measured by now."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from bot.rules.ratios import Provenance

WEEKS = 6
"""So many answered weeks can disprove a plan."""

HELD = Decimal("0.9")
"""From this share of the conversations on, the rep did what the plan asks."""

SHORT = Decimal("0.75")
"""Below this share of what the plan asks, reality is another."""


@dataclass(frozen=True)
class PlanWeek:
    """One answered week under the plan: what was done, and what was asked, days off taken out."""

    conversations: Decimal
    conversations_asked: Decimal
    base_moves: Decimal
    base_moves_asked: Decimal


class Why(enum.StrEnum):
    """What about the plan does not hold."""

    PACE = "pace"
    """Not one of the weeks had as many conversations as the plan asks for."""
    RATES = "rates"
    """The conversations were held, and did not bring the base moves that the plan's ratios promise."""


@dataclass(frozen=True)
class Disproof:
    """What the weeks say together, in sums."""

    why: Why
    weeks: int
    conversations: Decimal
    conversations_asked: Decimal
    base_moves: Decimal
    base_moves_asked: Decimal


def disproof(weeks: Sequence[PlanWeek]) -> Disproof | None:
    """Return why the last six of these weeks, oldest first, disprove the plan; None if they don't."""
    last = weeks[-WEEKS:]
    if len(last) < WEEKS:
        return None
    held = sum((week.conversations for week in last), Decimal(0))
    asked = sum((week.conversations_asked for week in last), Decimal(0))
    moves = sum((week.base_moves for week in last), Decimal(0))
    moves_asked = sum((week.base_moves_asked for week in last), Decimal(0))
    if all(week.conversations < week.conversations_asked for week in last) and (
        held < SHORT * asked
    ):
        return Disproof(Why.PACE, WEEKS, held, asked, moves, moves_asked)
    if held >= HELD * asked and moves < SHORT * moves_asked:
        return Disproof(Why.RATES, WEEKS, held, asked, moves, moves_asked)
    return None


def became_measured(*, planned: str, now: str) -> bool:
    """Return whether the plan assumes a ratio that is measured by now."""
    return planned == Provenance.ASSUMED and now == Provenance.MEASURED
