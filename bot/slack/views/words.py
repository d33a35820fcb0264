"""Numbers, days and times as the reader writes them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache

from babel.dates import format_date, format_time

from bot.domain.shown.reader import Reader
from bot.rules.absences import WorkWeek
from bot.rules.numbers import show_number


def number(value: Decimal, unit: str, reader: Reader) -> str:
    """`17`, `$12,500`, `3.5 hours`."""
    return show_number(value, unit=unit, currency=reader.currency, locale=reader.locale)


def bare_number(value: Decimal, unit: str, reader: Reader) -> str:
    """The number as it stands before "of": without the unit's own word."""
    if unit in {"count", "money"}:
        return number(value, unit, reader)
    return number(value, "count" if value == value.to_integral_value() else unit, reader)


def week(monday: date, reader: Reader) -> str:
    """`16–22 November`, `28 December – 3 January`."""
    sunday = monday + timedelta(days=6)
    if monday.month == sunday.month:
        return f"{monday.day}–{_day(sunday, 'd MMMM', reader.locale)}"
    return f"{_day(monday, 'd MMMM', reader.locale)} – {_day(sunday, 'd MMMM', reader.locale)}"


def short_week(monday: date, reader: Reader) -> str:
    """`16 Nov`: the week by its Monday."""
    return _day(monday, "d MMM", reader.locale)


def days(first: date, last: date, reader: Reader) -> str:
    """`Thursday 3 December`, `3–10 December`, `28 December – 3 January`: both ends included."""
    if first == last:
        return format_date(first, "EEEE d MMMM", locale=reader.locale)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{format_date(last, 'd MMMM', locale=reader.locale)}"
    ends = [format_date(day, "d MMMM", locale=reader.locale) for day in (first, last)]
    return " – ".join(ends)


def day(when: date, reader: Reader) -> str:
    """`Thursday 3 December`."""
    return days(when, when, reader)


def days_off(work: WorkWeek) -> str:
    """`2 of 5 days away`, `1 of 5 days a public holiday`, `2 of 5 days off, 1 of them a public holiday`."""
    of = f"{work.off} of {count(work.days, 'day')}"
    holidays = "a public holiday" if work.holidays == 1 else "public holidays"
    if work.holidays == 0:
        return f"{of} away"
    if work.holidays == work.off:
        return f"{of} {holidays}"
    return f"{of} off, {work.holidays} of them {holidays}"


def clock_time(moment: datetime, reader: Reader) -> str:
    """`17:00`, or `5:00 PM` where that is how the reader writes it."""
    return _time(moment.astimezone(reader.zone).time(), reader.locale)


def day_and_time(moment: datetime, reader: Reader) -> str:
    """`Tuesday 24 November at 17:00`."""
    day = _day(moment.astimezone(reader.zone).date(), "EEEE d MMMM", reader.locale)
    return f"{day} at {clock_time(moment, reader)}"


def weekday_and_time(moment: datetime, reader: Reader) -> str:
    """`Tuesday 17:00`, for moments in the days around now."""
    day = _day(moment.astimezone(reader.zone).date(), "EEEE", reader.locale)
    return f"{day} {clock_time(moment, reader)}"


def count(number: int, one: str, many: str | None = None) -> str:
    """`1 question`, `2 questions`."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def listed(texts: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return texts[0] if len(texts) == 1 else ", ".join(texts[:-1]) + " and " + texts[-1]


# The same few days and times stand in a whole company's messages, and Babel reads its patterns anew each time.


@lru_cache(maxsize=1_024)
def _day(day: date, pattern: str, locale: str) -> str:
    return format_date(day, pattern, locale=locale)


@lru_cache(maxsize=1_024)
def _time(at: time, locale: str) -> str:
    return format_time(at, "short", locale=locale).replace("\u202f", " ")
