"""``/log-conversation Acme 2nd yesterday asked``: one line of text into one conversation.

The line is read in up to four ways: its first word belongs to the company's name or not ("1st Acme", "had a call
with Acme"), and so do the last words before the first one that means something ("Acme call 2nd", "Initech 2").
`bot.rules.quick_readings` has them. A company that the rep knows decides; else a line that can be read in two
ways, or whose name does not look like a company's, is to be asked about: `QuickLog.doubt` says why.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date

from bot.rules import companies
from bot.rules.companies import clean_name, plain_text
from bot.rules.conversation import Base, Close, DealOutcome, parse_base
from bot.rules.numbers import with_money_in_one_word
from bot.rules.problems import CompanyProblem, DayProblem, NotUnderstood
from bot.rules.quick_names import odd_name
from bot.rules.quick_phrases import (
    ADJECTIVES,
    COMMANDS,
    CONNECTORS,
    FIRM_BEGINNINGS,
    PREPOSITIONS,
    TALKS,
)
from bot.rules.quick_readings import QuickLog, Span, Told, Understood, quoted, read, salvage
from bot.rules.quick_words import Found, Words

__all__ = [
    "USAGE",
    "Base",
    "Close",
    "DealOutcome",
    "NotUnderstood",
    "QuickLog",
    "Understood",
    "parse_base",
    "parse_quick_log",
]

USAGE = """\
/log-conversation opens a form. To log at once, type the company first, then any of these:
• the base it reached: 1st, 2nd, 3rd or home (intro, demo, proposal and signed are understood as well)
• the amount, with home: 12k, $12,500 or 12.500 €
• how you closed: asked, not asked or inoffensive
• lost, if the deal is over
• the day, if it was not today: yesterday, monday, 3 Mar or 2026-03-03
Examples:
/log-conversation Acme
/log-conversation Acme 2nd
/log-conversation Acme home 12k
/log-conversation "Blue Sky Ltd" 1st yesterday asked
/log-conversation Acme lost
/log-conversation undo takes back what you logged last."""

_DOUBLE_QUOTES = '"“”„‟«»＂'
_SINGLE_QUOTES = "'‘’"
_EMOJI = re.compile(r":[a-z0-9_+'-]+:", re.IGNORECASE)


def parse_quick_log(
    text: str,
    *,
    today: date,
    locale: str = "en_US",
    currency: str = "USD",
    first_open_day: date | None = None,
    known: Collection[str] = frozenset(),
) -> QuickLog:
    """Reads a line; raises ``NotUnderstood`` and nothing else.

    ``today`` is the rep's local day, ``first_open_day`` the first day that is not closed yet, ``known`` the keys
    (`companies.key`) of the names that the rep has logged. The company is what stands in quotes, a name that is
    known, or the words up to the first that mean something else. ``won`` means the same as ``home``.
    """
    text = plain_text(text).strip()
    before, name, after = _split_quoted(text)
    line = before if name is None else f"{before} {after}"
    line = with_money_in_one_word(line, currency=currency, locale=locale)
    line = " ".join(_apart(line))
    words = Words(line, today=today, locale=locale, currency=currency)
    told = Told(words, text, today, locale, currency, first_open_day)
    if name is not None:
        return _read_quoted(
            told, name, Words(before, today=today, locale=locale, currency=currency)
        )
    if not len(words):
        raise NotUnderstood(
            "Type the company you talked to, like /log-conversation Acme 2nd.", text=text, what=""
        )
    if line.casefold().strip(".!? ") in COMMANDS and companies.key(line) not in known:
        raise _names_no_company(line, text)
    try:
        return _best(told, known)
    except NotUnderstood as problem:
        problem.understood = salvage(told, _plain_span(told))
        raise


def _split_quoted(text: str) -> tuple[str, str | None, str]:
    """What stands before the company in quotes, the company, and what follows it; None without quotes."""
    if text[:1] and text[0] not in _DOUBLE_QUOTES:
        # 's Heeren Loo begins with an apostrophe, too, so single quotes must close before a space.
        single = re.match(rf"[{_SINGLE_QUOTES}](.*?)[{_SINGLE_QUOTES}](?=\s|$)", text, re.DOTALL)
        if single:
            return "", single[1], text[single.end() :]
    found = re.search(
        rf"(?:^|(?<=\s))[{_DOUBLE_QUOTES}]([^{_DOUBLE_QUOTES}]*)(?:[{_DOUBLE_QUOTES}]|$)", text
    )
    if found is None:
        return text, None, ""
    if found.end() == found.end(1):
        raise NotUnderstood(
            "The quotes around the company's name are never closed: close them after it, "
            'like "Blue Sky Ltd" 2nd.',
            text=text,
            what=text[found.start() :],
        )
    return text[: found.start()], found[1], text[found.end() :]


def _read_quoted(told: Told, name: str, before: Words) -> QuickLog:
    """A name in quotes; before it may stand what says something else than a name."""
    at = 0
    while at < len(before):
        found = _meaning(before, at)
        if found is None and before.bare(at) and before.bare(at) not in CONNECTORS:
            raise NotUnderstood(
                "A name in quotes comes first: type it at the beginning of the line.",
                text=told.text,
                what=told.text[len(" ".join(before.typed)) :].split()[0],
            )
        at += found.length if found is not None else 1
    try:
        return read(told, Span(0, 0, name=name))
    except NotUnderstood as problem:
        problem.understood = salvage(told, Span(0, 0, name=name))
        raise


def _apart(line: str) -> Iterator[str]:
    """The words of the line, those that a comma or a dash joins taken apart, without emoji at either end."""
    line = re.sub(r";(?=\S)", "; ", line)
    line = re.sub(
        r"(?<![^\s])[*_~`]+|[*_~`]+(?![^\s,.])", "", line
    )  # Slack's marks of bold and code
    split = re.sub(r",(?=[^\s\d])|(?<=[^\s\d]),(?=\S)", ", ", line).replace("—", " — ").split()
    shown = [bool(re.search(r"\w", _EMOJI.sub("", word))) for word in split]
    for at, word in enumerate(split):
        if shown[at] or (any(shown[:at]) and any(shown[at:])) or not any(shown):
            yield word


def _best(told: Told, known: Collection[str]) -> QuickLog:
    """The reading that a known company decides for, else the only one that is possible, else one in doubt."""
    for span in _known_spans(told, known):
        try:
            return read(told, span)
        except NotUnderstood:
            continue
    first = _meaning(told.words, 0)
    if first is not None and first.slot == "no_talk" and first.length < len(told.words):
        return read(told, Span(first.length, len(told.words)))  # refused: nobody was talked to
    plain, others = _plain_span(told), list(_other_spans(told))
    firm = [span for span in others if span.firm]
    possible: list[QuickLog] = []
    problem: NotUnderstood | None = None
    for span in firm or [*others, plain]:
        try:
            found = read(told, span)
        except NotUnderstood as refused:
            problem = refused
            continue
        if found.company not in {one.company for one in possible}:
            possible.append(found)
    if not possible:
        raise problem or _names_no_company(told.text, told.text)
    best = possible[0]
    if len(possible) > 1:
        names = " or ".join(quoted(one.company) for one in possible)
        return replace(best, doubt=f"Is the company {names}?", readings=tuple(possible))
    if reason := odd_name(best):
        return replace(best, doubt=reason, readings=(best,))
    return best


def _known_spans(told: Told, known: Collection[str]) -> Iterator[Span]:
    """Where in the line a name stands that the rep knows, the longest first."""
    if not known:
        return
    words = told.words
    for start in range(len(words)):
        if start and not all(_says_something(words, at) for at in range(start)):
            return
        for end in range(len(words), start, -1):
            if companies.key(_name(words, start, end)) in known:
                yield Span(start, end)


def _says_something(words: Words, at: int) -> bool:
    return words.bare(at) in CONNECTORS or any(
        (found := _meaning(words, start)) is not None and start + found.length > at
        for start in range(max(0, at - 4), at + 1)
    )


def _plain_span(told: Told) -> Span:
    """The name from the first word on, up to the first that means something else for certain."""
    return Span(0, _end(told.words, 0))


def _other_spans(told: Told) -> Iterator[Span]:
    """The name without what stands before it, and without the words at its end that are hardly part of it."""
    words = told.words
    start, firm = _beginning(words)
    starts = ([start] if start else []) + [0]
    for first in starts:
        end = _end(words, first)
        inner = next(
            (n for n in range(end - 2, first, -1) if words.bare(n) in {"at", "from"}), None
        )
        if inner is not None:  # "John from Acme"
            yield Span(inner + 1, end, firm=firm and first > 0)
        shorter = _without_ending(words, first, end)
        if shorter < end:
            yield Span(first, shorter)
        if first:
            yield Span(first, end, firm=firm and shorter == end)


def _beginning(words: Words) -> tuple[int, bool]:
    """How many words at the beginning are no name, 0 if the name begins at once, and whether that is certain."""
    at, telling, firm = 0, False, False
    while at < len(words):
        found = _meaning(words, at)
        if found is not None and found.certain:
            telling = True
            firm = found.slot == "amount" or found.typed.casefold() in {"today", "yesterday"}
            at += found.length
        elif found is not None and found.typed in {"1", "2", "3"} and at == 0:
            telling, at = True, at + 1
        elif words.bare(at) in CONNECTORS:
            bare = words.bare(at)
            telling = telling or bare not in ADJECTIVES
            firm = telling and (bare in PREPOSITIONS or bare in FIRM_BEGINNINGS)
            at += 1
        elif not words.bare(at):
            at += 1
        else:
            return (at if telling else 0), firm and telling
    return 0, False


def _end(words: Words, start: int) -> int:
    """Where the name that begins at `start` ends: before the first later word that means something."""
    for end in range(start + 1, len(words)):
        try:
            found = words.meaning(end)
        except DayProblem:
            return end  # half a day: the reading says what is wrong with it
        if found is not None and found.certain:
            return end
    return len(words)


def _without_ending(words: Words, start: int, end: int) -> int:
    """The end of the name without the words for a talk, small words and a number that could be a base."""
    shorter = end
    if shorter - 1 > start and words.bare(shorter - 1) in {"1", "2", "3"}:
        return shorter - 1
    while shorter - 1 > start and (
        words.bare(shorter - 1) in CONNECTORS or not words.bare(shorter - 1)
    ):
        shorter -= 1
    last = words.bare(end - 1)
    if shorter == end or (end == len(words) and last not in TALKS and last not in ADJECTIVES):
        return end
    return shorter


def _meaning(words: Words, at: int) -> Found | None:
    try:
        return words.meaning(at)
    except DayProblem:
        return None  # "24/7 Fitness" is no day, but a name


def _name(words: Words, start: int, end: int) -> str:
    try:
        return clean_name(words.text(start, end - start).rstrip(",;–—-:? "))
    except CompanyProblem:
        return ""


def _names_no_company(typed: str, text: str) -> NotUnderstood:
    return NotUnderstood(
        f"{quoted(typed)} names no company: begin with its name, "
        f"or put {quoted(typed)} in quotes if that is its name.",
        text=text,
        what=typed,
    )
