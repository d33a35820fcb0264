"""The words of a quick log, and what they mean wherever they stand in the line."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from bot.rules.conversation import Base, Close, DealOutcome
from bot.rules.days import find_day, writes_day_first
from bot.rules.numbers import is_currency, plain_digits, split_scale
from bot.rules.quick_phrases import LONGEST, OWN_WORDS, PHRASES, TALKS, Said

Slot = Literal[
    "base", "close", "outcome", "held_on", "amount", "closed", "no_talk", "reason", "time"
]

_FIGURES = re.compile(r"(?P<before>[^0-9]*)(?P<body>[0-9](?:[0-9.,']*[0-9])?)(?P<after>[^0-9]*)")
_DOTTED_DAY = re.compile(r"[0-9]{1,2}\.[0-9]{1,2}\.")
_TIME = re.compile(r"[0-9]{1,2}(?:[:.][0-9]{2})?[ap]m|[0-9]{1,2}:[0-9]{2}")
_PARTS_OF_DAYS = frozenset({"morning", "afternoon", "evening", "night", "noon"})
_GROUP = re.compile(r"[0-9]{3}(?:[.,][0-9]{1,2})?[km]?[.,;]?")
_AROUND = '()[]{}!?:;,.…–—-"“”„*~`'
_SCALES = ("k", "m", "thousand", "grand", "mio", "mn", "mln", "million")
_AFTER_AMOUNTS = frozenset({"deal", "contract", "order", "arr", "acv", "tcv"})
_BEFORE_AMOUNTS = frozenset({"for", "worth", "at", "of", "=", "value", "amount", "total"})


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
        self.typed = [word for word in line.split() if plain_digits(word).strip()]
        self._day = today
        self._locale = locale
        self._currency = currency
        self._day_first = writes_day_first(locale)
        self._plain = [plain_digits(word).strip() for word in self.typed]
        self._folded = [word.casefold() for word in self._plain]
        self._bare = [word.strip(_AROUND).strip("'_") for word in self._folded]

    def __len__(self) -> int:
        return len(self.typed)

    def text(self, at: int, length: int) -> str:
        """The words as they were typed."""
        return " ".join(self.typed[at : at + length])

    def folded(self, at: int) -> str:
        """One word in lower case, its digits in ASCII, without the comma after it."""
        return self._folded[at].rstrip(",.;") if at < len(self) else ""

    def bare(self, at: int) -> str:
        """One word in lower case without any punctuation around it."""
        return self._bare[at] if 0 <= at < len(self) else ""

    def meaning(self, at: int) -> Found | None:
        """What begins at this word, None if nothing does; ``DayProblem`` for half a day."""
        found = self._meaning(at)
        if found is None:
            return None
        typed = self.text(at, found.length).strip(",;:!?… ")
        if found.note == "":  # an everyday word: say how it was read
            found = replace(found, note=f"I read “{typed}” as {_label(found.value)}.")
        return replace(found, typed=typed)

    def _meaning(self, at: int) -> Found | None:
        day = find_day(
            self._bare[at : at + 6],
            today=self._day,
            day_first=self._day_first,
            dotted=bool(_DOTTED_DAY.fullmatch(self._plain[at].rstrip(","))),
        )
        if day is not None:
            length = day.length + (self.bare(at + day.length) in _PARTS_OF_DAYS)
            return Found("held_on", day.day, length, note=day.note)
        return self._today(at) or self._time(at) or self._phrase(at) or self._amount(at)

    def _today(self, at: int) -> Found | None:
        """``this morning``, ``earlier today``, ``last night``."""
        first, second = self.bare(at), self.bare(at + 1)
        if (first == "this" and second in _PARTS_OF_DAYS) or (first, second) == (
            "earlier",
            "today",
        ):
            return Found("held_on", self._day, 2)
        if (first, second) == ("last", "night"):
            return Found("held_on", self._day - timedelta(days=1), 2)
        return None

    def _time(self, at: int) -> Found | None:
        """``3pm``, ``15:00``: the log has no times of day."""
        if _TIME.fullmatch(self.bare(at)):
            return Found("time", self.bare(at), 1)
        return None

    def _phrase(self, at: int) -> Found | None:
        for length in range(LONGEST, 0, -1):
            phrase = tuple(self.bare(at + n) for n in range(length))
            said = PHRASES.get(phrase)
            if said is None:
                continue
            explained = phrase in OWN_WORDS
            slot = _slot(said)
            explained = explained or slot in ("closed", "no_talk")
            if slot == "base" and said is not Base.HOME:
                while self.bare(at + length) in TALKS:
                    explained = explained and self.bare(at + length) == "base"
                    length += 1
            return Found(slot, said, length, note=None if explained else "")
        return None

    def _amount(self, at: int) -> Found | None:
        """``12k``, ``$12 500``, ``12 500 EUR``, ``for 12k``."""
        if self.folded(at) in _BEFORE_AMOUNTS:
            amount = self._amount(at + 1) if at + 1 < len(self) else None
            return amount and Found(
                "amount", amount.value, amount.length + 1, certain=amount.certain
            )
        end = at + 1 if self._is_mark(at) else at
        certain = end > at
        figures = _FIGURES.fullmatch(self._plain[end]) if end < len(self) else None
        if figures is None or not self._stands_by_figures(figures["before"].strip("-+(.~")):
            return None
        after = figures["after"].rstrip("),.;!?:")
        scaled, mark_after = split_scale(after)
        if not self._stands_by_figures(mark_after):
            return None
        bare = not (figures["before"] or after)
        certain = certain or not bare or not figures["body"].isdecimal()
        certain = certain or len(figures["body"]) > 4
        end += 1
        if not after and re.fullmatch(r"[0-9]{1,3}", figures["body"]):
            while _GROUP.fullmatch(self.folded(end)):
                certain, end = True, end + 1
        if not scaled and self.bare(end) in _SCALES:
            certain, end = True, end + 1
        if self._is_mark(end):
            certain, end = True, end + 1
        if certain and self.bare(end) in _AFTER_AMOUNTS:
            return Found("amount", self.text(at, end - at), end + 1 - at)
        return Found("amount", self.text(at, end - at), end - at, certain=certain)

    def _is_mark(self, at: int) -> bool:
        return at < len(self) and bool(self._plain[at]) and self._names_money(self._plain[at])

    def _stands_by_figures(self, text: str) -> bool:
        return not text or self._names_money(text)

    def _names_money(self, text: str) -> bool:
        return is_currency(text, currency=self._currency, locale=self._locale)


def _slot(said: Said) -> Slot:
    if isinstance(said, Base):
        return "base"
    if isinstance(said, Close):
        return "close"
    if isinstance(said, DealOutcome):
        return "outcome"
    return said


def _label(value: object) -> str:
    if isinstance(value, Base):
        return "home: the deal is won" if value is Base.HOME else f"{value.label} base"
    if isinstance(value, Close):
        return f"“{value.label}”"
    return "lost"
