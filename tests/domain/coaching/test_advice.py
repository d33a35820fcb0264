"""A wish for advice: at any time, one at most, told to whoever coaches the rep now, in their working hours."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.domain.coaching import advice
from bot.domain.outbox import outbox
from bot.domain.refusals import Refusal
from bot.domain.tables import Advice
from tests.domain.coaching.story import TAKEN, finish, miss
from tests.domain.handover.desk import Desk
from tests.domain.mondays import at

WEDNESDAY = at(25, 10)


def ask(desk: Desk, words: str = "", *, by: str = "U1", now: datetime = WEDNESDAY) -> None:
    desk.write(advice.ask, caller=desk.caller(by), words=words, now=now, field="words")
    desk.deliver(now)


def wish(desk: Desk) -> str:
    (message,) = desk.standing(outbox.ADVICE, "CHarbor")
    return message.text


def test_the_coaches_hear_of_it_once_with_the_reps_own_line(desk: Desk) -> None:
    ask(desk, "  The second  call ")
    assert "<@UC>: <@U1> *would like advice.*" in wish(desk)
    assert "The second call" in wish(desk)
    assert "You asked for advice, Wednesday" in desk.home("U1")
    for coach in ("UC", "UD"):
        assert "*would like advice*, since Wednesday" in desk.home(coach)
    ask(desk, "The close", now=at(25, 11))
    assert "The close" in wish(desk)
    assert len(desk.rows(Advice)) == 1
    with pytest.raises(Refusal, match="Shorten it to 500"):
        ask(desk, "x" * 501)
    with pytest.raises(Refusal, match="not in a sales team"):
        ask(desk, by="UC")


def test_it_stands_in_the_alert_and_changes_the_act(desk: Desk) -> None:
    desk.log("U1", moves=(3,), sales=1_500)
    desk.ask()
    for question, pressed in enumerate(("no", "yes", "yes")):
        desk.press("U1", question, pressed, at(23, 12))
    ask(desk, "The second call", now=at(23, 13))
    (alert,) = desk.standing(outbox.ALERT, "CHarbor")
    assert "*would like advice.*" in alert.text
    assert "The second call" in alert.text
    assert "*Suggested: mentor.* Asked for advice; conversations 1 of 2." in alert.text
    (check_in,) = desk.standing(outbox.CHECK_IN, "DU1")
    assert "You would like advice. Your coaches know." in check_in.text


def test_outside_working_hours_it_waits_for_the_coachs_next_day(desk: Desk) -> None:
    saturday = at(28, 12)
    ask(desk, "One", now=saturday)
    ask(desk, "Two", now=saturday)
    assert desk.standing(outbox.ADVICE) == []
    desk.deliver(at(30, 12))
    assert "Two" in wish(desk)


def test_what_was_taken_back_before_anybody_read_it_is_never_sent(desk: Desk) -> None:
    ask(desk, now=at(28, 12))
    desk.write(advice.take_back, caller=desk.caller("U1"), now=at(28, 13))
    desk.deliver(at(30, 12))
    assert desk.standing(outbox.ADVICE) == []
    assert "asked for advice" not in desk.home("U1")


def test_it_is_closed_by_a_coach_or_taken_back_or_by_what_was_done(desk: Desk) -> None:
    ask(desk)
    (found,) = desk.rows(Advice)
    for stranger in ("UN", "U2", "U1", "UA"):
        with pytest.raises(Refusal, match="Only the coaches"):
            desk.write(
                advice.done, caller=desk.caller(stranger), advice_id=found.id, now=at(25, 11)
            )
    with pytest.raises(Refusal, match="no longer there"):
        desk.write(advice.done, caller=desk.caller("UC"), advice_id=999, now=at(25, 11))
    desk.write(advice.done, caller=desk.caller("UD"), advice_id=found.id, now=at(25, 11))
    desk.deliver(at(25, 11))
    assert "<@UD> took care of it" in wish(desk)
    assert "would like advice" not in desk.home("UC")
    desk.write(advice.done, caller=desk.caller("UC"), advice_id=found.id, now=at(25, 12))
    assert desk.rows(Advice)[0].closed_by == desk.member("UD").id
    ask(desk, now=at(25, 13))
    desk.write(advice.take_back, caller=desk.caller("U1"), now=at(25, 14))
    desk.write(advice.take_back, caller=desk.caller("U1"), now=at(25, 15))
    assert [one.closed_at for one in desk.rows(Advice)] == [at(25, 11), at(25, 14)]


def test_done_with_an_alert_is_done_with_the_wish(desk: Desk) -> None:
    alert = miss(desk)
    ask(desk, now=at(23, 14))
    finish(desk, alert)
    assert desk.rows(Advice)[0].closed_at == TAKEN


def test_an_open_wish_goes_to_whoever_coaches_the_rep_now(desk: Desk) -> None:
    ask(desk, "The second call")
    desk.change_team(at(25, 11), coach="UN", second_coach=None, channel="CNew")
    desk.deliver(at(25, 11))
    (moved,) = desk.standing(outbox.ADVICE, "CNew")
    assert "<@UN>: <@U1> *would like advice.*" in moved.text
    withdrawn = [one.text for one in desk.messages.values() if one.where == "CHarbor"]
    assert all("second call" not in text for text in withdrawn)
    assert "would like advice" not in desk.home("UC")
    assert "would like advice" in desk.home("UN")
