"""What a rep is answered about a conversation."""

from __future__ import annotations

from datetime import date

from bot.domain.conversations.answers import UNDO_FOR
from bot.domain.shown.conversations import Logged
from bot.rules.conversation import Close
from tests.domain.conversations.rep import Rep


def test_the_answer_has_all_that_was_understood(rep: Rep) -> None:
    logged = rep.log("Acme home 12k asked yesterday")
    assert (logged.company, logged.amount, logged.close) == ("Acme", 12_000, Close.ASKED)
    assert logged.held_on == date(2026, 11, 19)
    assert (logged.undoable, logged.undone) == (True, False)


def test_undo_is_offered_as_long_as_it_works(rep: Rep) -> None:
    rep.line("Acme 1st", key="once")
    rep.clock.move(UNDO_FOR.total_seconds())
    again = rep.line("Acme 1st", key="once")
    assert isinstance(again, Logged)
    assert again.undoable
    rep.clock.move(1)
    assert not rep.line("Acme 1st", key="once").undoable
