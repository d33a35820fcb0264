"""Addresses and files that are no database, and reading that cannot write."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.database import Database, create_engine, parse_url
from bot.problems import DatabaseProblem
from tests.database.workspaces import add_workspace
from tests.patience import PATIENCE


async def test_reading_cannot_write_on_sqlite(new_sqlite: object) -> None:
    database = Database(new_sqlite())  # type: ignore[operator]
    with pytest.raises(sa.exc.OperationalError, match="readonly"):
        await database.read(add_workspace, "T1")
    database.close()


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("mysql://x/y", "does not speak"),
        ("hello", "not a database address"),
        ("sqlite://", "names no SQLite file"),
    ],
)
def test_an_address_that_is_none_is_refused_in_words(address: str, words: str) -> None:
    with pytest.raises(DatabaseProblem, match=words):
        parse_url(address)


def test_a_file_that_is_no_database_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("these are my notes, not a database\n" * 50)
    database = Database(f"sqlite:///{path}")
    with pytest.raises(DatabaseProblem, match="is not an SQLite database"):
        database.check()
    database.close()


def test_a_new_file_that_another_process_writes_to_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    engine = create_engine(parse_url(f"sqlite:///{path}"), writes=True)
    with ThreadPoolExecutor() as pool:
        connecting = pool.submit(engine.connect)
        with suppress(TimeoutError):
            connecting.result(timeout=0.5)
        other.execute("COMMIT")
        with connecting.result(PATIENCE) as connection:
            assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    engine.dispose()
    other.close()
