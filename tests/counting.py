"""Counts the statements that a use case sends to the database, so that a test can hold their number constant."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from bot.database import Database


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """Collect the text of each statement that the database receives in the `with` block, reads and writes alike.

    One statement for many rows (`executemany`) counts once. PostgreSQL's COPY, BEGIN and COMMIT are not seen;
    savepoints are.
    """
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    engines = {database.engine, database._read_engine}
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)
