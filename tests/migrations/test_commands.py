"""`basecoach migrate`, and what `basecoach run` does about the schema."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from click.testing import CliRunner

from bot import migrations
from bot.commands.running import migrate, run
from bot.database import Database
from tests.migrations.schema import SCRIPTS

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
def test_migrate_says_where_the_way_back_is(empty_url: str) -> None:
    """A copy that it made of an SQLite file; for PostgreSQL a dump, which it can't make."""
    CliRunner().invoke(migrate)
    database = Database(empty_url)
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0007")
    database.close()
    result = CliRunner().invoke(migrate)
    assert result.exit_code == 0
    first, second = result.output.splitlines()
    if empty_url.startswith("sqlite"):
        assert first == f"The schema is at {migrations.HEAD}."
        copy = f"{empty_url.removeprefix('sqlite:///')}.schema-0007"
        assert second.startswith(f"The database as it was before, at 0007, is in {copy}. ")
        assert Path(copy).is_file()
    else:
        assert first == (
            "PostgreSQL is not copied first: the way back is a dump of your own (pg_dump)."
        )
        assert second == f"The schema is at {migrations.HEAD}."


@pytest.mark.postgresql
@pytest.mark.usefixtures("settings")
def test_a_role_that_may_not_make_tables_is_told_what_to_grant(
    empty_postgresql: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = sa.make_url(empty_postgresql)
    admin = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with admin.connect() as connection:
        connection.exec_driver_sql("CREATE ROLE guest LOGIN")
        as_guest = url.set(username="guest").render_as_string(hide_password=False)
        monkeypatch.setenv("DATABASE_URL", as_guest)
        result = CliRunner().invoke(migrate)
        connection.exec_driver_sql("DROP ROLE guest")
    assert result.exit_code == 1
    assert "Error: The role guest may not make tables in the database empty." in result.output
    assert "GRANT CREATE ON SCHEMA public TO guest" in result.output


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
