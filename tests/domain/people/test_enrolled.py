"""Decisions about one enrolment: who can be a rep, from when on, and which check-in comes next."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.people.enrolled import (
    BOT,
    DEACTIVATED,
    Enrolled,
    enrolled_again,
    must_be_rep,
    rescheduled,
    why_not_rep,
)
from bot.domain.refusals import Refusal
from bot.rules.absences import Calendar
from bot.rules.weeks import Schedule

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
WEEK = date(2026, 11, 16)
DUE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SCHEDULE = Schedule(
    day=0,
    at=time(9),
    deadline_day=1,
    deadline_at=time(17),
    working_from=time(8),
    working_until=time(20),
)
REP = Enrolled(1, date(2026, 10, 1), next_week=WEEK, next_due_at=DUE)


def next_one(
    enrolled: Enrolled,
    *,
    is_active: bool = True,
    zone: str = "UTC",
    last_asked: date | None = None,
    now: datetime = NOW,
) -> Enrolled:
    return rescheduled(
        enrolled,
        is_active=is_active,
        schedule=SCHEDULE,
        calendar=Calendar(),
        zone=ZoneInfo(zone),
        last_asked=last_asked,
        now=now,
    )


def test_bots_and_deactivated_people_are_no_reps() -> None:
    assert why_not_rep("Priya", None) is None
    assert why_not_rep("Priya", "unreachable") is None
    for because, words in ((BOT, "Priya is a bot"), (DEACTIVATED, "account is deactivated")):
        with pytest.raises(Refusal, match=words):
            must_be_rep("Priya", because, enrolled_on=None, today=TODAY)


@pytest.mark.parametrize(
    ("day", "possible"),
    [
        (None, True),
        (date(2000, 1, 1), True),
        (date(1999, 12, 31), False),
        (TODAY + timedelta(days=366), True),
        (TODAY + timedelta(days=367), False),
    ],
)
def test_a_rep_begins_from_2000_on_and_within_a_year(day: date | None, possible: bool) -> None:
    if possible:
        must_be_rep("Priya", None, enrolled_on=day, today=TODAY)
        return
    with pytest.raises(Refusal, match="is no day to begin on"):
        must_be_rep("Priya", None, enrolled_on=day, today=TODAY)


def test_a_new_rep_begins_today_or_on_the_day_that_is_said() -> None:
    assert enrolled_again(None, team_id=1, enrolled_on=None, today=TODAY) == Enrolled(1, TODAY)
    later = TODAY + timedelta(days=9)
    assert enrolled_again(None, team_id=1, enrolled_on=later, today=TODAY) == Enrolled(1, later)


def test_the_same_again_changes_nothing() -> None:
    assert enrolled_again(REP, team_id=1, enrolled_on=None, today=TODAY) == REP
    assert enrolled_again(REP, team_id=1, enrolled_on=REP.enrolled_on, today=TODAY) == REP


def test_another_team_keeps_the_week_and_another_beginning_does_not() -> None:
    for day in (None, TODAY):
        moved = enrolled_again(REP, team_id=2, enrolled_on=day, today=TODAY)
        assert moved == replace(REP, team_id=2)
    begins = enrolled_again(REP, team_id=1, enrolled_on=TODAY, today=TODAY)
    assert begins == Enrolled(1, TODAY)


def test_who_comes_back_begins_anew() -> None:
    left = Enrolled(1, date(2026, 10, 1), ended_on=date(2026, 11, 1))
    assert enrolled_again(left, team_id=1, enrolled_on=None, today=TODAY) == Enrolled(1, TODAY)


def test_who_comes_back_within_the_week_was_never_away_from_it() -> None:
    left = Enrolled(1, date(2026, 10, 1), ended_on=TODAY - timedelta(days=2))
    for team_id in (1, 2):
        back = enrolled_again(left, team_id=team_id, enrolled_on=None, today=TODAY)
        assert back == Enrolled(team_id, date(2026, 10, 1))


@pytest.mark.parametrize(
    ("day", "asked"),
    [(16, WEEK), (18, WEEK), (19, WEEK), (20, date(2026, 11, 23)), (21, date(2026, 11, 23))],
)
def test_a_first_week_with_fewer_than_two_days_is_not_asked_about(day: int, asked: date) -> None:
    began = next_one(Enrolled(1, date(2026, 11, day)))
    assert began.next_week == asked
    assert next_one(began, zone="Asia/Tokyo").next_week == asked


def test_the_next_check_in_follows_the_schedule_and_the_zone() -> None:
    assert next_one(Enrolled(1, date(2026, 10, 1))) == REP
    paris = next_one(REP, zone="Europe/Paris")
    assert paris == replace(REP, next_due_at=DUE - timedelta(hours=1))


def test_nobody_is_asked_who_left_or_is_not_active() -> None:
    none = replace(REP, next_week=None, next_due_at=None)
    assert next_one(REP, is_active=False) == none
    left = replace(REP, ended_on=TODAY)
    assert next_one(left) == replace(none, ended_on=TODAY)


def test_an_overdue_check_in_keeps_its_moment() -> None:
    assert next_one(REP, zone="Asia/Tokyo", now=DUE) == REP


def test_a_moment_that_moves_into_the_past_becomes_the_next_working_hour() -> None:
    sunday = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # ten in the morning of Monday in Tokyo
    assert next_one(REP, zone="Asia/Tokyo", now=sunday).next_due_at == sunday
    night = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)  # nine in the evening there
    waiting = replace(REP, next_due_at=night + timedelta(hours=1))
    assert next_one(waiting, zone="Asia/Tokyo", now=night).next_due_at == datetime(
        2026, 11, 23, 23, 0, tzinfo=UTC
    )


def test_no_week_is_asked_about_twice_or_before_the_beginning() -> None:
    assert next_one(REP, last_asked=WEEK).next_week == date(2026, 11, 23)
    begins_later = replace(REP, enrolled_on=date(2026, 12, 1))
    assert next_one(begins_later).next_week == date(2026, 11, 30)
