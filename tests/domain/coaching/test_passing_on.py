"""An alert that nobody takes: once to the second coach after 24 working hours, then to the admins' Home."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.domain.coaching import alerts, passing_on
from bot.domain.outbox import outbox
from bot.slack.views.alerts import TAKE
from tests.domain.coaching.story import alert_of, finish, miss
from tests.domain.handover.desk import Desk
from tests.domain.mondays import at

DUE = at(25, 12)
"""24 working hours, from 8 to 20 o'clock, after Monday at noon."""
DUE_AGAIN = at(27, 12)


def tick(desk: Desk, *moments: object) -> None:
    for now in moments:
        desk.reminded(now)  # type: ignore[arg-type]


def passed_on(desk: Desk) -> list[str]:
    return [one.text for one in desk.standing(outbox.PASSED_ON)]


@pytest.fixture
def waiting(desk: Desk) -> Desk:
    """U1's alert waits since Monday at noon; U2 has answered and met everything."""
    desk.met("U2")
    desk.log("U1", moves=(1, 1))
    desk.ask()
    for question in range(3):
        desk.press("U2", question, "yes", at(23, 12))
    for question, pressed in enumerate(("yes", "no", "no")):
        desk.press("U1", question, pressed, at(23, 12))
    desk.deliver(at(23, 12))
    desk.open_homes("UA")
    return desk


def test_once_to_the_second_coach_then_to_the_admins(waiting: Desk) -> None:
    tick(waiting, at(24, 12), at(25, 11, 59))
    assert passed_on(waiting) == []
    tick(waiting, DUE)
    (message,) = waiting.standing(outbox.PASSED_ON, "DUD")
    assert "Nobody has taken the alert about <@U1>" in message.text
    assert TAKE in message.buttons
    (alert,) = waiting.standing(outbox.ALERT, "CHarbor")
    assert "Nobody took this, so I asked <@UD>." in alert.text
    tick(waiting, at(26, 12), at(27, 11, 59))
    assert len(passed_on(waiting)) == 1
    assert alert_of(waiting).left_at is None
    tick(waiting, DUE_AGAIN)
    assert alert_of(waiting).left_at == DUE_AGAIN
    assert "*Harbor*: 1 alert, since Monday 23 November at 12:00" in waiting.home("UA")
    assert "U1" not in waiting.home("UA")
    alert_id = alert_of(waiting).id
    tick(waiting, at(28, 12), at(30, 12))
    assert len(passed_on(waiting)) == 1
    waiting.write(alerts.take, caller=waiting.caller("UD"), alert_id=alert_id, now=at(30, 13))
    waiting.deliver(at(30, 13))
    assert "Harbor*: 1 alert" not in waiting.home("UA")
    assert "<@UD> took the alert about <@U1>" in passed_on(waiting)[0]


def test_what_is_taken_is_not_passed_on(waiting: Desk) -> None:
    alert = alert_of(waiting)
    waiting.write(alerts.take, caller=waiting.caller("UC"), alert_id=alert.id, now=at(25, 11))
    tick(waiting, DUE, DUE_AGAIN)
    assert passed_on(waiting) == []
    assert alert_of(waiting).next_look_at is None


def test_a_week_that_is_no_miss_any_more_waits(waiting: Desk) -> None:
    for answer in waiting.answers("U1"):
        waiting.change(answer, verdict="yes")
    tick(waiting, at(24, 12), DUE)
    assert passed_on(waiting) == []
    assert alert_of(waiting).next_look_at == DUE + passing_on.AGAIN - (DUE - at(25, 12))


def test_without_a_second_coach_it_goes_to_the_admins_at_once(waiting: Desk) -> None:
    waiting.change(waiting.team(), second_coach_id=None)
    tick(waiting, at(24, 12), DUE)
    assert passed_on(waiting) == []
    assert alert_of(waiting).left_at == DUE


def test_a_guest_is_no_second_coach(waiting: Desk) -> None:
    waiting.change(waiting.member("UD"), is_guest=True)
    tick(waiting, at(24, 12), DUE)
    assert passed_on(waiting) == []
    assert alert_of(waiting).left_at == DUE


def test_other_coaches_get_their_own_time_and_a_former_one_keeps_nothing(waiting: Desk) -> None:
    tick(waiting, at(24, 12), DUE)
    waiting.change_team(at(25, 13), second_coach="UN")
    waiting.deliver(at(25, 13))
    stands = [one for one in waiting.messages.values() if one.where == "DUD"]
    assert all(TAKE not in one.buttons for one in stands)
    assert all("Nobody has taken" not in one.text for one in stands)
    alert = alert_of(waiting)
    assert (alert.waits_since, alert.passed_on_at) == (at(25, 13), None)
    tick(waiting, at(26, 13), at(27, 12, 59))
    assert waiting.standing(outbox.PASSED_ON, "DUN") == []
    tick(waiting, at(27, 13))
    assert len(waiting.standing(outbox.PASSED_ON, "DUN")) == 1


def test_an_alert_that_a_former_coach_had_taken_waits_again(desk: Desk) -> None:
    alert = miss(desk)
    desk.write(alerts.choose, caller=desk.caller("UC"), alert_id=alert.id, act="mentor", now=DUE)
    desk.change_team(at(25, 13), coach="UN")
    alert = alert_of(desk)
    assert (alert.taken_by, alert.act, alert.suggested_act) == (None, None, None)
    assert (alert.waits_since, alert.next_look_at) == (at(25, 13), at(26, 13))


def test_a_rep_who_left_or_an_old_alert_is_let_be(waiting: Desk) -> None:
    alert = alert_of(waiting)
    waiting.change(alert, created_at=at(25, 12) - passing_on.UNTIL - (at(2, 1) - at(1, 1)))
    tick(waiting, DUE)
    assert (alert_of(waiting).next_look_at, alert_of(waiting).passed_on_at) == (None, None)


def test_done_ends_it(waiting: Desk) -> None:
    tick(waiting, at(24, 12), DUE)
    finish(waiting, alert_of(waiting), by="UD", now=at(25, 13))
    assert "<@UD> took care of <@U1>." in passed_on(waiting)[0]


def test_one_missed_goal_is_enough(waiting: Desk) -> None:
    waiting.change(waiting.answers("U1")[2], verdict="yes")
    tick(waiting, at(24, 12), DUE)
    assert len(passed_on(waiting)) == 1


def test_only_those_that_are_due_and_asked_for_are_looked_at(waiting: Desk) -> None:
    alert_id = alert_of(waiting).id

    def looked_at(now: datetime, **which: list[int]) -> int:
        return waiting.write(passing_on.pass_on_due, now=now, **which)

    assert looked_at(at(24, 11)) == 0
    assert looked_at(DUE, without=[alert_id]) == 0
    assert looked_at(DUE, only=[alert_id + 1]) == 0
    assert looked_at(DUE, only=[alert_id]) == 1


def test_it_waits_for_the_morning_of_the_second_coach(waiting: Desk) -> None:
    tick(waiting, at(24, 12), DUE)
    at_night = waiting.database.read_now(passing_on.show, alert_of(waiting).id, now=at(25, 22))
    assert at_night is not None
    assert at_night.earliest == at(26, 8)
