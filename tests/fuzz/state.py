"""What a database holds, row by row, to tell what was changed and whose it was."""

from __future__ import annotations

import sqlite3
from typing import Any

from sqlmodel import SQLModel

from bot.database import Database

Row = tuple[Any, ...]
State = dict[tuple[str, int], dict[str, Any]]
"""Each row by its table and id."""


def dump(database: Database) -> State:
    """Every row of every table of an SQLite database, as last committed."""
    connection = sqlite3.connect(str(database.url.database))
    connection.row_factory = sqlite3.Row
    try:
        return {
            (table, row["id"]): dict(row)
            for table in SQLModel.metadata.tables
            for row in connection.execute(f"SELECT * FROM {table}")  # noqa: S608 - a name of ours
        }
    finally:
        connection.close()


def changed(before: State, after: State) -> list[tuple[str, dict[str, Any]]]:
    """The rows that came, went or differ, with their tables, as they are now (or were, if gone)."""
    keys = sorted(before.keys() | after.keys())
    return [
        (key[0], after.get(key) or before[key]) for key in keys if before.get(key) != after.get(key)
    ]
