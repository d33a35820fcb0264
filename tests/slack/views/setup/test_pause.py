"""The form that pauses a whole team, and its answer."""

from __future__ import annotations

from datetime import date

import pytest

from bot.domain.shown.pauses import FIRST_WEEK, WEEKS, PauseForm, PauseSaved, PauseShown
from bot.domain.shown.setup import Choice
from bot.rules.weeks import WEEK
from bot.slack.views.setup import pause as views
from tests.slack.views.shown import MONDAY, READER
from tests.slack.views.sound import ODD, check_sound, text_of

PAUSE = PauseShown("pause 1 2.0", MONDAY, MONDAY + WEEK)


def test_the_form_shows_what_is_paused_and_asks_for_weeks() -> None:
    weeks = tuple(MONDAY + number * WEEK for number in range(26))
    form = PauseForm((Choice(1, ODD), Choice(2, "Quay")), 1, weeks, (PAUSE,) * 30, READER)
    view = views.pause_view(form)
    check_sound(view)
    button = next(b for b in view["blocks"] if "Pauses, " in str(b))["accessory"]
    assert views.read_key(button["value"]) == (1, PAUSE.key)
    for wrong in ("", "x", "1", "[1]", "[null, 2]"):
        with pytest.raises(ValueError, match=r"no pause|Expecting"):
            views.read_key(wrong)


def test_what_was_chosen_is_read() -> None:
    def chosen(first: str, weeks: str) -> tuple[date | None, int]:
        values = {FIRST_WEEK: first, WEEKS: weeks}
        options = {k: {"a": {"selected_option": {"value": v}}} for k, v in values.items()}
        return views.read_pause({"state": {"values": options}})

    assert chosen("2026-11-23", "2") == (date(2026, 11, 23), 2)
    assert chosen("soon", "2") == (None, 1)
    assert views.read_pause({}) == (None, 1)


def test_the_answer_says_which_days() -> None:
    for saved, words in (
        (PauseSaved(ODD, PAUSE, 2, READER), "2 reps are told"),
        (PauseSaved(ODD, PAUSE, 1, READER, taken_back=True), "was taken back. 1 rep is told"),
        (PauseSaved(ODD, None, 1, READER, taken_back=True), "is not there any more"),
    ):
        view = views.pause_done(saved)
        check_sound(view)
        assert words in text_of(view)
