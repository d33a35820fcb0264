"""Sums up log lines that repeat, so that neither a failure nor an outsider can fill the log.

The first line of a kind is written in full. Those that follow within a minute are counted, and one line says at
the end of the minute how many there were. A traceback is written once in ten minutes for each place that it comes
from.
"""

from __future__ import annotations

import copy
import logging
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from bot.failures import origin_of

WINDOW_SECONDS = 60.0
TRACEBACK_SECONDS = 600.0

MOST_KINDS = 1_000
"""How many kinds of lines are remembered; beyond that, the oldest one is forgotten and begins anew."""


@dataclass
class _Window:
    """The lines of one kind since `until` minus WINDOW_SECONDS; `last` is the newest that was not written."""

    until: float
    held_back: int = 0
    last: logging.LogRecord | None = None


class Repeats:
    """Decides which records are written. It is not safe for threads: a handler's lock protects it."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._windows: dict[Hashable, _Window] = {}
        self._traced: dict[Hashable, float] = {}

    @property
    def holds_back(self) -> bool:
        """Return whether there are lines that wait to be summed up."""
        return any(window.held_back for window in self._windows.values())

    def admit(self, record: logging.LogRecord, kind: Hashable) -> list[logging.LogRecord]:
        """Return what is to be written now: the summaries that are due, and the record if it begins a window."""
        lines = self.due()
        error = record.exc_info[1] if record.exc_info else None
        origin = origin_of(error) if error is not None else None
        window = self._windows.get((kind, origin))
        if window is not None:
            window.held_back += 1
            window.last = record
            return lines
        if len(self._windows) >= MOST_KINDS:
            lines += self._end(next(iter(self._windows)))
        self._windows[kind, origin] = _Window(self._monotonic() + WINDOW_SECONDS)
        if error is not None and not self._may_trace((record.name, record.msg, origin)):
            record = _without_traceback(record)
        return [*lines, record]

    def due(self) -> list[logging.LogRecord]:
        """Return a summary for each window that has ended with lines held back, and begin the next one for it."""
        now, lines = self._monotonic(), []
        for key in [key for key, window in self._windows.items() if window.until <= now]:
            summary = self._end(key)
            if summary:
                self._windows[key] = _Window(now + WINDOW_SECONDS)
                lines += summary
        return lines

    def rest(self) -> list[logging.LogRecord]:
        """Return a summary of everything that was held back, and forget it."""
        return [line for key in list(self._windows) for line in self._end(key)]

    def _end(self, key: Hashable) -> list[logging.LogRecord]:
        window = self._windows.pop(key)
        if window.last is None:
            return []
        summary = _without_traceback(window.last)
        summary.more = window.held_back
        return [summary]

    def _may_trace(self, key: Hashable) -> bool:
        now = self._monotonic()
        self._traced = {key: until for key, until in self._traced.items() if until > now}
        if key in self._traced:
            return False
        self._traced[key] = now + TRACEBACK_SECONDS
        return True


def _without_traceback(record: logging.LogRecord) -> logging.LogRecord:
    plain = copy.copy(record)
    plain.exc_info = plain.exc_text = plain.stack_info = None
    return plain
