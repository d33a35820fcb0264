"""Paired rounds: every variant back to back, the order reversed every other round, and only ratios trusted.

A shared machine is twice as fast in one minute as in the next. So nothing here is compared across rounds: a
ratio is formed inside each, and the median with its quartiles is what counts.
"""

from __future__ import annotations

import json
import statistics
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

Figures = Mapping[str, float]
"""What one round measured, by variant."""


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
        if len(self.values) < 2:
            return self.median, self.median
        low, _, high = statistics.quantiles(self.values, n=4, method="inclusive")
        return low, high

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
    variants: Mapping[str, Callable[[int], Awaitable[float]]], *, rounds: int
) -> list[dict[str, float]]:
    """Measure every variant in every round; a variant is told the number of the round."""
    measured = []
    for number in range(rounds):
        names = list(variants)
        if number % 2:
            names.reverse()
        measured.append({name: await variants[name](number) for name in names})
    return measured


def ratios(measured: Sequence[Figures], above: str, below: str) -> tuple[float, ...]:
    """`above` ÷ `below`, formed inside each round."""
    return tuple(figures[above] / figures[below] for figures in measured)


def percentile(values: Sequence[float], percent: int) -> float:
    """The value that `percent` of them don't exceed."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


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
