"""The schema's history, on both kinds of database: from nothing to the newest version and back."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from click.testing import CliRunner
from sqlalchemy import event

from bot import migrations
from bot.commands.running import migrate, run
from bot.database import Database
from bot.domain.tables import SQLModel
from bot.problems import DatabaseProblem
from tests.patience import PATIENCE

SCRIPTS = Path(migrations.__file__).parent


@pytest.fixture
def empty_sqlite(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/empty.db"


@pytest.fixture
def empty_postgresql(postgresql_server: str) -> Iterator[str]:
    url = sa.make_url(postgresql_server)
    admin = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql("CREATE DATABASE empty")
    yield url.set(database="empty").render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.exec_driver_sql("DROP DATABASE empty WITH (FORCE)")
    admin.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def empty_url(request: pytest.FixtureRequest) -> str:
    """The address of a database with nothing in it, on both kinds."""
    url: str = request.getfixturevalue(f"empty_{request.param}")
    return url


@pytest.fixture
def opened(empty_url: str) -> Iterator[Callable[[], Database]]:
    """Opens the empty database as one more process would."""
    databases: list[Database] = []

    def open_it() -> Database:
        databases.append(Database(empty_url))
        return databases[-1]

    yield open_it
    for database in databases:
        database.close()


@pytest.fixture
def empty(opened: Callable[[], Database]) -> Database:
    return opened()


def tables(database: Database) -> set[str]:
    return set(sa.inspect(database.engine).get_table_names())


ALL_TABLES = {*SQLModel.metadata.tables, "alembic_version"}


def execute(database: Database, *statements: str) -> None:
    with database.engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


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


def test_a_team_of_the_first_schema_is_kept_and_gets_the_usual_plan_settings(
    empty: Database,
) -> None:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    with empty.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    execute(
        empty,
        "INSERT INTO workspace (id, slack_team_id, name, bot_user_id, created_at) "
        "VALUES (1, 'T1', 'Harbor', 'U1', '2026-11-20 15:00:00')",
        "INSERT INTO member (id, workspace_id, slack_user_id, name, locale, timezone, "
        "timezone_chosen, timezone_missing, is_admin, is_guest, profile_read_at, created_at) "
        "VALUES (1, 1, 'U2', 'Dana', 'en_US', 'UTC', false, false, false, false, "
        "'2026-11-20 15:00:00', '2026-11-20 15:00:00')",
        "INSERT INTO team (id, workspace_id, name, name_key, coach_id, check_in_day, check_in_at, "
        "deadline_day, deadline_at, working_from, working_until, currency, created_at) "
        "VALUES (1, 1, 'East', 'east', 1, 0, '09:00:00', 1, '17:00:00', '08:00:00', '20:00:00', "
        "'USD', '2026-11-20 15:00:00')",
        "INSERT INTO enrolment (id, workspace_id, member_id, team_id, enrolled_on) "
        "VALUES (1, 1, 1, 1, '2026-11-01')",
    )

    assert migrations.upgrade(empty)
    with empty.engine.connect() as connection:
        settings = connection.exec_driver_sql(
            "SELECT name, sales_cycle_days, conversation_minutes, weekly_hours, raise_after_weeks "
            "FROM team JOIN enrolment ON enrolment.team_id = team.id"
        ).all()
    assert [tuple(row) for row in settings] == [("East", 60, 30, 25, 4)]

    with empty.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0001")
        names = connection.exec_driver_sql("SELECT name FROM team").all()
    assert [tuple(row) for row in names] == [("East",)]
    assert "weekly_hours" not in {c["name"] for c in sa.inspect(empty.engine).get_columns("team")}


ROWS_OF_0001 = (
    "INSERT INTO workspace (id, slack_team_id, name, bot_user_id, created_at)"
    " VALUES (1, 'T1', 'Harbor', 'U1', '2026-11-20 15:00:00')",
    "INSERT INTO member (id, workspace_id, slack_user_id, name, locale, timezone, timezone_chosen,"
    " timezone_missing, is_admin, is_guest, profile_read_at, created_at) VALUES (1, 1, 'U2', 'Priya',"
    " 'en_US', 'UTC', false, false, false, false, '2026-11-20 15:00:00', '2026-11-20 15:00:00')",
    "INSERT INTO team (id, workspace_id, name, name_key, coach_id, check_in_day, check_in_at,"
    " deadline_day, deadline_at, working_from, working_until, currency, created_at) VALUES (1, 1, 'H',"
    " 'h', 1, 0, '09:00:00', 1, '17:00:00', '08:00:00', '20:00:00', 'USD', '2026-11-20 15:00:00')",
    "INSERT INTO metric (id, workspace_id, key, name, unit, question, source, position)"
    " VALUES (1, 1, 'sales', 'Sales', 'money', 'Did you?', 'conversations', 0)",
    "INSERT INTO check_in (id, workspace_id, member_id, team_id, week, state, due_at, late)"
    " VALUES (1, 1, 1, 1, '2026-11-09', 'answered', '2026-11-16 09:00:00', false)",
    "INSERT INTO answer (id, workspace_id, check_in_id, metric_id, position, name, unit, question,"
    " source, target, late, edited) VALUES (1, 1, 1, 1, 0, 'Sales', 'money', 'Did you?',"
    " 'conversations', 20000, false, false)",
)
"""A check-in from before there were absences."""


def test_check_ins_from_before_absences_are_whole_weeks_and_survive_the_way_back(
    empty: Database,
) -> None:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    with empty.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    execute(empty, *ROWS_OF_0001)
    migrations.upgrade(empty)
    with empty.engine.connect() as connection:
        found = connection.exec_driver_sql(
            "SELECT working_days, country, work_days, days_off, holidays, full_target FROM team"
            " JOIN check_in ON check_in.team_id = team.id JOIN answer ON check_in_id = check_in.id"
        ).all()
    assert [tuple(row) for row in found] == [("01234", None, None, 0, 0, None)]
    with empty.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0001")
        (kept,) = connection.exec_driver_sql("SELECT state FROM check_in").all()
    assert tuple(kept) == ("answered",)


OUTBOX_OF_0004 = (
    "INSERT INTO workspace (id, slack_team_id, name, bot_user_id, created_at, dead_because)"
    " VALUES (1, 'T1', 'Harbor', 'U1', '2026-11-20 15:00:00', 'token_revoked')",
    *(
        "INSERT INTO outbox (id, workspace_id, surface, subject_id, lane, wanted, shown, due_at, looks,"  # noqa: S608
        " uncertain_since, heal_at, token, attempts, dead_because, created_at) VALUES"
        f" ({number}, 1, 'check_in', {number}, '{lane}', 3, 2, '2026-11-23 09:00:00', {looks},"
        f" '2026-11-23 09:01:00', {heal_at}, 't{number}', 4, {dead_because}, '2026-11-20 15:00:00')"
        for number, lane, looks, heal_at, dead_because in (
            (1, "post", 1, "NULL", "NULL"),
            (2, "update", 2, "'2026-11-23 09:05:00'", "NULL"),
            (3, "post", 0, "NULL", "'invalid_blocks'"),
        )
    ),
)
"""A post that was looked for once, a message with two redraws in flight, and a post that was given up."""


def test_the_outbox_keeps_its_rows_under_the_columns_new_names_and_back(empty: Database) -> None:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    with empty.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0004")
    execute(empty, *OUTBOX_OF_0004)
    before = everything_in(empty, "outbox")

    migrations.upgrade(empty)
    with empty.engine.connect() as connection:
        found = connection.exec_driver_sql(
            "SELECT lookbacks, redraws_in_flight, desired_version, rendered_version, failed_reason,"
            " unknown_since IS NULL, duplicate_check_at IS NULL FROM outbox ORDER BY id"
        ).all()
        reason = connection.exec_driver_sql("SELECT disconnected_reason FROM workspace").scalar()
    assert [tuple(row) for row in found] == [
        (1, 0, 3, 2, None, False, True),
        (0, 2, 3, 2, None, False, False),
        (0, 0, 3, 2, "invalid_blocks", False, True),
    ]
    assert reason == "token_revoked"

    with empty.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0004")
    assert everything_in(empty, "outbox") == before


def everything_in(database: Database, table: str) -> list[dict[str, object]]:
    """Every row of a table, by column."""
    with database.engine.connect() as connection:
        found = connection.exec_driver_sql(f"SELECT * FROM {table} ORDER BY id")  # noqa: S608
        return [dict(row) for row in found.mappings()]


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
        assert early.result(PATIENCE) is True
        late.result(PATIENCE)
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


# The commands


@pytest.fixture
def logs_as_before() -> Iterator[None]:
    """A command directs the logs to where its own output goes; put them back."""
    root, ours = logging.getLogger(), logging.getLogger("bot")
    handlers, level = root.handlers[:], ours.level
    yield
    root.handlers[:] = handlers
    ours.setLevel(level)


@pytest.fixture
def settings(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, empty_url: str, logs_as_before: None
) -> None:
    """The environment of a command: tokens, and the empty database."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", empty_url)
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-nobody-takes-this")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-nobody-takes-this")
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:1/api/")  # nobody answers there


@pytest.mark.usefixtures("settings")
def test_migrate_brings_the_schema_up_and_says_so() -> None:
    result = CliRunner().invoke(migrate)
    assert (result.exit_code, result.output) == (0, f"The schema is at {migrations.HEAD}.\n")
    result = CliRunner().invoke(migrate)
    assert (result.exit_code, result.output) == (
        0,
        f"The schema is at {migrations.HEAD} already.\n",
    )


@pytest.mark.usefixtures("settings")
def test_run_upgrades_sqlite_and_refuses_an_old_schema_on_postgresql(empty_url: str) -> None:
    result = CliRunner().invoke(run)
    assert result.exit_code == 1
    if empty_url.startswith("sqlite"):
        assert "Slack does not answer" in result.output  # it got as far as that
    else:
        assert result.output == (
            f"Error: The database's schema is at nothing, this release needs {migrations.HEAD}. "
            "Run `basecoach migrate`, then start again.\n"
        )
