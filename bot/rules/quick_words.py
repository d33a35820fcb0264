"""The words of a quick log, and what they mean wherever they stand in the line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from bot.rules.conversation import Base, Close, DealOutcome
from bot.rules.days import find_day
from bot.rules.numbers import is_currency, plain_digits

Slot = Literal["base", "close", "outcome", "held_on", "amount"]

_BASES: Mapping[str, Base] = {
    "1st": Base.FIRST,
    "first": Base.FIRST,
    "2nd": Base.SECOND,
    "second": Base.SECOND,
    "3rd": Base.THIRD,
    "third": Base.THIRD,
    "home": Base.HOME,
    "won": Base.HOME,
}
_CLOSES: Mapping[tuple[str, ...], Close] = {
    ("asked",): Close.ASKED,
    ("not", "asked"): Close.NOT_ASKED,
    ("not-asked",): Close.NOT_ASKED,
    ("didn't", "ask"): Close.NOT_ASKED,
    ("inoffensive",): Close.INOFFENSIVE,
    ("inoffensive", "close"): Close.INOFFENSIVE,
    ("inoffensive-close",): Close.INOFFENSIVE,
}
_FIGURES = re.compile(r"(?P<before>[^0-9]*)(?P<body>[0-9](?:[0-9.,']*[0-9])?)(?P<after>[^0-9]*)")
_GROUP = re.compile(r"[0-9]{3}(?:[.,][0-9]{1,2})?[km]?[.,;]?")


@dataclass(frozen=True)
class Found:
    """Words that mean something: which question they answer, how, and how many they are.

    An amount is found as the text to read it from; ``certain`` is False for a bare small number,
    which may as well be part of a name.
    """

    slot: Slot
    value: Base | Close | DealOutcome | date | str
    length: int
    typed: str = ""
    note: str | None = None
    certain: bool = True


class Words:
    """A line split at its spaces; ``meaning`` tells what the words at a position say."""

    def __init__(self, line: str, *, today: date, locale: str, currency: str) -> None:
        self.typed = line.split()
        self._today = today
        self._locale = locale
        self._currency = currency
        self._plain = [plain_digits(word).strip() for word in self.typed]
        self._folded = [word.casefold() for word in self._plain]

    def __len__(self) -> int:
        return len(self.typed)

    def text(self, at: int, length: int) -> str:
        """The words as they were typed."""
        return " ".join(self.typed[at : at + length])

    def folded(self, at: int) -> str:
        """One word in lower case, its digits in ASCII, without the comma after it."""
        return self._folded[at].rstrip(",.;") if at < len(self) else ""

    def meaning(self, at: int) -> Found | None:
        """What begins at this word, None if nothing does; ``DayProblem`` for half a day."""
        found = self._meaning(at)
        return found and replace(found, typed=self.text(at, found.length).rstrip(",;"))

    def _meaning(self, at: int) -> Found | None:
        word = self.folded(at)
        day = find_day(self._folded[at : at + 6], today=self._today)
        if day is not None:
            return Found("held_on", day.day, day.length, note=day.note)
        if word in _BASES:
            return Found("base", _BASES[word], 2 if self.folded(at + 1) == "base" else 1)
        if word == "lost":
            return Found("outcome", DealOutcome.LOST, 1)
        for length in (2, 1):
            phrase = tuple(self.folded(at + i) for i in range(length))
            if phrase in _CLOSES:
                return Found("close", _CLOSES[phrase], length)
        return self._amount(at)

    def _amount(self, at: int) -> Found | None:
        """``12k``, ``$12 500``, ``12 500 EUR``, ``for 12k``."""
        if self.folded(at) == "for":
            amount = self._amount(at + 1) if at + 1 < len(self) else None
            return amount and Found(
                "amount", amount.value, amount.length + 1, certain=amount.certain
            )
        end = at + 1 if self._is_mark(at) else at
        certain = end > at
        figures = _FIGURES.fullmatch(self._plain[end]) if end < len(self) else None
        if figures is None or not self._stands_by_figures(figures["before"].strip("-+(.")):
            return None
        after = figures["after"].rstrip("),.;")
        scaled = after[:1].casefold() in ("k", "m") and self._stands_by_figures(after[1:])
        if not scaled and not self._stands_by_figures(after):
            return None
        bare = not (figures["before"] or after)
        certain = certain or not bare or not figures["body"].isdecimal()
        certain = certain or len(figures["body"]) > 4
        end += 1
        if not after and re.fullmatch(r"[0-9]{1,3}", figures["body"]):
            while _GROUP.fullmatch(self.folded(end)):
                certain, end = True, end + 1
        if not scaled and self.folded(end) in ("k", "m"):
            certain, end = True, end + 1
        if self._is_mark(end):
            certain, end = True, end + 1
        return Found("amount", self.text(at, end - at), end - at, certain=certain)

    def _is_mark(self, at: int) -> bool:
        return at < len(self) and bool(self._plain[at]) and self._names_money(self._plain[at])

    def _stands_by_figures(self, text: str) -> bool:
        return not text or self._names_money(text)

    def _names_money(self, text: str) -> bool:
        return is_currency(text, currency=self._currency, locale=self._locale)
