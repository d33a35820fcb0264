"""How an opportunity went round the bases, conversation by conversation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.rules.conversation import Base, DealOutcome


@dataclass(frozen=True)
class Step:
    """What one conversation says; ``base_reached`` is None when it moved nothing."""

    base_reached: Base | None
    outcome: DealOutcome = DealOutcome.OPEN


@dataclass(frozen=True)
class Moved:
    """What one conversation did; ``moves`` is what counts for the week."""

    base_before: Base
    base_after: Base
    moves: int
    skipped_second: bool
    went_back: bool


def replay(steps: Iterable[Step]) -> list[Moved]:
    """One ``Moved`` for each step of one opportunity, in the order they were held.

    Each base counts once for an opportunity: going back counts none, nor does climbing again
    over ground that was counted. A win stands at home. After a win or a loss a new opportunity
    starts, so that a caller who passes more than one gets each of them right.
    """
    moved: list[Moved] = []
    stands = highest = Base.NONE
    for step in steps:
        before = stands
        if step.outcome is DealOutcome.WON:
            stands = Base.HOME
        elif step.base_reached is not None:
            stands = step.base_reached
        moved.append(
            Moved(
                base_before=before,
                base_after=stands,
                moves=max(0, stands - highest),
                skipped_second=before < Base.SECOND < stands,
                went_back=stands < before,
            )
        )
        highest = max(highest, stands)
        if step.outcome is not DealOutcome.OPEN:
            stands = highest = Base.NONE
    return moved
