"""Paired rounds: every variant back to back, the order reversed every other round, and only ratios trusted.

A shared machine is twice as fast in one minute as in the next. So nothing here is compared across rounds: a
ratio is formed inside each, and the median with its quartiles is what counts. Where the quartiles lie far apart
the rounds are measured again.
"""

from __future__ import annotations

import json
import statistics
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

WIDE = 1 / 3
"""Rounds are measured again if the quartiles of a ratio lie further apart than this part of its median."""

REPEATS = 2
"""How often rounds are measured again at the most; then those that lay closest together count."""

Figures = Mapping[str, float]
"""What one round measured, by variant."""

Variant = Callable[[int], Awaitable[float | Mapping[str, float]]]
"""Measures one figure, or several by name; it is told a number that rises from round to round."""


@dataclass(frozen=True)
class Result:
    """One line of the table: a ratio (or a figure that is a promise by itself) over all rounds."""

    name: str
    values: tuple[float, ...]
    bar: float | None
    better: Literal["more", "less"] = "more"
    unit: str = ""

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def quartiles(self) -> tuple[float, float]:
        return _quartiles(self.values)

    @property
    def reached(self) -> bool | None:
        """Whether the median is on the right side of the bar; None where there is none."""
        if self.bar is None:
            return None
        return self.median >= self.bar if self.better == "more" else self.median <= self.bar

    def as_json(self) -> str:
        low, high = self.quartiles
        facts = {**asdict(self), "median": self.median, "low": low, "high": high}
        return json.dumps({**facts, "reached": self.reached})


async def paired(
    variants: Mapping[str, Variant],
    *,
    rounds: int,
    pairs: Sequence[tuple[str, str]] = (),
    repeats: int = REPEATS,
) -> list[dict[str, float]]:
    """Measure every variant in every round, and all rounds again while the ratio of one of the `pairs` is wide.

    A variant's figure has its name; several figures have the variant's name and, after a space, their own.
    """
    best: list[dict[str, float]] = []
    narrowest = float("inf")
    for attempt in range(repeats + 1):
        measured = [
            await _round(variants, number)
            for number in range(attempt * rounds, (attempt + 1) * rounds)
        ]
        widest = max((spread(ratios(measured, *pair)) for pair in pairs), default=0.0)
        if widest < narrowest:
            best, narrowest = measured, widest
        if narrowest <= WIDE:
            break
        sys.stderr.write(f"quartiles lie {widest:.0%} of the median apart\n")
    return best


async def _round(variants: Mapping[str, Variant], number: int) -> dict[str, float]:
    names = list(variants)
    if number % 2:
        names.reverse()
    figures: dict[str, float] = {}
    for name in names:
        found = await variants[name](number)
        if isinstance(found, Mapping):
            figures |= {f"{name} {figure}": value for figure, value in found.items()}
        else:
            figures[name] = found
    return figures


def ratios(measured: Sequence[Figures], above: str, below: str) -> tuple[float, ...]:
    """`above` ÷ `below`, formed inside each round."""
    return tuple(figures[above] / figures[below] for figures in measured)


def values(measured: Sequence[Figures], name: str) -> tuple[float, ...]:
    """The figures of one variant."""
    return tuple(figures[name] for figures in measured)


def spread(found: Sequence[float]) -> float:
    """How far the quartiles lie apart, as a part of the median."""
    low, high = _quartiles(found)
    return (high - low) / statistics.median(found)


def _quartiles(found: Sequence[float]) -> tuple[float, float]:
    if len(found) < 2:
        return statistics.median(found), statistics.median(found)
    low, _, high = statistics.quantiles(found, n=4, method="inclusive")
    return low, high


def percentile(found: Sequence[float], percent: int) -> float:
    """The value that `percent` of them don't exceed."""
    return statistics.quantiles(found, n=100, method="inclusive")[percent - 1]


def table(results: Sequence[Result]) -> str:
    """The results for people, and for docs/performance.md."""
    lines = ["| what | median | quartiles | bar | |", "|---|---|---|---|---|"]
    for result in results:
        low, high = result.quartiles
        bar = "–"
        if result.bar is not None:
            bar = f"{'≥' if result.better == 'more' else '≤'} {result.bar:g}{result.unit}"
        word = {True: "reached", False: "**missed**", None: ""}[result.reached]
        lines.append(
            f"| {result.name} | {result.median:.3g}{result.unit} | {low:.3g}–{high:.3g} | {bar} | {word} |"
        )
    return "\n".join(lines)
