"""What a rep's week brings: the lines that are typed after /log-conversation, day by day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from math import ceil
from random import Random

from bot.demo.history import Line, Pipeline, companies
from bot.demo.weeks.team import Rep
from bot.rules.conversation import Base, DealOutcome

WORKING_DAYS = 5
DAYS_OF_A_SHORT_WEEK = 3


@dataclass(frozen=True)
class Amounts:
    """What a week comes to."""

    conversations: int
    base_moves: int
    sales: int


class Talks:
    """The conversations of one rep, from week to week; always the same ones."""

    def __init__(self, rep: Rep) -> None:
        self._rep = rep
        self._chance = Random(f"weeks of {rep.slack_user_id}")  # noqa: S311 - a life that was made up
        self._pipeline = Pipeline(self._chance, iter(companies(self._chance)))
        self.goals = rep.goals
        """They grow when higher sights are agreed on."""

    def raise_goals(self, percent: int) -> None:
        """Aim for so many percent more from now on."""
        conversations, moves, sales = self.goals
        self.goals = (
            ceil(conversations * (100 + percent) / 100),
            ceil(moves * (100 + percent) / 100),
            ceil(sales * (100 + percent) / 100),
        )

    def week(self, week: date, number: int) -> dict[date, list[str]]:
        """Return what is typed on each day of the week with this Monday, the `number`-th from 0."""
        sort, _ = self._rep.week(number)
        amounts = self._amounts(sort)
        typed: dict[date, list[str]] = {}
        if amounts.conversations:
            days = DAYS_OF_A_SHORT_WEEK if sort == "H" else WORKING_DAYS
            for line in self._lines(week, amounts, days):
                typed.setdefault(line.held_on, []).append(as_typed(line))
        return typed

    def _lines(self, week: date, amounts: Amounts, days: int) -> Iterator[Line]:
        return self._pipeline.week(
            week, amounts.conversations, amounts.base_moves, amounts.sales, days=days
        )

    def _amounts(self, sort: str) -> Amounts:
        conversations, moves, sales = self.goals
        more, chance = self._chance.randint(0, 2), self._chance.uniform(1.0, 1.4)
        sold = round(sales * chance, -2)
        match sort:
            case "G":
                return Amounts(conversations + more, moves + more % 2, int(sold))
            case "H":
                share = DAYS_OF_A_SHORT_WEEK / WORKING_DAYS
                return Amounts(ceil(conversations * share), ceil(moves * share), int(sold))
            case "L":
                return Amounts(conversations + more, moves // 3, 0)
            case "S":
                return Amounts(conversations + more, moves, 0)
            case "Z" | "A":
                return Amounts(0, 0, 0)
        tenths = int(sort)
        return Amounts(
            conversations * tenths // 10, moves * tenths // 10, int(sold) // 2 if tenths > 6 else 0
        )


def as_typed(line: Line) -> str:
    """Return what somebody types for this conversation: `Acme 3rd asked`, `Acme home 12400`, `Acme lost`."""
    words = [line.company]
    if line.outcome is DealOutcome.LOST:
        words.append("lost")
    elif line.base is not None and line.base is not Base.NONE:
        words.append(line.base.label)
    if line.amount is not None:
        words.append(str(line.amount))
    if line.close is not None:
        words.append(line.close.label.split()[0].lower())
    return " ".join(words)
