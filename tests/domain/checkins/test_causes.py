"""What was in the way: one tap or a line, by the rep alone, while the check-in takes answers."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.checkins import causes
from bot.domain.outbox import outbox
from bot.domain.refusals import Refusal
from bot.domain.shown.checkins import CauseForm
from bot.domain.tables import CheckIn
from tests.domain.handover.desk import Desk
from tests.domain.mondays import at


def miss_conversations(desk: Desk) -> None:
    """U1 held one conversation of two, with three base moves of three."""
    desk.log("U1", moves=(3,), sales=1_500)
    desk.ask()
    for question, pressed in enumerate(("no", "yes", "yes")):
        desk.press("U1", question, pressed, at(23, 12))
    desk.deliver(at(23, 12))


def give(desk: Desk, cause: str, *, by: str = "U1", **given: Any) -> None:
    facts: dict[str, Any] = {"check_in_id": desk.check_in("U1").id, "now": at(23, 13), **given}
    desk.write(causes.give, caller=desk.caller(by), cause=cause, field="words", **facts)
    desk.deliver(at(23, 13))


def alert(desk: Desk) -> str:
    (message,) = desk.standing(outbox.ALERT, "CHarbor")
    return message.text


def test_a_cause_stands_in_the_alert_and_changes_the_act(desk: Desk) -> None:
    miss_conversations(desk)
    assert "*Suggested: hold accountable.*" in alert(desk)
    (check_in,) = desk.standing(outbox.CHECK_IN, "DU1")
    assert "What was in the way?" in check_in.text
    give(desk, "not_my_week")
    assert "In the way: *not my week*" in alert(desk)
    assert "*Suggested: motivate.* “not my week”; conversations 1 of 2." in alert(desk)
    (check_in,) = desk.standing(outbox.CHECK_IN, "DU1")
    assert "In the way: *not my week*" in check_in.text
    give(desk, "something_else", words=" My  car ")
    assert "In the way: *something else*" in alert(desk)
    assert "My car" in alert(desk)
    assert "*Suggested: mentor.*" in alert(desk)
    given = {"check_in_id": desk.check_in("U1").id, "now": at(23, 14)}
    form = desk.write(causes.form, caller=desk.caller("U1"), **given)
    assert form == CauseForm(desk.check_in("U1").id, "something_else", "My car")
    give(desk, "no_time")
    assert "My car" in alert(desk)  # a tap keeps the line
    give(desk, "no_time", words="")
    assert "My car" not in alert(desk)


def test_what_can_not_be_taken_is_said_and_changes_nothing(desk: Desk) -> None:
    miss_conversations(desk)
    before = desk.rows(CheckIn)
    for given, sentence in (
        ({"cause": "rain"}, "Choose what was in the way"),
        ({"cause": "something_else"}, "Say in a line"),
        ({"cause": "no_time", "words": "x" * 501}, "Shorten it to 500"),
        ({"cause": "no_time", "check_in_id": 999}, "no longer there"),
        ({"cause": "no_time", "now": at(45, 9)}, "closed for good"),
        ({"cause": "no_time", "by": "UC"}, "somebody else"),
        ({"cause": "no_time", "by": "U2"}, "somebody else"),
    ):
        with pytest.raises(Refusal, match=sentence):
            give(desk, **given)  # type: ignore[arg-type]
    assert desk.rows(CheckIn) == before


def test_without_a_no_there_is_nothing_to_say(desk: Desk) -> None:
    desk.ask()
    with pytest.raises(Refusal, match="Nothing was missed"):
        give(desk, "no_time")
