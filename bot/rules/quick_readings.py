"""One reading of a quick log: where in the line the company's name stands, and what the other words say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TypeVar

from bot.rules.companies import clean_name
from bot.rules.conversation import Base, Close, DealOutcome
from bot.rules.days import show_day
from bot.rules.numbers import Reading, parse_number
from bot.rules.problems import CompanyProblem, DayProblem, NotUnderstood, NumberProblem
from bot.rules.quick_phrases import (
    CONNECTORS,
    DANGLING,
    LOST_REASONS,
    SEPARATORS,
    TALKS,
    TALKS_IN_TWO,
)
from bot.rules.quick_words import Found, Slot, Words

T = TypeVar("T")

_BARE_BASES = {"1": Base.FIRST, "2": Base.SECOND, "3": Base.THIRD}


@dataclass(frozen=True)
class QuickLog:
    """What the line says. ``notes`` are sentences the person should read.

    ``doubt`` says why the person has to be asked before anything is logged; ``readings`` are then the ways to read
    the line, of which this is the first.
    """

    company: str
    base: Base | None
    held_on: date
    close: Close | None
    outcome: DealOutcome
    amount: Decimal | None
    notes: tuple[str, ...] = ()
    doubt: str | None = None
    readings: tuple[QuickLog, ...] = ()


@dataclass(frozen=True)
class Understood:
    """What of a refused line was understood, to fill in the form with; ``amount`` is as it was typed."""

    company: str = ""
    base: Base | None = None
    held_on: date | None = None
    close: Close | None = None
    outcome: DealOutcome = DealOutcome.OPEN
    amount: str = ""


@dataclass(frozen=True)
class Span:
    """Where the name stands among the words; ``name`` is one that stands in quotes elsewhere in the line.

    ``firm`` is a reading beside which no other one is possible.
    """

    start: int
    end: int
    name: str | None = None
    firm: bool = False


@dataclass(frozen=True)
class Told:
    """The line, and what its words are read by."""

    words: Words
    text: str
    today: date
    locale: str
    currency: str
    first_open_day: date | None


def read(told: Told, span: Span) -> QuickLog:
    """Reads the line with its name there; raises ``NotUnderstood``."""
    words, text = told.words, told.text
    name = span.name
    if name is None:
        _must_not_be_a_keyword(told, span)
        name = words.text(span.start, span.end - span.start).rstrip(",;–—- ")
        name = name.removesuffix(":") if name.count(":") == 1 else name  # `:rocket:` is an emoji
        name = re.sub(r"(?:[!?…]{2,}|\?)$", "", name)
        name = re.sub(r"\s+[^\w\s]+$", "", name)  # an arrow or a stroke before what was reached
        name = re.sub(r"^(?:https?://|[@#](?=\w))", "", name)
        if span.end - span.start > 1 and span.end < len(words):
            last = words.bare(span.end - 1)
            if last in DANGLING:
                raise _unknown(words.typed[span.end - 1], text)
    try:
        company = clean_name(name)
    except CompanyProblem as problem:
        raise NotUnderstood(str(problem), text=text, what=name or text) from problem
    said = _said(told, span)
    _must_be_a_talk(said, text)
    base, outcome = _standing(said, text)
    if base is Base.HOME and "amount" not in said and span.name is None:
        _must_not_hide_an_amount(told, span, said)
    amount = _amount(said, told, base=base)
    return QuickLog(
        company=company,
        base=base,
        held_on=_held_on(said, told),
        close=_value(said, "close", Close),
        outcome=outcome,
        amount=amount.value if amount else None,
        notes=tuple(
            note
            for note in (*(found.note for found in said.values()), amount and amount.note)
            if note
        ),
    )


def salvage(told: Told, span: Span) -> Understood:
    """Reads what can be read of a line that was refused."""
    words = told.words
    found: dict[Slot, Found] = {}
    at = 0
    while at < len(words):
        one = None if span.start <= at < span.end else _quiet(words, at)
        if one is not None:
            found.setdefault(one.slot, one)
        at += one.length if one is not None else 1
    name = span.name
    if name is None:
        first = _quiet(words, 0)
        keyword = first is not None and first.slot != "amount" and first.length >= span.end
        end = span.end
        while end - span.start > 1 and words.bare(end - 1) in CONNECTORS | DANGLING:
            end -= 1
        name = "" if keyword else words.text(span.start, end - span.start)
    try:
        company = clean_name(name.rstrip(",;:–—- "))
    except CompanyProblem:
        company = ""
    day = _value(found, "held_on", date)
    earliest = told.first_open_day or date.min
    return Understood(
        company=company,
        base=_value(found, "base", Base),
        held_on=day if day is not None and earliest <= day <= told.today else None,
        close=_value(found, "close", Close),
        outcome=_value(found, "outcome", DealOutcome) or DealOutcome.OPEN,
        amount=_value(found, "amount", str) or "",
    )


def _quiet(words: Words, at: int) -> Found | None:
    try:
        return words.meaning(at)
    except DayProblem:
        return None


def _must_not_be_a_keyword(told: Told, span: Span) -> None:
    found = _quiet(told.words, 0) if span.start == 0 else None
    if found is not None and found.slot != "amount" and found.length >= span.end:
        raise NotUnderstood(
            f"{quoted(found.typed)} names no company: begin with its name, "
            f"or put {quoted(found.typed)} in quotes if that is its name.",
            text=told.text,
            what=found.typed,
        )


def _said(told: Told, span: Span) -> dict[Slot, Found]:
    """What the words around the name say; refuses what is unknown and what is said twice."""
    said: dict[Slot, Found] = {}
    for found in (*_before(told, span), *_after(told, span)):
        earlier = said.get(found.slot)
        if earlier is not None and not _same(earlier, found):
            raise _twice(earlier, found, told.text)
        said.setdefault(found.slot, found)
    amount = said.get("amount")
    if amount is not None and amount.typed in _BARE_BASES and not {"base", "outcome"} & set(said):
        del said["amount"]
        base = _BARE_BASES[amount.typed]
        note = f"I read “{amount.typed}” as {base.label} base."
        said["base"] = replace(amount, slot="base", value=base, note=note)
    return said


def _before(told: Told, span: Span) -> Iterator[Found]:
    at = 0
    while at < span.start:
        found = _quiet(told.words, at)
        if found is not None and (found.certain or at == 0):
            yield found
        at += found.length if found is not None else 1


def _after(told: Told, span: Span) -> Iterator[Found]:
    words, text, at, lost = told.words, told.text, span.end, False
    while at < len(words):
        if not words.bare(at) or words.typed[at] in SEPARATORS:
            at += 1  # a comma or a dash between words
            continue
        try:
            found = words.meaning(at)
        except DayProblem as problem:
            typed = words.text(at, problem.length)
            raise NotUnderstood(f"{quoted(typed)} {problem}", text=text, what=typed) from problem
        if words.bare(at) in {"w", "w/", "with"} and (found is None or not found.certain):
            length = _reason_length(words, at)
            people = quoted(words.text(at, length))
            yield Found(
                "reason", people, length, note=f"{people} is not kept: the log has no people."
            )
            at += length
        elif lost and words.bare(at) in LOST_REASONS and (found is None or not found.certain):
            length = _reason_length(words, at)
            reason = quoted(words.text(at, length))
            yield Found(
                "reason", reason, length, note=f"{reason} is not kept: the log has no reasons."
            )
            at += length
        elif found is not None:
            lost = lost or found.slot == "outcome"
            yield found
            at += found.length
        elif length := _small_words(words, at):
            at += length
        else:
            raise _unknown(words.typed[at], text)


def _small_words(words: Words, at: int) -> int:
    """How many small words lead to one that means something, or end with a word for a conversation; else 0."""
    start, is_talk = at, False
    while at < len(words) and (words.bare(at) in CONNECTORS or not words.bare(at)):
        is_talk = is_talk or words.bare(at) in TALKS or words.bare(at) in TALKS_IN_TWO
        at += 1
        if at < len(words) and _quiet(words, at) is not None:
            return at - start
    return at - start if is_talk and at >= len(words) else 0


def _reason_length(words: Words, at: int) -> int:
    length = 1
    while at + length < len(words):
        found = _quiet(words, at + length)
        if found is not None and found.certain:
            break
        length += 1
    return length


def _must_be_a_talk(said: dict[Slot, Found], text: str) -> None:
    if (found := said.get("no_talk")) is not None:
        raise NotUnderstood(
            f"{quoted(found.typed)} says that nobody was talked to, so it is no conversation: "
            "log it once you have talked.",
            text=text,
            what=found.typed,
        )
    closed = said.get("closed")
    if closed is None:
        return
    if not {"amount", "base", "outcome"} & set(said):
        raise NotUnderstood(
            f"{quoted(closed.typed)} can mean that the deal is won or lost: type won or lost.",
            text=text,
            what=closed.typed,
        )
    if "amount" in said and not {"base", "outcome"} & set(said):
        note = f"I read {quoted(closed.typed)} as home: the deal is won."
        said["base"] = replace(closed, slot="base", value=Base.HOME, note=note)


def _standing(said: dict[Slot, Found], text: str) -> tuple[Base | None, DealOutcome]:
    base = _value(said, "base", Base)
    lost = "outcome" in said
    if base is Base.HOME and lost:
        reached, gone = said["base"].typed, said["outcome"].typed
        raise NotUnderstood(
            f"{quoted(reached)} means that the deal is won, so it can't be lost as well: "
            f"type {quoted(reached)} or {quoted(gone)}.",
            text=text,
            what=f"{reached} {gone}",
        )
    if base is Base.HOME:
        return base, DealOutcome.WON
    return base, DealOutcome.LOST if lost else DealOutcome.OPEN


def _held_on(said: dict[Slot, Found], told: Told) -> date:
    today, text = told.today, told.text
    if (day := _value(said, "held_on", date)) is None:
        return today
    typed = said["held_on"].typed
    shown = show_day(day, today=today)
    if day > today:
        raise NotUnderstood(
            f"{quoted(typed)} ({shown}) is still to come: log the conversation once it was held.",
            text=text,
            what=typed,
        )
    if told.first_open_day is not None and day < told.first_open_day:
        raise NotUnderstood(
            f"{quoted(typed)} ({shown}) lies in a week that is closed: "
            f"days from {show_day(told.first_open_day, today=today)} on can be logged.",
            text=text,
            what=typed,
        )
    return day


def _amount(said: dict[Slot, Found], told: Told, *, base: Base | None) -> Reading | None:
    if (typed := _value(said, "amount", str)) is None:
        return None
    text = told.text
    try:
        # Who puts an amount in brackets does not mean that it is below zero.
        bare = typed.strip("() ")
        amount = parse_number(bare, locale=told.locale, unit="money", currency=told.currency)
    except NumberProblem as problem:
        raise NotUnderstood(str(problem), text=text, what=typed) from problem
    if base is not Base.HOME:
        raise NotUnderstood(
            f"{quoted(typed)} looks like an amount, which only goes with home: add “home” if the "
            "deal is won, or put the company's name in quotes if it belongs to it.",
            text=text,
            what=typed,
        )
    return amount


def _must_not_hide_an_amount(told: Told, span: Span, said: dict[Slot, Found]) -> None:
    """``Acme 500 home`` could be a deal of 500 with Acme, or one with Acme 500."""
    words, home = told.words, said["base"]
    number = words.folded(span.end - 1) if span.end - span.start > 1 else ""
    if not re.fullmatch(r"[0-9]+", number) or words.bare(span.end) != home.typed.casefold():
        return
    raise NotUnderstood(
        f"{quoted(number)} could be the amount or a part of the name: type the amount after "
        f"{quoted(home.typed)}, or put the name in quotes.",
        text=told.text,
        what=number,
    )


def _value(said: dict[Slot, Found], slot: Slot, kind: type[T]) -> T | None:
    found = said.get(slot)
    return found.value if found is not None and isinstance(found.value, kind) else None


def _same(earlier: Found, found: Found) -> bool:
    """Whether two words may stand together: home and won, and an everyday word beside the bot's own."""
    if earlier.slot in {"closed", "no_talk", "reason"}:
        return True
    if earlier.value != found.value or isinstance(found.value, str) != isinstance(
        earlier.value, str
    ):
        return False
    own = {earlier.typed.casefold(), found.typed.casefold()}
    return own == {"home", "won"} or bool(earlier.note) != bool(found.note)


def _twice(earlier: Found, found: Found, text: str) -> NotUnderstood:
    if earlier.value == found.value:
        sentence = f"{quoted(found.typed)} repeats {quoted(earlier.typed)}: type one of them."
    else:
        sentence = f"{quoted(earlier.typed)} and {quoted(found.typed)} contradict each other: "
        sentence += "type one of them."
    return NotUnderstood(sentence, text=text, what=f"{earlier.typed} {found.typed}")


def _unknown(word: str, text: str) -> NotUnderstood:
    return NotUnderstood(
        f"I don't understand {quoted(word)}: leave it out, or put the company's name in quotes "
        "if it belongs to it.",
        text=text,
        what=word,
    )


def quoted(typed: str) -> str:
    """The words in quotation marks, cut where they are long."""
    return f"“{typed if len(typed) <= 40 else typed[:39] + '…'}”"
