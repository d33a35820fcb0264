"""The message of a check-in: sound in every state, whatever names people gave, and told what it has to tell."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.shown.checkins import CheckInShown
from bot.rules.absences import WorkWeek
from bot.slack.views.checkins.messages import check_in_message, usage_message
from tests.slack.views.shown import (
    CHECK_IN,
    COUNT,
    MET,
    MISSED,
    MONEY,
    MOST_METRICS,
    ODD_QUESTION,
    QUESTION,
)
from tests.slack.views.sound import ODD, ODD_TEXTS, check_sound, text_of

ANSWERED = (MET, MISSED, MONEY, COUNT)
STATES: dict[str, dict[str, Any]] = {
    "scheduled": {"state": "scheduled"},
    "open": {},
    "open, in a whole week": {"work": None},
    "half answered": {"questions": (QUESTION, ODD_QUESTION, *ANSWERED)},
    "missed": {"state": "answered", "questions": ANSWERED},
    "missed late, no channel": {
        "state": "answered",
        "questions": ANSWERED,
        "late": True,
        "coach_channel": None,
        "second_coach": None,
    },
    "met": {"state": "answered", "questions": (MET,), "streak": 3},
    "answered for good": {"state": "answered", "questions": ANSWERED, "closed_for_good": True},
    "unanswered": {"state": "unanswered", "closed": True, "next_due_at": None},
    "unanswered for good": {"state": "unanswered", "closed": True, "closed_for_good": True},
    "skipped": {"state": "skipped", "closed_for_good": True},
    "away": {"state": "away", "closed_for_good": True},
    "somebody without a name": {"name": " "},
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("odd", ODD_TEXTS)
def test_the_message_is_sound_in_every_state(state: str, odd: str) -> None:
    changes = STATES[state]
    shown: CheckInShown = replace(CHECK_IN, **{"name": odd, **changes})
    named = tuple(replace(each, name=odd[:40], question=odd) for each in shown.questions)
    check_sound(check_in_message(shown))
    check_sound(check_in_message(replace(shown, questions=named)))


@pytest.mark.parametrize("question", [ODD_QUESTION, MISSED, MET])
def test_as_many_questions_as_a_team_has_metrics_fit_with_the_longest_names(question: Any) -> None:
    long = replace(question, name="&" * 40, unit="<" * 20, question=">" * 150, note="&" * 200)
    many = tuple(replace(long, answer_id=n) for n in range(MOST_METRICS))
    state = "open" if question is ODD_QUESTION else "answered"
    message = check_in_message(replace(CHECK_IN, state=state, questions=many))
    check_sound(message)
    assert text_of(message).count("*" + "&amp;" * 40 + ":*") == MOST_METRICS


def test_the_question_shows_the_share_of_a_short_week() -> None:
    asked = replace(QUESTION, answer_id=2, name="Hours", unit="hours", logged=None)
    said = text_of(check_in_message(replace(CHECK_IN, questions=(QUESTION, asked))))
    assert "3 logged, goal 12 (20 a week, 2 of 5 days away). Did you meet" in said
    assert "the goal was 12 hours (20 hours a week, 2 of 5 days away)." in said
    answered = replace(QUESTION, number=Decimal(3), verdict="no")
    said = text_of(check_in_message(replace(CHECK_IN, questions=(answered,))))
    assert "3 of 12 (20 a week, 2 of 5 days away). *No.*" in said


def test_a_joiner_reads_why_the_first_week_asks_for_less() -> None:
    work = WorkWeek(5, off=2, joined_on=date(2026, 11, 18))
    said = text_of(check_in_message(replace(CHECK_IN, questions=(QUESTION,), work=work)))
    assert "3 logged, goal 12 (20 a week, you joined on Wednesday: 3 of 5 days)." in said


def test_an_answer_that_the_log_does_not_back_says_what_decides() -> None:
    answered = replace(QUESTION, number=Decimal(5), verdict="no", full_target=None)
    said = text_of(check_in_message(replace(CHECK_IN, questions=(answered,))))
    assert "The log says 3. 5 is below 12, so this is a No." in said


def test_what_comes_after_an_answer_is_told_in_whole_sentences() -> None:
    answered = replace(CHECK_IN, state="answered", questions=(MET,), late=True)
    assert (
        "You can change answers until Thursday 3 December at 10:12; after that they are marked late. "
        "Answered late. The next check-in comes Thursday 3 December at 10:12."
    ) in text_of(check_in_message(answered))
    closed = replace(CHECK_IN, state="unanswered", next_due_at=None)
    assert "Your coach has been told." in text_of(check_in_message(closed))


def test_a_week_away_says_so_and_asks_nothing() -> None:
    message = check_in_message(replace(CHECK_IN, state="away", closed_for_good=True))
    assert "*You were away in the week 30 November – 6 December.*" in text_of(message)
    assert "button" not in str(message)


def test_the_usage_says_back_what_was_typed() -> None:
    for said in (None, *ODD_TEXTS, "n" * 5_000):
        check_sound(usage_message(said))
    assert "“&lt;!channel&gt; &amp; *b*" in text_of(usage_message(ODD))


def buttons(**changes: Any) -> dict[str, str | None]:
    """The buttons of the message, by their words, each with its style."""
    message = check_in_message(replace(CHECK_IN, **changes))
    return {
        button["text"]["text"]: button.get("style")
        for block in message["blocks"]
        if block["type"] == "actions"
        for button in block["elements"]
        if button["type"] == "button"
    }


def test_the_green_button_is_the_one_that_the_log_supports_or_none() -> None:
    asked = replace(QUESTION, logged=None)
    for logged, styles in ((12, ("primary", None)), (11, (None, "primary"))):
        question = replace(QUESTION, logged=Decimal(logged), target=Decimal(12))
        assert buttons(questions=(question,)) == dict(zip(("Yes", "No"), styles, strict=True))
    assert buttons(questions=(asked,)) == {"Yes": None, "No": None}


def test_all_as_logged_is_offered_where_it_saves_presses() -> None:
    logged, asked = replace(QUESTION, logged=Decimal(3)), replace(QUESTION, logged=None)
    assert "All as logged" in buttons(questions=(logged, logged))
    assert "All as logged" in buttons(questions=(logged, asked, logged))
    assert len(buttons(questions=(logged, asked))) == 2
    assert buttons(questions=(logged, logged), state="unanswered", closed_for_good=True) == {}


def test_the_coach_channel_is_named_as_people_outside_of_it_read_it() -> None:
    named = replace(CHECK_IN, channel_name="coach-<dana>")
    assert "a miss is shown in #coach-&lt;dana&gt; to " in text_of(check_in_message(named))
    assert "a miss is shown in your coach’s channel to" in text_of(check_in_message(CHECK_IN))


@pytest.mark.parametrize(
    ("channel", "members", "end"),
    [
        (None, None, ". Nobody else."),
        (None, 7, ". Nobody else."),
        ("C0COACH", 1, " to the 1 person there. Nobody else."),
        ("C0COACH", 7, " to the 7 people there. Nobody else."),
        ("C0COACH", None, " to everybody who is there."),
    ],
)
def test_nobody_else_is_said_only_where_all_readers_are_named_or_counted(
    channel: str | None, members: int | None, end: str
) -> None:
    shown = replace(CHECK_IN, coach_channel=channel, channel_members=members)
    (said,) = (line for line in text_of(check_in_message(shown)).splitlines() if ":eyes:" in line)
    assert said.endswith(end)
    assert ("Nobody else" in said) == (channel is None or members is not None)


def test_what_was_missed_is_named_with_how_much_is_lacking() -> None:
    one = replace(
        MISSED, unit="count", name="Conversations", target=Decimal(20), number=Decimal(19)
    )
    two = replace(
        MISSED, unit="count", name="Referrals asked for", target=Decimal(9), number=Decimal(7)
    )
    said = text_of(check_in_message(replace(CHECK_IN, state="answered", questions=(one, two))))
    assert "you fell short: Conversations by 1 and Referrals asked for by 2.*" in said
