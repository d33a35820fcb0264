"""Lines that repeat are counted and summed up; a traceback is written once for each place."""

from __future__ import annotations

import logging
import sys
from typing import Any

import pytest

from bot import repeats
from bot.repeats import Repeats
from tests.test_failures import Seconds


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def lines(seconds: Seconds) -> Repeats:
    return Repeats(seconds)


def record(text: str = "refused", *, error: Exception | None = None, **facts: Any) -> Any:
    info = None
    if error is not None:
        try:
            raise error
        except Exception:
            info = sys.exc_info()
    made = logging.LogRecord("bot", logging.WARNING, "", 0, text, None, info)
    vars(made).update(facts)
    return made


def more(found: list[logging.LogRecord]) -> list[int | None]:
    return [vars(line).get("more") for line in found]


def test_the_first_is_written_and_the_others_are_summed_up(
    lines: Repeats, seconds: Seconds
) -> None:
    assert more(lines.admit(record(), "refused")) == [None]
    assert not lines.holds_back
    for number in range(62):
        assert lines.admit(record(number=number), "refused") == []
    assert lines.holds_back
    assert lines.due() == []
    seconds.now += repeats.WINDOW_SECONDS
    (summary,) = lines.due()
    assert (vars(summary)["more"], vars(summary)["number"]) == (62, 61)
    # A storm that goes on costs a line a minute.
    assert lines.admit(record(), "refused") == []
    seconds.now += repeats.WINDOW_SECONDS
    assert more(lines.due()) == [1]
    seconds.now += repeats.WINDOW_SECONDS
    assert lines.due() == []
    assert more(lines.admit(record(), "refused")) == [None]


def test_a_line_of_another_kind_brings_the_summaries_that_are_due(
    lines: Repeats, seconds: Seconds
) -> None:
    lines.admit(record(), "a")
    lines.admit(record(), "a")
    assert more(lines.admit(record(), "b")) == [None]
    seconds.now += repeats.WINDOW_SECONDS
    assert more(lines.admit(record(), "c")) == [1, None]


def test_at_the_end_the_rest_is_told(lines: Repeats) -> None:
    for kind in ("a", "b", "b", "b"):
        lines.admit(record(), kind)
    assert more(lines.rest()) == [2]
    assert lines.rest() == []


def test_tracebacks_are_written_once_in_ten_minutes_for_each_place(
    lines: Repeats, seconds: Seconds
) -> None:
    def traced(kind: str, error: Exception) -> list[bool]:
        found = lines.admit(record("failed", error=error), kind)
        return [line.exc_info is not None for line in found]

    assert traced("a", ValueError()) == [True]
    assert traced("a", ValueError()) == []
    assert traced("b", ValueError()) == [False]  # another person, the same line of code
    assert traced("a", KeyError()) == [True]
    seconds.now += repeats.WINDOW_SECONDS
    (summary,) = lines.due()
    assert (vars(summary)["more"], summary.exc_info) == (1, None)
    seconds.now += repeats.TRACEBACK_SECONDS
    assert traced("b", ValueError())[-1:] == [True]


def test_more_kinds_than_are_remembered_lose_no_count(lines: Repeats) -> None:
    lines.admit(record(), "first")
    lines.admit(record(), "first")
    for number in range(repeats.MOST_KINDS - 1):
        lines.admit(record(), number)
    assert more(lines.admit(record(), "new")) == [1, None]
