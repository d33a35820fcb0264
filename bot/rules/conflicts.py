"""Where goals stand in each other's way: what arithmetic can tell, and which pairs only the rep can judge."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass

from bot.rules.goals import GoalFacts, PlanFacts, Said

MOST_PAIRS = 5
"""So many pairs are asked about at a time."""


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


def find(plan: PlanFacts, goals: Iterable[GoalFacts], said: Said) -> tuple[Conflict, ...]:
    """Every conflict between the plan and the goals beside it, by kind; none for a plan that is sound.

    The order in which the goals come changes nothing. `said` may speak of goals that are no more.
    """
    raise NotImplementedError


def pairs_to_ask(goals: Iterable[GoalFacts], said: Said) -> tuple[tuple[GoalFacts, GoalFacts], ...]:
    """Up to MOST_PAIRS pairs that no arithmetic can judge and that were not asked about before.

    One of the two is personal, or about a metric of the team's own. Pairs with the sales goal (`SALES_GOAL`)
    come first. The order in which the goals come changes nothing.
    """
    raise NotImplementedError
