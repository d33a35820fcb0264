"""What days off make of one check-in."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from sqlmodel import Session, select

from bot.database import Database
from bot.domain.calendars import days_off, working_days
from bot.domain.setup import calendars as team_calendars
from bot.domain.shown.calendars import CalendarForm
from bot.domain.tables import (
    Absence,
    Alert,
    Answer,
    CheckIn,
    Enrolment,
    Member,
    Team,
)
from bot.rules.absences import WorkWeek
from tests.domain.absences.away import FRIDAY, Office, at, nov, seed
from tests.domain.marked import marked, open_homes
from tests.seeding import seed_once


@pytest.fixture
def office(database: Database) -> Office:
    """A team with one rep whose clock is moved by saying when something is done."""
    seed_once(database, seed, reps=1)
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


def moved(office: Office, now: datetime) -> bool:
    """Have a deadline that lies on a day off moved, as the beat does; whether it is to come then."""

    def move(session: Session) -> bool:
        check_in = session.exec(select(CheckIn)).one()
        member = session.get_one(Member, check_in.member_id)
        team = session.get_one(Team, check_in.team_id)
        calendar = working_days.around(session, member, team, now)
        return days_off.move_deadline(session, check_in, member, calendar, now=now)

    return office.database.write_now(move)


def away_on(office: Office, day: int) -> None:
    """A day off of which nothing was told to the check-ins that are there."""

    def add(session: Session) -> None:
        session.add(
            Absence(
                workspace_id=1,
                member_id=2,
                first_day=nov(day),
                last_day=nov(day),
                kind="away",
                recorded_by=2,
                recorded_at=FRIDAY,
                request_key=str(day),
            )
        )

    office.database.write_now(add)


def test_a_moved_deadline_is_redrawn_and_told_on_the_homes(office: Office) -> None:
    office.beat(at(23, 9))
    assert not moved(office, at(23, 9))  # not sent yet, it has none
    office.deliver(at(23, 9))
    open_homes(office.database, ("U0", "UDANA"), now=at(23, 9))
    assert not moved(office, at(24, 10))
    away_on(office, 24)
    outcomes: list[bool] = []
    found = marked(office.database, lambda: outcomes.append(moved(office, at(24, 10))))
    assert found == {f"check_in {office.check_in().id}", "home U0", "home UDANA"}
    assert (outcomes, office.check_in().deadline_at) == ([True], at(25, 17))


def test_a_deadline_that_is_past_all_the_same_is_not_to_come(office: Office) -> None:
    office.beat(at(23, 9))
    office.deliver(at(23, 9))
    away_on(office, 24)
    assert not moved(office, at(25, 17))
    assert office.check_in().deadline_at == at(25, 17)


def next_due(office: Office, now: datetime) -> datetime | None:
    def read(session: Session) -> datetime | None:
        enrolment = session.exec(select(Enrolment)).one()
        member = session.get_one(Member, enrolment.member_id)
        team = session.get_one(Team, enrolment.team_id)
        return days_off.next_check_in(session, enrolment, member, team, now=now)

    return office.database.read_now(read)


def test_the_next_check_in_passes_over_weeks_away_and_comes_on_no_day_off(office: Office) -> None:
    assert next_due(office, FRIDAY) == at(23, 9)
    office.record(23, 24, FRIDAY)
    assert next_due(office, FRIDAY) == at(25, 9)
    office.record(16, 20, FRIDAY)  # this week altogether: it is not asked about
    assert next_due(office, FRIDAY) == at(30, 9)

    def leave(session: Session) -> None:
        enrolment = session.exec(select(Enrolment)).one()
        enrolment.next_week = enrolment.next_due_at = None

    office.database.write_now(leave)
    assert next_due(office, FRIDAY) is None


def test_a_whole_week_is_noted_without_its_days(office: Office) -> None:
    assert days_off.counted(WorkWeek(5, off=0, holidays=0)) == {
        "work_days": None,
        "days_off": 0,
        "holidays": 0,
        "joined_on": None,
    }
    joined = date(2026, 12, 1)
    check_in = CheckIn(work_days=5, days_off=2, holidays=1, joined_on=joined)
    assert days_off.work_of(check_in) == WorkWeek(5, off=2, holidays=1, joined_on=joined)
    days_off.count(check_in, WorkWeek(5, off=0, holidays=0))
    assert days_off.work_of(check_in) is None
