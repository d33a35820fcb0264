"""What a plan asks for against what the rep has done: findings for the coach, each with its numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.rules.ratios import Ratio, Step


@dataclass(frozen=True)
class Finding:
    """One comparison in a plain sentence with its numbers; `doubtful` where the plan asks for more."""

    sentence: str
    doubtful: bool


@dataclass(frozen=True)
class Asked:
    """What the plan asks for: conversations a week, and the ratios that it counts on, own numbers beside them."""

    conversations: int
    ratios: Sequence[Ratio]


@dataclass(frozen=True)
class Done:
    """What it is held against.

    `best_average` is the rep's best average of conversations a week, over the four weeks that begin with the
    Monday `best_first`; both None without four weeks of history. `medians` are the team's, in percent, of
    the steps for which enough other reps are measured.
    """

    best_average: Decimal | None
    best_first: date | None
    medians: Mapping[Step, Decimal]
    conversation_minutes: int
    weekly_hours: int


def findings(asked: Asked, done: Done, *, locale: str, today: date) -> tuple[Finding, ...]:
    """The comparisons in a fixed order: best weeks, hours, then each ratio against own and the team's."""
    raise NotImplementedError
