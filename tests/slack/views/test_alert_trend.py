"""The trend in an alert: the goal that was missed most has a chart, if there are enough weeks for one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from bot.domain.shown.alerts import AlertShown, TrendWeek
from bot.slack.views.alert_trend import trend_blocks, trend_in_words
from bot.slack.views.charts import CHART
from tests.slack.views.shown import ALERT, MONDAY, QUESTION
from tests.slack.views.sound import text_of

CALLS = replace(QUESTION, name="Calls", number=Decimal(10), target=Decimal(20), verdict="no")
SALES = replace(CALLS, name="Sales", number=Decimal(4), target=Decimal(5), unit="money")
MOVES = replace(CALLS, name="Moves", number=Decimal(9), target=Decimal(9), verdict="yes")


def missed(weeks: int, *questions: object, **changes: object) -> AlertShown:
    numbers = tuple(
        (name, Decimal(10), Decimal(20)) for name in ("Calls", "Sales", "Moves", "Others")
    )
    trend = tuple(
        TrendWeek(MONDAY - timedelta(weeks=n), "missed", numbers if n < weeks else ())
        for n in range(11, -1, -1)
    )
    asked = questions or (SALES, CALLS, MOVES)
    shown: AlertShown = replace(ALERT, trend=trend, questions=asked, **changes)  # type: ignore[arg-type]
    return shown


def charts(shown: AlertShown) -> list[str]:
    return [one["title"] for one in trend_blocks(shown) if one["type"] == CHART]


def test_the_goal_with_the_smallest_share_has_the_chart_and_what_else_was_missed_a_line() -> None:
    shown = missed(12)
    assert charts(shown) == ["Calls, week by week"]
    said = text_of({"blocks": trend_blocks(shown)})
    assert "Sales: £10 · £10" in said
    assert "Calls: " not in said
    assert "Moves: " not in said, "that goal was met"


def test_the_chart_of_money_says_which_currency() -> None:
    assert charts(missed(12, SALES, MOVES)) == ["Sales (GBP), week by week"]


@pytest.mark.parametrize(("weeks", "found"), [(2, 0), (3, 1)])
def test_two_weeks_are_no_line_and_stand_there_as_numbers(weeks: int, found: int) -> None:
    shown = missed(weeks)
    assert len(charts(shown)) == found
    assert ("Calls: – · – ·" in text_of({"blocks": trend_blocks(shown)})) == (found == 0)
    assert (trend_in_words(shown) is None) == (found == 0)


def test_of_a_week_without_an_answer_the_first_goal_has_the_chart() -> None:
    silent = [replace(one, number=None, verdict=None) for one in (CALLS, MOVES)]
    assert charts(missed(12, *silent, state="unanswered")) == ["Calls, week by week"]


@pytest.mark.parametrize("over", [{"state": "away"}, {"state": "open"}, {"all_met": True}])
def test_where_nobody_has_to_act_there_is_no_chart(over: dict[str, object]) -> None:
    assert charts(missed(12, **over)) == []


def test_the_words_of_the_chart_have_each_week() -> None:
    said = trend_in_words(missed(3))
    assert said == "Calls: 16 Nov 10 of 20, 23 Nov 10 of 20, 30 Nov 10 of 20"
