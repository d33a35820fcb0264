"""What a coach's weekly brief says: when it is due, whom to speak with first, and who deserves praise for what.

The brief is about one team and one week. Numbers that the log does not carry are never praised.
"""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from statistics import median

from bot.rules.acts import Act
from bot.rules.numbers import show_number

STRAGGLERS = timedelta(days=1)
"""How long after the week's deadline the brief waits for reps in other zones, whose check-ins close later."""

TOO_LATE = timedelta(days=4)
"""How long after the week's deadline a brief is no news any more."""

LONG_STREAK = 3
"""From how many weeks in a row with every goal met a streak is praised."""

EARLIER_WEEKS = 4
"""How many answered weeks a personal best needs before it: until then every week is a best one."""


class Result(enum.StrEnum):
    """How a rep's week ended."""

    MISSED = "missed"
    SILENT = "silent"
    OPEN = "open"
    """The rep can still answer."""
    MET = "met"
    AWAY = "away"
    UNASKED = "unasked"

    @property
    def label(self) -> str:
        """``Missed``, ``Silent``, ``Can still answer``, ``Met``, ``Away``, ``Not asked``."""
        words = {Result.OPEN: "Can still answer", Result.UNASKED: "Not asked"}
        return words.get(self, self.value.capitalize())


class Due(enum.Enum):
    """Whether a brief goes out."""

    WAIT = "wait"
    NOW = "now"
    NEVER = "never"


@dataclass(frozen=True)
class Best:
    """A rep's number that is higher than in all weeks before."""

    name: str
    unit: str
    number: Decimal
    before: Decimal


@dataclass(frozen=True)
class RepWeek:
    """What a brief knows of one rep's week."""

    name: str
    result: Result
    act: Act | None = None
    """What the coach chose to do, else what is suggested; None where nobody has to act any more."""
    asked_advice: bool = False
    misses: int = 0
    """How many weeks in a row were missed or silent, including this one."""
    differs: bool = False
    """Whether an answer is another number than the log has."""
    holds: bool = True
    """Whether the log carries the goals that were met, or a coach nodded the week through."""
    streak: int = 0
    bests: Sequence[Best] = ()
    """Those of the personal bests that the log carries."""
    kept_steps: Sequence[str] = ()
    """The steps of which the rep said in this week's check-in that they were done."""


def due(*, asked: int, waiting: int, closes_at: datetime, now: datetime) -> Due:
    """Decide about the brief of a week that `asked` reps were asked about, `waiting` of whom can still answer.

    `closes_at` is the week's usual deadline. A week in which nobody was asked has no brief. After the deadline it
    waits for a day, and then for as long as most reps can still answer, because they were asked late.
    """
    if now > closes_at + TOO_LATE:
        return Due.NEVER
    if waiting and (now < closes_at + STRAGGLERS or 2 * waiting > asked):
        return Due.WAIT
    if not asked:
        return Due.WAIT if now < closes_at else Due.NEVER
    return Due.NOW


_ROWS = (
    Result.MISSED,
    Result.SILENT,
    Result.OPEN,
    Result.MET,
    Result.AWAY,
    Result.UNASKED,
)
_ACTS = (Act.MOTIVATE, Act.HOLD_ACCOUNTABLE, Act.COACH, Act.MENTOR)


def row_order(rep: RepWeek) -> tuple[int, bool, str]:
    """Return the key by which the table is sorted: misses first, then numbers that differ, then names."""
    return _ROWS.index(rep.result), not rep.differs, rep.name.casefold()


def speaks_first(rep: RepWeek) -> tuple[bool, int, int, str]:
    """Return the key by which those are sorted whom the coach speaks with.

    Who asked for advice waits for the coach and comes first. Then who falls, who owes a word, who can be helped
    with a skill; of those alike, who has missed more weeks in a row.
    """
    act = _ACTS.index(rep.act) if rep.act is not None else len(_ACTS)
    return not rep.asked_advice, act, -rep.misses, rep.name.casefold()


def is_spoken_with(rep: RepWeek) -> bool:
    """Return whether the coach has to speak with the rep about this week."""
    return rep.act is not None and rep.result in {Result.MISSED, Result.SILENT}


def praised_for(rep: RepWeek, *, currency: str = "USD", locale: str = "en_US") -> list[str]:
    """Return what a rep deserves a word of praise for, the best first, as plain text; often there is nothing."""
    said = [
        f"personal best in {best.name.lower()}: {_number(best.number, best, currency, locale)}, "
        f"after {_number(best.before, best, currency, locale)}"
        for best in rep.bests
    ]
    if rep.result is Result.MET and rep.holds and rep.streak >= LONG_STREAK:
        said.append(f"every goal met for {rep.streak} weeks in a row")
    said += [f"kept the step “{step}”" for step in rep.kept_steps]
    return said


def _number(value: Decimal, best: Best, currency: str, locale: str) -> str:
    return show_number(value, unit=best.unit, currency=currency, locale=locale)


def praise_order(rep: RepWeek) -> tuple[int, int, str]:
    """Return the key by which those are sorted who deserve praise: bests, then long streaks, then names."""
    return -len(rep.bests), -rep.streak, rep.name.casefold()


@dataclass(frozen=True)
class Waits:
    """How long alerts waited until a coach first acted on them."""

    acted: int
    typical: timedelta | None
    """The median; None while nobody has acted on any."""
    waiting: int
    since: datetime | None
    """Since when the oldest of those waits that nobody has acted on."""


def waits(alerts: Iterable[tuple[datetime, datetime | None]]) -> Waits:
    """Sum up alerts, each given as the moment it came to its coaches and the moment of their first action."""
    alerts = list(alerts)
    took = [(acted - came).total_seconds() for came, acted in alerts if acted is not None]
    open_since = [came for came, acted in alerts if acted is None]
    return Waits(
        acted=len(took),
        typical=timedelta(seconds=median(took)) if took else None,
        waiting=len(open_since),
        since=min(open_since, default=None),
    )


def counted(reps: Collection[RepWeek]) -> list[tuple[Result, int]]:
    """Return how many weeks ended in each way, the met ones first and always; what did not happen is left out."""
    order = (Result.MET, Result.MISSED, Result.SILENT, Result.AWAY, Result.OPEN, Result.UNASKED)
    found = [(result, sum(rep.result is result for rep in reps)) for result in order]
    return [(result, number) for result, number in found if number or result is Result.MET]
