"""What is asked of a check-in: whether it takes answers still, what the log says, when the next one comes."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.domain.checkins import lifecycle as checkins
from bot.domain.people import enrolments
from bot.domain.tables import Enrolment
from tests.domain.mondays import DEADLINE, MONDAY, Mondays, at

TUESDAY_EVENING = at(24, 20)


@pytest.mark.parametrize(
    ("state", "deadline_at", "now", "is_closed"),
    [
        ("away", None, MONDAY, True),
        ("skipped", None, MONDAY, True),
        ("scheduled", None, MONDAY, False),
        ("open", DEADLINE, MONDAY, False),
        ("unanswered", DEADLINE, DEADLINE + timedelta(days=14), False),
        ("unanswered", DEADLINE, DEADLINE + timedelta(days=14, seconds=1), True),
        ("answered", DEADLINE, DEADLINE + timedelta(days=15), True),
    ],
)
def test_late_answers_are_taken_for_two_weeks(
    state: str, deadline_at: datetime | None, now: datetime, is_closed: bool
) -> None:
    assert checkins.is_closed_for_good(state, deadline_at, now) is is_closed


def nothing_open(mondays: Mondays, user: str, *, now: datetime = TUESDAY_EVENING) -> str:
    member = mondays.member(user)
    return mondays.database.read_now(checkins.nothing_open, member, now=now)


def test_a_rep_without_a_check_in_is_told_when_the_next_one_comes(mondays: Mondays) -> None:
    assert nothing_open(mondays, "U1") == (
        "No check-in is open. The next one comes Monday 23 November at 9:00 AM."
    )
    mondays.change(mondays.member("U1"), timezone="Europe/Berlin")
    assert nothing_open(mondays, "U1") == (
        "No check-in is open. The next one comes Monday 23 November at 10:00 AM."
    )
    mondays.away("U1", at(23, 0).date(), at(23, 0).date())
    assert nothing_open(mondays, "U1") == (
        "No check-in is open. The next one comes Tuesday 24 November at 10:00 AM."
    )


def test_a_rep_without_targets_is_told_who_sets_them(mondays: Mondays) -> None:
    (enrolment,) = mondays.rows(Enrolment, member_id=mondays.member("U1").id)
    mondays.change(enrolment, next_week=at(9, 0).date())
    assert nothing_open(mondays, "U1", now=at(10, 9)) == (
        "No check-in is open. The next one is due Monday 23 November at 9:00 AM, "
        "but you have no targets yet: ask your coach to set them with /coach."
    )


NO_REP = (
    "You are not in a sales team yet. Ask your coach or a workspace admin to enrol you with /coach."
)


def test_who_is_no_rep_is_told_how_to_become_one(mondays: Mondays) -> None:
    assert nothing_open(mondays, "UC") == NO_REP
    mondays.write(enrolments.end, member=mondays.member("U1"), now=MONDAY)
    assert nothing_open(mondays, "U1") == NO_REP
    (enrolment,) = mondays.rows(Enrolment, member_id=mondays.member("U2").id)
    mondays.change(enrolment, next_week=None, next_due_at=None)
    assert nothing_open(mondays, "U2") == NO_REP
