"""The alert: sound in every state, whatever names people gave, with everything that the coach goes by."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.shown.agreements import DoneForm
from bot.domain.shown.alerts import AlertShown, TrendWeek
from bot.rules.absences import WorkWeek
from bot.slack.views.alerts import alert_message, channel_problem
from bot.slack.views.coaching.acts import done_modal
from bot.slack.views.mrkdwn import literal
from tests.slack.views.shown import ALERT, METRIC, MISSED, MONDAY, MOST_METRICS, NOW
from tests.slack.views.sound import ODD, ODD_TEXTS, check_nothing_live, check_sound, text_of

STATES: dict[str, dict[str, Any]] = {
    "missed": {},
    "missed in time": {"late": False, "work": None, "marked_late": None},
    "unanswered": {"state": "unanswered"},
    "away": {"state": "away", "work": WorkWeek(5, off=5)},
    "open again": {"state": "open"},
    "met since": {"all_met": True, "marked_late": None},
    "met once days away count": {"all_met": True},
    "taken": {"taken_by": "U0DANA", "taken_at": NOW},
    "done": {"done_by": "U0DANA", "done_at": NOW, "note": ODD},
    "done without a word": {"done_by": "U0DANA", "done_at": NOW},
    "not in its channel": {"problem": "is_archived"},
    "no channel": {"problem": "no_channel", "coach_channel": None},
    "a channel that fails in a new way": {"problem": ODD},
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("odd", ODD_TEXTS)
def test_the_alert_is_sound_in_every_state(state: str, odd: str) -> None:
    shown: AlertShown = replace(ALERT, rep_name=odd, team_name=odd, **STATES[state])
    questions = tuple(replace(each, name=odd[:40]) for each in shown.questions)
    check_sound(alert_message(shown))
    check_sound(alert_message(replace(shown, questions=questions)))


def test_the_name_of_a_metric_stands_in_the_alert_as_it_was_typed() -> None:
    said = text_of(alert_message(ALERT))
    name = "&lt;!channel&gt; &amp; *b* &lt;http://x|y&gt;"
    assert f":x: *{name}:* 2.5 &lt;!here&gt; &amp; co of 3.5" in said


def test_how_much_is_missing_leaves_the_unit_to_the_target_beside_it() -> None:
    referrals = replace(
        MISSED,
        name="Referrals",
        unit="referrals asked for",
        number=Decimal(3),
        target=Decimal(5),
        full_target=None,
        logged=None,
    )
    said = text_of(alert_message(replace(ALERT, questions=(referrals,))))
    assert "*Referrals:* 3 of 5 referrals asked for, 2 short" in said


@pytest.mark.parametrize("questions", [MOST_METRICS, 3 * MOST_METRICS])
def test_the_numbers_of_all_weeks_take_as_many_sections_as_they_need(questions: int) -> None:
    long = tuple(
        replace(MISSED, answer_id=n, name=f"{n} {METRIC}"[:40], unit="<" * 20)
        for n in range(questions)
    )
    numbers = tuple((question.name, Decimal("1.5"), Decimal(3)) for question in long)
    weeks = [MONDAY - n * timedelta(weeks=1) for n in range(11, -1, -1)]
    trend = tuple(TrendWeek(week, "missed", numbers) for week in weeks)
    message = alert_message(replace(ALERT, questions=long, trend=trend))
    check_sound(message)
    said = text_of(message)
    assert said.count(":x: *") == questions
    assert said.count("1.5 " + "&lt;" * 20 + " · 1.5") == 6 * (questions - 1)  # one has a chart
    assert "…" not in said


@pytest.mark.parametrize(
    ("changes", "headline"),
    [
        ({"state": "unanswered"}, "*did not answer*"),
        ({"state": "away", "work": WorkWeek(5, off=5)}, "so it is no miss"),
        ({"state": "open"}, "*can answer until Thursday 3 December at 10:12*"),
        ({"all_met": True}, "now that days away are counted"),
        ({"state": "unanswered", "work": None, "marked_late": None}, "*did not answer*"),
        (
            {},
            "<@U0PRIYA> *missed 3 of 5 goals* in the week 30 November – 6 December (4 of 5 answers late)",
        ),
    ],
)
def test_an_alert_says_what_became_of_the_week(changes: dict[str, Any], headline: str) -> None:
    alert: AlertShown = replace(ALERT, **changes)
    said = text_of(alert_message(alert))
    assert headline in said
    marked = "Marked as away by <@U0PRIYA> after the week had ended, Thursday 3 December at 10:12"
    assert (marked in said) == (alert.marked_late is not None)
    assert ("Take it" in said) == (alert.state != "away")


@pytest.mark.parametrize("code", ["no_channel", "is_archived", "not_in_channel", ODD])
def test_why_it_came_directly_is_said_of_plans_as_well(code: str) -> None:
    said = channel_problem(code, "C0COACH", what=literal("Plans"))
    check_nothing_live(said)
    assert said.startswith("Plans for <#C0COACH> come to you directly because ")


@pytest.mark.parametrize("odd", ODD_TEXTS)
def test_what_was_done_is_asked_for_in_a_sound_modal(odd: str) -> None:
    check_sound(done_modal(DoneForm(2**31 - 1, odd, None)))
