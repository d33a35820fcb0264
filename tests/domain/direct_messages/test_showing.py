"""What an answer shows: the present state of what its line did."""

from __future__ import annotations

from typing import Any

from sqlmodel import select

from bot.domain.conversations import logging as conversations
from bot.domain.direct_messages import hearing, showing
from bot.domain.direct_messages.hearing import Heard
from bot.domain.shown.direct_messages import DirectReply, ReplyKind
from bot.domain.tables import Enrolment
from bot.rules.conversation import Base
from tests.domain.conversations.rep import TODAY, Rep


def hear(rep: Rep, text: str) -> DirectReply:
    rep.do(hearing.hear, heard=Heard(text, f"Ev{rep.key()}", rep.key()))
    return shown(rep)


def shown(rep: Rep, number: int = 1) -> DirectReply:
    found = rep.database.read_now(showing.show, number, now=rep.clock.now())
    assert found.to.slack_user_id == rep.user
    return found.shown


def test_the_conversation_as_it_is_now(rep: Rep) -> None:
    reply = hear(rep, "Acme demo asked")
    assert reply.logged is not None
    assert (reply.logged.base, reply.logged.notes) == (
        Base.SECOND,
        ("I read “demo” as 2nd base.",),
    )
    rep.edit(reply.logged, base="3rd")
    edited = shown(rep).logged
    assert edited is not None
    assert (edited.base, edited.edited) == (Base.THIRD, True)
    rep.undo(edited)
    undone = shown(rep).logged
    assert undone is not None
    assert (undone.undone, undone.notes) == (True, ())


def test_a_question_until_it_is_answered(rep: Rep) -> None:
    reply = hear(rep, "Initech 2")
    assert reply.question is not None
    assert [one.company for one in reply.question.readings] == ["Initech", "Initech 2"]
    rep.do(
        conversations.log_draft,
        draft=reply.question.readings[0],
        request_key=reply.request_key,
        certain=False,
    )
    logged = shown(rep).logged
    assert logged is not None
    assert (logged.company, logged.base) == ("Initech", Base.SECOND)


def test_a_question_is_of_the_day_on_which_the_line_was_heard(rep: Rep) -> None:
    hear(rep, "Initech 2")
    rep.clock.move(2 * 86_400)
    question = shown(rep).question
    assert question is not None
    assert question.draft.held_on == TODAY


def test_why_it_was_refused_with_what_was_understood(rep: Rep) -> None:
    reply = hear(rep, "Acme 2nd bar")
    assert reply.refused is not None
    assert reply.refused.what == "bar"
    assert reply.refused.understood.base is Base.SECOND


def test_days_off_and_the_list(rep: Rep) -> None:
    reply = hear(rep, "sick mon and wed")
    assert reply.saved is not None
    assert (len(reply.saved.others), reply.saved.known) == (1, False)
    again = rep.do(hearing.hear, heard=Heard("sick mon and wed", "E2", "M2"))
    assert again is None
    known = shown(rep, 2).saved
    assert known is not None
    assert known.known
    rep.do(hearing.hear, heard=Heard("list", "E3", "M3"))
    assert shown(rep, 3).log is not None


def test_somebody_who_left_is_told_why_there_is_nothing(rep: Rep) -> None:
    hear(rep, "Acme 2nd")

    def leave(session: Any) -> None:
        for row in session.exec(select(Enrolment)):
            row.ended_on = TODAY

    rep.database.write_now(leave)
    reply = shown(rep)
    assert reply.kind is ReplyKind.SAID
    assert "You are not in a sales team" in (reply.sentence or "")


def test_the_choice_of_a_mid_week_line_as_it_is_now(rep: Rep) -> None:
    on = hear(rep, "Midweek on.").midweek
    assert on is not None
    assert on.next_at is not None
    rep.do(hearing.hear, heard=Heard("mid-week off", "E2", "M2"))
    for number in (1, 2):
        off = shown(rep, number).midweek
        assert off is not None
        assert off.next_at is None
