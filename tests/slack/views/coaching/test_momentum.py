"""The alarm says what was zero, when it will be felt, and whether the days were measured or assumed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.domain.shown.momentum import MomentumShown
from bot.slack.views.alerts import alert_message
from bot.slack.views.coaching.momentum import alarm_line
from tests.slack.views.shown import ALERT, READER
from tests.slack.views.sound import check_sound, text_of

ALARM = MomentumShown("base move", 2, date(2027, 1, 11), 63, 9, True)


def test_a_measured_cycle_says_from_how_many_deals() -> None:
    assert alarm_line(ALARM, READER) == (
        ":chart_with_downwards_trend: *Two weeks without a base move.* A sale takes 63 days here "
        "(measured, 9 won deals), so it will be felt in *January 2027*."
    )


def test_an_assumed_cycle_says_so() -> None:
    line = alarm_line(replace(ALARM, weeks=12, wins=2, is_measured=False), READER)
    assert "*12 weeks without a base move.*" in line
    assert "A sale takes 63 days (assumed, as in the team’s plans)" in line


@pytest.mark.parametrize("locale", ["de_DE", "fr_FR", "ja_JP", "ar_EG"])
def test_the_month_is_one_of_the_readers(locale: str) -> None:
    assert "January" not in alarm_line(ALARM, replace(READER, locale=locale))


@pytest.mark.parametrize(("changes", "is_there"), [({}, True), ({"all_met": True}, False)])
def test_the_alert_of_the_week_has_it_unless_all_is_well(
    changes: dict[str, bool], is_there: bool
) -> None:
    message = alert_message(replace(ALERT, momentum=ALARM, **changes))
    check_sound(message)
    assert ("Two weeks without a base move" in text_of(message)) is is_there
