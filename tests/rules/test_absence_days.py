"""The days among the words of an absence; tests/rules/test_absence_lines.py has whole lines."""

from __future__ import annotations

from datetime import date

import pytest

from bot.rules.absence_days import AwayDays
from bot.rules.problems import DayProblem

WEDNESDAY = date(2026, 11, 25)
MONDAY, NEXT_WEDNESDAY = date(2026, 11, 30), date(2026, 12, 2)


def test_each_day_of_a_list_is_read_from_the_one_before_on() -> None:
    days = AwayDays(WEDNESDAY, None)
    assert days.read(["mon", "and", "wed"]) == [(MONDAY, MONDAY), (NEXT_WEDNESDAY, NEXT_WEDNESDAY)]
    assert days.read(["mon", "-", "wed"]) == [(MONDAY, NEXT_WEDNESDAY)]
    assert days.read(["between", "mon", "and", "wed"]) == [(MONDAY, NEXT_WEDNESDAY)]
    assert days.notes == []


def test_words_that_are_no_days_leave_no_note() -> None:
    days = AwayDays(WEDNESDAY, None)
    assert days.read(["next", "friday", "and", "soon"]) == []
    assert days.read(["soon"]) == []
    assert days.read([","]) == []
    assert days.notes == []


def test_half_a_day_is_a_problem() -> None:
    with pytest.raises(DayProblem, match="not in the calendar"):
        AwayDays(WEDNESDAY, None).read(["31", "feb"])
