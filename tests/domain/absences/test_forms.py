"""What the form of an absence begins with, and what is said of one."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlmodel import select

from bot.database import Database
from bot.domain.absences import forms as absence_forms
from bot.domain.absences import recording as absences
from bot.domain.access import Caller
from bot.domain.refusals import Refusal
from bot.domain.setup import forms as setup_forms
from bot.domain.tables import (
    Member,
)
from tests.domain.absences.away import FRIDAY, WEEK, Office, at, nov
from tests.domain.setting_up import Setup


def test_how_far_back_days_can_be_recorded(office: Office) -> None:
    def earliest(now: datetime) -> date:
        return office.database.read_now(
            lambda session: absence_forms.first_day_to_record(
                session, session.exec(select(Member).where(Member.slack_user_id == "U0")).one(), now
            )
        )

    assert earliest(FRIDAY) == nov(9)  # its check-in might be still to come
    office.beat(at(23, 9))
    office.deliver(at(23, 9))
    deadline = office.check_in().deadline_at
    assert deadline == at(24, 17)
    assert earliest(at(25, 9)) == WEEK
    office.beat(at(30, 9))
    office.beat(at(37, 9))
    assert earliest(deadline + timedelta(days=14)) == WEEK
    assert earliest(deadline + timedelta(days=14, seconds=1)) == nov(23)


def test_the_form_begins_today_with_what_is_planned_the_earliest_first(office: Office) -> None:
    office.record(30, 31, FRIDAY)
    office.record(19, 24, FRIDAY)
    office.record(9, 10, FRIDAY)  # last week is still open: it can be taken back
    office.record(20, 20, FRIDAY, by="UDANA", member_id=2, request_key="again")
    gone = office.record(44, 44, FRIDAY)
    office.do(absences.take_back, absence_id=gone.absence.absence_id, now=FRIDAY)
    form = office.database.read_now(absence_forms.form, caller=Caller(1, "U0"), now=FRIDAY)
    assert (form.own, form.rep, form.first) == (True, "U0", nov(20))
    assert [(shown.first, shown.running, shown.recorded_by) for shown in form.planned] == [
        (nov(9), False, None),
        (nov(19), True, None),
        (nov(30), False, None),
    ]
    theirs = office.database.read_now(
        absence_forms.form, caller=Caller(1, "UDANA"), slack_user_id="U0", now=FRIDAY
    )
    assert (theirs.own, theirs.planned, theirs.reader.timezone) == (
        False,
        form.planned,
        "Europe/London",
    )


def test_who_recorded_it_for_the_rep_is_said(office: Office) -> None:
    saved = office.record(24, 25, FRIDAY, by="UDANA", member_id=2)
    assert (saved.absence.recorded_by, saved.absence.recorded_at) == ("UDANA", FRIDAY)


def test_ten_absences_are_shown(office: Office) -> None:
    for day in range(12):
        office.record(22 + 2 * day, 22 + 2 * day, FRIDAY)
    form = office.database.read_now(absence_forms.form, caller=Caller(1, "U0"), now=FRIDAY)
    assert [shown.first for shown in form.planned] == [nov(22 + 2 * n) for n in range(10)]


def test_an_absence_ends_with_the_first_working_day_after_it(office: Office) -> None:
    saved = office.record(19, 20, FRIDAY)
    assert saved.back_on == nov(23)
    assert office.record(16, 18, FRIDAY).back_on is None  # over already
    # Weeks that it only touches at a weekend are not among those that it changes.
    long = office.record(28, 28 + 50, FRIDAY)
    assert [week.week for week in long.weeks] == [nov(30), nov(37), nov(44), nov(51)]
    assert saved.weeks[0].goals[0] == ("Conversations", "count", Decimal(12), Decimal(20))


def test_a_coach_chooses_among_the_reps_of_their_teams_by_name(database: Database) -> None:
    setup = Setup(database)
    for user in ("UC", "U1"):
        with pytest.raises(Refusal, match="Only coaches record absences for others"):
            database.read_now(absence_forms.reps_to_choose, caller=setup.caller(user))
    team_id = setup.create().team_id
    with pytest.raises(Refusal, match="There are no reps yet"):
        database.read_now(absence_forms.reps_to_choose, caller=setup.caller("UC"))
    ids = {user: setup.enrol(team_id, user) for user in ("U1", "UA", "UD")}

    def choice(by: str) -> object:
        return database.read_now(absence_forms.reps_to_choose, caller=setup.caller(by)).reps

    by_name = (("Harbor", ((ids["UA"], "Alex"), (ids["UD"], "Drew"), (ids["U1"], "Priya"))),)
    assert choice("UC") == choice("UD") == by_name
    with pytest.raises(Refusal, match="Only coaches record absences"):
        choice("UA")  # an admin who coaches nobody
    database.write_now(
        setup_forms.end_enrolment, caller=setup.caller("UC"), member_id=ids["UA"], now=FRIDAY
    )
    assert choice("UC") == (("Harbor", by_name[0][1][1:]),)
