"""Answers in the direct messages follow the conversation that they are about."""

from __future__ import annotations

import pytest
from sqlmodel import Session, select

from bot.clock import SettableClock
from bot.database import Database
from bot.domain.direct_messages import hearing
from bot.domain.direct_messages.hearing import Heard
from bot.domain.outbox import direct_replies, outbox
from bot.domain.tables import Conversation, DirectMessage, OutboxItem
from tests.domain.conversations.rep import Rep, seed
from tests.seeding import seed_once


@pytest.fixture
def rep(database: Database, clock: SettableClock) -> Rep:
    seed_once(database, seed)
    return Rep(database, clock)


def version(rep: Rep) -> int:
    def look(session: Session) -> int:
        return session.exec(
            select(OutboxItem.desired_version).where(OutboxItem.surface == outbox.DIRECT_REPLY)
        ).one()

    return rep.database.read_now(look)


def test_a_change_of_the_conversation_has_its_answer_redrawn(rep: Rep) -> None:
    rep.do(hearing.hear, heard=Heard("Acme 2nd", "E1", "M1"))
    conversation_id = rep.database.read_now(lambda s: s.exec(select(Conversation.id)).one())
    before = version(rep)
    rep.database.write_now(
        direct_replies.conversation_changed, conversation_id=conversation_id, now=rep.clock.now()
    )
    assert version(rep) == before + 1
    rep.database.write_now(
        direct_replies.conversation_changed, conversation_id=999, now=rep.clock.now()
    )
    assert version(rep) == before + 1


def test_what_a_question_became_is_what_its_answer_shows(rep: Rep) -> None:
    rep.do(hearing.hear, heard=Heard("Initech 2", "E1", "M1"))
    conversation = rep.log("Acme 2nd").conversation_id
    for key, linked in (("dm:other", None), ("M1", None), ("dm:M1", conversation)):
        rep.database.write_now(
            direct_replies.conversation_logged,
            workspace_id=1,
            key=key,
            conversation_id=conversation,
            now=rep.clock.now(),
        )
        row = rep.database.read_now(lambda s: s.exec(select(DirectMessage)).one())
        assert row.conversation_id == linked
    assert row.text is None
