"""What was agreed as the rep reads it, and the rows that ask what became of it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.domain.checkins import follow_ups
from bot.rules.acts import Act
from bot.slack.views.checkins.messages import check_in_message
from bot.slack.views.coaching import agreements as views
from tests.slack.views.coaching.shown import AGREED, MESSAGE
from tests.slack.views.shown import CHECK_IN, MISSED, MOST_METRICS, QUESTION, READER
from tests.slack.views.sound import ODD, check_sound, text_of


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("is_open", [True, False])
def test_every_message_is_sound(act: Act, is_open: bool) -> None:
    for changes in ({}, {"step": None, "due_on": None, "otherwise": None, "note": None}):
        agreed = replace(AGREED, act=act.value, **changes)  # type: ignore[arg-type]
        message = views.agreement_message(replace(MESSAGE, agreement=agreed, is_open=is_open))
        check_sound(message)
        assert ("otherwise" in text_of(message).lower()) == (is_open or bool(agreed.otherwise))


@pytest.mark.parametrize(("kept", "said"), [("yes", ": done."), ("no", ": not done.")])
def test_the_message_says_what_became_of_the_step(kept: str, said: str) -> None:
    agreed = replace(AGREED, kept=kept, step="Plans")
    text = text_of(views.agreement_message(replace(MESSAGE, agreement=agreed)))
    assert f"*Plans*, by Friday 4 December{said}" in text


def rows(**answers: object) -> str:
    agreed = replace(AGREED, step="Plans", **answers)  # type: ignore[arg-type]
    shown = replace(CHECK_IN, agreed=(agreed,))
    check_sound(check_in_message(shown))
    return text_of(check_in_message(shown))


def test_it_is_asked_whether_it_helped_only_after_a_talk() -> None:
    assert "*Did you two talk?*" in rows()
    assert "*Did it help?*" not in rows()
    assert "*Did it help?*" in rows(talked="yes")
    assert "*Did it help?*" not in rows(talked="no")
    assert "It helped. *No.*" in rows(talked="yes", helped="no")
    assert "*Your step:* Plans, by Friday 4 December. Was it done?" in rows()
    assert "*Your step:* Plans, by Friday 4 December. *Yes.*" in rows(kept="yes")
    assert "Was it done?" not in rows(asks_step=False)
    assert "Did you two talk?" not in rows(asks_talk=False)


def test_the_answers_of_a_row_name_what_they_answer() -> None:
    blocks = views.asked_blocks(AGREED, READER, is_closed=False)
    ids = [one["action_id"] for block in blocks for one in block.get("elements", ())
           if "action_id" in one]  # fmt: skip
    assert ids == [
        "agreement.answer.kept.yes",
        "agreement.answer.kept.no",
        "agreement.answer.talked.yes",
        "agreement.answer.talked.no",
    ]
    (changed, *_) = views.asked_blocks(replace(AGREED, kept="yes"), READER, is_closed=False)
    assert changed["accessory"]["action_id"] == "agreement.answer.kept.no"


def test_a_closed_check_in_has_no_buttons() -> None:
    for agreed in (AGREED, replace(AGREED, kept="no", talked="yes", helped="yes")):
        for block in views.asked_blocks(agreed, READER, is_closed=True):
            assert block["type"] == "section"
            assert "accessory" not in block


def test_all_that_may_be_asked_fits_into_one_message() -> None:
    questions = tuple(
        replace(QUESTION, answer_id=number, logged=Decimal(3)) for number in range(MOST_METRICS - 1)
    )
    shown = replace(
        CHECK_IN,
        questions=(*questions, MISSED),
        cause="no_time",
        cause_words=ODD,
        agreed=tuple(
            replace(AGREED, agreement_id=number, talked="yes") for number in range(follow_ups.MOST)
        ),
    )
    message = check_in_message(shown)
    check_sound(message)
    assert text_of(message).count("Did it help?") == follow_ups.MOST


@pytest.mark.parametrize("said", [None, ODD])
def test_the_form_is_sound(said: str | None) -> None:
    check_sound(views.otherwise_modal(2**31 - 1, said))
