"""Says why the database failed, in one of a few words, and counts the writes that failed.

Only failures of the database itself have a cause here: a refused value or a bug of a use case has none.
"""

from __future__ import annotations

import sqlite3
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

WORDS: Mapping[str, str] = MappingProxyType(
    {
        "disk_full": "its disk is full",
        "read_only": "it is read-only",
        "disk": "its disk fails",
        "damaged": "its file is damaged",
        "locked": "it is locked by another process",
        "slow": "it took too long",
        "crowded": "it has no connection left",
        "away": "it does not answer",
        "other": "it refuses the work",
    }
)
"""Each cause, and how a sentence about the database goes on with it."""

_SQLITE: Mapping[int, str] = MappingProxyType(
    {
        sqlite3.SQLITE_FULL: "disk_full",
        sqlite3.SQLITE_READONLY: "read_only",
        sqlite3.SQLITE_IOERR: "disk",
        sqlite3.SQLITE_CANTOPEN: "disk",
        sqlite3.SQLITE_CORRUPT: "damaged",
        sqlite3.SQLITE_NOTADB: "damaged",
        sqlite3.SQLITE_BUSY: "locked",
        sqlite3.SQLITE_LOCKED: "locked",
    }
)
"""SQLite's primary result codes (https://sqlite.org/rescode.html)."""

_POSTGRESQL: Mapping[str, str] = MappingProxyType(
    {
        "53100": "disk_full",
        "25006": "read_only",
        "58030": "disk",
        "XX001": "damaged",
        "XX002": "damaged",
        "55P03": "locked",
        "57014": "slow",
        "25P03": "slow",
        "53300": "crowded",
    }
)
"""PostgreSQL's codes (Appendix A of its manual)."""


def cause_of(error: BaseException) -> str | None:
    """Return why the database failed, a key of WORDS; None for an error that is not the database's.

    Where an error followed another one, the first of them tells: after a full disk SQLite forgets its savepoints,
    and the complaint about that is no cause.
    """
    found = None
    for link in _chain(error):
        found = _cause_of_one(link) or found
    return found


class WriteFailures:
    """Counts the writes that failed because of the database, by their cause. Any thread may count."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._lock = threading.Lock()

    def note(self, error: BaseException) -> None:
        """Count a write that ended with this error, if the database is to blame."""
        cause = cause_of(error)
        if cause is not None:
            with self._lock:
                self._counts[cause] += 1

    def counts(self) -> Counter[str]:
        """Return how many writes failed, by cause, since the process started."""
        with self._lock:
            return self._counts.copy()


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield the error, and those that it came from, the first one last."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        link = waiting.pop()
        if id(link) in seen:
            continue
        seen.add(id(link))
        yield link
        if isinstance(link, BaseExceptionGroup):
            waiting += link.exceptions
        earlier = link.__cause__ or link.__context__
        if earlier is not None:
            waiting.append(earlier)


def _cause_of_one(error: BaseException) -> str | None:
    if isinstance(error, PoolTimeout):
        return "crowded"
    if isinstance(error, DBAPIError):
        return _cause_of_driver(
            error.orig, lost=isinstance(error, (OperationalError, InterfaceError))
        )
    return None


def _cause_of_driver(error: BaseException | None, *, lost: bool) -> str | None:
    """Return the cause in the driver's own error; `lost` says that it is no fault of the statement."""
    code = getattr(error, "sqlite_errorcode", None)
    if isinstance(code, int):
        return _SQLITE.get(code & 0xFF, "other" if lost else None)
    state: str | None = getattr(error, "sqlstate", None)
    if state is not None and state in _POSTGRESQL:
        return _POSTGRESQL[state]
    if not lost:
        return None
    if state is None or state[:2] in {"08", "57"}:  # no server has answered, or it shuts down
        return "away"
    return "other"
