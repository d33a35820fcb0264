"""Logging conversations by lines and forms, undoing and editing them."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import Session, select

from bot.clock import SettableClock
from bot.database import Database
from bot.domain.conversations import forms as conversation_forms
from bot.domain.conversations import logging as conversations
from bot.domain.outbox import outbox
from bot.domain.refusals import Refusal
from bot.domain.shown.conversations import Count, Draft, Form, Logged, Question
from bot.domain.tables import (
    CheckIn,
    CheckInState,
    Conversation,
    ConversationEdit,
    Enrolment,
    Member,
)
from bot.rules.conversation import Base, Close, DealOutcome
from bot.rules.problems import NotUnderstood
from tests.counting import counted
from tests.domain.conversations.rep import THIS_WEEK, TODAY, Rep, seed
from tests.domain.marked import open_homes
from tests.seeding import seed_once


def test_a_line_is_logged_and_counted_against_the_targets(rep: Rep) -> None:
    first = rep.log("Acme 2nd")
    assert first.company == "Acme"
    assert first.week == first.this_week == THIS_WEEK
    assert first.conversations == Count(Decimal(1), Decimal(20))
    assert first.base_moves == Count(Decimal(2), Decimal(9))
    assert first.stands_on == Base.SECOND
    assert first.undoable
    assert not first.edited

    home = rep.log("Acme home 12k asked")
    assert home.conversations.number == 2
    assert (home.moves, home.base_moves.number) == (2, 4)
    assert home.sales == Count(Decimal(12_000), Decimal(50_000))
    assert home.outcome is DealOutcome.WON
    assert rep.opportunities() == [("Acme", 4, "won")]


def test_without_targets_there_is_only_the_number(rep: Rep) -> None:
    sam = Rep(rep.database, rep.clock, "U0SAM")
    assert sam.log("Acme").conversations == Count(Decimal(1), None)


def test_the_same_command_delivered_twice_is_one_conversation_with_the_same_words(
    rep: Rep,
) -> None:
    first = rep.line("Acme 2nd", key="once")
    again = rep.line("Acme 2nd", key="once")
    assert again == first
    assert rep.count() == 1


def test_another_reps_request_key_answers_nobody_else(rep: Rep) -> None:
    rep.line("Acme 2nd", key="once")
    sam = Rep(rep.database, rep.clock, "U0SAM")
    logged = sam.line("Northwind 1st", key="once")
    assert isinstance(logged, Logged)
    assert logged.company == "Northwind"
    assert sam.line("Northwind 1st", key="once") == logged
    assert rep.count() == 2


def test_a_near_miss_is_asked_about_before_anything_is_recorded(rep: Rep) -> None:
    rep.log("Northwind 1st")
    question = rep.line("Northwnd 2nd", key="near")
    assert isinstance(question, Question)
    assert question.candidates == ("Northwind",)
    assert rep.count() == 1

    same = replace(question.draft, company=question.candidates[0])
    logged = rep.do(conversations.log_draft, draft=same, request_key="near")
    assert (logged.company, logged.moves) == ("Northwind", 1)
    # The other button, pressed as well, finds the answer given.
    other = rep.do(conversations.log_draft, draft=question.draft, request_key="near")
    assert other.conversation_id == logged.conversation_id
    assert rep.count() == 2


def test_a_near_miss_can_be_a_new_company(rep: Rep) -> None:
    rep.log("Northwind 1st")
    question = rep.line("Northwnd 2nd", key="near")
    logged = rep.do(conversations.log_draft, draft=question.draft, request_key="near")
    assert logged.company == "Northwnd"
    assert isinstance(rep.line("northwnd 3rd"), Logged)


@pytest.mark.parametrize(("line", "word"), [("Acme lost", "lost"), ("Acme home 5k", "won")])
def test_what_is_closed_cannot_be_lost_again(rep: Rep, line: str, word: str) -> None:
    rep.log("Acme 1st")
    rep.log(line)
    with pytest.raises(Refusal, match=f"Acme is already {word}, so there is nothing to lose"):
        rep.line("Acme lost")
    assert rep.count() == 2


def test_going_back_asks_why_and_counts_none(rep: Rep) -> None:
    rep.log("Acme 3rd")
    # Held before the 3rd was reached, it went forward then.
    assert rep.log("Acme 1st yesterday").moves == 1

    question = rep.line("Acme 2nd")
    assert isinstance(question, Question)
    assert question.stands_on == Base.THIRD
    assert rep.count() == 2

    form = rep.do(
        lambda session, **a: conversation_forms.question_form(
            session, caller=a["caller"], question=question
        )
    )
    assert (form.company, form.base, form.held_on) == ("Acme", "2nd", TODAY)
    assert form.stands_on == Base.THIRD
    assert rep.form(form) == question  # still no reason
    logged = rep.form(replace(form, back_reason="The buyer left"))
    assert (logged.moves, logged.went_back, logged.stands_on) == (0, True, Base.SECOND)

    reason = rep.database.read_now(
        lambda s: s.get_one(Conversation, logged.conversation_id).back_reason
    )
    assert reason == "The buyer left"


def test_after_ten_minutes_undo_says_what_to_do_instead(rep: Rep) -> None:
    logged = rep.log("Acme 2nd")
    rep.clock.move(600)
    assert rep.do(conversations.undo, conversation_id=logged.conversation_id).undone
    logged = rep.log("Acme 2nd")
    rep.clock.move(601)
    with pytest.raises(Refusal, match=r"Undo works for 10 minutes.*press Edit"):
        rep.undo(logged)
    assert rep.count() == 1


def test_edit_shows_what_was_logged_and_changes_it(rep: Rep) -> None:
    logged = rep.log("Acme 2nd yesterday asked")
    form = rep.do(conversation_forms.edit_form, conversation_id=logged.conversation_id)
    assert form == Form(
        company="Acme",
        base="2nd",
        held_on=date(2026, 11, 19),
        close=Close.ASKED,
        outcome=DealOutcome.OPEN,
        conversation_id=logged.conversation_id,
    )
    rep.clock.move(3600)
    edited = rep.edit(logged, base="home", amount="12,500", close=Close.INOFFENSIVE)
    assert edited.edited
    assert not edited.undoable
    assert (edited.moves, edited.outcome, edited.sales.number) == (4, DealOutcome.WON, 12_500)
    assert rep.opportunities() == [("Acme", 4, "won")]
    assert rep.count() == 1


def test_edit_does_not_ask_again_about_a_company_that_was_settled(rep: Rep) -> None:
    rep.log("Northwind 1st")
    question = rep.line("Northwnd 2nd")
    logged = rep.do(conversations.log_draft, draft=question.draft, request_key="new")
    assert isinstance(rep.edit(logged, base="3rd"), Logged)


def test_edit_to_a_lower_base_than_before_asks_why(rep: Rep) -> None:
    rep.log("Acme 2nd yesterday")
    logged = rep.log("Acme 3rd")
    question = rep.edit(logged, base="1st")
    assert isinstance(question, Question)
    assert question.stands_on == Base.SECOND
    edited = rep.edit(logged, base="1st", back_reason="No budget")
    assert (edited.moves, edited.went_back) == (0, True)
    form = rep.do(conversation_forms.edit_form, conversation_id=logged.conversation_id)
    assert (form.back_reason, form.stands_on) == ("No budget", Base.SECOND)
    # The reason goes when it no longer went back.
    assert not rep.edit(logged, base="3rd").went_back


async def test_commands_sent_at_once_share_one_opportunity_and_count_each_move_once(
    rep: Rep,
) -> None:
    async def send(text: str, key: str) -> Any:
        return await rep.database.write(
            conversations.log_line,
            caller=rep.caller,
            text=text,
            request_key=key,
            now=rep.clock.now(),
        )

    answers = await asyncio.gather(
        *(send("Acme 2nd", f"key-{number}") for number in range(8)),
        *(send("ACME 2nd", "repeated") for _ in range(4)),
    )
    assert sum(answer.moves for answer in {a.conversation_id: a for a in answers}.values()) == 2
    assert rep.count() == 9
    assert len(rep.opportunities()) == 1


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Acme 2nd blah", "blah"),
        ("Acme home -5", "-5"),
        ("Acme home 1000000000000", "1000000000000"),
        ("Acme tomorrow", "tomorrow"),
        ("x" * 500, "x" * 500),
        ("🎉🎉", "🎉🎉"),
        ("<!channel> 2nd", "<!channel>"),
        ("Acme 2026-10-01", "2026-10-01"),
    ],
)
def test_a_line_that_cannot_be_read_says_what_and_changes_nothing(
    rep: Rep, text: str, what: str
) -> None:
    with pytest.raises(NotUnderstood) as problem:
        rep.line(text)
    assert problem.value.what == what
    assert problem.value.text == text
    assert rep.count() == 0


def test_a_form_is_logged_once_for_its_key(rep: Rep) -> None:
    form = Form(
        company="Acme", base="home", held_on=TODAY, amount="$12 500", outcome=DealOutcome.OPEN
    )
    first = rep.form(form, key="V1")
    assert rep.form(form, key="V1") == first
    assert first.sales.number == 12_500
    assert rep.count() == 1


@pytest.mark.parametrize("amount", ["-1", "1000000000000"])
def test_a_draft_is_checked_like_any_other_input(rep: Rep, amount: str) -> None:
    draft = Draft("Acme", Base.HOME, TODAY, outcome=DealOutcome.WON, amount=Decimal(amount))
    with pytest.raises(Refusal, match="can't be logged"):
        rep.do(conversations.log_draft, draft=draft, request_key="forged")
    with pytest.raises(Refusal, match="still to come"):
        rep.do(
            conversations.log_draft,
            draft=Draft("Acme", None, date(2026, 12, 24)),
            request_key="forged",
        )
    assert rep.count() == 0


def test_a_number_with_two_readings_says_which_was_taken(rep: Rep) -> None:
    logged = rep.log("Acme home 1.234")
    assert logged.sales.number == 1234
    assert len(logged.notes) == 1
    assert "1.234" in logged.notes[0]


def test_this_week_is_the_reps_own(database: Database, clock: SettableClock) -> None:
    seed_once(database, seed, timezone="Pacific/Auckland")
    clock.move_to(datetime(2026, 11, 22, 12, 0, tzinfo=UTC))  # Monday 01:00 in Auckland
    rep = Rep(database, clock)
    assert rep.log("Acme").this_week == date(2026, 11, 23)
    assert rep.log("Acme yesterday").week == THIS_WEEK


def log_earlier(rep: Rep, how_many: int) -> None:
    """Conversations in the log: half of them with one company, whose deals all closed."""
    for number in range(how_many // 2):
        rep.log("Acme home")
        rep.log(f"Company{number:03} 2nd")


def statements(rep: Rep, text: str) -> list[str]:
    with counted(rep.database) as said:
        rep.log(text)
    return said


def ask_about_this_week(session: Session) -> None:
    """A check-in of Priya's that is open, and whose message shows what is logged."""
    member = session.exec(select(Member).where(Member.slack_user_id == "U0PRIYA")).one()
    enrolment = session.exec(select(Enrolment).where(Enrolment.member_id == member.id)).one()
    row = CheckIn(
        workspace_id=1,
        member_id=member.id,
        team_id=enrolment.team_id,
        week=THIS_WEEK,
        state=CheckInState.OPEN,
        due_at=member.created_at,
        delivered_at=member.created_at,
    )
    session.add(row)
    session.flush()
    outbox.add_all(
        session, [outbox.New(1, outbox.CHECK_IN, row.id, row.due_at)], now=member.created_at
    )


def test_a_longer_log_takes_no_more_statements_to_log(rep: Rep) -> None:
    rep.database.write_now(ask_about_this_week)
    open_homes(rep.database, ["U0PRIYA", "U0DANA"], now=rep.clock.now())
    for text in ("Acme 2nd", "Borealis 1st"):
        log_earlier(rep, 5)
        few = statements(rep, text)
        log_earlier(rep, 50)
        assert len(statements(rep, text)) <= len(few)


def test_all_that_comes_after_is_played_again_by_as_many_statements(rep: Rep) -> None:
    """One that was held before all others moves them: to other opportunities, with other moves."""
    rep.log("Acme 1st")
    few = statements(rep, "Acme home 11/18")
    for _ in range(8):
        rep.log("Acme home")
    assert len(statements(rep, "Acme home 11/17")) <= len(few)


def test_editing_and_undoing_in_a_longer_log_take_no_more_statements(rep: Rep) -> None:
    def both() -> list[str]:
        logged = rep.log("Acme 2nd")
        with counted(rep.database) as said:
            rep.edit(logged, base="1st", company="Borealis")
            rep.undo(logged)
        return said

    few = both()
    log_earlier(rep, 40)
    assert len(both()) <= len(few)


def test_after_a_flight_west_over_the_date_line_todays_entry_can_be_changed(rep: Rep) -> None:
    """In Auckland it is Saturday when the conversation is logged; in Honolulu it is still Friday."""

    def fly(zone: str) -> None:
        def land(session: Session) -> None:
            found = session.exec(select(Member).where(Member.slack_user_id == rep.user)).one()
            found.timezone = zone

        rep.database.write_now(land)

    fly("Pacific/Auckland")
    rep.clock.move_to(datetime(2026, 11, 20, 20, 0, tzinfo=UTC))
    logged = rep.log("Acme 2nd")
    fly("Pacific/Honolulu")
    edited = rep.edit(logged, base="3rd")
    assert isinstance(edited, Logged)
    assert edited.base is Base.THIRD
    with pytest.raises(Refusal, match="still to come"):
        rep.edit(edited, held_on=date(2026, 11, 22))
    assert rep.undo(edited).undone


# Removing, and the trail of changes.


def test_a_conversation_is_removed_for_as_long_as_its_week_is_open(rep: Rep) -> None:
    rep.log("Acme 1st")
    logged = rep.log("Acme 2nd")
    rep.clock.move(86_400)
    for _ in range(2):  # a second press changes nothing
        removed = rep.do(conversations.remove, conversation_id=logged.conversation_id)
        assert (removed.undone, removed.conversations.number) == (True, 1)
    assert rep.opportunities() == [("Acme", 1, "open")]
    stored = rep.database.read_now(lambda s: s.get_one(Conversation, logged.conversation_id))
    assert (stored.base, stored.undone_at is not None) == (2, True)
    sam = Rep(rep.database, rep.clock, "U0SAM")
    with pytest.raises(Refusal, match="not in your log"):
        sam.do(conversations.remove, conversation_id=logged.conversation_id)


def test_what_an_edit_replaced_is_kept(rep: Rep) -> None:
    logged = rep.log("Acme 2nd yesterday asked")
    rep.clock.move(60)
    rep.edit(logged, base="home", amount="500", company="Northwind")
    rep.edit(logged, held_on=TODAY)
    kept = rep.database.read_now(lambda s: s.exec(select(ConversationEdit)).all())
    assert [(k.company, k.base, k.amount, k.close, k.held_on.day) for k in kept] == [
        ("Acme", 2, None, "asked", 19),
        ("Northwind", 4, Decimal(500), "asked", 19),
    ]
    assert [k.late for k in kept] == [False, False]
