"""The alarm about lost momentum, as coaches read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class MomentumShown:
    """What was zero, since when, and when it will be felt."""

    kind: str
    """`conversation`, `base move` or `first appointment`."""
    weeks: int
    felt_on: date
    cycle_days: int
    """From the first conversation to a won deal."""
    wins: int
    """How many won deals the days were measured from."""
    is_measured: bool
    """Whether they were: with too few wins it is the number that the team's plans assume."""
