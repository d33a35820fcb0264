"""What is typed into the direct messages: done once, and answered by what it was."""

from __future__ import annotations

import pytest
from sqlmodel import Session, col, select

from bot.domain.direct_messages import hearing
from bot.domain.direct_messages.hearing import Heard
from bot.domain.outbox import outbox
from bot.domain.refusals import Refusal
from bot.domain.tables import Absence, DirectMessage, OutboxItem
from tests.domain.conversations.rep import Rep


def hear(rep: Rep, text: str, *, event: str | None = None, message: str | None = None) -> None:
    key = rep.key()
    rep.do(hearing.hear, heard=Heard(text, event or f"Ev{key}", message or key))


def kinds(rep: Rep) -> list[str]:
    return rep.database.read_now(
        lambda s: list(s.exec(select(DirectMessage.kind).order_by(col(DirectMessage.id))))
    )


def answers(rep: Rep) -> int:
    def look(session: Session) -> int:
        return len(
            session.exec(
                select(OutboxItem.id).where(OutboxItem.surface == outbox.DIRECT_REPLY)
            ).all()
        )

    return rep.database.read_now(look)


@pytest.mark.parametrize(
    ("text", "kind", "conversations"),
    [
        ("Acme 2nd", "logged", 1),
        ("had a call with Umbrella", "logged", 1),
        ("Acme won $12,500 yesterday", "logged", 1),
        ("A &amp; B 1st", "logged", 1),
        ("Initech 2", "asked", 0),
        ("Blue Sky", "asked", 0),
        ("Acme 2nd bar", "asked", 0),
        ("Acme 12k", "asked", 0),
        ("how are you doing today my friend", "unknown", 0),
        ("what is my target", "unknown", 0),
        ("thanks!", "unknown", 0),
        ("👍", "unknown", 0),
        ("x " * 400, "unknown", 0),
        ("help", "help", 0),
        ("Hi!", "help", 0),
        ("list", "list", 0),
        ("my deals", "deals", 0),
        ("plan", "plan", 0),
        ("sick today", "away", 0),
        ("I'm off on monday", "away", 0),
        ("away mon and wed", "away", 0),
        ("Out There Media 1st", "logged", 1),
    ],
)
def test_each_line_is_answered_by_what_it_is(
    rep: Rep, text: str, kind: str, conversations: int
) -> None:
    hear(rep, text)
    assert kinds(rep) == [kind]
    assert answers(rep) == 1
    assert rep.count() == conversations


def test_a_known_name_alone_is_logged(rep: Rep) -> None:
    rep.log("Blue Sky 1st")
    hear(rep, "blue sky")
    assert kinds(rep) == ["logged"]
    assert rep.count() == 2


@pytest.mark.parametrize(("event", "message"), [("E1", "other"), ("other", "M1")])
def test_a_line_that_is_delivered_again_does_nothing_twice(
    rep: Rep, event: str, message: str
) -> None:
    """Slack repeats an event, and a client that lost its network a message."""
    hear(rep, "Acme 2nd", event="E1", message="M1")
    hear(rep, "Acme 2nd", event=event, message=message)
    assert (rep.count(), answers(rep), kinds(rep)) == (1, 1, ["logged"])


def test_what_is_refused_changes_nothing_and_is_answered(rep: Rep) -> None:
    heard = Heard("undo", "E1", "M1")
    with pytest.raises(Refusal, match="nothing to undo") as refusal:
        rep.do(hearing.hear, heard=heard)
    assert (kinds(rep), answers(rep)) == ([], 0)
    for _ in range(2):
        rep.do(hearing.hear_refused, heard=heard, sentence=refusal.value.sentence)
    assert (kinds(rep), answers(rep)) == (["said"], 1)


def test_undo_and_back_take_back(rep: Rep) -> None:
    hear(rep, "Acme 2nd")
    hear(rep, "undo")
    assert rep.count() == 0
    hear(rep, "away today")
    hear(rep, "I'm back")
    assert kinds(rep) == ["logged", "logged", "away", "back"]
    gone = rep.database.read_now(lambda s: [row.taken_back_at for row in s.exec(select(Absence))])
    assert len(gone) == 1
    assert gone[0] is not None
