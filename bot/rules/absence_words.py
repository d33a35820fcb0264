"""An absence as people type it: ``today``, ``3 Dec – 10 Dec``, ``sick mon-wed``, ``mon and wed``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from bot.rules.absence_days import COUNTS, AwayDays
from bot.rules.absences import FURTHEST, Span, merged
from bot.rules.days import in_full, show_day
from bot.rules.numbers import plain_digits
from bot.rules.problems import AbsenceProblem, DayProblem
from bot.rules.weeks import monday_of

Kind = Literal["away", "vacation", "sick"]

EXAMPLE = "3 Dec – 10 Dec"
LONGEST = 200
"""Characters that a line may have."""
TOMORROW = "tomorrow"
_SEARCHED = 31
"""Days among which the next working day is looked for."""

_KINDS: Mapping[str, Kind] = {
    "sick": "sick",
    "ill": "sick",
    "sickness": "sick",
    "unwell": "sick",
    "flu": "sick",
    "vacation": "vacation",
    "vacay": "vacation",
    "vac": "vacation",
    "holiday": "vacation",
    "holidays": "vacation",
    "hols": "vacation",
    "leave": "vacation",
    "pto": "vacation",
}
_BY_NAME: Mapping[str, Kind] = {"away": "away", "vacation": "vacation", "sick": "sick"}
_FILLERS = frozenset(
    {"on", "off", "away", "day", "days", "the", "i", "i'm", "im", "am", "i'll", "ill", "will", "be"}
    | {
        "out",
        "ooo",
        "of",
        "office",
        "annual",
        "please",
        "all",
        "a",
        "off.",
        "going",
        "feeling",
        "take",
    }
    | {"taking", "my", "call", "called", "in", "im.", "for", "have", "having", "whole"}
)
_PARTS_OF_DAYS = frozenset(
    {"morning", "afternoon", "evening", "pm", "half", "half-day", "noon", "lunchtime"}
)
_SIGNS = frozenset({",", "-", "&", "+"})
UNWELL = r"\b(?:not feeling (?:well|good|great)|under the weather)\b"
"""Matches what says, in several words, that somebody is sick."""

_WEEKDAY = r"(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*"
_REWRITTEN: tuple[tuple[str, str], ...] = (
    (r"\b1/2[ -]day\b|½[ -]day\b|\bhalf-day\b", "half day"),
    (rf"\b({_WEEKDAY})/(?={_WEEKDAY}\b)", r"\1 and "),
    (rf"\b({_WEEKDAY}) (?={_WEEKDAY} {_WEEKDAY}\b)", r"\1, "),
    (rf"(?<=, )({_WEEKDAY}) (?={_WEEKDAY}\b)", r"\1, "),
    (r"\b([0-9]{1,2})(?=(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b)", r"\1 "),
    (r"(?<=[0-9])\.\.(?=[0-9])", " - "),
    (UNWELL, "sick"),
    (r"\b(?:bank|public) holiday\b", "holiday"),
    (r"\b(?:christmas|xmas) eve\b", "24 dec"),
    (r"\b(?:christmas|xmas)(?: day)?\b", "25 dec"),
    (r"\bboxing day\b", "26 dec"),
    (r"\bnew year'?s? eve\b", "31 dec"),
    (r"\bnew year(?:'?s)?(?: day)?\b", "1 jan"),
    (r"\bthis (morning|afternoon|evening)\b", r"today \1"),
    (r"\btonight\b", "today evening"),
    (r"\brest of (?:(?:the|this) )?week\b", "today to this sunday"),
    (r"\b(?:all|the whole|whole|the entire) week\b", "this week"),
    (r"\b(mon|tue|wed|thu|fri|sat|sun)([a-z]*),? next week\b", r"next \1\2"),
    (r"\bnext week,?(?: on)? (mon|tue|wed|thu|fri|sat|sun)([a-z]*)\b", r"next \1\2"),
    (r"\bout of office\b", "away"),
)
# A hyphen inside a date that is written in figures belongs to it.
_DATE_WITH_HYPHENS = r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}|[0-9]{1,2}-[0-9]{1,2}-(?:[0-9]{4}|[0-9]{2})"
_PIECES = re.compile(rf"(?<![0-9-])(?:{_DATE_WITH_HYPHENS})(?![0-9]|-[0-9])|-|,|[^\s,-]+")
_FIGURES = re.compile(r"(?<![0-9/.])([0-9]{1,2})[/.]([0-9]{1,2})(?![0-9])")


@dataclass(frozen=True)
class Absence:
    """The days, both included, and the kind; ``away`` where none was named."""

    first: date
    last: date
    kind: Kind = "away"


@dataclass(frozen=True)
class AwayLine:
    """What a line says: its absences in order, and sentences that the person should read."""

    absences: tuple[Absence, ...]
    notes: tuple[str, ...] = ()


def parse_absences(
    text: str,
    *,
    today: date,
    day_first: bool | None = None,
    works: Callable[[date], bool] | None = None,
) -> AwayLine:
    """Reads days and ranges, and a word for the kind before or after them; else ``AbsenceProblem``.

    Days without a year are coming ones, or were within the last 60 days (see ``find_day``); the last day is read
    from the first on. "and" and commas stand between days, so that ``mon and wed`` leaves Tuesday out.
    ``day_first`` says how figures with two readings are read, unless another date of the line shows it. Where
    ``works`` says that nobody works on any of the days, "tomorrow" is the next day on which they do: on a Friday
    people mean the Monday. Whether the days may be recorded is `must_be_possible`'s to say.
    """
    typed = " ".join(text.split())
    if len(typed) > LONGEST:
        raise AbsenceProblem(f"That is too long to be days: type them like {EXAMPLE}.")
    plain = plain_digits(typed).replace("—", "-").replace("‑", "-").casefold()
    for pattern, instead in _REWRITTEN:
        plain = re.sub(pattern, instead, plain)
    words, kind, notes = _only_days([in_full(piece) for piece in _PIECES.findall(plain)])
    if kind == "sick" and not any(re.search(r"\w", word) for word in words):
        words = ["today"]
        notes.append("No day was said, so it is today.")
    if not any(word != "," for word in words):
        raise AbsenceProblem(f"Say which days you are away, like today or {EXAMPLE}.")
    shown = f"“{typed if len(typed) <= 60 else typed[:59] + '…'}”"
    days = AwayDays(today, _order_of(plain, day_first))
    try:
        found: list[Span] = days.read(words)
    except DayProblem as problem:
        raise AbsenceProblem(f"{shown} {problem}") from problem
    if not found:
        raise AbsenceProblem(f"I can't read {shown} as days: type them like today or {EXAMPLE}.")
    if works is not None and TOMORROW in words and not _any_works(found, works):
        found, said = _on_next_working_day(words, days, today, works) or (found, None)
        notes += [said] if said is not None else []
    # Days that end before they begin are left for a sentence of their own.
    in_order = merged(found) if all(first <= last for first, last in found) else found
    return AwayLine(
        tuple(Absence(first, last, kind) for first, last in in_order), (*days.notes, *notes)
    )


def _any_works(spans: Sequence[Span], works: Callable[[date], bool]) -> bool:
    return any(
        works(first + timedelta(days=n))
        for first, last in spans
        for n in range(min((last - first).days, _SEARCHED) + 1)
    )


def _on_next_working_day(
    words: Sequence[str], days: AwayDays, today: date, works: Callable[[date], bool]
) -> tuple[list[Span], str] | None:
    """Read the words anew with the next working day in the place of tomorrow; None where there is none soon."""
    coming = (today + timedelta(days=n) for n in range(1, _SEARCHED))
    day = next((one for one in coming if works(one)), None)
    if day is None:
        return None
    anew = days.read([day.isoformat() if word == TOMORROW else word for word in words])
    said = f"Tomorrow is no working day, so I took it as {show_day(day, today=today)}."
    return (anew, said) if anew else None


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


def _only_days(pieces: list[str]) -> tuple[list[str], Kind, list[str]]:
    """The words that are left without the kind and what is only said for flow, and what the person should know."""
    words = [word if word in _SIGNS else word.strip(";!?") for word in pieces]
    words = [word for word in words if word in _SIGNS or re.search(r"\w", word)]
    kinds: list[Kind] = [
        _KINDS[word] for word in words if word in _KINDS and not _is_will(word, words)
    ]
    if len(set(kinds)) > 1:
        raise AbsenceProblem("Say sick or vacation, not both: record them one after the other.")
    notes = []
    if any(word in _PARTS_OF_DAYS for word in words):
        notes.append("Days count whole: a part of a day is recorded as the day.")
    # "3 days" is a number of them, and "in 3 days" a day that is not read.
    kept = {
        at
        for at, word in enumerate(words)
        if (word in ("day", "days") and at and words[at - 1] in COUNTS)
        or (
            word in ("in", "a", "one")
            and at + 1 < len(words)
            and words[at + 1] in (*COUNTS, "week")
        )
    }
    rest = [
        word
        for at, word in enumerate(words)
        if word
        and (at in kept or word not in _FILLERS)
        and word not in _KINDS
        and word not in _PARTS_OF_DAYS
    ]
    return rest, kinds[0] if kinds else "away", notes


def _is_will(word: str, words: list[str]) -> bool:
    """Whether "ill" stands for "I'll"."""
    return word == "ill" and "be" in words


def _order_of(plain: str, day_first: bool | None) -> bool | None:
    """Whether the line writes its days first: one date that has only one reading decides for all."""
    for one, other in _FIGURES.findall(plain):
        if int(one) > 12 or int(other) > 12:
            return int(one) > 12
    return day_first
