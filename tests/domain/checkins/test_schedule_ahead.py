"""What comes next of all: check-in, reminder, deadline."""

from __future__ import annotations

from datetime import time, timedelta

from bot.domain.checkins import schedule_ahead
from bot.domain.coaching import briefs
from bot.domain.people import enrolments
from bot.domain.tables import Reminder
from tests.domain.mondays import DEADLINE, MONDAY, Mondays, at


def test_the_next_check_in_is_the_first_that_is_planned(mondays: Mondays) -> None:
    def planned() -> object:
        return mondays.database.read_now(schedule_ahead.next_check_in)

    assert planned() == MONDAY
    mondays.beat(MONDAY)
    assert planned() == MONDAY  # made, and not delivered yet
    mondays.change(mondays.check_in("U2"), due_at=at(23, 8))
    assert planned() == at(23, 8)
    mondays.deliver(MONDAY)
    assert planned() == MONDAY + timedelta(days=7)
    mondays.change(mondays.check_in("U1"), state="scheduled", due_at=at(25, 9))
    assert planned() == at(25, 9)  # waits for a rep who is back then


def test_nothing_is_planned_where_nobody_is_a_rep(mondays: Mondays) -> None:
    for user in ("U1", "U2", "U3"):
        mondays.write(enrolments.end, member=mondays.member(user), now=MONDAY)
    for next_one in (
        schedule_ahead.next_check_in,
        schedule_ahead.next_reminder,
        schedule_ahead.next_deadline,
        schedule_ahead.next_brief,
    ):
        assert mondays.database.read_now(next_one) is None


def test_the_next_reminder_and_the_next_deadline_are_the_first_of_all(mondays: Mondays) -> None:
    mondays.beat(MONDAY)
    assert mondays.database.read_now(schedule_ahead.next_deadline) is None
    mondays.deliver(MONDAY)
    assert mondays.database.read_now(schedule_ahead.next_reminder) == at(23, 13)
    assert mondays.database.read_now(schedule_ahead.next_deadline) == DEADLINE
    mondays.change(mondays.rows(Reminder)[-1], due_at=at(23, 12))
    mondays.change(mondays.check_in("U3"), deadline_at=at(24, 16))
    assert mondays.database.read_now(schedule_ahead.next_reminder) == at(23, 12)
    assert mondays.database.read_now(schedule_ahead.next_deadline) == at(24, 16)
    mondays.change(mondays.check_in("U3"), state="answered")
    assert mondays.database.read_now(schedule_ahead.next_deadline) == DEADLINE


def test_the_next_brief_comes_in_the_coachs_hours_after_the_last_deadline(mondays: Mondays) -> None:
    def brief() -> object:
        return mondays.database.read_now(schedule_ahead.next_brief)

    mondays.ask()
    for name in ("Harbor", "Quay"):
        mondays.change(mondays.team(name), working_from=time(9))
    mondays.change(mondays.check_in("U1"), deadline_at=at(24, 22))
    mondays.change(mondays.check_in("U3"), deadline_at=at(24, 23))
    assert brief() == at(25, 9) + briefs.LOOK_AGAIN
    for user in ("U1", "U2"):
        mondays.change(mondays.check_in(user), state="answered")
    mondays.change(mondays.team(), brief_look_at=at(23, 12))
    assert brief() == at(23, 12)  # there is nothing left to wait for
    mondays.beat(at(23, 12))
    assert brief() == at(25, 9) + briefs.LOOK_AGAIN  # that of the other team
