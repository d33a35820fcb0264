"""Writes logs that contain ids, but never message texts or tokens.

Each event is one line: `text` for people, `json` for machines. The values in `extra` are part of the line. The
SDK's own debug lines, which contain whole requests and answers, stay off at every level. No logged value can start
a new line, because line breaks and other control characters are escaped. Warnings and errors that repeat are
summed up (bot.repeats).
"""

from __future__ import annotations

import copy
import json
import logging
import math
import re
import sys
import threading
import time
from collections.abc import Callable, Hashable, Mapping
from datetime import UTC, datetime
from typing import Any, TextIO

from bot.repeats import WINDOW_SECONDS, Repeats

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}

_SECRET = re.compile(
    r"xox[a-z](?:\.xox[a-z])?-[\w-]+"  # Slack's tokens
    r"|xapp-[\w-]+"
    r"|(?<=://)[^/\s:@\"']*:[^\s\"']+(?=@)"  # user:password in a URL
    r"|(?<=\bticket=)[^\s&\"']+"  # the ticket of a WebSocket URL
    r"|(?<=\bpassword=)[^\s&\"']+"
    r"|https://hooks\.slack\.com/[^\s\"']+"
    r"|/response/[\w-]+",
    re.IGNORECASE,
)

# Database drivers quote the values that they were given, and texts of people may be among them.
_QUOTED_VALUES = re.compile(
    r"(?m)^\[parameters: .*$" r"|^DETAIL: [\s\S]*?(?=\n\[SQL: |\n\nThe above exception|\Z)"
)

_QUIET = ("slack_sdk", "slack_bolt", "apscheduler", "aiohttp", "uvicorn", "sqlalchemy", "alembic")


def configure(
    *,
    level: str,
    style: str,
    stream: TextIO | None = None,
    monotonic: Callable[[], float] = time.monotonic,
) -> None:
    """Send the process's logs to `stream` (by default standard error), as `text` or `json`."""
    handler = SummingHandler(stream or sys.stderr, monotonic=monotonic)
    handler.setFormatter(_Json() if style == "json" else _Text())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("bot").setLevel(level.upper())
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def redact(text: str) -> str:
    """Return the text without anything that looks like a token, a password in a URL or a response_url."""
    return _SECRET.sub("[secret]", text)


class SummingHandler(logging.StreamHandler[TextIO]):
    """Writes records to a stream, and sums up warnings and errors that repeat."""

    def __init__(self, stream: TextIO, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        super().__init__(stream)
        self._repeats = Repeats(monotonic)
        self._timer: threading.Timer | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record, or count it if it repeats. `handle` holds the lock."""
        if record.levelno < logging.WARNING:
            super().emit(record)
            return
        try:
            record = _with_error(record)
            lines = self._repeats.admit(record, _kind(record))
        except Exception:
            self.handleError(record)
            return
        for line in lines:
            super().emit(line)
        if self._timer is None and self._repeats.holds_back:
            self._timer = threading.Timer(WINDOW_SECONDS, self.sum_up)
            self._timer.daemon = True
            self._timer.start()

    def sum_up(self) -> None:
        """Write the summaries that are due."""
        self.acquire()
        try:
            self._timer = None
            for line in self._repeats.due():
                super().emit(line)
        finally:
            self.release()

    def close(self) -> None:
        """Write the summaries of everything that was held back; the process ends."""
        self.acquire()
        try:
            if self._timer is not None:
                self._timer.cancel()
            for line in self._repeats.rest():
                super().emit(line)
        finally:
            self.release()
        super().close()


def _with_error(record: logging.LogRecord) -> logging.LogRecord:
    """Return the record with its exception in a few words, which stay when the traceback is left out."""
    error = record.exc_info[1] if record.exc_info else None
    if error is None or hasattr(record, "error"):
        return record
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    # Of other errors only the class is told: their texts may quote what a person wrote.
    told = getattr(error, "orig", None) or (error if isinstance(error, OSError) else None)
    words = [type(error).__name__, *str(told or "").splitlines()[:1]]
    record = copy.copy(record)
    record.error = ": ".join(words)
    return record


def _kind(record: logging.LogRecord) -> Hashable:
    """Return what lines that say the same have in common.

    A reference only leads to one of them. Rows that fail together for a cause that is none of theirs are one kind.
    """
    facts = _facts(record)
    facts.pop("reference", None)
    if facts.get("cause", "bug") != "bug":
        facts = {name: value for name, value in facts.items() if name not in {"row", "subject"}}
    return (record.name, record.levelno, record.getMessage(), json.dumps(facts, sort_keys=True))


class _Text(logging.Formatter):
    """`2026-11-23 09:00:00 info    bot.app: started workspace=T0HARBOR`"""

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%d %H:%M:%S")
        event = _on_one_line(redact(record.getMessage()))
        found = _facts(record)
        if more := found.pop("more", None):
            event += f" … {more} more of these in the last minute"
        facts = "".join(f" {name}={_word(value)}" for name, value in found.items())
        line = f"{moment} {record.levelname.lower():<7} {record.name}: {event}{facts}"
        for trace in _traceback(self, record).splitlines():
            line += f"\n  | {_on_one_line(trace)}"
        return line


class _Json(logging.Formatter):
    """Writes one JSON object a line. A value of `extra` whose name is taken gets an underscore after its name."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": redact(record.getMessage()),
        }
        for name, value in _facts(record).items():
            line[f"{name}_" if name in line else name] = value
        if trace := _traceback(self, record):
            line["exception"] = trace
        return json.dumps(line)  # ASCII only, so no Unicode line break gets through


def _facts(record: logging.LogRecord) -> dict[str, Any]:
    return {
        name: _plain(value)
        for name, value in vars(record).items()
        if name not in _STANDARD and value not in ("", None)
    }


def _plain(value: object) -> Any:
    """Return the value in a form that JSON knows, without secrets."""
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, Mapping):
        return {redact(str(name)): _plain(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(inner) for inner in value]
    return redact(str(value))


def _word(value: Any) -> str:
    """Return a value for a line of text, in quotation marks if its end would not be clear."""
    text = value if isinstance(value, str) else json.dumps(value)
    if re.search(r'[\s"=]', text):
        text = '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return _on_one_line(text)


def _on_one_line(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _traceback(formatter: logging.Formatter, record: logging.LogRecord) -> str:
    if not record.exc_info:
        return ""
    return redact(
        _QUOTED_VALUES.sub("[values left out]", formatter.formatException(record.exc_info))
    )
