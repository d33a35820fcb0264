"""The storage: one SQLite file, with a row of JSON for each record, is kept over restarts.

Every write goes to the file at once (10,000 messages take about a second). SQLite does not force it onto
the disk: the file survives a killed process, and a sandbox need not survive a power cut.
"""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any, TypeVar

Record = TypeVar("Record")


APPLICATION_ID = 0x4841_5242
"""Marks the file as a sandbox's, so that no other database is written into by mistake."""


class StorageError(Exception):
    """The file can't be used: it does not belong to a sandbox, or can't be written."""


class Storage:
    """Keeps records by kind and key. With None as path it keeps nothing."""

    def __init__(self, path: Path | None) -> None:
        self._connection: sqlite3.Connection | None = None
        if path is None:
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(path, isolation_level=None)
            self._check_owner(path)
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = OFF")
            self._connection.execute(
                "CREATE TABLE IF NOT EXISTS kept"
                " (kind TEXT, key TEXT, content TEXT NOT NULL, PRIMARY KEY (kind, key))"
                " WITHOUT ROWID"
            )
            self._connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        except (OSError, sqlite3.Error) as error:
            self.close()
            raise StorageError(f"{path} can't hold a sandbox workspace: {error}") from error

    def close(self) -> None:
        """Close the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _check_owner(self, path: Path) -> None:
        if self._connection is None:
            return
        (owner,) = self._connection.execute("PRAGMA application_id").fetchone()
        (tables,) = self._connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if tables and owner != APPLICATION_ID:
            self.close()
            raise StorageError(f"{path} is a database, but not a sandbox's")

    def rename_channel(self, old_id: str, new_id: str) -> None:
        """Move what is kept of a channel's messages under its new id."""
        if self._connection is not None:
            self.forget("channel", old_id)
            self._connection.execute(
                "UPDATE kept SET key = replace(key, ?, ?),"
                " content = json_set(content, '$.channel', ?)"
                " WHERE kind = 'message' AND key LIKE ? || '/%'",
                (old_id, new_id, new_id, old_id),
            )

    def save(self, kind: str, key: str, record: Any) -> None:
        """Keep a flat dataclass of JSON values under its key, in place of what was there."""
        if self._connection is not None:
            self._write(kind, key, vars(record))

    def load(self, kind: str, record_type: type[Record]) -> list[Record]:
        """Return everything that is kept of one kind, in the order of the keys."""
        return [record_type(**content) for content in self._contents(kind)]

    def forget(self, kind: str, key: str) -> None:
        """Forget one record."""
        if self._connection is not None:
            self._connection.execute("DELETE FROM kept WHERE kind = ? AND key = ?", (kind, key))

    def forget_channel(self, channel_id: str) -> None:
        """Forget a channel with all its messages."""
        if self._connection is not None:
            self.forget("channel", channel_id)
            self._connection.execute(
                "DELETE FROM kept WHERE kind = 'message' AND key LIKE ? || '/%'", (channel_id,)
            )

    def save_value(self, key: str, value: Any) -> None:
        """Keep a single value, such as how far the clock is ahead."""
        if self._connection is not None:
            self._write("value", key, value)

    def value(self, key: str, default: Any) -> Any:
        """Return a single value, or `default` if none is kept."""
        if self._connection is None:
            return default
        row = self._connection.execute(
            "SELECT content FROM kept WHERE kind = 'value' AND key = ?", (key,)
        ).fetchone()
        return default if row is None else json.loads(row[0])

    def _write(self, kind: str, key: str, content: Any) -> None:
        if self._connection is None:
            return
        self._connection.execute(
            "INSERT INTO kept VALUES (?, ?, ?)"
            " ON CONFLICT (kind, key) DO UPDATE SET content = excluded.content",
            (kind, key, json.dumps(content, default=sorted)),
        )

    def _contents(self, kind: str) -> list[Any]:
        if self._connection is None:
            return []
        rows = self._connection.execute(
            "SELECT content FROM kept WHERE kind = ? ORDER BY key", (kind,)
        )
        return [json.loads(row[0]) for row in rows]
