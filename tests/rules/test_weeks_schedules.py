"""Schedules as people type them."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules import weeks
from bot.rules.weeks import DEFAULT_SCHEDULE


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"day": 7}, r"^A schedule's days go from 0 \(Monday\) to 6 \(Sunday\)\.$"),
        ({"deadline_day": -1}, "days go from 0"),
        (
            {"working_from": time(20, 1), "working_until": time(20)},
            r"^Working hours must end later than they begin, on the same day\.$",
        ),
        ({"working_from": time(20), "working_until": time(8)}, "end later than they begin"),
        ({"working_from": time(8), "working_until": time(8)}, "end later than they begin"),
    ],
)
def test_an_impossible_schedule_is_refused(changes: dict[str, object], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        replace(DEFAULT_SCHEDULE, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("mon", 0),
        ("Monday", 0),
        (" MON. ", 0),
        ("1", 0),
        ("7", 6),
        ("tues", 1),
        ("Thurs.", 3),
        ("weds", 2),
        ("sunday", 6),
        ("tue", 1),
        ("tuesday", 1),
        ("wed", 2),
        ("wednesday.", 2),
        ("thu", 3),
        ("thur", 3),
        ("thurs", 3),
        ("fri", 4),
        ("friday", 4),
        ("sat", 5),
        ("saturday", 5),
        ("sun", 6),
        ("MonX", None),
        ("８", None),
        ("７", 6),
        ("0", None),
        ("8", None),
        ("", None),
        ("m", None),
        ("mo", None),
        ("tomorrow", None),
    ],
)
def test_weekdays_as_typed(text: str, day: int | None) -> None:
    assert weeks.parse_weekday(text) == day


def test_weekdays_have_names() -> None:
    assert [weeks.weekday_name(day) for day in range(7)] == [
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
    ]


def test_a_team_is_asked_on_monday_at_nine_until_tuesday_at_five() -> None:
    assert (DEFAULT_SCHEDULE.day, DEFAULT_SCHEDULE.at) == (0, time(9))
    assert (DEFAULT_SCHEDULE.deadline_day, DEFAULT_SCHEDULE.deadline_at) == (1, time(17))
    assert (DEFAULT_SCHEDULE.working_from, DEFAULT_SCHEDULE.working_until) == (time(8), time(20))


def test_weekday_names_are_read_back() -> None:
    assert [weeks.parse_weekday(weeks.weekday_name(day)) for day in range(7)] == list(range(7))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("9:00", time(9)),
        ("09:00", time(9)),
        ("9am", time(9)),
        ("9 AM", time(9)),
        ("9.30", time(9, 30)),
        ("17h", time(17)),
        ("17h30", time(17, 30)),
        ("0900", time(9)),
        ("9", time(9)),
        ("12am", time(0)),
        ("12pm", time(12)),
        ("5:15 p.m.", time(17, 15)),
        ("09:00:00", time(9)),
        ("00:00", time(0)),
        ("１７：００", time(17)),
        ("23:59", time(23, 59)),
        ("24:00", None),
        ("9:60", None),
        ("13pm", None),
        ("0am", None),
        ("", None),
        ("nine", None),
        ("9:5", None),
        ("-9", None),
        ("9:00 tomorrow", None),
        ("123456", None),
    ],
)
def test_times_as_typed(text: str, expected: time | None) -> None:
    assert weeks.parse_time(text) == expected


@given(at=st.times().map(lambda at: at.replace(second=0, microsecond=0)))
def test_times_are_read_back(at: time) -> None:
    assert weeks.parse_time(f"{at:%H:%M}") == at
    assert weeks.parse_time(f"{at:%I:%M %p}") == at


@given(text=st.text(max_size=12))
def test_any_text_is_a_time_or_none(text: str) -> None:
    assert weeks.parse_time(text) is None or weeks.parse_time(text) < time.max
    assert weeks.parse_weekday(text) in (None, 0, 1, 2, 3, 4, 5, 6)
