"""``/log-conversation Acme 2nd yesterday asked``: one line of text into one conversation."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from bot.rules.companies import clean_name, plain_text
from bot.rules.conversation import Base, Close, DealOutcome, parse_base
from bot.rules.days import show_day
from bot.rules.numbers import Reading, parse_number
from bot.rules.problems import CompanyProblem, DayProblem, NotUnderstood, NumberProblem
from bot.rules.quick_words import Found, Slot, Words

__all__ = [
    "USAGE",
    "Base",
    "Close",
    "DealOutcome",
    "NotUnderstood",
    "QuickLog",
    "parse_base",
    "parse_quick_log",
]

USAGE = """\
/log-conversation opens a form. To log at once, type the company first, then any of these:
• the base it reached: 1st, 2nd, 3rd or home
• the amount, with home: 12k or 12,500
• how you closed: asked, not asked or inoffensive
• lost, if the deal is over
• the day, if it was not today: yesterday, monday, 3 Mar or 2026-03-03
Examples:
/log-conversation Acme
/log-conversation Acme 2nd
/log-conversation Acme home 12k
/log-conversation "Blue Sky Ltd" 1st yesterday asked
/log-conversation Acme lost"""

T = TypeVar("T")

_DOUBLE_QUOTES = '"“”„‟«»＂'
_SINGLE_QUOTES = "'‘’"
# Words that rather begin something that was not understood than end a company's name.
_DANGLING = frozenset({"at", "for", "in", "last", "next", "not", "on", "this", "to"})


@dataclass(frozen=True)
class QuickLog:
    """What the line says. ``notes`` are sentences the person should read."""

    company: str
    base: Base | None
    held_on: date
    close: Close | None
    outcome: DealOutcome
    amount: Decimal | None
    notes: tuple[str, ...] = ()


def parse_quick_log(
    text: str,
    *,
    today: date,
    locale: str = "en_US",
    currency: str = "USD",
    first_open_day: date | None = None,
) -> QuickLog:
    """Reads a line; raises ``NotUnderstood`` and nothing else.

    ``today`` is the rep's local day, ``first_open_day`` the first day that is not closed yet.
    The company is what stands in quotes, or the words up to the first that mean something else;
    the first word always belongs to it. ``won`` means the same as ``home``.
    """
    text = plain_text(text).strip()
    quoted, rest = _split_quoted(text)
    words = Words(rest, today=today, locale=locale, currency=currency)
    name_length = 0 if quoted is not None else _name_length(words, text)
    name = words.text(0, name_length).rstrip(",;–—- ") if quoted is None else quoted
    try:
        company = clean_name(name)
    except CompanyProblem as problem:
        raise NotUnderstood(str(problem), text=text, what=name or text) from problem

    said = _said(words, name_length, text)
    base, outcome = _standing(said, text)
    if base is Base.HOME and "amount" not in said:
        _refuse_amount_in_name(words, name_length, said["base"], text)
    amount = _amount(said, text, base=base, locale=locale, currency=currency)
    return QuickLog(
        company=company,
        base=base,
        held_on=_held_on(said, text, today=today, first_open_day=first_open_day),
        close=_value(said, "close", Close),
        outcome=outcome,
        amount=amount.value if amount else None,
        notes=tuple(
            note
            for note in (*(found.note for found in said.values()), amount and amount.note)
            if note
        ),
    )


def _split_quoted(text: str) -> tuple[str | None, str]:
    """The company in quotes that the line begins with, and what follows it."""
    if text[:1] and text[0] in _DOUBLE_QUOTES:
        found = re.match(rf".([^{_DOUBLE_QUOTES}]*)[{_DOUBLE_QUOTES}]", text)
        if found is None:
            raise NotUnderstood(
                "The quotes around the company's name are never closed: close them after it, "
                'like "Blue Sky Ltd" 2nd.',
                text=text,
                what=text,
            )
        return found[1], text[found.end() :]
    # 's Heeren Loo begins with an apostrophe, too, so single quotes must close before a space.
    single = re.match(rf"[{_SINGLE_QUOTES}](.*?)[{_SINGLE_QUOTES}](?=\s|$)", text, re.DOTALL)
    return (single[1], text[single.end() :]) if single else (None, text)


def _name_length(words: Words, text: str) -> int:
    """How many of the words are the company's name."""
    if not len(words):
        raise NotUnderstood(
            "Type the company you talked to, like /log-conversation Acme 2nd.", text=text, what=""
        )
    length = 1
    while length < len(words):
        word = words.typed[length]
        if word[0] in _DOUBLE_QUOTES:
            raise NotUnderstood(
                "A name in quotes comes first: type it at the beginning of the line.",
                text=text,
                what=word,
            )
        found = _meaning(words, length, text)
        if found is not None and found.certain:
            break
        length += 1
    if 1 < length < len(words) and words.folded(length - 1) in _DANGLING:
        raise _unknown(words.typed[length - 1], text)
    _refuse_keyword_as_name(words, length, text)
    return length


def _refuse_keyword_as_name(words: Words, length: int, text: str) -> None:
    try:
        found = words.meaning(0)
    except DayProblem:
        return  # "24/7 Fitness" is no day, but a name
    if found is not None and found.slot != "amount" and found.length >= length:
        raise NotUnderstood(
            f"{_quoted(found.typed)} names no company: begin with its name, "
            f"or put {_quoted(found.typed)} in quotes if that is its name.",
            text=text,
            what=found.typed,
        )


def _meaning(words: Words, at: int, text: str) -> Found | None:
    try:
        return words.meaning(at)
    except DayProblem as problem:
        typed = words.text(at, problem.length)
        raise NotUnderstood(f"{_quoted(typed)} {problem}", text=text, what=typed) from problem


def _said(words: Words, at: int, text: str) -> dict[Slot, Found]:
    """What the words after the name say; refuses what is unknown and what is said twice."""
    said: dict[Slot, Found] = {}
    while at < len(words):
        if not re.search(r"\w", words.folded(at)) and len(words.folded(at)) <= 1:
            at += 1  # a comma or a dash between words
            continue
        found = _meaning(words, at, text)
        if found is None:
            raise _unknown(words.typed[at], text)
        earlier = said.get(found.slot)
        if earlier is not None and {_word(earlier), _word(found)} != {"home", "won"}:
            raise _twice(earlier, found, text)
        said.setdefault(found.slot, found)
        at += found.length
    return said


def _standing(said: dict[Slot, Found], text: str) -> tuple[Base | None, DealOutcome]:
    base = _value(said, "base", Base)
    lost = "outcome" in said
    if base is Base.HOME and lost:
        reached, gone = said["base"].typed, said["outcome"].typed
        raise NotUnderstood(
            f"{_quoted(reached)} means that the deal is won, so it can't be lost as well: "
            f"type {_quoted(reached)} or {_quoted(gone)}.",
            text=text,
            what=f"{reached} {gone}",
        )
    if base is Base.HOME:
        return base, DealOutcome.WON
    return base, DealOutcome.LOST if lost else DealOutcome.OPEN


def _held_on(
    said: dict[Slot, Found], text: str, *, today: date, first_open_day: date | None
) -> date:
    if (day := _value(said, "held_on", date)) is None:
        return today
    typed = said["held_on"].typed
    shown = show_day(day, today=today)
    if day > today:
        raise NotUnderstood(
            f"{_quoted(typed)} ({shown}) is still to come: log the conversation once it was held.",
            text=text,
            what=typed,
        )
    if first_open_day is not None and day < first_open_day:
        raise NotUnderstood(
            f"{_quoted(typed)} ({shown}) lies in a week that is closed: "
            f"days from {show_day(first_open_day, today=today)} on can be logged.",
            text=text,
            what=typed,
        )
    return day


def _amount(
    said: dict[Slot, Found], text: str, *, base: Base | None, locale: str, currency: str
) -> Reading | None:
    if (typed := _value(said, "amount", str)) is None:
        return None
    try:
        amount = parse_number(typed, locale=locale, unit="money", currency=currency)
    except NumberProblem as problem:
        raise NotUnderstood(str(problem), text=text, what=typed) from problem
    if base is not Base.HOME:
        raise NotUnderstood(
            f"{_quoted(typed)} looks like an amount, which only goes with home: add “home” if the "
            "deal is won, or put the company's name in quotes if it belongs to it.",
            text=text,
            what=typed,
        )
    return amount


def _refuse_amount_in_name(words: Words, name_length: int, home: Found, text: str) -> None:
    """``Acme 500 home`` could be a deal of 500 with Acme, or one with Acme 500."""
    number = words.folded(name_length - 1) if name_length > 1 else ""
    if not re.fullmatch(r"[0-9]+", number) or words.folded(name_length) != _word(home):
        return
    raise NotUnderstood(
        f"{_quoted(number)} could be the amount or a part of the name: type the amount after "
        f"{_quoted(home.typed)}, or put the name in quotes.",
        text=text,
        what=number,
    )


def _value(said: dict[Slot, Found], slot: Slot, kind: type[T]) -> T | None:
    found = said.get(slot)
    return found.value if found is not None and isinstance(found.value, kind) else None


def _word(found: Found) -> str:
    return found.typed.casefold()


def _twice(earlier: Found, found: Found, text: str) -> NotUnderstood:
    if earlier.value == found.value:
        sentence = f"{_quoted(found.typed)} repeats {_quoted(earlier.typed)}: type one of them."
    else:
        sentence = f"{_quoted(earlier.typed)} and {_quoted(found.typed)} contradict each other: "
        sentence += "type one of them."
    return NotUnderstood(sentence, text=text, what=f"{earlier.typed} {found.typed}")


def _unknown(word: str, text: str) -> NotUnderstood:
    return NotUnderstood(
        f"I don't understand {_quoted(word)}: leave it out, or put the company's name in quotes "
        "if it belongs to it.",
        text=text,
        what=word,
    )


def _quoted(typed: str) -> str:
    return f"“{typed if len(typed) <= 40 else typed[:39] + '…'}”"
