"""Days as people type them: which day is meant, how many words that takes, and what can't be told."""

from __future__ import annotations

from datetime import date, time

import pytest

from bot.rules.days import FoundDay, find_day, show_date, show_day, show_time
from bot.rules.problems import DayProblem

WEDNESDAY = date(2026, 11, 25)

MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def found(text: str, *, today: date = WEDNESDAY, coming: bool = False) -> FoundDay | None:
    return find_day(text.split(), today=today, coming=coming)


def problem(text: str, *, coming: bool = False) -> tuple[str, int]:
    with pytest.raises(DayProblem) as raised:
        found(text, coming=coming)
    return str(raised.value), raised.value.length


TWO_READINGS = "can be read as two days: type one like 2026-11-25."
NO_SUCH_DAY = "is not in the calendar: type a day like 2026-11-25."


def test_a_day_is_shown_with_its_year_only_when_it_is_another() -> None:
    assert show_day(date(2026, 3, 3), today=WEDNESDAY) == "Tuesday 3 March"
    assert show_day(date(2025, 3, 3), today=WEDNESDAY) == "Monday 3 March 2025"
    assert show_date(date(2026, 12, 31), today=WEDNESDAY) == "31 December"
    assert show_date(date(2027, 1, 1), today=WEDNESDAY) == "1 January 2027"


@pytest.mark.parametrize(("number", "month"), list(enumerate(MONTHS, start=1)))
def test_every_month_is_shown_and_read(number: int, month: str) -> None:
    day = date(2026, number, 13)
    assert show_date(day, today=WEDNESDAY) == f"13 {month}"
    for name in (month.casefold(), month[:3].casefold(), f"{month[:3].casefold()}."):
        assert found(f"13 {name} 2026") == FoundDay(day, 3)
        assert found(f"{name} 13 2026") == FoundDay(day, 3)
    assert found(f"13 {month[:4].casefold()}x") is None


@pytest.mark.parametrize(
    ("text", "day", "length"),
    [
        ("today", date(2026, 11, 25), 1),
        ("today, asked", date(2026, 11, 25), 1),
        ("yesterday", date(2026, 11, 24), 1),
        ("yesterday.", date(2026, 11, 24), 1),
        ("tomorrow;", date(2026, 11, 26), 1),
        ("on today", date(2026, 11, 25), 2),
        ("on 3 mar 2026 2nd", date(2026, 3, 3), 4),
        ("wednesday", date(2026, 11, 25), 1),
        ("wed,", date(2026, 11, 25), 1),
        ("thursday", date(2026, 11, 19), 1),
        ("tue", date(2026, 11, 24), 1),
        ("on mon 12k", date(2026, 11, 23), 2),
        ("13 sept", date(2026, 9, 13), 2),
        ("sept 13", date(2026, 9, 13), 2),
        ("1st jan", date(2027, 1, 1), 2),  # near enough to be meant as a coming one
        ("31st dec", date(2026, 12, 31), 2),
        ("3 mar", date(2026, 3, 3), 2),
        ("mar 3rd, 2025", date(2025, 3, 3), 3),
        ("3 mar 2099", date(2099, 3, 3), 3),
        ("3 mar 1999", date(2026, 3, 3), 2),  # no year that anybody logs
        ("mar 3 12k", date(2026, 3, 3), 2),
        ("2026-11-23", date(2026, 11, 23), 1),
        ("2026/11/23,", date(2026, 11, 23), 1),
        ("2026.1.3", date(2026, 1, 3), 1),
        ("23.11.2026", date(2026, 11, 23), 1),
        ("23-11-26", date(2026, 11, 23), 1),
        ("11/23/26", date(2026, 11, 23), 1),
        ("13/12", date(2026, 12, 13), 1),
        ("12/13", date(2026, 12, 13), 1),
        ("12/12", date(2026, 12, 12), 1),
        ("5/5/2026", date(2026, 5, 5), 1),
    ],
)
def test_the_day_that_is_meant(text: str, day: date, length: int) -> None:
    assert found(text) == FoundDay(day, length)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "acme",
        "last",
        "last week",
        "last 3",
        "next monday",  # only where coming days are meant
        "on",
        "on acme",
        "3",
        "1",  # a weekday's number is no day
        "mar",
        "3 mars",
        "32 mar",
        "0 mar",
        "3xx mar",
        "123 mar",
        "mar 123",
        "2nd march 5",  # a base, then a day
        "3rd march 2",
        "1st march 31",
        "1/2/3/4",
        "2026-11/23",
        "23.11-2026",
        "23.11",
        "23/11/026",
        "226-11-23",
        "2026-123-1",
    ],
)
def test_what_is_no_day(text: str) -> None:
    assert find_day(text.split() or [""], today=WEDNESDAY) is None


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("3/4", 1),
        ("1/12", 1),
        ("12/1", 1),
        ("3/4/2026", 1),
        ("3.4.26", 1),
        ("3 march 5", 3),
        ("3 march 31st", 3),
        ("1st march 2nd", 3),
        ("4th march 1st", 3),
        ("2nd march 1st", 3),
        ("2nd march 3rd", 3),
    ],
)
def test_half_a_day_is_a_question(text: str, length: int) -> None:
    assert problem(text) == (TWO_READINGS, length)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("30 feb", 2),
        ("feb 30", 2),
        ("31 april 2026", 3),
        ("29 feb 2026", 3),
        ("2026-02-30", 1),
        ("2026-13-01", 1),
        ("30.02.2026", 1),
        ("31/4", 1),
        ("13/13", 1),
        ("0/13", 1),
    ],
)
def test_a_day_that_no_calendar_has(text: str, length: int) -> None:
    assert problem(text) == (NO_SUCH_DAY, length)


def test_a_day_that_no_calendar_has_is_not_to_come_either() -> None:
    assert problem("30 feb", coming=True) == (NO_SUCH_DAY, 2)
    assert problem("31/4", coming=True) == (NO_SUCH_DAY, 1)


def test_a_day_without_a_second_reading_has_no_note() -> None:
    day = find_day(["yesterday"], today=WEDNESDAY)
    assert day is not None
    assert day.note is None


def test_last_is_before_today_and_says_so() -> None:
    assert found("last wednesday") == FoundDay(
        date(2026, 11, 18), 2, "I read “last wednesday” as Wednesday 18 November."
    )
    assert found("last mon, asked") == FoundDay(
        date(2026, 11, 23), 2, "I read “last mon” as Monday 23 November."
    )
    assert found("on last sunday") == FoundDay(
        date(2026, 11, 22), 3, "I read “last sunday” as Sunday 22 November."
    )


@pytest.mark.parametrize(
    ("text", "day", "length"),
    [
        ("today", date(2026, 11, 25), 1),
        ("wednesday", date(2026, 11, 25), 1),
        ("thursday", date(2026, 11, 26), 1),
        ("tuesday", date(2026, 12, 1), 1),
        ("on monday", date(2026, 11, 30), 2),
        ("3 mar", date(2027, 3, 3), 2),
        ("3 nov", date(2026, 11, 3), 2),  # within the last 60 days: just now
        ("26 sep", date(2026, 9, 26), 2),  # 60 days ago
        ("24/12", date(2026, 12, 24), 1),
        ("29 feb", date(2028, 2, 29), 2),
        ("3 mar 2026", date(2026, 3, 3), 3),
    ],
)
def test_the_day_that_is_meant_where_coming_days_are(text: str, day: date, length: int) -> None:
    assert found(text, coming=True) == FoundDay(day, length)


def test_next_monday_is_that_of_the_week_after_this_one_and_says_so() -> None:
    assert found("next monday", coming=True) == FoundDay(
        date(2026, 11, 30), 2, "I read “next monday” as Monday 30 November."
    )
    assert found("this friday", coming=True) == FoundDay(date(2026, 11, 27), 2)
    assert found("next week", coming=True) is None


def test_a_day_that_is_past_rather_than_near_is_asked_about() -> None:
    assert problem("25 sep", coming=True) == (  # 61 days ago
        "can be Friday 25 September, which is past, or Saturday 25 September 2027: "
        "type it with its year, like 25 Sep 2027.",
        1,
    )


@pytest.mark.parametrize(
    ("text", "today", "day"),
    [
        ("23 feb", date(2026, 11, 25), date(2027, 2, 23)),  # in 90 days: near
        ("24 feb", date(2026, 11, 25), date(2026, 2, 24)),  # in 91 days: the last one
        ("30 dec", date(2027, 1, 4), date(2026, 12, 30)),
        ("29 feb", date(2027, 2, 1), date(2024, 2, 29)),
        ("29 feb", date(2104, 2, 28), date(2104, 2, 29)),
        ("29 feb", date(2103, 6, 1), date(2096, 2, 29)),  # 2100 is no leap year
    ],
)
def test_a_day_without_its_year_is_the_last_or_a_near_one(
    text: str, today: date, day: date
) -> None:
    assert found(text, today=today) == FoundDay(day, 2)


def test_a_coming_leap_day_may_be_eight_years_away() -> None:
    assert found("29 feb", today=date(2097, 6, 1), coming=True) == FoundDay(date(2104, 2, 29), 2)
    assert found("29 feb", today=date(2096, 5, 1), coming=True) == FoundDay(date(2104, 2, 29), 2)


@pytest.mark.parametrize(
    ("locale", "shown"), [("en_US", "5:00 PM"), ("en_GB", "17:00"), ("de_DE", "17:00")]
)
def test_a_time_is_written_as_the_reader_writes_it(locale: str, shown: str) -> None:
    assert show_time(time(17), locale) == shown
