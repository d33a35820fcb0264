"""The schema's history: all the way up and down, interrupted, at once, and refused."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import event

from bot import migrations
from bot.database import Database
from bot.domain.tables import SQLModel
from bot.problems import DatabaseProblem
from tests.migrations.schema import ALL_TABLES, PATIENCE, SCRIPTS, execute, tables

# There and back


def test_head_is_the_newest_script() -> None:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    assert ScriptDirectory.from_config(config).get_heads() == [migrations.HEAD]


def test_from_nothing_to_the_newest_version(empty: Database) -> None:
    assert migrations.current(empty) is None
    assert migrations.upgrade(empty)
    assert migrations.current(empty) == migrations.HEAD
    assert tables(empty) == ALL_TABLES
    migrations.require_current(empty)
    assert not migrations.upgrade(empty)


def test_the_migrated_schema_is_the_one_that_the_code_describes(empty: Database) -> None:
    migrations.upgrade(empty)
    with empty.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, SQLModel.metadata) == []


def test_back_to_nothing_and_there_again(empty: Database) -> None:
    migrations.upgrade(empty)
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    with empty.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    assert tables(empty) == {"alembic_version"}
    assert migrations.current(empty) is None
    assert migrations.upgrade(empty)
    assert tables(empty) == ALL_TABLES


# Interrupted


class PulledPlug(Exception):
    """The process was interrupted here."""


@pytest.mark.parametrize(
    "last_words", ["CREATE TABLE member", "CREATE INDEX", "INSERT INTO alembic"]
)
def test_an_interrupted_upgrade_leaves_nothing_and_the_next_one_succeeds(
    opened: Callable[[], Database], last_words: str
) -> None:
    first = opened()

    def pull_the_plug(_c: object, _cursor: object, statement: str, *_more: object) -> None:
        if statement.strip().startswith(last_words):
            raise PulledPlug

    event.listen(first.engine, "after_cursor_execute", pull_the_plug)
    with pytest.raises(PulledPlug):
        migrations.upgrade(first)
    first.close()

    second = opened()
    assert tables(second) == set()
    with pytest.raises(DatabaseProblem):
        migrations.require_current(second)
    assert migrations.upgrade(second)
    assert tables(second) == ALL_TABLES


# At once


def test_two_processes_that_upgrade_at_once_take_turns(opened: Callable[[], Database]) -> None:
    first, second = opened(), opened()
    in_the_middle, second_wants_in = threading.Event(), threading.Event()

    def pause(_c: object, _cursor: object, statement: str, *_more: object) -> None:
        if statement.strip().startswith("CREATE TABLE member"):
            in_the_middle.set()
            assert second_wants_in.wait(PATIENCE)

    def knock(_c: object, _cursor: object, statement: str, *_more: object) -> None:
        # What each kind of database takes turns by: a lock of its own, or the right to write.
        if "pg_advisory_xact_lock" in statement or statement == "BEGIN IMMEDIATE":
            second_wants_in.set()

    event.listen(first.engine, "before_cursor_execute", pause)
    with ThreadPoolExecutor(2) as threads:
        early = threads.submit(migrations.upgrade, first)
        assert in_the_middle.wait(PATIENCE)
        event.listen(second.engine, "before_cursor_execute", knock)
        late = threads.submit(migrations.upgrade, second)
        assert early.result(PATIENCE) == migrations.Upgrade(before=None)
        assert late.result(PATIENCE) is None
    for database in (first, second):
        migrations.require_current(database)
        assert tables(database) == ALL_TABLES


def test_many_processes_that_start_together(empty_url: str) -> None:
    together = threading.Barrier(4)

    def start() -> str | None:
        together.wait(PATIENCE)
        database = Database(empty_url)
        try:
            migrations.upgrade(database)
            return migrations.current(database)
        finally:
            database.close()

    with ThreadPoolExecutor(4) as threads:
        ends = [threads.submit(start) for _ in range(4)]
        assert [end.result(PATIENCE) for end in ends] == [migrations.HEAD] * 4


# Refused


def test_an_empty_database_is_refused_with_what_to_do(empty: Database) -> None:
    with pytest.raises(DatabaseProblem) as refused:
        migrations.require_current(empty)
    assert str(refused.value) == (
        f"The database's schema is at nothing, this release needs {migrations.HEAD}. "
        "Run `basecoach migrate`, then start again."
    )


@pytest.mark.parametrize("ask", [migrations.require_current, migrations.upgrade])
def test_a_schema_of_a_newer_release_is_refused_and_left_alone(
    database: Database, ask: Callable[[Database], object]
) -> None:
    execute(database, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(DatabaseProblem) as refused:
        ask(database)
    assert str(refused.value) == (
        "The database's schema is at 9999, which this release does not know. "
        "Run the newer release of Basecoach that made it, or restore a backup from before."
    )
    assert migrations.current(database) == "9999"


@pytest.mark.parametrize("ask", [migrations.require_current, migrations.upgrade])
def test_a_database_with_somebody_elses_tables_is_refused_and_left_alone(
    empty: Database, ask: Callable[[Database], object]
) -> None:
    execute(empty, "CREATE TABLE invoice (id integer)")
    with pytest.raises(DatabaseProblem) as refused:
        ask(empty)
    assert str(refused.value) == (
        "The database holds other tables than Basecoach's. "
        "Give Basecoach an empty database of its own in DATABASE_URL."
    )
    assert tables(empty) == {"invoice"}
