"""The words of logged conversations: sound, with nothing of people's text alive."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.shown.conversations import Count, Draft, Logged, Question
from bot.domain.shown.reader import Reader
from bot.rules.conversation import Base, Close, DealOutcome
from bot.rules.problems import NotUnderstood
from bot.rules.quick_log import Understood
from bot.slack.views.blocks import Message
from bot.slack.views.conversations import drafts
from bot.slack.views.conversations import messages as conversations
from tests.slack.views.sound import check_sound

READER = Reader(timezone="Europe/London", locale="en_US", currency="USD")
WEEK = date(2026, 11, 16)
LOGGED = Logged(
    conversation_id=7,
    company="Acme",
    held_on=date(2026, 11, 18),
    close=None,
    week=WEEK,
    this_week=WEEK,
    conversations=Count(Decimal(18), Decimal(20)),
    base_moves=Count(Decimal(7), Decimal(9)),
    sales=Count(Decimal(30_000), Decimal(50_000)),
    base=None,
    stands_on=Base.NONE,
    latest=True,
    moves=0,
    skipped_second=False,
    went_back=False,
    outcome=DealOutcome.OPEN,
    amount=None,
    reader=READER,
    undoable=True,
)


def said(shown: Logged) -> str:
    """Without the line that says what was understood."""
    first, _, *more = conversations.logged_lines(shown)
    return "\n".join([first, *more])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "Acme: no new base, close not said, no amount, Wednesday 18 November."),
        (
            {"base": Base.SECOND, "close": Close.ASKED},
            "Acme: 2nd base, close: asked, no amount, Wednesday 18 November.",
        ),
        (
            {
                "base": Base.HOME,
                "outcome": DealOutcome.WON,
                "amount": Decimal(12_500),
                "close": Close.INOFFENSIVE,
            },
            "Acme: home (won), close: Inoffensive Close, $12,500, Wednesday 18 November.",
        ),
        (
            {"outcome": DealOutcome.LOST, "close": Close.NOT_ASKED},
            "Acme: lost, no new base, close: not asked, no amount, Wednesday 18 November.",
        ),
        (
            {"undone": True, "held_on": date(2025, 11, 18)},
            "Acme: no new base, close not said, no amount, Tuesday 18 November 2025.",
        ),
    ],
)
def test_the_answer_always_says_company_base_close_amount_and_day(
    changes: dict[str, Any], words: str
) -> None:
    assert conversations.logged_lines(replace(LOGGED, **changes))[1] == words


def buttons(message: Message) -> dict[str, str]:
    """The text of each button by its action_id."""
    return {
        element["action_id"]: element["text"]["text"]
        for block in message["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
    }


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "Logged. 18 of 20 conversations this week."),
        ({"conversations": Count(Decimal(18))}, "Logged. 18 conversations this week."),
        ({"conversations": Count(Decimal(1))}, "Logged. 1 conversation this week."),
        (
            {"conversations": Count(Decimal(1), Decimal(20))},
            "Logged. 1 of 20 conversations this week.",
        ),
        ({"week": date(2026, 11, 9)}, "Logged. 18 of 20 conversations last week."),
        (
            {"week": date(2026, 11, 2)},
            "Logged. 18 of 20 conversations in the week of 2 November.",
        ),
        ({"undone": True, "moves": 1}, "Undone. 18 of 20 conversations this week."),
        ({"edited": True}, "Saved. 18 of 20 conversations this week."),
        (
            {"base": Base.SECOND, "stands_on": Base.SECOND, "moves": 1},
            "Logged. 18 of 20 conversations this week.\n"
            "Acme is on 2nd: 1 base move, 7 of 9 this week.",
        ),
        (
            {"base": Base.SECOND, "stands_on": Base.SECOND, "latest": False},
            "Logged. 18 of 20 conversations this week.\nAcme was on 2nd: no new base move.",
        ),
        (
            {
                "base": Base.THIRD,
                "stands_on": Base.THIRD,
                "moves": 2,
                "skipped_second": True,
                "base_moves": Count(Decimal(7)),
            },
            "Logged. 18 of 20 conversations this week.\n"
            "Acme is on 3rd: 2 base moves, 7 this week.\n"
            "2nd was skipped: has Acme a need, a compelling reason to buy and an urgency, "
            "and do you stand out?",
        ),
        (
            {"base": Base.FIRST, "stands_on": Base.FIRST, "went_back": True},
            "Logged. 18 of 20 conversations this week.\nAcme is back on 1st: no base move.",
        ),
        (
            {
                "base": Base.HOME,
                "stands_on": Base.HOME,
                "moves": 1,
                "outcome": DealOutcome.WON,
                "amount": Decimal(12_000),
                "notes": ("I read “12.000” as 12,000.",),
            },
            "Logged. 18 of 20 conversations this week.\n"
            "Acme is won for $12,000: 1 base move, 7 of 9 this week. "
            "Sales: $30,000 of $50,000 this week.\n"
            "I read “12.000” as 12,000.",
        ),
        (
            {"base": Base.HOME, "moves": 1, "outcome": DealOutcome.WON},
            "Logged. 18 of 20 conversations this week.\n"
            "Acme is won: 1 base move, 7 of 9 this week. Press Edit to add the amount. "
            "Sales: $30,000 of $50,000 this week.",
        ),
        (
            {"outcome": DealOutcome.LOST},
            "Logged. 18 of 20 conversations this week.\n"
            "Acme is lost and closed: the next conversation with them starts afresh.",
        ),
    ],
)
def test_the_answer_says_what_was_done_and_where_the_week_stands(
    changes: dict[str, Any], words: str
) -> None:
    assert said(replace(LOGGED, **changes)) == words


def test_the_answer_has_undo_while_it_works_and_edit() -> None:
    assert buttons(conversations.logged_message(LOGGED)) == {
        "conversation.undo": "Undo",
        "conversation.edit": "Edit",
    }
    late = conversations.logged_message(replace(LOGGED, undoable=False))
    assert buttons(late) == {"conversation.edit": "Edit"}
    assert buttons(conversations.logged_message(replace(LOGGED, undone=True))) == {}


def test_a_near_miss_offers_what_is_known_and_the_new_one() -> None:
    draft = Draft(company="Acmee", base=Base.SECOND, held_on=WEEK)
    message = conversations.which_company_message(
        Question(draft, candidates=("Acme", "Acmes")), request_key="1.2"
    )
    assert buttons(message) == {
        "conversation.which.0": "It is Acme",
        "conversation.which.1": "It is Acmes",
        "conversation.which.new": "New company “Acmee”",
    }
    assert message["text"] == (
        "“Acmee” is new to your log. Is it Acme or Acmes? Nothing is logged yet."
    )
    value = message["blocks"][1]["elements"][1]["value"]
    assert drafts.decode_draft(value) == drafts.Chosen(
        replace(draft, company="Acmes"), "1.2", typed="Acmee"
    )


def test_two_readings_and_the_form_are_a_press_away() -> None:
    draft = Draft(company="Initech", base=Base.SECOND, held_on=WEEK, close=Close.ASKED)
    as_typed = replace(draft, company="Initech 2", base=None)
    message = conversations.which_reading_message(
        Question(
            draft, doubt="Is the company “Initech” or “Initech 2”?", readings=(draft, as_typed)
        ),
        request_key="1.2",
    )
    assert message["text"] == ("Is the company “Initech” or “Initech 2”? Nothing is logged yet.")
    assert buttons(message) == {
        "conversation.which.reading.0": "Initech, 2nd base, asked",
        "conversation.which.reading.1": "New company “Initech 2”",
        "conversation.fill": "Open the form",
    }
    values = [element["value"] for element in message["blocks"][1]["elements"]]
    # Whoever chooses a reading may still have misspelt the company.
    assert drafts.decode_draft(values[0]) == drafts.Chosen(draft, "1.2", certain=False)
    assert drafts.decode_draft(values[1]) == drafts.Chosen(as_typed, "1.2", typed="Initech 2")
    form, key = drafts.decode_form(values[2])
    assert (form.company, form.base, form.close, key) == ("Initech", "2nd", Close.ASKED, "1.2")


def test_a_refusal_is_three_lines_with_the_form() -> None:
    problem = NotUnderstood("I don't understand “<!here>”.", text="Acme <!here>", what="<!here>")
    problem.understood = Understood(company="Acme", amount="12k")
    message = conversations.not_understood_message(problem, request_key="1.2")
    assert [block["type"] for block in message["blocks"]] == ["section", "context", "actions"]
    assert "I don't understand “&lt;!here&gt;”. Nothing was logged." in message["text"]
    assert message["blocks"][1]["elements"][0]["text"] == "You typed: Acme &lt;!here&gt;"
    assert buttons(message) == {"conversation.fill": "Open the form"}
    form, key = drafts.decode_form(message["blocks"][2]["elements"][0]["value"])
    assert (form.company, form.amount, form.held_on, key) == ("Acme", "12k", None, "1.2")


def test_a_draft_always_fits_a_button() -> None:
    draft = Draft(
        company='"' * 80, base=None, held_on=WEEK, notes=("\\" * 400, '"' * 400, "\n" * 400)
    )
    value = drafts.encode_draft(draft, company='"' * 80, request_key="k" * 80, typed='"' * 80)
    assert len(value) <= 2000
    assert json.loads(value)["notes"] == []


# Whatever people type

texts = st.one_of(
    st.text(max_size=80),
    st.sampled_from(
        [
            "<!channel>",
            "<@U0BOSS>",
            "<#C1|x>",
            "<!here> & <@U0BOSS>",
            "<https://x|y>",
            "&lt;!here&gt;",
        ]
    ),
    st.text("<>!@#&|ab \U0001f389", max_size=80),
)
companies = st.one_of(texts, st.text(min_size=1, max_size=80)).filter(bool)
counts = st.builds(Count, st.just(Decimal(3)), st.none() | st.just(Decimal(9)))
logged = st.builds(
    Logged,
    conversation_id=st.integers(1, 2**53),
    company=companies,
    held_on=st.dates(),
    close=st.none() | st.sampled_from(Close),
    week=st.just(WEEK),
    this_week=st.just(WEEK),
    conversations=counts,
    base_moves=counts,
    sales=counts,
    base=st.none() | st.sampled_from(Base),
    stands_on=st.sampled_from(Base),
    latest=st.booleans(),
    moves=st.integers(0, 4),
    skipped_second=st.booleans(),
    went_back=st.booleans(),
    outcome=st.sampled_from(DealOutcome),
    amount=st.none() | st.decimals(0, 10**11, places=2).map(lambda d: abs(d)),
    reader=st.just(READER),
    undoable=st.booleans(),
    edited=st.booleans(),
    undone=st.booleans(),
    notes=st.lists(texts, max_size=2).map(tuple),
)
some_drafts = st.builds(
    Draft,
    company=companies,
    base=st.none() | st.sampled_from(Base),
    held_on=st.dates(),
    close=st.none() | st.sampled_from(Close),
    outcome=st.sampled_from(DealOutcome),
    amount=st.none() | st.decimals(0, 10**11, places=2).map(lambda d: abs(d)),
    notes=st.lists(st.text(max_size=200), max_size=3).map(tuple),
)
candidates = st.lists(companies, min_size=1, max_size=3, unique=True).map(tuple)


@given(logged)
def test_no_answer_has_live_text_of_people_in_it(shown: Logged) -> None:
    check_sound(conversations.logged_message(shown))
    check_sound(conversations.logged_modal(shown))


@given(some_drafts, candidates)
def test_no_near_miss_has_live_text_of_people_in_it(
    draft: Draft, candidates: tuple[str, ...]
) -> None:
    message = conversations.which_company_message(
        Question(draft, candidates=candidates), request_key="1234567890.1234567890.abcdef"
    )
    check_sound(message)
    value = message["blocks"][1]["elements"][0]["value"]
    chosen = drafts.decode_draft(value)
    assert chosen.request_key == "1234567890.1234567890.abcdef"
    assert replace(chosen.draft, notes=()) == replace(draft, company=candidates[0], notes=())


@given(some_drafts, texts)
def test_no_doubt_has_live_text_of_people_in_it(draft: Draft, doubt: str) -> None:
    question = Question(draft, doubt=doubt or "Which?", readings=(draft, draft))
    message = conversations.which_reading_message(question, request_key="k" * 60)
    check_sound(message)
    form, _ = drafts.decode_form(message["blocks"][1]["elements"][2]["value"])
    assert (form.company, form.held_on) == (draft.company, draft.held_on)


@given(st.one_of(texts, st.text(min_size=500, max_size=5000)), texts)
def test_no_usage_has_live_text_of_people_in_it(text: str, what: str) -> None:
    problem = NotUnderstood(f"I don't understand “{what}”.", text=text, what=what)
    check_sound(conversations.not_understood_message(problem))
