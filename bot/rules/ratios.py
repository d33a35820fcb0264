"""The four ratios of the funnel, each with where it comes from and how far it can be trusted."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, ROUND_UP, Decimal
from math import sqrt

from bot.rules.conversation import Base

THIN_BELOW = 30
"""With fewer trials than this a measured ratio is `thin` and shows its interval."""

SMALLEST = Decimal("0.1")
"""The smallest percentage that a ratio can have: a plan divides by it."""

_Z = 1.959963984540054
"""Two-sided 95 % of the normal distribution."""


class Step(enum.StrEnum):
    """A step of the funnel, named by the base that it leads to."""

    FIRST = "first"
    SECOND = "second"
    THIRD = "third"
    HOME = "home"

    @property
    def base(self) -> Base:
        """The base that the step leads to."""
        return Base(list(Step).index(self) + 1)

    @property
    def label(self) -> str:
        """``conversation → 1st``, ``1st → 2nd``, ``2nd → 3rd``, ``3rd → home``."""
        before = Base(self.base - 1)
        return f"{before.label if before else 'conversation'} → {self.base.label}"


class Provenance(enum.StrEnum):
    """Where a number of the plan comes from."""

    MEASURED = "measured"
    THIN = "thin"
    ASSUMED = "assumed"
    OVERRULED = "overruled"


@dataclass(frozen=True)
class Ratio:
    """How many of a hundred get on to the next base.

    `percent` has at most one decimal, above 0 and up to 100. `hits` of `trials` since the day `since` is
    what the history says; it stays where the rep overruled the ratio. `low` and `high` are the interval of
    the measured ratio in percent. All of them are None where there is no history.
    """

    step: Step
    percent: Decimal
    provenance: Provenance
    hits: int | None = None
    trials: int | None = None
    since: date | None = None
    low: Decimal | None = None
    high: Decimal | None = None


ASSUMED: Mapping[Step, Decimal] = {
    Step.FIRST: Decimal(20),
    Step.SECOND: Decimal(50),
    Step.THIRD: Decimal(50),
    Step.HOME: Decimal(60),
}
"""What a rep without any history starts from: the worked example of this method, to be overruled."""


def ratio(step: Step, *, hits: int, trials: int, since: date | None) -> Ratio:
    """The ratio that a history of `hits` of `trials` gives; assumed where there is none.

    A plan can't divide by zero, so where none of the trials got there the ratio is the middle of the interval: of
    50 trials, 3.6 %. While that middle is above what is assumed, the trials are too few to say anything.

    The percentage is rounded down to a tenth, so that a plan never asks for less than the history says.
    """
    if trials <= 0:
        return Ratio(step, ASSUMED[step], Provenance.ASSUMED)
    low, high = wilson(hits, trials)
    exact = Decimal(hits) * 100 / trials if hits > 0 else (low + high) / 2
    if hits <= 0 and exact >= ASSUMED[step]:
        return Ratio(step, ASSUMED[step], Provenance.ASSUMED, hits, trials, since, low, high)
    return Ratio(
        step,
        max(exact.quantize(SMALLEST, ROUND_DOWN), SMALLEST),
        Provenance.THIN if trials < THIN_BELOW else Provenance.MEASURED,
        hits,
        trials,
        since,
        low,
        high,
    )


def overruled(found: Ratio, percent: Decimal) -> Ratio:
    """The ratio as the rep has it; the same one where the rep says what the history does."""
    if percent == found.percent:
        return found
    return Ratio(
        found.step,
        percent,
        Provenance.OVERRULED,
        found.hits,
        found.trials,
        found.since,
        found.low,
        found.high,
    )


def wilson(hits: int, trials: int) -> tuple[Decimal, Decimal]:
    """The Wilson score interval at 95 %, in percent with one decimal, rounded outwards.

    It stays within 0 and 100 and holds for few trials, where the plain normal interval does not: E. B. Wilson,
    “Probable inference, the law of succession, and statistical inference”, J. Am. Stat. Assoc. 22 (1927),
    209-212. Raises ValueError unless 0 ≤ hits ≤ trials and trials > 0.
    """
    if not 0 <= hits <= trials or trials == 0:
        raise ValueError("an interval needs 0 ≤ hits ≤ trials, and a trial")
    share = hits / trials
    spread = _Z * sqrt(share * (1 - share) / trials + _Z**2 / (4 * trials**2))
    middle, scale = share + _Z**2 / (2 * trials), 1 + _Z**2 / trials
    low = 0.0 if hits == 0 else 100 * (middle - spread) / scale
    high = 100.0 if hits == trials else 100 * (middle + spread) / scale
    return (
        Decimal(low).quantize(SMALLEST, ROUND_DOWN),
        min(Decimal(high).quantize(SMALLEST, ROUND_UP), Decimal(100)),
    )
