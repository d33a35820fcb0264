"""Answers in the direct messages: sound whatever people typed, each with its buttons."""

from __future__ import annotations

import pytest

from bot.domain.shown.absences import AbsenceSaved
from bot.domain.shown.conversations import Draft, Question
from bot.domain.shown.direct_messages import DirectReply, ReplyKind
from bot.rules.conversation import Base
from bot.rules.problems import NotUnderstood
from bot.slack.views.blocks import Message
from bot.slack.views.conversations import drafts
from bot.slack.views.direct_messages import direct_reply_message
from tests.slack.views.shown import ABSENCE, MONDAY, READER
from tests.slack.views.sound import ODD, ODD_TEXTS, check_sound, text_of

KEY = "dm:0d2c1f6e-0000-4000-8000-000000000000"


def ids(message: Message) -> list[str]:
    return [
        element["action_id"]
        for block in message["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
    ]


@pytest.mark.parametrize("kind", list(ReplyKind))
def test_every_kind_has_an_answer_that_is_sound(kind: ReplyKind) -> None:
    message = direct_reply_message(DirectReply(kind, KEY, sentence=ODD))
    check_sound(message)
    assert ids(message)


def test_anything_else_gets_two_lines_and_four_buttons() -> None:
    message = direct_reply_message(DirectReply(ReplyKind.UNKNOWN, KEY))
    assert message["text"].count("\n") == 1
    assert ids(message) == [
        "conversation.open",
        "absence.open",
        "conversation.week",
        "conversation.deals",
    ]


@pytest.mark.parametrize("odd", ODD_TEXTS)
def test_questions_and_refusals_are_sound(odd: str) -> None:
    draft = Draft(odd or "Acme", Base.FIRST, MONDAY)
    for question in (
        Question(draft, doubt=odd or "Which?", readings=(draft, draft)),
        Question(draft, candidates=("Acme", odd or "Globex")),
        Question(draft, stands_on=Base.THIRD),
    ):
        check_sound(direct_reply_message(DirectReply(ReplyKind.ASKED, KEY, question=question)))
    problem = NotUnderstood(f"I don't understand “{odd}”.", text=odd, what=odd)
    check_sound(direct_reply_message(DirectReply(ReplyKind.ASKED, KEY, refused=problem)))


def test_what_goes_back_opens_the_form_with_the_lines_own_key() -> None:
    draft = Draft("Acme", Base.FIRST, MONDAY)
    message = direct_reply_message(
        DirectReply(ReplyKind.ASKED, KEY, question=Question(draft, stands_on=Base.THIRD))
    )
    assert "Acme stands on 3rd: why did it go back? Nothing is logged yet." in text_of(message)
    form, key = drafts.decode_form(message["blocks"][1]["elements"][0]["value"])
    assert (form.company, form.base, form.held_on, key) == ("Acme", "1st", MONDAY, KEY)


def test_days_off_have_their_button() -> None:
    saved = AbsenceSaved(ABSENCE, 7, "U0PRIYA", True, False, False, MONDAY, (), READER)
    message = direct_reply_message(DirectReply(ReplyKind.AWAY, KEY, saved=saved))
    assert ids(message) == ["absence.take_back"]
