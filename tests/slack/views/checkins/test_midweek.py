"""The mid-week line as the rep reads it, and the choice on Home."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from bot.domain.shown.home import GoalShown
from bot.domain.shown.midweek import MidweekChoice, MidweekShown
from bot.domain.shown.reader import Reader
from bot.slack.views.checkins.midweek import OFF, ON, choice_message, home_block, midweek_message

READER = Reader("America/New_York", "en_US", "USD")
THURSDAY = datetime(2026, 11, 19, 13, 0, tzinfo=UTC)


def goal(name: str, unit: str, logged: int, target: int) -> GoalShown:
    return GoalShown(1, name, unit, "conversations", Decimal(logged), Decimal(target))


SHOWN = MidweekShown(
    date(2026, 11, 16),
    (goal("Conversations", "count", 11, 20), goal("Sales", "money", 10_000, 10_000)),
    2,
    READER,
)


@pytest.mark.parametrize(("days", "said"), [(2, "2 days left."), (1, "1 day left.")])
def test_it_is_one_line_with_every_goal(days: int, said: str) -> None:
    message = midweek_message(replace(SHOWN, days_left=days))
    text = message["blocks"][0]["text"]["text"]
    assert text == (
        "*Thursday:* Conversations 11 of 20 · Sales $10,000 of $10,000 :white_check_mark:. " + said
    )
    assert OFF in [one["action_id"] for one in message["blocks"][1]["elements"]]


def test_a_goal_that_days_off_made_smaller_says_so() -> None:
    small = replace(SHOWN.goals[0], target=Decimal(16), full_target=Decimal(20))
    message = midweek_message(replace(SHOWN, goals=(small,)))
    assert "Conversations 11 of 16 (20 a week)." in message["blocks"][0]["text"]["text"]


def test_home_and_words_say_what_was_chosen_and_offer_the_other() -> None:
    on, off = MidweekChoice(THURSDAY, READER), MidweekChoice(None, READER)
    assert home_block(on)["accessory"]["action_id"] == OFF
    assert "on, next on Thursday 19 November" in home_block(on)["text"]["text"]
    assert home_block(off)["accessory"]["action_id"] == ON
    assert "8:00 AM" in choice_message(on)["blocks"][0]["text"]["text"].replace("\u202f", " ")
    assert "no mid-week line" in choice_message(off)["blocks"][0]["text"]["text"]
