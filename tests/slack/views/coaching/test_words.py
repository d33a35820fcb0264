"""The rep's words: the cause of a miss and a wish for advice, and the line to a second coach."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.shown.checkins import CauseForm
from bot.rules.acts import Cause
from bot.slack.views.alerts import alert_buttons
from bot.slack.views.checkins.messages import check_in_message
from bot.slack.views.coaching import words as views
from tests.slack.views.coaching.shown import ADVICE, PASSED_ON
from tests.slack.views.shown import CHECK_IN, MET, MISSED, NOW
from tests.slack.views.sound import ODD, check_sound, text_of

ASKED = "What was in the way?"


def said(**changes: object) -> str:
    message = check_in_message(replace(CHECK_IN, **changes))  # type: ignore[arg-type]
    check_sound(message)
    return text_of(message)


def test_only_after_a_no_it_is_asked_what_was_in_the_way() -> None:
    assert ASKED not in said()
    assert ASKED in said(questions=(MISSED,))
    assert ASKED in said(questions=(MISSED,), state="answered")
    assert ASKED not in said(questions=(MET,), state="answered")
    assert ASKED not in said(questions=(MISSED,), state="answered", closed_for_good=True)


@pytest.mark.parametrize("cause", Cause)
def test_what_was_said_stands_there(cause: Cause) -> None:
    text = said(questions=(MISSED,), cause=cause.value, cause_words=ODD)
    assert f"In the way: *{cause.label}*." in text
    assert ASKED not in text


def test_advice_can_be_asked_for_whatever_the_answers_and_taken_back() -> None:
    for questions in ((MISSED,), (MET,)):
        assert "I’d like advice" in said(questions=questions, state="answered")
        text = said(questions=questions, state="answered", asked_advice=True)
        assert "I’d like advice" not in text
        assert "You would like advice. Your coaches know." in text


@pytest.mark.parametrize("cause", [None, *Cause])
def test_the_forms_are_sound(cause: str | None) -> None:
    for chosen in (None, "something_else"):
        view = views.cause_modal(CauseForm(2**31 - 1, cause, ODD), chosen=chosen, reply="https://x")
        check_sound(view)
        line = view["blocks"][1]
        assert line["optional"] == ((chosen or cause) != Cause.SOMETHING_ELSE)
    check_sound(views.advice_modal())


def test_a_wish_for_advice_in_each_state() -> None:
    for shown, words in (
        (ADVICE, "would like advice"),
        (replace(ADVICE, words=None), "would like advice"),
        (replace(ADVICE, closed_at=NOW, closed_by="U0MORGAN"), "<@U0MORGAN> took care of it"),
        (replace(ADVICE, closed_at=NOW, closed_by="U0PRIYA"), "took the wish for advice back"),
    ):
        message = views.advice_message(shown)
        check_sound(message)
        assert words in text_of(message)


def test_an_alert_that_nobody_took_in_each_state() -> None:
    buttons = alert_buttons(1, ODD, is_taken=False)
    for shown, words in (
        (PASSED_ON, "Nobody has taken the alert about <@U0PRIYA>"),
        (replace(PASSED_ON, taken_by="U0DANA"), "<@U0DANA> took the alert"),
        (replace(PASSED_ON, done_by="U0DANA"), "<@U0DANA> took care of"),
        (replace(PASSED_ON, is_needed=False), "is no miss any more"),
    ):
        message = views.passed_on_message(shown, buttons)
        check_sound(message)
        assert words in text_of(message)
        assert ("Take it" in text_of(message)) == (shown is PASSED_ON)
