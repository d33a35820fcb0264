"""Invents the conversations of the demo's past weeks: always the same ones, and consistent with the answers.

Each week gets exactly the conversations, base moves and sales of its check-in's answers. The deals develop as real
ones do: most end early, some get home after a few weeks.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from bot.demo.people import Rep
from bot.rules.conversation import Base, Close, DealOutcome

_FIRST = (
    "Alder Amber Anchor Beacon Birch Bramble Bright Cedar Clover Copper Coral Crown Dale Eagle Elm Ember Fern "
    "Flint Garnet Glen Grove Hazel Heron Holly Iron Jasper Laurel Linden Maple Marble Meadow Mill North Oak "
    "Onyx Orchard Pearl Pine Quartz Raven Ridge River Rowan Saffron Silver Slate Spruce Stone Summit Thistle"
)
_SECOND = (
    "Analytics Bakery Bikes Brewing Cafes Cinemas Clinics Dairy Dental Energy Farms Films Fitness Florists "
    "Foods Freight Gardens Hotels Interiors Joinery Labs Legal Lighting Logistics Media Motors Music Optics "
    "Paints Pharma Plumbing Press Printing Roofing Salons Security Seeds Shipping Solar Sports Studios "
    "Surveyors Tailors Telecom Textiles Tiles Tools Toys Travel Veterinary"
)

WEEKS_BEFORE = 20
"""How many weeks the reps logged before their first check-in."""

MOST_PATIENCE = 8
"""After this many weeks without a base move a deal is lost."""


@dataclass(frozen=True)
class Line:
    """One past conversation."""

    held_on: date
    company: str
    base: Base | None = None
    outcome: DealOutcome = DealOutcome.OPEN
    amount: Decimal | None = None
    close: Close | None = None

    def cells(self, slack_user_id: str) -> dict[str, str]:
        """Return the cells of a line in a history file; see `bot.domain.imports.history`."""
        return {
            "user": slack_user_id,
            "date": self.held_on.isoformat(),
            "company": self.company,
            "base": "" if self.base is None else self.base.label,
            "outcome": self.outcome,
            "amount": "" if self.amount is None else str(self.amount),
            "close": "" if self.close is None else self.close.label,
        }


@dataclass
class _Deal:
    company: str
    base: int
    moved: date


@dataclass
class Pipeline:
    """A rep's deals, from week to week."""

    chance: Random
    names: Iterator[str]
    deals: list[_Deal] = field(default_factory=list)

    def week(
        self, week: date, conversations: int, moves: int, sales: int, *, days: int = 5
    ) -> Iterator[Line]:
        """Yield the lines of the first `days` days of a week, in the order of the conversations."""
        held_on = sorted(self.chance.choices(range(days), k=conversations))
        held = (week + timedelta(days=day) for day in held_on)
        if sales:
            deal = self._furthest(week)
            moves -= Base.HOME - deal.base
            self.deals.remove(deal)
            yield Line(
                next(held), deal.company, Base.HOME, DealOutcome.WON, Decimal(sales), self._close()
            )
        talked: set[str] = set()
        while moves > 0:
            deal = self._next_to_move(week, talked)
            deal.base, deal.moved = deal.base + 1, week
            talked.add(deal.company)
            moves -= 1
            asked = self._close() if deal.base == Base.THIRD else None
            yield Line(next(held), deal.company, Base(deal.base), close=asked)
        for day in held:
            yield self._talk(day, week)

    def _furthest(self, week: date) -> _Deal:
        """Return the deal that becomes a sale: the one that has waited longest on the last base reached."""
        if not self.deals:
            self.deals.append(_Deal(next(self.names), 0, week))
        return max(self.deals, key=lambda deal: (deal.base, week - deal.moved))

    def _next_to_move(self, week: date, talked: set[str]) -> _Deal:
        """Return the deal to move: usually a new one, else one that is on a base already."""
        on_base = [
            deal for deal in self.deals if deal.base < Base.THIRD and deal.company not in talked
        ]
        if on_base and self.chance.random() < 0.47:
            return self.chance.choice(on_base)
        deal = _Deal(next(self.names), 0, week)
        self.deals.append(deal)
        return deal

    def _talk(self, day: date, week: date) -> Line:
        """Return a conversation without a base move: with a new company, or the last one of a lost deal."""
        stale = [deal for deal in self.deals if week - deal.moved > timedelta(weeks=MOST_PATIENCE)]
        if stale and len(self.deals) > 1:
            deal = self.chance.choice(stale)
            self.deals.remove(deal)
            return Line(day, deal.company, outcome=DealOutcome.LOST)
        return Line(day, next(self.names), close=self._close() if day.day % 3 == 0 else None)

    def _close(self) -> Close:
        return self.chance.choice((Close.ASKED, Close.INOFFENSIVE, Close.INOFFENSIVE))


def companies(chance: Random) -> list[str]:
    """Return the names of all companies that there are, shuffled."""
    names = [f"{one} {other}" for one in _FIRST.split() for other in _SECOND.split()]
    chance.shuffle(names)
    return names


def past_conversations(rep: Rep, *, this_week: date) -> Iterator[Line]:
    """Yield the rep's conversations of WEEKS_BEFORE and of the check-ins up to last week, oldest first."""
    weeks = [
        *_weeks_before(rep),
        *(numbers[:3] if numbers else rep.typical for numbers in rep.history),
    ]
    first_week = this_week - timedelta(weeks=len(weeks))
    chance = Random(rep.slack_user_id)  # noqa: S311 - a made-up past, the same at every start
    pipeline = Pipeline(chance, iter(companies(chance)))
    for number, (conversations, moves, sales) in enumerate(weeks):
        week = first_week + timedelta(weeks=number)
        yield from pipeline.week(week, conversations, moves, sales)


def _weeks_before(rep: Rep) -> Iterator[tuple[int, int, int]]:
    """Yield the numbers of the weeks before the check-ins began; they vary around the rep's typical week."""
    chance = Random(f"{rep.slack_user_id} before")  # noqa: S311
    conversations, moves, sales = rep.typical
    for _ in range(WEEKS_BEFORE):
        yield (
            conversations + chance.randint(-4, 3),
            moves + chance.randint(-2, 2),
            0 if chance.random() < 0.3 else round(int(sales * chance.uniform(0.7, 1.7)), -2),
        )
