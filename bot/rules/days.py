"""A day as people type it: ``yesterday``, ``monday``, ``3 Mar``, ``2026-03-03``, ``14/3``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import lru_cache
from typing import Protocol

from babel import Locale, UnknownLocaleError
from babel.dates import format_time

from bot.rules.problems import DayProblem
from bot.rules.weeks import WEEK, monday_of, parse_weekday, weekday_name

_MONTHS = (
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
)
_IN_SHORT = {
    **dict.fromkeys(
        ("tmrw", "tmr", "tmw", "tomoz", "tomorow", "tommorow", "tommorrow"), "tomorrow"
    ),
    **dict.fromkeys(("yday", "yest", "ystd", "yesteday", "yesterdy", "yestarday"), "yesterday"),
}
"""How people write two days on a phone."""
# A day that comes within this time is meant as a coming one, and can be refused as such.
_NEAR = timedelta(days=90)
# Where coming days are meant: one that was within this time is meant as that one.
_JUST_PAST = timedelta(days=60)
# Where coming days are meant: one that is further away may as well be the one that is past, and is asked about.
_HALF_A_YEAR = timedelta(days=183)
_DAY_FIRST = re.compile(
    r"(?P<one>[0-9]{1,2})(?P<sign>[/.-])(?P<other>[0-9]{1,2})(?P=sign)(?P<year>[0-9]{4}|[0-9]{2})"
)
_SLASHED = re.compile(r"(?P<one>[0-9]{1,2})(?P<sign>[/.])(?P<other>[0-9]{1,2})(?P<year>(?!))?")
_YEAR_FIRST = re.compile(r"([0-9]{4})([/.-])([0-9]{1,2})\2([0-9]{1,2})")


class _Nearest(Protocol):
    """Which year a day without one is meant to be in."""

    def __call__(self, month: int, day: int, *, today: date) -> date | None: ...


@dataclass(frozen=True)
class FoundDay:
    """A day and how many words it took; ``note`` says which day a loose word was taken for."""

    day: date
    length: int
    note: str | None = None


def show_day(day: date, *, today: date) -> str:
    """``Monday 3 March``, with the year when it is not this one."""
    return f"{weekday_name(day.weekday())} {show_date(day, today=today)}"


def show_date(day: date, *, today: date) -> str:
    """``3 March``, with the year when it is not this one."""
    year = "" if day.year == today.year else f" {day.year}"
    return f"{day.day} {_MONTHS[day.month - 1]}{year}"


@lru_cache(maxsize=1_024)
def show_time(at: time, locale: str) -> str:
    """``17:00``, or ``5:00 PM`` where the locale writes it so."""
    return format_time(at, "short", locale=locale).replace("\u202f", " ")


@lru_cache(maxsize=256)
def writes_day_first(locale: str) -> bool:
    """Whether the locale writes 3/4 for the third of April, and not for the fourth of March."""
    try:
        parsed = Locale.parse(locale, sep="-" if "-" in locale else "_")
        pattern = str(parsed.datetime_skeletons["Md"].pattern)
    except (UnknownLocaleError, ValueError, KeyError):
        return False
    return pattern.find("d") < min(place for sign in "ML" if (place := pattern.find(sign)) >= 0)


def in_full(word: str) -> str:
    """`tomorrow` for `tmrw`, and the word itself for every other one."""
    return _IN_SHORT.get(word, word)


def find_day(
    words: Sequence[str],
    *,
    today: date,
    coming: bool = False,
    day_first: bool | None = None,
    dotted: bool = False,
) -> FoundDay | None:
    """The day that ``words`` (lower case) begin with, or None; ``DayProblem`` for half a day.

    ``3/4`` is read as ``day_first`` says, and its note says how; without it, it is two days and refused.
    ``24.12`` is a day only with ``dotted``: elsewhere it may be an amount.

    A weekday is the last such day, today included; a day without its year is the last or the near coming one.
    With ``coming`` both look ahead: a weekday is the coming one, today included, and a day without its year
    is the coming one, or one that was within the last 60 days.
    """
    first = words[0].rstrip(",.;")
    second = words[1].rstrip(",.;") if len(words) > 1 else ""
    named = {"today": 0, "yesterday": -1, "tomorrow": 1}.get(in_full(first))
    if named is not None:
        return FoundDay(today + timedelta(days=named), 1)
    if first == "last" and _weekday(second) is not None:
        day = _last(_weekday(second), before=today)
        return FoundDay(day, 2, f"I read “last {second}” as {show_day(day, today=today)}.")
    if coming and first in ("next", "this") and (weekday := _weekday(second)) is not None:
        monday = monday_of(today) + (WEEK if first == "next" else timedelta())
        day = monday + timedelta(days=weekday)
        said = f"I read “next {second}” as {show_day(day, today=today)}."
        return FoundDay(day, 2, said if first == "next" else None)
    if _weekday(first) is not None:
        last = _last(_weekday(first), before=today + timedelta(days=1))
        ahead = coming and last != today
        return FoundDay(last + WEEK if ahead else last, 1)
    if first == "on" and len(words) > 1:
        found = find_day(words[1:], today=today, coming=coming, day_first=day_first, dotted=dotted)
        return found and FoundDay(found.day, found.length + 1, found.note)
    nearest = _coming if coming else _nearest
    return _written_out(words, today=today, nearest=nearest) or _in_figures(
        first, today=today, nearest=nearest, day_first=day_first, dotted=dotted
    )


def _weekday(word: str) -> int | None:
    return None if word.isdigit() else parse_weekday(word)


def _last(weekday: int | None, *, before: date) -> date:
    day = before - timedelta(days=1)
    return day - timedelta(days=(day.weekday() - (weekday or 0)) % 7)


def _written_out(words: Sequence[str], *, today: date, nearest: _Nearest) -> FoundDay | None:
    """``3 Mar``, ``Mar 3``, ``3rd March 2026``, ``March 3, 2026``."""
    parts = [word.rstrip(",.;") for word in words[:4]] + ["", "", ""]
    number_after_month = _day_number(parts[2]) is not None and len(parts[2]) <= 4
    if _day_number(parts[0]) is not None and _month(parts[1]) is not None:
        base_first = parts[0] in ("1st", "2nd", "3rd")
        if number_after_month and base_first and parts[2] not in ("1st", "2nd", "3rd"):
            return None  # "2nd March 5": a base, then a day
        if number_after_month:
            raise _two_readings(today=today, length=3)
        day, month, year = parts[0], parts[1], parts[2]
    elif _month(parts[0]) is not None and _day_number(parts[1]) is not None:
        day, month, year = parts[1], parts[0], parts[2]
    else:
        return None
    length = 3 if re.fullmatch(r"20[0-9]{2}", year) else 2
    found = nearest(_month(month) or 0, _day_number(day) or 0, today=today)
    if length == 3:
        found = _date(int(year), _month(month) or 0, _day_number(day) or 0)
    if found is None:
        raise _no_such_day(today=today, length=length)
    return FoundDay(found, length)


def _in_figures(
    word: str, *, today: date, nearest: _Nearest, day_first: bool | None, dotted: bool
) -> FoundDay | None:
    if parts := _YEAR_FIRST.fullmatch(word):
        found = _date(int(parts[1]), int(parts[3]), int(parts[4]))
        if found is None:
            raise _no_such_day(today=today, length=1)
        return FoundDay(found, 1)
    parts = _DAY_FIRST.fullmatch(word) or _SLASHED.fullmatch(word)
    if parts is None or (parts["sign"] == "." and parts["year"] is None and not dotted):
        return None
    one, other = int(parts["one"]), int(parts["other"])
    two_readings = one <= 12 and other <= 12 and one != other
    if two_readings and day_first is None:
        raise _two_readings(today=today, length=1)
    # Wherever dots stand in a date, the day comes first.
    is_day_first = one > 12 or (two_readings and (bool(day_first) or parts["sign"] == "."))
    day, month = (one, other) if is_day_first else (other, one)
    if parts["year"] is None:
        found = nearest(month, day, today=today)
    else:
        year = int(parts["year"])
        found = _date(year if year >= 100 else 2000 + year, month, day)
    if found is None:
        raise _no_such_day(today=today, length=1)
    note = f"I read “{word}” as {show_day(found, today=today)}." if two_readings else None
    return FoundDay(found, 1, note)


def _two_readings(*, today: date, length: int) -> DayProblem:
    return DayProblem(f"can be read as two days: type one like {today:%Y-%m-%d}.", length=length)


def _no_such_day(*, today: date, length: int) -> DayProblem:
    return DayProblem(f"is not in the calendar: type a day like {today:%Y-%m-%d}.", length=length)


def _day_number(word: str) -> int | None:
    found = re.fullmatch(r"([0-9]{1,2})(?:st|nd|rd|th)?", word)
    return int(found[1]) if found and 1 <= int(found[1]) <= 31 else None


def _month(word: str) -> int | None:
    for number, name in enumerate(_MONTHS, start=1):
        if word in (name.casefold(), name[:3].casefold()) or (word, number) == ("sept", 9):
            return number
    return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _nearest(month: int, day: int, *, today: date) -> date | None:
    """The last such day, or the coming one if that is near: in January, ``30 Dec`` is past."""
    latest = today + _NEAR
    years = range(latest.year, latest.year - 9, -1)  # up to two leap years back
    days = (_date(year, month, day) for year in years)
    return next((found for found in days if found is not None and found <= latest), None)


def _coming(month: int, day: int, *, today: date) -> date | None:
    """The coming such day, or the last one if that was just now: in December, ``3 Jan`` is to come."""
    earliest = today - _JUST_PAST
    years = range(earliest.year, earliest.year + 10)  # up to two leap years ahead
    days = (_date(year, month, day) for year in years)
    found = next((found for found in days if found is not None and found >= earliest), None)
    past = None if found is None else _date(found.year - 1, month, day)
    if found is not None and past is not None and found - today > _HALF_A_YEAR:
        name = f"{day} {_MONTHS[month - 1][:3]}"
        raise DayProblem(
            f"can be {show_day(past, today=today)}, which is past, or {show_day(found, today=today)}: "
            f"type it with its year, like {name} {found.year}.",
            length=1,
        )
    return found
