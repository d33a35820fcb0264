"""Before SQLite's schema is upgraded the database is copied, and the copy is a way back."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy import event

from bot import migrations
from bot.database import Database
from bot.problems import DatabaseProblem
from tests.migrations.schema import SCRIPTS, execute, tables

BEFORE = f"{int(migrations.HEAD) - 1:04}"


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Database]:
    """A database of the release before this one, with a workspace in it."""
    database = Database(f"sqlite:///{tmp_path}/basecoach.db")
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, BEFORE)
    execute(
        database,
        "INSERT INTO workspace (id, slack_team_id, name, bot_user_id, created_at) "
        "VALUES (1, 'T1', 'Harbor', 'U1', '2026-11-20 15:00:00')",
    )
    yield database
    database.close()


def path_of(database: Database) -> Path:
    return Path(database.url.database or "")


def facts(path: Path) -> tuple[str | None, list[str]]:
    """The revision of a database file and the names of its workspaces."""
    database = Database(f"sqlite:///{path}")
    try:
        with database.engine.connect() as connection:
            names = connection.execute(sa.text("SELECT name FROM workspace")).scalars().all()
        return migrations.current(database), list(names)
    finally:
        database.close()


def test_the_copy_is_complete_private_and_a_way_back(old: Database) -> None:
    umask = os.umask(0)
    try:
        done = migrations.upgrade(old)
    finally:
        os.umask(umask)
    copy = path_of(old).with_name(f"basecoach.db.schema-{BEFORE}")
    assert done == migrations.Upgrade(BEFORE, copy)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert facts(copy) == (BEFORE, ["Harbor"])
    assert migrations.current(old) == migrations.HEAD
    assert migrations.upgrade(old) is None, "a start without an upgrade copies nothing"

    old.close()
    shutil.copy(copy, path_of(old))
    assert facts(path_of(old)) == (BEFORE, ["Harbor"])
    again = Database(old.url.render_as_string())
    second = migrations.upgrade(again)
    again.close()
    assert second is not None
    assert second.copy == copy.with_name(f"{copy.name}-2"), "no copy is overwritten"


def test_an_upgrade_that_fails_leaves_no_copy(old: Database) -> None:
    seen = []

    def fail(_c: object, _cursor: object, statement: str, *_more: object) -> None:
        if statement.startswith("UPDATE alembic_version"):
            seen.extend(path_of(old).parent.glob("*.schema-*"))
            raise RuntimeError("the migration fails")

    event.listen(old.engine, "before_cursor_execute", fail)
    with pytest.raises(RuntimeError):
        migrations.upgrade(old)
    event.remove(old.engine, "before_cursor_execute", fail)
    assert len(seen) == 1, "the copy was there while the migration ran"
    assert list(path_of(old).parent.glob("*.schema-*")) == []
    assert migrations.current(old) == BEFORE


def test_without_a_copy_nothing_is_upgraded(old: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(source: Path, target: Path) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(migrations, "copy_database", full)
    with pytest.raises(
        DatabaseProblem, match=r"can't be copied .*No space left.* Nothing was changed"
    ):
        migrations.upgrade(old)
    assert migrations.current(old) == BEFORE


def test_an_empty_database_has_nothing_to_copy(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/basecoach.db")
    assert migrations.upgrade(database) == migrations.Upgrade(before=None)
    assert "workspace" in tables(database)
    database.close()
    assert [path.name for path in tmp_path.iterdir()] == ["basecoach.db"]
