"""Charts: weeks without a number have no point, and the same stands there as text where a chart can't."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from bot.domain.shown.alerts import TrendWeek
from bot.domain.shown.reader import Reader
from bot.slack.views.blocks import message, section
from bot.slack.views.charts import (
    Point,
    TextBar,
    chart,
    has_chart,
    in_words,
    points_of,
    text_bars,
    without_charts,
)
from bot.slack.views.mrkdwn import literal
from tests.slack.views.sound import ODD, check_sound, text_of

READER = Reader("Europe/Berlin", "de_DE", "EUR")
MONDAY = date(2026, 11, 16)
POINTS = [Point("2 Nov", Decimal(22), Decimal(20)), Point("9 Nov", Decimal("8.5"), Decimal(16))]


def week(ago: int, number: int | None, result: str = "missed") -> TrendWeek:
    of = (("Sales", Decimal(1), Decimal(2)), ("Calls", number and Decimal(number), Decimal(20)))
    return TrendWeek(MONDAY - timedelta(weeks=ago), result, of)  # type: ignore[arg-type]


def test_a_week_without_a_number_has_no_point() -> None:
    trend = [week(3, 22), week(2, None, "silent"), TrendWeek(MONDAY, "away", ()), week(0, 17)]
    assert points_of(trend, "Calls", READER) == [
        Point("26 Okt.", Decimal(22), Decimal(20)),
        Point("16 Nov.", Decimal(17), Decimal(20)),
    ]
    assert points_of(trend, "Another", READER) == []


def test_the_chart_has_the_numbers_beside_the_targets() -> None:
    block = chart("Calls " + "x" * 60, POINTS)
    check_sound(message(literal("x"), [block]))
    numbers, targets = block["chart"]["series"]
    assert [point["value"] for point in numbers["data"]] == [22, 8.5]
    assert [point["value"] for point in targets["data"]] == [20, 16]


def test_many_weeks_are_cut_to_what_slack_takes_and_the_newest_stay() -> None:
    points = [Point(f"week {n}", Decimal(n), Decimal(20)) for n in range(30)]
    block = chart("Calls", points)
    check_sound(message(literal("x"), [block]))
    assert block["chart"]["axis_config"]["categories"][-1] == "week 29"


def test_without_charts_the_message_has_bars_of_text_and_all_else() -> None:
    whole = message(literal("fallback"), [section(literal("before")), chart(ODD[:50], POINTS)])
    plain = without_charts(whole)
    assert (has_chart(whole), has_chart(plain)) == (True, False)
    check_sound(plain)
    assert (plain["text"], plain["blocks"][0]) == ("fallback", whole["blocks"][0])
    assert text_of(plain).splitlines()[2:] == [
        "2 Nov ██████████ 22 / 20",
        "9 Nov ████       8.5 / 16",
    ]
    assert has_chart(whole), "the message itself is as it was"


def test_a_chart_of_another_kind_becomes_text_as_well() -> None:
    parts = [{"label": "Met", "value": 12_500}, {"label": "Missed", "value": 2_500}]
    pie: dict[str, Any] = {
        "type": "data_visualization",
        "title": "Weeks",
        "chart": {"type": "pie", "segments": parts},
    }
    said = text_of(without_charts(message(literal("x"), [pie])))
    assert (
        "   Met ██████████ 12\N{NO-BREAK SPACE}500\nMissed ██         2\N{NO-BREAK SPACE}500"
        in said
    )


def test_a_bar_is_as_long_as_its_share_and_nothing_has_none() -> None:
    bars = [
        TextBar(label, Decimal(value), str(value))
        for label, value in (("a", 0), ("b", 1), ("c", 50), ("d", 100))
    ]
    (line_a, line_b, line_c, line_d) = text_of({"blocks": [text_bars("t", bars)]}).splitlines()[1:]
    assert line_a == "a            0"
    assert line_b == "b ▌          1", "a little is never shown as nothing"
    assert line_c == "c █████      50"
    assert line_d == "d ██████████ 100"
    check_sound(message(literal("x"), [text_bars("t", [TextBar("a", Decimal(0), "0")])]))
    check_sound(message(literal("x"), [text_bars("t", [])]))


def test_in_words_the_numbers_are_written_as_the_reader_writes_them() -> None:
    points = [Point("9. Nov.", Decimal(12_500), Decimal(10_000))]
    said = in_words("<Umsatz>", "money", points, READER)
    assert said == "&lt;Umsatz&gt;: 9. Nov. 12.500\N{NO-BREAK SPACE}€ of 10.000\N{NO-BREAK SPACE}€"
