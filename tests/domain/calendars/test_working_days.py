"""When reps work."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import Session, select

from bot.database import Database
from bot.domain.absences import recording as absences
from bot.domain.calendars import working_days
from bot.domain.checkins import scheduling
from bot.domain.shown.absences import MarkedLate
from bot.domain.tables import CheckIn, Member, Team
from bot.rules.absences import Calendar
from tests.counting import counted
from tests.domain.absences.away import FRIDAY, WEEK, Office, at, nov, seed
from tests.seeding import seed_once


@pytest.fixture
def office(database: Database) -> Office:
    """A team with one rep whose clock is moved by saying when something is done."""
    seed_once(database, seed, reps=1)
    return Office(database)


def test_one_look_at_absences_serves_a_whole_batch(database: Database) -> None:
    seed_once(database, seed, reps=7)
    office = Office(database)
    office.record(16, 17, FRIDAY, by="U3")
    with counted(database) as statements:
        database.write_now(scheduling.schedule_due, now=at(23, 9))
    assert len([statement for statement in statements if "FROM absence" in statement]) == 1
    check_ins = sorted(office.rows(CheckIn), key=lambda check_in: check_in.member_id)
    assert [check_in.days_off for check_in in check_ins] == [0, 0, 0, 2, 0, 0, 0]


def calendar(office: Office, since: date) -> Calendar:
    return office.database.read_now(
        lambda session: working_days.of_rep(session, 2, session.get_one(Team, 1), since)
    )


def test_days_away_count_until_they_are_taken_back(office: Office) -> None:
    saved = office.record(19, 20, FRIDAY)
    assert calendar(office, nov(16)).week(nov(16)).off == 2
    assert calendar(office, nov(20)).is_off(nov(20))
    assert not calendar(office, nov(21)).away
    office.do(absences.take_back, absence_id=saved.absence.absence_id, now=FRIDAY)
    assert calendar(office, nov(16)).week(nov(16)).off == 0


def test_a_calendar_knows_the_holidays_of_the_years_to_come(office: Office) -> None:
    def place(session: Session) -> None:
        session.get_one(Team, 1).country = "US"

    office.database.write_now(place)
    found = calendar(office, date(2026, 12, 28))
    assert found.is_off(date(2027, 7, 5))
    assert found.is_off(date(2028, 7, 4))
    assert found.is_off(date(2029, 12, 25))  # a plan of three years that begins now ends then
    around = office.database.read_now(
        lambda s: working_days.around(s, s.get_one(Member, 2), s.get_one(Team, 1), at(27, 9))
    )
    assert around.is_off(nov(26))


def left(office: Office, week: date = WEEK) -> dict[int, Decimal]:
    def read(session: Session) -> dict[int, Decimal]:
        member, team = session.get_one(Member, 2), session.get_one(Team, 1)
        return working_days.targets_left(session, member, team, week)

    return office.database.read_now(read)


def test_a_week_asks_for_less_with_days_off_and_for_nothing_without_any_other(
    office: Office,
) -> None:
    assert list(left(office).values()) == [20, 9, 10_000]
    office.record(19, 20, FRIDAY)
    assert list(left(office).values()) == [12, 5, 6_000]
    office.record(16, 22, FRIDAY)
    assert left(office) == {}


def late(office: Office) -> MarkedLate | None:
    def read(session: Session) -> MarkedLate | None:
        check_in = session.exec(select(CheckIn)).one()
        absences = working_days.recorded(session, [2], check_in.week).get(2, ())
        return working_days.marked_late(absences, check_in, session.get_one(Member, 2))

    return office.database.read_now(read)


def test_who_marked_a_week_late_is_told_and_nobody_who_did_it_in_time(office: Office) -> None:
    office.record(16, 16, FRIDAY)
    office.beat(at(23, 9))
    office.deliver(at(23, 9))
    office.record(23, 23, at(23, 9))  # another week
    assert late(office) is None
    office.record(17, 17, at(23, 10), by="UDANA", member_id=2)
    assert late(office) == MarkedLate(by="UDANA", at=at(23, 10))
    saved = office.record(18, 18, at(23, 11))
    assert late(office) == MarkedLate(by="U0", at=at(23, 11))
    office.do(absences.take_back, absence_id=saved.absence.absence_id, now=at(23, 12))
    assert late(office) == MarkedLate(by="UDANA", at=at(23, 10))


def test_nothing_is_late_about_a_week_without_days_off(office: Office) -> None:
    office.beat(at(23, 9))
    assert late(office) is None
