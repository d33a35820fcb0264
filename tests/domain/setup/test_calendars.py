"""A team's working days and public holidays, as its coach chooses them."""

from __future__ import annotations

from datetime import date

import pytest

from bot.database import Database
from bot.domain.refusals import Refusal
from bot.domain.setup import calendars as team_calendars
from bot.domain.shown.calendars import CalendarForm
from tests.domain.absences.away import FRIDAY, Office, at, nov, seed


@pytest.fixture
def office(database: Database) -> Office:
    """A team with one rep whose clock is moved by saying when something is done."""
    database.write_now(seed, reps=1)
    return Office(database)


def test_a_team_with_a_country_has_its_holidays_off(office: Office) -> None:
    form = CalendarForm(working_days=frozenset({0, 1, 2, 3}), country="us", region="")
    saved = office.do(team_calendars.change_calendar, by="UDANA", team_id=1, form=form, now=FRIDAY)
    assert (date(2026, 11, 26), "Thanksgiving Day") in saved.holidays
    assert all(day.weekday() < 4 for day, _ in saved.holidays)
    office.beat(at(23, 9))
    office.beat(at(30, 9))
    check_in = office.check_in(nov(23))
    assert (check_in.work_days, check_in.days_off, check_in.holidays) == (4, 1, 1)
    with pytest.raises(Refusal, match="Only the coach of Harbor Sales"):
        office.do(team_calendars.change_calendar, team_id=1, form=form, now=FRIDAY)
