"""Recording absences, taking them back, and being back early."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import Session

from bot.database import Database
from bot.domain.absences import forms as absence_forms
from bot.domain.absences import recording as absences
from bot.domain.checkins import scheduling
from bot.domain.people import members
from bot.domain.people.members import Profile
from bot.domain.refusals import Refusal
from bot.domain.shown.absences import AbsenceSaved
from bot.domain.tables import (
    Absence,
    Member,
)
from tests.domain.absences.away import FRIDAY, SMALLER, Office, at, nov, seed
from tests.domain.marked import marked, open_homes
from tests.domain.setting_up import Setup
from tests.patience import PATIENCE
from tests.seeding import seed_once

# Recording


def test_a_repeated_delivery_does_nothing_twice(office: Office) -> None:
    first = office.record(24, 25, FRIDAY, request_key="view-1")
    again = office.record(24, 25, FRIDAY + timedelta(minutes=1), request_key="view-1")
    assert again == first
    assert len(office.rows(Absence)) == 1
    for _ in range(2):
        office.do(absences.take_back, absence_id=first.absence.absence_id, now=FRIDAY)
    assert len(office.rows(Absence)) == 1
    assert office.record(24, 25, FRIDAY, request_key="view-1").taken_back


def test_overlapping_absences_count_once(office: Office) -> None:
    office.record(16, 17, FRIDAY)
    saved = office.record(17, 18, FRIDAY, kind="sick")
    assert [(week.work.off, week.work.days) for week in saved.weeks] == [(3, 5)]
    assert office.record(16, 18, FRIDAY).known
    assert len(office.rows(Absence)) == 2
    office.beat(at(23, 9))
    assert office.check_in().days_off == 3
    assert office.goals()[0] == (Decimal(8), Decimal(20))


def test_days_of_a_closed_week_stay_when_the_rest_is_taken_back(office: Office) -> None:
    saved = office.record(16, 32, FRIDAY)
    for day in (23, 30, 37, 44):
        office.beat(at(day, 9))
    # Both weeks away would have been asked about on the first day back, the 3rd of December.
    late = at(33, 9) + timedelta(days=14, minutes=1)
    office.do(absences.take_back, absence_id=saved.absence.absence_id, now=late)
    standing = [a for a in office.rows(Absence) if a.taken_back_at is None]
    assert [(a.first_day, a.last_day, a.recorded_at) for a in standing] == [
        (nov(16), nov(29), FRIDAY)
    ]
    assert office.check_in().state == "away"
    with pytest.raises(Refusal, match="closed for good, so they stay"):
        office.do(absences.take_back, absence_id=standing[0].id, now=late)


def test_somebody_elses_absence_is_not_touched(office: Office) -> None:
    saved = office.record(24, 25, FRIDAY)
    office.database.write_now(
        members.apply_profile,
        workspace_id=1,
        profile=Profile("UELSE", "Else", timezone="UTC"),
        now=FRIDAY,
    )
    for use_case in (absences.take_back, absences.be_back):
        with pytest.raises(Refusal, match="Only U0 and the coaches of Harbor Sales"):
            office.do(use_case, by="UELSE", absence_id=saved.absence.absence_id, now=FRIDAY)
        with pytest.raises(Refusal, match="not there any more"):
            office.do(use_case, absence_id=999, now=FRIDAY)
    member_id = saved.member_id
    with pytest.raises(Refusal, match="Only U0"):
        office.record(26, 26, FRIDAY, by="UELSE", member_id=member_id)
    assert office.record(26, 26, FRIDAY, by="UDANA", member_id=member_id).own is False


def test_back_early_keeps_the_days_gone_by(office: Office) -> None:
    saved = office.record(16, 24, at(16, 9))
    office.do(absences.be_back, absence_id=saved.absence.absence_id, now=at(18, 9))
    standing = [a for a in office.rows(Absence) if a.taken_back_at is None]
    assert [(a.first_day, a.last_day) for a in standing] == [(nov(16), nov(17))]
    office.do(absences.be_back, absence_id=saved.absence.absence_id, now=at(18, 9))
    assert len(office.rows(Absence)) == 2
    with pytest.raises(Refusal, match="You are not marked as away today"):
        office.do(absences.be_back, absence_id=None, now=at(18, 9))
    office.beat(at(23, 9))
    assert office.goals() == SMALLER


# Turns with the tick


@pytest.mark.postgresql
def test_an_absence_is_in_a_check_in_that_is_being_made(new_postgresql: Any) -> None:
    database = Database(new_postgresql())
    seed_once(database, seed, reps=1)
    office = Office(database)
    waits = threading.Event()

    def notice(_c: object, _cursor: object, statement: str, *_more: object) -> None:
        if "FROM enrolment" in statement and "FOR UPDATE" in statement and not holding:
            waits.set()

    holding = True
    event.listen(database.engine, "before_cursor_execute", notice)
    with ThreadPoolExecutor(1) as threads, Session(database.engine) as tick:
        scheduling.schedule_due(tick, now=at(23, 9))
        holding = False
        recorded = threads.submit(office.record, 16, 22, at(23, 9))
        assert waits.wait(PATIENCE)
        tick.commit()
        recorded.result(PATIENCE)
    assert office.check_in().state == "away"
    database.close()


# What may be recorded


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"kind": "fishing"}, "kind", "Choose what it is"),
        ({"first": None}, "first_day", "Choose the first day"),
        ({"first": nov(1), "last": nov(2)}, "first_day", "closed"),
        ({"first": nov(20), "last": nov(19)}, "last_day", "before"),
    ],
)
def test_what_cannot_be_is_said_under_its_input(
    office: Office, changes: dict[str, Any], field: str, words: str
) -> None:
    arguments = {"first": nov(20), "last": nov(20), "kind": "away", "request_key": "V1", **changes}
    with pytest.raises(Refusal, match=words) as refused:
        office.do(absences.record, member_id=None, now=FRIDAY, **arguments)
    assert refused.value.field == field
    assert office.rows(Absence) == []


def test_without_a_last_day_it_is_one_day(office: Office) -> None:
    arguments = {"first": nov(24), "last": None, "kind": "sick", "request_key": "V1"}
    saved = office.do(absences.record, member_id=None, now=FRIDAY, **arguments)
    assert (saved.absence.first, saved.absence.last, saved.absence.kind) == (
        nov(24),
        nov(24),
        "sick",
    )


def test_a_line_is_read_in_the_reps_own_day_and_a_coach_names_the_rep(office: Office) -> None:
    saved = office.do(
        absences.record_line,
        by="UDANA",
        slack_user_id="U0",
        text="today",
        request_key="L1",
        now=FRIDAY,
    )
    assert (saved.absence.first, saved.own, saved.absence.recorded_by) == (nov(20), False, "UDANA")
    with pytest.raises(Refusal):
        office.do(absences.record_line, text="someday", request_key="L2", now=FRIDAY)
    assert len(office.rows(Absence)) == 1


def test_a_line_with_several_days_records_just_these_and_says_them_back(office: Office) -> None:
    saved = office.do(absences.record_line, text="mon and wed", request_key="L1", now=FRIDAY)
    days = [(one.first, one.last) for one in (saved.absence, *saved.others)]
    assert days == [(nov(23), nov(23)), (nov(25), nov(25))]
    (week,) = saved.weeks
    assert (week.work.off, week.work.left) == (2, 3)  # both days shrink the week together
    assert [(row.first_day, row.last_day) for row in office.rows(Absence)] == days
    # A second delivery records nothing more.
    again = office.do(absences.record_line, text="mon and wed", request_key="L1", now=FRIDAY)
    assert (again.absence, again.others) == (saved.absence, saved.others)
    assert len(office.rows(Absence)) == 2


def test_a_line_of_which_one_day_is_impossible_records_none(office: Office) -> None:
    with pytest.raises(Refusal, match="more than a year ahead"):
        office.do(absences.record_line, text="monday and 1 Dec 2028", request_key="L1", now=FRIDAY)
    assert office.rows(Absence) == []


def test_what_was_read_in_one_of_two_ways_is_said_back(office: Office) -> None:
    saved = office.do(absences.record_line, text="next friday", request_key="L1", now=FRIDAY)
    assert saved.notes == ("I read “next friday” as Friday 27 November.",)


def test_tomorrow_on_a_friday_is_the_next_working_day_each_time_it_is_typed(office: Office) -> None:
    """The Monday after next is there already, and stays the one that is meant."""
    for number in range(2):
        saved = office.do(
            absences.record_line, text="tomorrow", request_key=f"L{number}", now=FRIDAY
        )
        assert [saved.absence.first, saved.absence.last] == [nov(23), nov(23)]
        assert (saved.known, "no working day" in saved.notes[0]) == (number == 1, True)


# Taking back


def test_it_is_noted_who_took_it_back_and_the_rest_stays_as_it_was_recorded(
    office: Office,
) -> None:
    saved = office.record(16, 25, at(16, 9))
    office.do(absences.be_back, by="UDANA", absence_id=saved.absence.absence_id, now=at(18, 9))
    whole, rest = office.rows(Absence)
    dana, rep = office.rows(Member)
    assert (whole.taken_back_by, whole.taken_back_at) == (dana.id, at(18, 9))
    assert (rest.recorded_by, rest.recorded_at, rest.taken_back_at) == (rep.id, at(16, 9), None)
    assert (rest.first_day, rest.last_day, rest.kind) == (nov(16), nov(17), "away")


def test_being_back_leaves_what_is_planned(office: Office) -> None:
    office.record(19, 24, FRIDAY)
    office.record(30, 32, FRIDAY)
    office.do(absences.be_back, absence_id=None, now=FRIDAY)
    standing = [(a.first_day, a.last_day) for a in office.rows(Absence) if not a.taken_back_at]
    assert standing == [(nov(30), nov(32)), (nov(19), nov(19))]


def test_the_first_day_that_is_open_can_still_be_taken_back(office: Office) -> None:
    saved = office.record(9, 9, FRIDAY)
    taken_back = office.do(absences.take_back, absence_id=saved.absence.absence_id, now=FRIDAY)
    assert taken_back.taken_back
    (absence,) = office.rows(Absence)
    assert absence.taken_back_at == FRIDAY


def test_nobody_of_another_workspace_touches_it(office: Office) -> None:
    saved = office.record(24, 25, FRIDAY)
    elsewhere = Setup(office.database, team="T2")
    for use_case in (absences.take_back, absences.be_back):
        with pytest.raises(Refusal, match="not there any more"):
            office.database.write_now(
                use_case,
                caller=elsewhere.caller("UA"),
                absence_id=saved.absence.absence_id,
                now=FRIDAY,
            )
    for named in ({"member_id": saved.member_id}, {"slack_user_id": "U0"}):
        with pytest.raises(Refusal, match="no rep of your teams"):
            office.database.read_now(
                absence_forms.form, caller=elsewhere.caller("UA"), now=FRIDAY, **named
            )


# Homes


def test_days_off_mark_the_homes_of_the_rep_and_their_coach(office: Office) -> None:
    open_homes(office.database, ("U0", "UDANA"), now=FRIDAY)
    saved: list[AbsenceSaved] = []
    homes = {"home U0", "home UDANA"}
    assert marked(office.database, lambda: saved.append(office.record(19, 25, FRIDAY))) == homes
    assert marked(office.database, lambda: office.record(19, 25, FRIDAY)) == set()

    def take_back() -> None:
        absence_id = saved[0].absence.absence_id
        office.do(absences.take_back, absence_id=absence_id, now=FRIDAY)

    assert marked(office.database, take_back) == homes
    assert marked(office.database, take_back) == set()


def test_a_reps_own_key_and_the_same_one_of_the_coach_are_two(office: Office) -> None:
    office.record(24, 25, FRIDAY, request_key="view-1")
    office.record(26, 26, FRIDAY, by="UDANA", member_id=2, request_key="view-1")
    assert len(office.rows(Absence)) == 2
