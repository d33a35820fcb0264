"""Writes logs that contain ids, but never message texts or tokens.

Each event is one line: `text` for people, `json` for machines. The values in `extra` are part of the line. The
SDK's own debug lines, which contain whole requests and answers, stay off at every level. No logged value can start
a new line, because line breaks and other control characters are escaped.
"""

from __future__ import annotations

import json
import logging
import math
import re
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TextIO

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


def configure(*, level: str, style: str, stream: TextIO | None = None) -> None:
    """Send the process's logs to `stream` (by default standard error), as `text` or `json`."""
    handler = logging.StreamHandler(stream or sys.stderr)
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


class _Text(logging.Formatter):
    """`2026-11-23 09:00:00 info    bot.app: started workspace=T0HARBOR`"""

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%d %H:%M:%S")
        event = _on_one_line(redact(record.getMessage()))
        facts = "".join(f" {name}={_word(value)}" for name, value in _facts(record).items())
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
