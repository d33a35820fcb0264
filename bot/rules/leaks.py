"""Where a rep's funnel leaks: of the deals that reached a base, how many reached the next one, lately and usually.

A history of twelve weeks is cut into three blocks of four. A deal that reached a base in a block passes if it
reached the next base within the same block, so that every block has the same time, and the last one can be held
against the two before it. A plan's ratios are measured otherwise, over a year (`bot.rules.measures`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from bot.rules.conversation import Base
from bot.rules.ratios import Step
from bot.rules.weeks import WEEK

BLOCK = 4
"""How many weeks one block has."""

BLOCKS = 3
WEEKS = BLOCK * BLOCKS
"""The history that is looked at, in weeks."""

FEWEST_LATELY = 3
FEWEST_USUALLY = 5
"""With fewer deals at a base, lately or before, nothing is said about it."""

ENOUGH_CONVERSATIONS = 30
"""From so many conversations on it is said how many base moves they bring."""


@dataclass(frozen=True)
class Moved:
    """A conversation that brought base moves: the deal, the week, the base that it reached, and its moves."""

    deal: int
    week: date
    base: int
    moves: int


@dataclass(frozen=True)
class Talked:
    """The conversations of one week: how many, their base moves, and how many were closed and not asked at all."""

    conversations: int
    moves: int
    closed: int = 0
    """Conversations for which the rep said how they closed."""
    not_asked: int = 0


@dataclass(frozen=True)
class Passed:
    """How many of the deals at a base got on to the next."""

    hits: int
    trials: int

    @property
    def percent(self) -> int:
        """The share, rounded to a whole percentage; 0 without a trial."""
        if not self.trials:
            return 0
        return int((Decimal(self.hits) * 100 / self.trials).quantize(Decimal(1), ROUND_HALF_UP))


@dataclass(frozen=True)
class Leak:
    """The step at which fewer deals get on than usual."""

    step: Step
    lately: Passed
    usually: Passed


@dataclass(frozen=True)
class Log:
    """What a rep logged in the twelve weeks that end with the week `last`."""

    last: date
    moved: tuple[Moved, ...] = ()
    weeks: Mapping[date, Talked] = field(default_factory=dict)

    def passed(self, block: int) -> dict[Step, Passed]:
        """Return how many got on at each step in a block; block 0 is the latest, and 1 the one before it."""
        until = self.last - block * BLOCK * WEEK
        since = until - (BLOCK - 1) * WEEK
        reached = _reached(one for one in self.moved if since <= one.week <= until)
        found = {}
        for step in Step:
            hits = {deal for deal, bases in reached.items() if step.base in bases}
            before = {deal for deal, bases in reached.items() if step.base - 1 in bases}
            found[step] = Passed(len(hits & before), len(before))
        talked = sum(
            week.conversations for monday, week in self.weeks.items() if since <= monday <= until
        )
        firsts = sum(Base.FIRST in bases for bases in reached.values())
        found[Step.FIRST] = Passed(min(firsts, talked), talked)
        return found

    def leak(self) -> Leak | None:
        """Return the step whose share fell most below the usual one; None if none fell or too little is known."""
        worst: Leak | None = None
        for leak in self._known_steps():
            if _fall(leak) > 0 and (worst is None or _fall(leak) > _fall(worst)):
                worst = leak
        return worst

    def says_where_deals_stop(self) -> bool:
        """Return whether enough deals are logged to hold the last four weeks of a step against the usual."""
        return bool(self._known_steps())

    def _known_steps(self) -> list[Leak]:
        lately = self.passed(0)
        earlier = [self.passed(block) for block in range(1, BLOCKS)]
        found = []
        for step in Step:
            usually = Passed(
                sum(one[step].hits for one in earlier), sum(one[step].trials for one in earlier)
            )
            if lately[step].trials >= FEWEST_LATELY and usually.trials >= FEWEST_USUALLY:
                found.append(Leak(step, lately[step], usually))
        return found

    def at_the_close(self) -> tuple[Passed, Passed]:
        """Return how many deals on 3rd came home in the last block, and at how many closes nobody asked."""
        since = self.last - (BLOCK - 1) * WEEK
        weeks = [week for monday, week in self.weeks.items() if since <= monday <= self.last]
        closes = Passed(sum(w.not_asked for w in weeks), sum(w.closed for w in weeks))
        return self.passed(0)[Step.HOME], closes

    def moves_of(self, conversations: Decimal) -> Decimal | None:
        """Return how many base moves so many conversations bring at the rep's own rate; None if it is unknown."""
        held = sum(week.conversations for week in self.weeks.values())
        if held < ENOUGH_CONVERSATIONS:
            return None
        return conversations * sum(week.moves for week in self.weeks.values()) / held


def _reached(moved: Iterable[Moved]) -> dict[int, set[int]]:
    """Return the bases that each deal reached; a deal that skipped a base has reached it."""
    found: dict[int, set[int]] = defaultdict(set)
    for one in moved:
        found[one.deal].update(range(one.base - one.moves + 1, one.base + 1))
    return found


def _fall(leak: Leak) -> Decimal:
    """Return by how many percentage points the share fell."""
    usually = Decimal(leak.usually.hits) / leak.usually.trials
    return usually - Decimal(leak.lately.hits) / leak.lately.trials
