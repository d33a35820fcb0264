"""A team's working days and public holidays, as its coach chooses them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.database import Database
from bot.domain.refusals import FieldProblems, Refusal
from bot.domain.setup import calendars as team_calendars
from bot.domain.shown.calendars import (
    NO_REGION,
    CalendarForm,
    CalendarSaved,
    CalendarShown,
    RegionQuestion,
)
from tests.domain.absences.away import FRIDAY, Office, at, nov, seed
from tests.domain.marked import marked, open_homes
from tests.domain.setting_up import FORM, Setup
from tests.seeding import seed_once


@pytest.fixture
def office(database: Database) -> Office:
    """A team with one rep whose clock is moved by saying when something is done."""
    seed_once(database, seed, reps=1)
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


def change(setup: Setup, team_id: int, form: CalendarForm, by: str = "UC") -> CalendarSaved:
    return setup.database.write_now(
        team_calendars.change_calendar,
        caller=setup.caller(by),
        team_id=team_id,
        form=form,
        now=FRIDAY,
    )


def shown(setup: Setup, by: str, team_id: int | None = None) -> CalendarShown:
    return setup.database.read_now(
        team_calendars.calendar_form, caller=setup.caller(by), team_id=team_id, now=FRIDAY
    )


WEEKDAYS = frozenset(range(5))


def test_the_form_begins_with_what_the_team_has(setup: Setup) -> None:
    for nobody in ("UC", "U1"):
        with pytest.raises(Refusal, match="Only coaches and workspace admins"):
            shown(setup, nobody)
    with pytest.raises(Refusal, match="There is no team yet"):
        shown(setup, "UA")
    setup.create(replace(FORM, name="North", coach="UD", second_coach=None))
    team_id = setup.create(replace(FORM, second_coach=None)).team_id
    change(setup, team_id, CalendarForm(WEEKDAYS, "united kingdom", "sct"))
    found = shown(setup, "UC")
    assert [(team.id, team.name) for team in found.teams] == [(team_id, "Harbor")]
    assert (found.team_id, found.form) == (
        team_id,
        CalendarForm(WEEKDAYS, "United Kingdom", "Scotland"),
    )
    assert [team.name for team in shown(setup, "UA", team_id).teams] == ["Harbor", "North"]
    with pytest.raises(Refusal, match="Only the coach of Harbor"):
        shown(setup, "UD", team_id)


def test_everything_that_is_wrong_is_said_under_its_input(setup: Setup) -> None:
    team_id = setup.create().team_id
    cases = [
        (CalendarForm(frozenset(), "", ""), {"working_days": "Choose at least one day"}),
        (CalendarForm(frozenset({7}), "", ""), {"working_days": "Choose at least one day"}),
        (CalendarForm(WEEKDAYS, "Germny", ""), {"country": "Did you mean Germany?"}),
        (CalendarForm(WEEKDAYS, "", "BY"), {"region": "A region needs its country"}),
        (CalendarForm(WEEKDAYS, "DE", "Essex"), {"region": "is no region of Germany"}),
    ]
    for form, words in cases:
        with pytest.raises(FieldProblems) as refused:
            change(setup, team_id, form)
        assert list(refused.value.sentences) == list(words)
        for field, sentence in words.items():
            assert sentence in refused.value.sentences[field]
    assert shown(setup, "UC").form == CalendarForm(WEEKDAYS, "", "")


def test_it_says_the_next_five_holidays_on_working_days(setup: Setup) -> None:
    team_id = setup.create().team_id
    saved = change(setup, team_id, CalendarForm(WEEKDAYS, "GB", "England"))
    assert saved.place == "United Kingdom (England)"
    assert [day for day, _ in saved.holidays] == [
        date(2026, 12, 25),
        date(2026, 12, 28),
        date(2027, 1, 1),
        date(2027, 3, 26),
        date(2027, 3, 29),
    ]
    nowhere = change(setup, team_id, CalendarForm(frozenset({6, 5}), "", ""))
    assert (nowhere.place, nowhere.holidays, nowhere.working_days) == (None, (), {5, 6})


def test_another_calendar_marks_the_homes_of_reps_and_coaches(setup: Setup) -> None:
    team_id = setup.create().team_id
    setup.enrol(team_id)
    open_homes(setup.database, ("UA", "UC", "UD", "U1"), now=FRIDAY)
    form = CalendarForm(frozenset(range(4)), "", "")
    homes = {"home UC", "home UD", "home U1"}
    assert marked(setup.database, lambda: change(setup, team_id, form)) == homes
    assert marked(setup.database, lambda: change(setup, team_id, form)) == set()


def asked(setup: Setup, team_id: int, form: CalendarForm) -> RegionQuestion | None:
    return setup.database.read_now(
        team_calendars.region_question,
        caller=setup.caller("UC"),
        team_id=team_id,
        form=form,
        now=FRIDAY,
    )


def test_a_country_whose_holidays_depend_on_the_region_asks_for_it_once(setup: Setup) -> None:
    team_id = setup.create().team_id
    britain = CalendarForm(WEEKDAYS, "Britain", "")
    question = asked(setup, team_id, britain)
    assert question is not None
    assert (question.country, question.country_code) == ("United Kingdom", "GB")
    assert [name for _, name in question.regions] == [
        "England",
        "Northern Ireland",
        "Scotland",
        "Wales",
    ]
    assert [(day.day, day.name, len(day.regions)) for day in question.missing[:2]] == [
        (date(2027, 3, 29), "Easter Monday", 3),
        (date(2027, 8, 30), "Late Summer Bank Holiday", 3),
    ]
    assert not shown(setup, "UC").missing
    for settled in (
        replace(britain, region="Wales"),
        replace(britain, region=NO_REGION),
        CalendarForm(WEEKDAYS, "Luxembourg", ""),
        CalendarForm(WEEKDAYS, "", ""),
    ):
        assert asked(setup, team_id, settled) is None
    change(setup, team_id, replace(britain, region=NO_REGION))
    # Whoever chose no region is not asked again, and the form goes on saying what that means.
    assert asked(setup, team_id, britain) is None
    assert shown(setup, "UC").missing == question.missing


def test_a_place_of_which_no_holidays_are_known_is_saved_without_any(setup: Setup) -> None:
    saved = change(setup, setup.create().team_id, CalendarForm(WEEKDAYS, "Bouvet Island", ""))
    assert (saved.place, saved.holidays) == ("Bouvet Island", ())


def test_days_that_follow_the_moon_are_told_from_the_others(setup: Setup) -> None:
    """Source: holidays 0.109 (findings/holidays-an-estimate-is-part-of-a-name.sh)."""
    team_id = setup.create().team_id
    indonesia = change(setup, team_id, CalendarForm(WEEKDAYS, "Indonesia", ""))
    assert (date(2027, 3, 10), "Eid al-Fitr (estimated)") in indonesia.holidays
    assert indonesia.some_are_estimates
    assert not change(setup, team_id, CalendarForm(WEEKDAYS, "GB", "England")).some_are_estimates
