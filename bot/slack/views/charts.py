"""A rep's numbers week by week: as Slack's chart block, and as bars of text where a chart can't stand.

Only a message can hold the chart block, at most two of them. Homes and modals, and a workspace whose Slack does
not take the block, get bars of text. Limits: https://docs.slack.dev/reference/block-kit/blocks
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from bot.domain.shown.alerts import TrendWeek
from bot.domain.shown.reader import Reader
from bot.slack.views import words
from bot.slack.views.blocks import Block, Message, shorten
from bot.slack.views.mrkdwn import Mrkdwn, escape, fill, join

CHART = "data_visualization"

FEWEST_POINTS = 3
"""With fewer weeks than this there is no line to see."""

MOST_POINTS = 20
TITLE_LIMIT = 50
LABEL_LIMIT = 20

REACHED = "Reached"
TARGET = "Target"

BAR_WIDTH = 10
"""The width of the longest bar of text in characters: label, bar and numbers fit on a telephone."""


@dataclass(frozen=True)
class Point:
    """The number and the target of one week."""

    label: str
    """The week by its Monday: `16 Nov`."""
    value: Decimal
    target: Decimal


@dataclass(frozen=True)
class TextBar:
    """One line of a chart made of text."""

    label: str
    value: Decimal
    says: str
    """What stands behind the bar: `17 of 20`, or why there is none: `away`."""


def points_of(trend: Iterable[TrendWeek], name: str, reader: Reader) -> list[Point]:
    """Return the weeks in which the goal of this name has a number.

    A week away, without an answer or never asked about has no point: a zero would say that nothing was done.
    """
    found = []
    for week in trend:
        number, target = week.of(name) or (None, Decimal(0))
        if number is not None:
            found.append(Point(str(words.short_week(week.week, reader)), number, target))
    return found


def chart(title: str, points: Sequence[Point]) -> Block:
    """The numbers as a line beside the line of their targets."""
    shown = points[-MOST_POINTS:]
    labels = [shorten(point.label, LABEL_LIMIT) for point in shown]
    return {
        "type": CHART,
        "title": shorten(title, TITLE_LIMIT),
        "chart": {
            "type": "line",
            "series": [
                _series(REACHED, labels, [point.value for point in shown]),
                _series(TARGET, labels, [point.target for point in shown]),
            ],
            "axis_config": {"categories": labels},
        },
    }


def in_words(name: str, unit: str, points: Sequence[Point], reader: Reader) -> Mrkdwn:
    """`Conversations: 9 Nov 20 of 20, 16 Nov 17 of 20`: the words that stand for a chart where none is seen."""
    weeks = (
        fill(
            "{label} {value} of {target}",
            label=escape(point.label),
            value=escape(words.bare_number(point.value, unit, reader)),
            target=escape(words.bare_number(point.target, unit, reader)),
        )
        for point in points
    )
    return fill("{name}: {weeks}", name=escape(name), weeks=join(weeks, ", "))


def text_bars(title: str, bars: Sequence[TextBar]) -> Block:
    """The same as lines of text, in a block that a message, a Home and a modal can hold."""
    most = max((bar.value for bar in bars), default=Decimal(0))
    widest = max((len(bar.label) for bar in bars), default=0)
    lines = [
        f"{bar.label:>{widest}} {_bar(bar.value, most):<{BAR_WIDTH}} {bar.says}" for bar in bars
    ]
    heading = {"type": "text", "text": title, "style": {"bold": True}}
    drawn = {"type": "text", "text": "\n".join(lines) or " "}
    return {
        "type": "rich_text",
        "elements": [
            {"type": "rich_text_section", "elements": [heading]},
            {"type": "rich_text_preformatted", "elements": [drawn]},
        ],
    }


def has_chart(message: Message) -> bool:
    """Return whether the message holds a chart block."""
    return any(block.get("type") == CHART for block in message.get("blocks", ()))


def without_charts(message: Message) -> Message:
    """The same message with bars of text in the place of each chart."""
    blocks = [_as_text(one) if one.get("type") == CHART else one for one in message["blocks"]]
    return {**message, "blocks": blocks}


def _as_text(block: Block) -> Block:
    """The bars show the first series; the numbers of the others stand behind it: `17 / 20`."""
    drawn = block["chart"]
    if drawn["type"] == "pie":
        parts = [(part["label"], [part["value"]]) for part in drawn["segments"]]
    else:
        parts = [
            (label, [_value_at(series, label) for series in drawn["series"]])
            for label in drawn["axis_config"]["categories"]
        ]
    bars = [
        TextBar(label, Decimal(str(values[0])), " / ".join(_plainly(value) for value in values))
        for label, values in parts
    ]
    return text_bars(block["title"], bars)


def _series(name: str, labels: Sequence[str], values: Sequence[Decimal]) -> dict[str, Any]:
    points = zip(labels, values, strict=True)
    return {"name": name, "data": [{"label": label, "value": _json(v)} for label, v in points]}


def _value_at(series: dict[str, Any], label: str) -> int | float:
    found: int | float = next(p["value"] for p in series["data"] if p["label"] == label)
    return found


def _json(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _plainly(value: float) -> str:
    """`12 500`: thousands are set apart by a space, which nobody reads as a decimal sign."""
    return f"{value:,}".replace(",", "\N{NO-BREAK SPACE}")


def _bar(value: Decimal, most: Decimal) -> str:
    if value <= 0 or most <= 0:
        return ""
    halves = max(1, round(value / most * BAR_WIDTH * 2))
    return "█" * (halves // 2) + "▌" * (halves % 2)
