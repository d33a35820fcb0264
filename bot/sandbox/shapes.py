"""Small checks for JSON. Put together they describe a manifest or a block.

A check is given a report, a JSON pointer and the value found there. It adds what it finds to the report,
in the words that Slack uses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Problem:
    """One thing is wrong. `pointer` says where, as a JSON pointer, and `words` what."""

    pointer: str
    words: str

    def __str__(self) -> str:
        return f"[ERROR] {self.words} [json-pointer:{self.pointer}]"


@dataclass
class Report:
    """A report lists all that is wrong, in the order in which it was found."""

    problems: list[Problem] = field(default_factory=list)

    def add(self, pointer: str, words: str) -> None:
        """Add one problem."""
        self.problems.append(Problem(pointer, words))


Check = Callable[[Report, str, Any], None]


def anything(report: Report, pointer: str, value: Any) -> None:
    """Accept every value."""


def boolean(report: Report, pointer: str, value: Any) -> None:
    """Accept true and false."""
    if not isinstance(value, bool):
        report.add(pointer, "must be a boolean")


def number(report: Report, pointer: str, value: Any) -> None:
    """Accept every number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        report.add(pointer, "must be a number")


def string(*, longest: int, shortest: int = 1, pattern: str = "", like: str = "") -> Check:
    """Accept text of a length between both ends. `like` says in words what `pattern` demands."""

    def check(report: Report, pointer: str, value: Any) -> None:
        if not isinstance(value, str):
            report.add(pointer, "must be a string")
        elif len(value) < shortest:
            report.add(pointer, f"must be more than {shortest - 1} characters")
        elif len(value) > longest:
            report.add(pointer, f"must be less than {longest + 1} characters")
        elif pattern and not re.fullmatch(pattern, value, re.ASCII):
            report.add(pointer, f"must be {like}")

    return check


def integer(lowest: int, highest: int) -> Check:
    """Accept a whole number between both ends."""

    def check(report: Report, pointer: str, value: Any) -> None:
        if isinstance(value, bool) or not isinstance(value, int):
            report.add(pointer, "must be an integer")
        elif not lowest <= value <= highest:
            report.add(pointer, f"must be between {lowest} and {highest}")

    return check


def one_of(*allowed: str | int) -> Check:
    """Accept one of these values."""

    def check(report: Report, pointer: str, value: Any) -> None:
        if value not in allowed or isinstance(value, bool):
            report.add(pointer, f"must be one of {', '.join(map(str, allowed))}")

    return check


def list_of(item: Check, *, most: int, least: int = 1, distinct: bool = False) -> Check:
    """Accept a list of such items. With `distinct` no two of them may be equal."""

    def check(report: Report, pointer: str, value: Any) -> None:
        if not isinstance(value, list):
            report.add(pointer, "must be an array")
            return
        if len(value) < least:
            report.add(pointer, f"no fewer than {least} items allowed")
        if len(value) > most:
            report.add(pointer, f"no more than {most} items allowed")
        seen: list[Any] = []
        for index, entry in enumerate(value):
            if distinct and entry in seen:
                report.add(f"{pointer}/{index}", "duplicate item")
            seen.append(entry)
            item(report, f"{pointer}/{index}", entry)

    return check


def shape(
    required: Mapping[str, Check] | None = None,
    optional: Mapping[str, Check] | None = None,
    *rules: Check,
) -> Check:
    """Accept an object with these fields and no others. `rules` look at it once its fields are right."""
    needed = dict(required or {})
    known = needed | dict(optional or {})

    def check(report: Report, pointer: str, value: Any) -> None:
        if not isinstance(value, dict):
            report.add(pointer, "must be an object")
            return
        before = len(report.problems)
        for name in needed:
            if value.get(name) is None:
                report.add(pointer, f"missing required field: {name}")
        for name, entry in value.items():
            if name not in known:
                report.add(pointer, f"invalid additional property: {name}")
            elif entry is None:
                if name not in needed:
                    report.add(f"{pointer}/{name}", "must not be null")
            else:
                known[name](report, f"{pointer}/{name}", entry)
        if len(report.problems) == before:
            for rule in rules:
                rule(report, pointer, value)

    return check


def variant(kinds: Mapping[str, Check], *, elsewhere: Mapping[str, str] | None = None) -> Check:
    """Accept an object whose `type` says which of `kinds` it is.

    `elsewhere` are types that exist but may not stand here, with where they may stand instead.
    """

    def check(report: Report, pointer: str, value: Any) -> None:
        if not isinstance(value, dict):
            report.add(pointer, "must be an object")
            return
        kind = value.get("type")
        if not isinstance(kind, str):
            report.add(pointer, "missing required field: type")
        elif kind in kinds:
            kinds[kind](report, pointer, value)
        elif elsewhere and kind in elsewhere:
            report.add(f"{pointer}/type", f"{kind} is not allowed here: {elsewhere[kind]}")
        else:
            report.add(f"{pointer}/type", f"unsupported type: {kind}")

    return check
