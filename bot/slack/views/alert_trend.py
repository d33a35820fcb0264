"""The last weeks of a rep in an alert: squares for the weeks, and a chart of the goal that was missed."""

from __future__ import annotations

from decimal import Decimal

from bot.domain.shown.alerts import AlertShown, TrendWeek
from bot.domain.shown.checkins import QuestionShown
from bot.domain.shown.reader import Reader
from bot.slack.views import words
from bot.slack.views.blocks import Block, sections
from bot.slack.views.charts import FEWEST_POINTS, Point, chart, in_words, points_of
from bot.slack.views.mrkdwn import Mrkdwn, escape, fill, join, literal

RESULT_MARKS = {
    "met": literal(":large_green_square:"),
    "missed": literal(":large_red_square:"),
    "silent": literal(":white_square_button:"),
    "away": literal(":palm_tree:"),
    "skipped": literal(":black_small_square:"),
    "none": literal(":black_small_square:"),
    "open": literal(":white_large_square:"),
}


def trend_blocks(shown: AlertShown) -> list[Block]:
    """The weeks as squares, a chart of the goal that was missed most, and the numbers of what else was missed."""
    first = words.short_week(shown.trend[0].week, shown.reader)
    last = words.short_week(shown.trend[-1].week, shown.reader)
    lines = [
        fill(
            "*The last {weeks} weeks* ({first} to {last})",
            weeks=len(shown.trend),
            first=first,
            last=last,
        ),
        join(RESULT_MARKS[week.result] for week in shown.trend),
    ]
    charted, points = _charted(shown)
    for question in _missed(shown):
        if question is charted and len(points) >= FEWEST_POINTS:
            continue
        numbers = join((_number_in(week, question, shown.reader) for week in shown.trend), " · ")
        lines.append(fill("{name}: {numbers}", name=escape(question.name), numbers=numbers))
    blocks = sections(lines)
    if charted is not None and len(points) >= FEWEST_POINTS:
        unit = shown.reader.currency if charted.unit == "money" else ""
        name = f"{charted.name} ({unit})" if unit else charted.name
        blocks.append(chart(f"{name}, week by week", points))
    return blocks


def trend_in_words(shown: AlertShown) -> Mrkdwn | None:
    """The numbers of the chart, for whoever does not see it; None where there is no chart."""
    charted, points = _charted(shown)
    if charted is None or len(points) < FEWEST_POINTS:
        return None
    return in_words(charted.name, charted.unit, points, shown.reader)


def _missed(shown: AlertShown) -> list[QuestionShown]:
    """The goals that were missed; of a week without an answer, all of them."""
    return [question for question in shown.questions if question.verdict != "yes"]


def _charted(shown: AlertShown) -> tuple[QuestionShown | None, list[Point]]:
    """The goal of which the smallest share was reached, with its weeks; None if none was missed."""
    missed = _missed(shown)
    if not missed or shown.is_over:
        return None, []
    charted = min(missed, key=_share)
    return charted, points_of(shown.trend, charted.name, shown.reader)


def _share(question: QuestionShown) -> Decimal:
    if question.number is None or question.target <= 0:
        return Decimal(1)
    return question.number / question.target


def _number_in(week: TrendWeek, question: QuestionShown, reader: Reader) -> Mrkdwn:
    number, _ = week.of(question.name) or (None, None)
    if number is None:
        return literal("–")
    return escape(words.bare_number(number, question.unit, reader))
