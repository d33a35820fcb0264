"""Where goals stand in each other's way: what arithmetic can tell, and which pairs only the rep can judge."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Kind(enum.StrEnum):
    """What is wrong between two goals."""

    SAME_METRIC = "same_metric"
    HOURS = "hours"
    INCOME = "income"
    LEAVE = "leave"
    TOO_SOON = "too_soon"
    PULLS_APART = "pulls_apart"


@dataclass(frozen=True)
class Conflict:
    """Two goals by their names, the numbers that show it, and what would resolve it. Plain text, unescaped."""

    kind: Kind
    first: str
    second: str
    arithmetic: str
    resolve: str
