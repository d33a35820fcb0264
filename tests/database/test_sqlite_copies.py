"""Copies of a database that is written to: complete, sound, for their owner alone, or not there at all."""

from __future__ import annotations

import os
import sqlite3
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot import migrations
from bot.database import Database, copy_database
from tests.database.workspaces import add_workspace, teams


@pytest.fixture
def wide_umask() -> Iterator[None]:
    """The umask that opens every new file to everybody."""
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.usefixtures("wide_umask")
def test_a_copy_has_what_lies_in_the_log_and_is_its_owners(
    new_sqlite: Callable[[], str], tmp_path: Path
) -> None:
    database, target = Database(new_sqlite()), tmp_path / "copy.db"
    database.write_now(add_workspace, "T1")
    source = Path(database.url.database or "")
    assert Path(f"{source}-wal").stat().st_size > 0
    assert copy_database(source, target) == migrations.HEAD
    database.close()
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert [path for path in tmp_path.iterdir() if path.name.startswith(target.name)] == [target]
    copied = Database(f"sqlite:///{target}")
    assert copied.read_now(teams) == ["T1"]
    copied.close()


def test_what_is_there_is_not_overwritten(new_sqlite: Callable[[], str], tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    target.write_text("mine")
    with pytest.raises(FileExistsError):
        copy_database(Path(new_sqlite().removeprefix("sqlite:///")), target)
    assert target.read_text() == "mine"


def test_what_is_no_database_leaves_nothing(tmp_path: Path) -> None:
    source = tmp_path / "notes.txt"
    source.write_text("these are my notes, not a database\n" * 50)
    with pytest.raises(sqlite3.DatabaseError):
        copy_database(source, tmp_path / "copy.db")
    assert list(tmp_path.iterdir()) == [source]
