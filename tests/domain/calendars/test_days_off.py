"""What days off make of one check-in."""

from __future__ import annotations

import pytest

from bot.database import Database
from bot.domain.setup import calendars as team_calendars
from bot.domain.shown.calendars import CalendarForm
from bot.domain.tables import (
    Alert,
    Answer,
    Enrolment,
)
from tests.domain.absences.away import FRIDAY, Office, at, nov, seed


@pytest.fixture
def office(database: Database) -> Office:
    """A team with one rep whose clock is moved by saying when something is done."""
    database.write_now(seed, reps=1)
    return Office(database)


def test_a_week_away_altogether_is_away_and_nothing_is_sent(office: Office) -> None:
    office.record(16, 22, FRIDAY)
    office.beat(at(23, 9))
    check_in = office.check_in()
    assert (check_in.state, check_in.days_off, check_in.work_days) == ("away", 5, 5)
    assert office.rows(Answer) == []
    assert office.item(check_in) is None
    (enrolment,) = office.rows(Enrolment)
    assert (enrolment.next_week, enrolment.next_due_at) == (nov(23), at(30, 9))


def test_a_check_in_waits_and_can_be_caught_up_with_from_then(office: Office) -> None:
    office.record(23, 25, FRIDAY)
    office.beat(at(26, 9, 30))  # the bot was down for three days; the rep was away
    check_in = office.check_in()
    assert (check_in.state, check_in.due_at) == ("scheduled", at(26, 9))
    item = office.item(check_in)
    assert item is not None
    assert item.due_at == at(26, 9, 30)
    office.beat(at(28, 9))
    assert office.check_in().state == "scheduled"
    office.beat(at(28, 9, 1))
    assert office.check_in().skipped_because == "not_sent"


def test_a_deadline_on_a_day_off_moves_however_that_came_to_be_one(office: Office) -> None:
    office.beat(at(23, 9))
    office.deliver(at(25, 9, 30))  # late, so that it closes on Thursday 26 November
    assert office.check_in().deadline_at == at(26, 17, 30)
    form = CalendarForm(frozenset(range(5)), country="US", region="")  # where that is Thanksgiving
    office.do(team_calendars.change_calendar, by="UDANA", team_id=1, form=form, now=at(25, 10))
    office.beat(at(26, 17, 30))
    check_in = office.check_in()
    assert (check_in.state, check_in.deadline_at) == ("open", at(27, 17, 30))
    assert office.rows(Alert) == []
    office.beat(at(27, 17, 30))
    assert office.check_in().state == "unanswered"


def test_a_week_without_a_working_day_but_for_holidays_is_away(office: Office) -> None:
    form = CalendarForm(working_days=frozenset({3}), country="us", region="")
    office.do(team_calendars.change_calendar, by="UDANA", team_id=1, form=form, now=FRIDAY)
    office.beat(at(23, 9))
    office.beat(at(30, 9))
    assert office.check_in(nov(23)).state == "away"
