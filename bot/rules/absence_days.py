"""The days and ranges among the words of an absence, without the words around them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from bot.rules.absences import Span
from bot.rules.days import FoundDay, find_day, show_day
from bot.rules.weeks import WEEK, monday_of

COUNTS: Mapping[str, int] = {
    **{str(number): number for number in range(1, 100)},
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "ten": 10,
    "a": 1,
    "couple": 2,
}
"""How many days or weeks are said."""

_BETWEEN = frozenset({"-", "to", "until", "till", "through", "thru", "til", "untill"})
_LISTS = frozenset({",", "and", "&", "+", "plus", "then", "und"})
_OPENS = frozenset({"until", "till", "til"})
_BEGINS = frozenset({"from", "starting", "since", "beginning"})
_FROM_TODAY = frozenset({"yesterday", "today", "tomorrow", "last"})
_WEEKS: Mapping[str, int] = {"last": -1, "this": 0, "next": 1}
_BARE_DAY = re.compile(r"[0-9]{1,2}(?:st|nd|rd|th)?")
_ORDINAL = re.compile(r"[0-9]{1,2}(?:st|nd|rd|th)")
_YEAR = re.compile(r"20[0-9]{2}")
_DAY = timedelta(days=1)
_SIX_DAYS = timedelta(days=6)


class AwayDays:
    """Reads spans of days; `notes` says how what has two readings was read."""

    def __init__(self, today: date, day_first: bool | None) -> None:
        self._today = today
        self._day_first = day_first
        self.notes: list[str] = []

    def read(self, words: Sequence[str]) -> list[Span]:
        """The spans, each as its first and its last day; empty for words that are no days.

        Raises DayProblem for half a day.
        """
        if "between" in words:
            words = ["to" if word == "and" else word for word in words if word != "between"]
        if "," in words and (spans := self._list(words)):
            return spans
        whole = [word for word in words if word != ","]
        if not any(word in _LISTS for word in whole):
            span = self._quietly(whole)
            if span is not None:
                return [span]
        return self._list(words)

    def _list(self, words: Sequence[str]) -> list[Span]:
        """``mon and wed``, ``3, 5 and 7 dec``: each part is read from the one before on."""
        parts: list[list[str]] = [[]]
        for word in words:
            if word in _LISTS:
                parts.append([])
            else:
                parts[-1].append(word)
        parts = _complete([part for part in parts if part])
        if len(parts) < 2:
            return []
        noted = len(self.notes)
        spans: list[Span] = []
        for part in parts:
            since = spans[-1][0] if spans and part[0] not in _FROM_TODAY else self._today
            span = self._range(part, today=since)
            if span is None:
                del self.notes[noted:]
                return []
            spans.append(span)
        return spans

    def _quietly(self, words: Sequence[str]) -> Span | None:
        """The words as one range; what they would say as a list is left for the list."""
        noted = len(self.notes)
        span = self._range(words, today=self._today)
        if span is None:
            del self.notes[noted:]
        return span

    def _range(self, words: Sequence[str], *, today: date) -> Span | None:
        if not words:
            return None
        if len(words) == 2 and words[1] == "week" and words[0] in _WEEKS:
            monday = monday_of(self._today) + _WEEKS[words[0]] * WEEK
            return monday, monday + _SIX_DAYS
        if words[0] == "week" and len(words) > 1:  # "the week of 7 Dec"
            day = self._whole(words[1:], today=today)
            return None if day is None else (monday_of(day), monday_of(day) + _SIX_DAYS)
        if words[0] in _BEGINS and not any(word in _BETWEEN for word in words):
            return self._open_end(words, today=today)
        words = [word for word in words if word not in _BEGINS]
        counted = self._counted(words, today=today)
        if counted is not None:
            return counted
        if words and words[0] in _OPENS:
            words = ["today", *words]
        cuts = [n for n, word in enumerate(words) if word in _BETWEEN]
        if not cuts:
            return self._one_or_two(words, today=today)
        if len(cuts) > 1 or cuts[0] in (0, len(words) - 1):
            return None
        return self._both(words[: cuts[0]], words[cuts[0] + 1 :], today=today)

    def _open_end(self, words: Sequence[str], *, today: date) -> Span | None:
        """``from monday`` has no last day: the rest of that week. ``since monday`` lasts until today."""
        if words[0] == "since":
            found = (
                find_day(words[1:], today=self._today, day_first=self._day_first, dotted=True)
                if len(words) > 1
                else None
            )
            if found is None or found.length != len(words) - 1 or found.day > self._today:
                return None
            return found.day, self._today
        counted = self._counted(words[1:], today=today)
        if counted is not None:
            return counted
        first = self._whole(words[1:], today=today)
        if first is None:
            return None
        last = monday_of(first) + _SIX_DAYS
        said = show_day(last, today=self._today)
        self.notes.append(f"No last day was said, so it is the rest of that week, until {said}.")
        return first, last

    def _counted(self, words: Sequence[str], *, today: date) -> Span | None:
        """``3 days``, ``2 weeks from monday``, ``monday for 3 days``, ``next 3 days``."""
        for at in range(1, len(words)):
            unit = words[at].removesuffix("s")
            if unit not in ("day", "week") or words[at - 1] not in COUNTS:
                continue
            days = COUNTS[words[at - 1]] * (7 if unit == "week" else 1)
            begin = at - 2 if at > 1 and words[at - 2] == "next" else at - 1
            rest = [word for word in (*words[:begin], *words[at + 1 :]) if word not in _BEGINS]
            first = self._whole(rest, today=today) if rest else self._today
            return None if first is None else (first, first + (days - 1) * _DAY)
        return None

    def _one_or_two(self, words: Sequence[str], *, today: date) -> Span | None:
        if len(words) == 4 and not any(word in _WEEKS for word in words):
            # "3 dec 10 dec"; a third number would be taken for a year of the first
            return self._both(words[:2], words[2:], today=today)
        first = self._day(words, today=today)
        if first is None:
            return None
        self._note(first)
        if first.length == len(words):
            return first.day, first.day
        last = self._whole(words[first.length :], today=first.day)
        return None if last is None else (first.day, last)

    def _both(self, left: Sequence[str], right: Sequence[str], *, today: date) -> Span | None:
        """``3 – 10 dec``, ``dec 3 – 10``, ``3 dec – 10 dec 2027``: one side may leave out what the other says."""
        if len(left) == 1 and _BARE_DAY.fullmatch(left[0]):
            left = [*left, *_named(right)]
        elif _BARE_DAY.fullmatch(right[0]) and all(_YEAR.fullmatch(word) for word in right[1:]):
            right = [right[0], *_named(left), *right[1:]]
        year = right[-1] if len(right) > 2 and _YEAR.fullmatch(right[-1]) else None
        if year is not None and not _YEAR.fullmatch(left[-1]):
            return self._with_year(left, right, year, today=today)
        first = self._whole(left, today=today)
        if first is None:
            return None
        last = self._whole(right, today=self._today if right[0] in _FROM_TODAY else first)
        return None if last is None else (first, last)

    def _with_year(
        self, left: Sequence[str], right: Sequence[str], year: str, *, today: date
    ) -> Span | None:
        """A day and a month take the last day's year, or the one before."""
        last = self._whole(right, today=today)
        if last is None:
            return None
        if len(left) != 2:
            first = self._whole(left, today=today)
            return None if first is None else (first, last)
        named = self._whole([*left, year], today=today)
        before = self._whole([*left, str(int(year) - 1)], today=today)
        if named is None or before is None:
            return None
        return (named if named <= last else before), last

    def _whole(self, words: Sequence[str], *, today: date) -> date | None:
        found = self._day(words, today=today) if words else None
        if found is None or found.length != len(words):
            return None
        self._note(found)
        return found.day

    def _note(self, found: FoundDay) -> None:
        if found.note is not None and found.note not in self.notes:
            self.notes.append(found.note)

    def _day(self, words: Sequence[str], *, today: date) -> FoundDay | None:
        if _ORDINAL.fullmatch(words[0]) and len(words) == 1:
            return _coming_day(int(words[0][:-2]), today)
        return find_day(words, today=today, coming=True, day_first=self._day_first, dotted=True)


def _coming_day(number: int, today: date) -> FoundDay | None:
    """``the 26th``: the next day with that number, today included."""
    days = (today + n * _DAY for n in range(62))
    day = next((one for one in days if one.day == number), None)
    return None if day is None else FoundDay(day, 1, f"I read it as {show_day(day, today=today)}.")


def _named(words: Sequence[str]) -> list[str]:
    """The month, and the year if there is one: all but the number of the day."""
    return [word for word in words if not _BARE_DAY.fullmatch(word)]


def _complete(parts: list[list[str]]) -> list[list[str]]:
    """The parts, each that is the number of a day alone with the month of the one after it, or before it."""
    complete: list[list[str]] = []
    for at, part in enumerate(parts):
        if len(part) == 1 and _BARE_DAY.fullmatch(part[0]):
            others = [*parts[at + 1 :], *reversed(complete)]
            month = next((named for other in others if (named := _named(other))), [])
            part = [*part, *month]
        complete.append(part)
    return complete
