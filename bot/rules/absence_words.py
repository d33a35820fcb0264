"""An absence as people type it: ``today``, ``3 Dec – 10 Dec``, ``3-10 Dec``, ``sick mon-wed``, ``next week``."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from bot.rules.absences import FURTHEST
from bot.rules.days import FoundDay, find_day, show_day
from bot.rules.numbers import plain_digits
from bot.rules.problems import AbsenceProblem, DayProblem
from bot.rules.weeks import WEEK, monday_of

Kind = Literal["away", "vacation", "sick"]

EXAMPLE = "3 Dec – 10 Dec"
LONGEST = 200
"""Characters that a line may have."""

_KINDS: Mapping[str, Kind] = {
    "sick": "sick",
    "ill": "sick",
    "sickness": "sick",
    "vacation": "vacation",
    "holiday": "vacation",
    "holidays": "vacation",
    "leave": "vacation",
}
_BY_NAME: Mapping[str, Kind] = {"away": "away", "vacation": "vacation", "sick": "sick"}
_FILLERS = frozenset({"from", "on", "off", "away", "between", "day", "the"})
_BETWEEN = frozenset({"-", "to", "until", "till", "through", "and"})
_OPENS = frozenset({"until", "till"})
_FROM_TODAY = frozenset({"yesterday", "today", "tomorrow", "last"})
_WEEKS: Mapping[str, int] = {"last": -1, "this": 0, "next": 1}
# A hyphen inside a date that is written in figures belongs to it.
_DATE_WITH_HYPHENS = r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}|[0-9]{1,2}-[0-9]{1,2}-(?:[0-9]{4}|[0-9]{2})"
_PIECES = re.compile(rf"(?<![0-9-])(?:{_DATE_WITH_HYPHENS})(?![0-9]|-[0-9])|-|[^\s-]+")
_BARE_DAY = re.compile(r"[0-9]{1,2}(?:st|nd|rd|th)?")
_YEAR = re.compile(r"20[0-9]{2}")


@dataclass(frozen=True)
class Absence:
    """The days, both included, and the kind; ``away`` where none was named."""

    first: date
    last: date
    kind: Kind = "away"


def parse_absence(text: str, *, today: date) -> Absence:
    """Reads one day or a range, and a word for the kind before or after it; else ``AbsenceProblem``.

    Days without a year are coming ones, or were within the last 60 days (see ``find_day``); the last day is
    read from the first on. Whether the days may be recorded is `must_be_possible`'s to say.
    """
    typed = " ".join(text.split())
    if len(typed) > LONGEST:
        raise AbsenceProblem(f"That is too long to be days: type them like {EXAMPLE}.")
    plain = plain_digits(typed).replace("—", "-").replace("‑", "-").casefold()
    words = [word.rstrip(",;") for word in _PIECES.findall(plain)]
    words, kind = _without_kind([word for word in words if word])
    if not words:
        raise AbsenceProblem(f"Say which days you are away, like today or {EXAMPLE}.")
    shown = f"“{typed if len(typed) <= 60 else typed[:59] + '…'}”"
    try:
        first, last = _range(words, today=today, shown=shown)
    except DayProblem as problem:
        raise AbsenceProblem(f"{shown} {problem}") from problem
    return Absence(first, last, kind)


def kind_of(text: str) -> Kind | None:
    """The kind by its own name; None for anything else."""
    return _BY_NAME.get(text)


def must_be_possible(first: date, last: date, *, today: date, earliest: date) -> None:
    """``AbsenceProblem`` for days that end before they begin, are too far ahead or in a closed week.

    ``earliest`` is the first day that can still be recorded.
    """
    if last < first:
        raise AbsenceProblem(
            f"{show_day(last, today=today)} comes before {show_day(first, today=today)}: "
            f"type the first day first, like {EXAMPLE}."
        )
    furthest = today + FURTHEST
    if last > furthest:
        raise AbsenceProblem(
            f"{show_day(last, today=today)} is more than a year ahead: "
            f"choose days up to {show_day(furthest, today=today)}."
        )
    if first < earliest:
        raise AbsenceProblem(
            f"The week of {show_day(monday_of(first), today=today)} is closed for good: "
            f"choose days from {show_day(earliest, today=today)} on."
        )


def _without_kind(words: list[str]) -> tuple[list[str], Kind]:
    """The words that are left without the kind and what is only said for flow."""
    kinds: list[Kind] = [_KINDS[word] for word in words if word in _KINDS]
    if len(set(kinds)) > 1:
        raise AbsenceProblem("Say sick or vacation, not both: record them one after the other.")
    rest = [word for word in words if word not in _KINDS and word not in _FILLERS]
    return rest, kinds[0] if kinds else "away"


def _range(words: list[str], *, today: date, shown: str) -> tuple[date, date]:
    if len(words) == 2 and words[1] == "week" and words[0] in _WEEKS:
        monday = monday_of(today) + _WEEKS[words[0]] * WEEK
        return monday, monday + timedelta(days=6)
    if words[0] in _OPENS:
        words = ["today", *words]
    cuts = [n for n, word in enumerate(words) if word in _BETWEEN]
    if not cuts:
        return _one_or_two(words, today=today, shown=shown)
    if len(cuts) > 1 or cuts[0] in (0, len(words) - 1):
        raise _unreadable(shown)
    return _both(words[: cuts[0]], words[cuts[0] + 1 :], today=today, shown=shown)


def _one_or_two(words: list[str], *, today: date, shown: str) -> tuple[date, date]:
    if len(words) == 4:  # "3 dec 10 dec"; a third number would be taken for a year of the first
        return _both(words[:2], words[2:], today=today, shown=shown)
    first = _day(words, today=today, shown=shown)
    if first.length == len(words):
        return first.day, first.day
    last = _whole(words[first.length :], today=first.day, shown=shown)
    return first.day, last.day


def _both(left: list[str], right: list[str], *, today: date, shown: str) -> tuple[date, date]:
    """``3 – 10 dec``, ``dec 3 – 10``, ``3 dec – 10 dec 2027``: one side may leave out what the other says."""
    if len(left) == 1 and _BARE_DAY.fullmatch(left[0]):
        left = [*left, *_named(right)]
    elif _BARE_DAY.fullmatch(right[0]) and all(_YEAR.fullmatch(word) for word in right[1:]):
        right = [right[0], *_named(left), *right[1:]]
    year = right[-1] if len(right) > 2 and _YEAR.fullmatch(right[-1]) else None
    if year is not None and not _YEAR.fullmatch(left[-1]):
        last = _whole(right, today=today, shown=shown).day
        first = _whole(left, today=today, shown=shown)
        if first.length == 2:  # a day and a month: the year is the last day's, or the one before
            named = _whole([*left, year], today=today, shown=shown).day
            before = _whole([*left, str(int(year) - 1)], today=today, shown=shown).day
            return (named if named <= last else before), last
        return first.day, last
    day = _whole(left, today=today, shown=shown).day
    since = today if right[0] in _FROM_TODAY else day
    return day, _whole(right, today=since, shown=shown).day


def _named(words: Sequence[str]) -> list[str]:
    """The month, and the year if there is one: all but the number of the day."""
    return [word for word in words if not _BARE_DAY.fullmatch(word)]


def _whole(words: Sequence[str], *, today: date, shown: str) -> FoundDay:
    found = _day(words, today=today, shown=shown)
    if found.length != len(words):
        raise _unreadable(shown)
    return found


def _day(words: Sequence[str], *, today: date, shown: str) -> FoundDay:
    found = find_day(words, today=today, coming=True)
    if found is None:
        raise _unreadable(shown)
    return found


def _unreadable(shown: str) -> AbsenceProblem:
    return AbsenceProblem(f"I can't read {shown} as days: type them like today or {EXAMPLE}.")
