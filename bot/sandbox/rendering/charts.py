"""Slack's `data_visualization` block as a drawing: line, bar, area and pie.

Colours come from classes (`series-0` …), so that the page's style decides on them, light or dark.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

WIDTH, HEIGHT = 440, 220
LEFT, RIGHT, TOP, BOTTOM = 46, 8, 12, 44
LETTER = 6.2


@dataclass(frozen=True)
class Series:
    """A chart shows these values under one name."""

    name: str
    values: tuple[float, ...]


@dataclass(frozen=True)
class Plot:
    """The plot knows where values stand on the drawing."""

    categories: tuple[str, ...]
    low: float
    high: float
    ticks: tuple[float, ...]

    @property
    def step(self) -> float:
        """Each category is this wide."""
        return (WIDTH - LEFT - RIGHT) / max(len(self.categories), 1)

    def x(self, index: int) -> float:
        """Return where the middle of a category is, from the left."""
        return LEFT + self.step * (index + 0.5)

    def y(self, value: float) -> float:
        """Return where a value is, from the top."""
        share = (value - self.low) / (self.high - self.low)
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)


def chart_to_html(block: Mapping[str, Any]) -> Markup:
    """Return the chart with its title and legend. Its accessible name has the numbers, too."""
    chart = block.get("chart") or {}
    if chart.get("type") == "pie":
        segments = [
            (str(segment.get("label", "")), float(segment.get("value") or 0))
            for segment in chart.get("segments", ())
        ]
        drawing = _pie(segments)
        names = [f"{label} {_number(value)}" for label, value in segments]
        spoken = ", ".join(names)
    else:
        series = [_series(each, chart) for each in chart.get("series", ())]
        plot = _plot(series, chart)
        drawing = _grid(plot, chart.get("axis_config") or {})
        drawing += (
            _bars(series, plot) if chart.get("type") == "bar" else _lines(series, plot, chart)
        )
        names = [each.name for each in series]
        spoken = "; ".join(
            f"{each.name}: "
            + ", ".join(
                f"{label} {_number(value)}"
                for label, value in zip(plot.categories, each.values, strict=False)
            )
            for each in series
        )
    title = str(block.get("title", ""))
    legend = Markup("").join(
        Markup('<li><span class="swatch series-{}"></span>{}</li>').format(index % 6, name)
        for index, name in enumerate(names)
    )
    return Markup(
        '<figure class="chart"><figcaption>{title}</figcaption>'
        '<svg viewBox="0 0 {width} {height}" role="img" aria-label="{title}. {spoken}">'
        '{drawing}</svg><ul class="legend" aria-hidden="true">{legend}</ul></figure>'
    ).format(title=title, width=WIDTH, height=HEIGHT, spoken=spoken, drawing=drawing, legend=legend)


def _series(series: Mapping[str, Any], chart: Mapping[str, Any]) -> Series:
    """Read one series and put its points into the order of the axis."""
    points = {str(point.get("label")): point.get("value") for point in series.get("data", ())}
    categories = (chart.get("axis_config") or {}).get("categories") or list(points)
    return Series(
        name=str(series.get("name", "")),
        values=tuple(float(points.get(str(label)) or 0) for label in categories),
    )


def _plot(series: Sequence[Series], chart: Mapping[str, Any]) -> Plot:
    categories = (chart.get("axis_config") or {}).get("categories")
    if not categories:
        points = next((each.get("data", ()) for each in chart.get("series", ())), ())
        categories = [point.get("label") for point in points]
    values = [value for each in series for value in each.values]
    low, high = min([0.0, *values]), max([0.0, *values])
    size = _round_step((high - low or 1) / 4)
    low, high = math.floor(low / size) * size, math.ceil((high or size) / size) * size
    ticks = tuple(low + size * index for index in range(round((high - low) / size) + 1))
    return Plot(categories=tuple(map(str, categories)), low=low, high=high, ticks=ticks)


def _round_step(rough: float) -> float:
    """Return the next of 1, 2, 5, 10 … above `rough`, so that people can read the ticks."""
    power = 10.0 ** math.floor(math.log10(rough))
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough * 0.999)


def _grid(plot: Plot, axis: Mapping[str, Any]) -> Markup:
    parts = [
        Markup(
            '<line class="grid" x1="{}" x2="{}" y1="{y:.1f}" y2="{y:.1f}"/>'
            '<text class="tick" x="{}" y="{label_y:.1f}" text-anchor="end">{}</text>'
        ).format(
            LEFT, WIDTH - RIGHT, LEFT - 6, _number(tick), y=plot.y(tick), label_y=plot.y(tick) + 4
        )
        for tick in plot.ticks
    ]
    widest = max((len(label) for label in plot.categories), default=1) * LETTER
    every = math.ceil((widest + 4) / plot.step)
    parts += [
        Markup('<text class="tick" x="{:.1f}" y="{}" text-anchor="middle">{}</text>').format(
            plot.x(index), HEIGHT - BOTTOM + 16, label
        )
        for index, label in enumerate(plot.categories)
        if index % every == 0
    ]
    if axis.get("x_label"):
        parts.append(
            Markup('<text class="axis" x="{}" y="{}" text-anchor="middle">{}</text>').format(
                (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, axis["x_label"]
            )
        )
    if axis.get("y_label"):
        parts.append(
            Markup(
                '<text class="axis" text-anchor="middle" transform="translate(11 {}) rotate(-90)">'
                "{}</text>"
            ).format((TOP + HEIGHT - BOTTOM) / 2, axis["y_label"])
        )
    return Markup("").join(parts)


def _bars(series: Sequence[Series], plot: Plot) -> Markup:
    width = plot.step * 0.72 / max(len(series), 1)
    parts = []
    for number, each in enumerate(series):
        for index, value in enumerate(each.values):
            top, base = sorted((plot.y(value), plot.y(0)))
            parts.append(
                Markup(
                    '<rect class="series-{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" '
                    'rx="2"><title>{}</title></rect>'
                ).format(
                    number % 6,
                    plot.x(index) - plot.step * 0.36 + number * width,
                    top,
                    max(width - 1, 1),
                    max(base - top, 1),
                    _point_title(each, plot, index),
                )
            )
    return Markup("").join(parts)


def _lines(series: Sequence[Series], plot: Plot, chart: Mapping[str, Any]) -> Markup:
    parts = []
    for number, each in enumerate(series):
        points = [(plot.x(index), plot.y(value)) for index, value in enumerate(each.values)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        if chart.get("type") == "area" and points:
            base = plot.y(0)
            shape = f"{points[0][0]:.1f},{base:.1f} {path} {points[-1][0]:.1f},{base:.1f}"
            parts.append(
                Markup('<polygon class="area series-{}" points="{}"/>').format(number % 6, shape)
            )
        parts.append(
            Markup('<polyline class="line series-{}" points="{}"/>').format(number % 6, path)
        )
        parts += [
            Markup(
                '<circle class="series-{}" cx="{:.1f}" cy="{:.1f}" r="3.5">'
                "<title>{}</title></circle>"
            ).format(number % 6, x, y, _point_title(each, plot, index))
            for index, (x, y) in enumerate(points)
        ]
    return Markup("").join(parts)


def _pie(segments: Sequence[tuple[str, float]]) -> Markup:
    total = sum(value for _, value in segments) or 1
    x, y, radius = WIDTH / 2, HEIGHT / 2, HEIGHT / 2 - 12
    parts = []
    angle = -math.pi / 2
    for number, (label, value) in enumerate(segments):
        title = f"{label}: {_number(value)} ({value / total:.0%})"
        sweep = 2 * math.pi * value / total
        if value >= total:  # an arc that ends where it began draws nothing
            parts.append(
                Markup(
                    '<circle class="series-{}" cx="{}" cy="{}" r="{}"><title>{}</title></circle>'
                ).format(number % 6, x, y, radius, title)
            )
            continue
        start, end = angle, angle + sweep
        angle = end
        parts.append(
            Markup(
                '<path class="slice series-{}" d="M{} {} L{:.2f} {:.2f} A{r} {r} 0 {} 1 {:.2f} {:.2f} Z">'
                "<title>{}</title></path>"
            ).format(
                number % 6,
                x,
                y,
                x + radius * math.cos(start),
                y + radius * math.sin(start),
                int(sweep > math.pi),
                x + radius * math.cos(end),
                y + radius * math.sin(end),
                title,
                r=radius,
            )
        )
    return Markup("").join(parts)


def _point_title(series: Series, plot: Plot, index: int) -> str:
    label = plot.categories[index] if index < len(plot.categories) else ""
    return f"{series.name}, {label}: {_number(series.values[index])}"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == round(value) else f"{value:,.2f}".rstrip("0")
