"""The reminder: sound in every state of its check-in, and a line only once there is nothing left to answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.shown.budget import Spent
from bot.domain.shown.checkins import ReminderShown
from bot.slack.views.checkins.reminders import reminder_message, snoozed_words
from bot.slack.views.mrkdwn import literal
from tests.slack.views.shown import CHECK_IN, NOW
from tests.slack.views.sound import check_sound, text_of

STATES = {
    "open": "still has 2 questions open. It closes Thursday 10:12.",
    "answered": "is answered. Thank you.",
    "away": "You were away in the week 30 November – 6 December.",
    "unanswered": "is closed.",
    "skipped": "is closed.",
}


@pytest.mark.parametrize("state", STATES)
def test_a_reminder_is_sound_and_says_where_its_check_in_stands(state: str) -> None:
    message = reminder_message(ReminderShown(1, replace(CHECK_IN, state=state), 2, NOW))
    check_sound(message)
    assert STATES[state] in text_of(message)
    assert ("Answer now" in text_of(message)) == (state == "open")
    assert ("I'll remind you once more Thursday 10:12." in text_of(message)) == (state == "open")


def test_the_last_reminder_promises_no_other_and_names_no_end_that_is_not_known() -> None:
    shown = ReminderShown(1, replace(CHECK_IN, deadline_at=None), 1, None)
    said = text_of(reminder_message(shown))
    assert "still has 1 question open." in said
    assert "closes" not in said
    assert "once more" not in said


def test_a_reminder_says_when_no_other_comes_because_the_week_has_no_room() -> None:
    shown = ReminderShown(1, CHECK_IN, 1, NOW, no_room=Spent(5, 5))
    message = reminder_message(replace(shown, check_in=replace(CHECK_IN, state="open")))
    check_sound(message)
    assert "No more reminders: this is message 5 of 5 in this week." in text_of(message)
    assert "once more" not in text_of(message)


def test_a_rep_who_puts_it_off_is_told_until_when() -> None:
    assert (
        snoozed_words(literal("Friday 09:00")) == ":zzz: All right, I'll remind you Friday 09:00."
    )
