"""`basecoach run` and `basecoach migrate` as an operator starts them: what stops them at once, in words."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing
from pathlib import Path

import click
import pytest
import sqlalchemy as sa

from bot import migrations
from bot.clock import SettableClock
from bot.commands.running import opened_database
from bot.config import Settings
from bot.sandbox.people import Person
from bot.sandbox.seed import seed_workspace
from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import Workspace
from tests.commands.started import outcome, started
from tests.patience import PATIENCE
from tests.repository import MANIFEST

EMPTY = "a_database_of_its_own"


@pytest.fixture
async def slack(clock: SettableClock) -> AsyncIterator[SandboxServer]:
    """A workspace without a bot."""
    workspace = Workspace.open(None, clock=clock, manifest=MANIFEST)
    seed_workspace(workspace)
    server = SandboxServer(workspace, clock=clock)
    await server.start()
    yield server
    await server.stop()
    workspace.close()


@pytest.fixture
def settings(slack: SandboxServer) -> dict[str, str]:
    """What a bot needs to work in that workspace."""
    return {
        "SLACK_BOT_TOKEN": slack.workspace.bot_token,
        "SLACK_APP_TOKEN": slack.workspace.app_token,
        "SLACK_API_URL": slack.api_url,
        "BASECOACH_CLOCK_URL": slack.clock_url,
    }


def unused_address() -> str:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}"


async def refused(folder: Path, environment: dict[str, str], *through: str) -> str:
    """Why the bot did not start: a sentence and exit code 1, and nothing for programmers."""
    code, said = await outcome(
        "run", folder=folder, environment=environment, through=through or None
    )
    assert code == 1, said
    assert "Traceback" not in said, said
    return said


# Settings


async def test_everything_that_is_missing_is_named_at_once(tmp_path: Path) -> None:
    said = await refused(tmp_path, {})
    assert said.startswith("Error: These settings need mending:\n")
    assert "• SLACK_BOT_TOKEN is missing." in said
    assert "• SLACK_APP_TOKEN is missing." in said
    assert list(tmp_path.iterdir()) == []


async def test_everything_that_is_wrong_is_named_at_once_and_no_secret_with_it(
    tmp_path: Path,
) -> None:
    said = await refused(
        tmp_path,
        {
            "SLACK_BOT_TOKEN": "xapp-1-swapped-0123456789",
            "SLACK_API_URL": "slack.com",
            "DATABASE_URL": "mysql://sales:hunter2@host/basecoach",
            "BASECOACH_LOG_LEVEL": "loud",
            "BASECOACH_ADMIN_USERS": "U0ALEX, Dana",
            "BASECOACH_PORT": "3333",
        },
    )
    problems = [line for line in said.splitlines() if line.startswith("  • ")]
    for name, problem in zip(
        (
            "DATABASE_URL starts with mysql",
            "SLACK_BOT_TOKEN should be the bot token",
            "SLACK_APP_TOKEN is missing",
            "SLACK_API_URL is not an address",
            "BASECOACH_ADMIN_USERS has “Dana”",
            "BASECOACH_LOG_LEVEL is “loud”",
            "BASECOACH_PORT is not a setting of Basecoach",
        ),
        problems,
        strict=True,
    ):
        assert name in problem
    assert "hunter2" not in said
    assert "swapped" not in said


async def test_settings_come_from_the_env_file_too(
    tmp_path: Path, settings: dict[str, str]
) -> None:
    lines = [f'{name}="{value}"\n' for name, value in settings.items()]
    (tmp_path / ".env").write_text("".join(lines))
    async with started("run", folder=tmp_path) as bot:
        await bot.until("started")
        assert await bot.terminate() == 0


# Slack


async def test_a_wrong_bot_token(tmp_path: Path, settings: dict[str, str]) -> None:
    said = await refused(tmp_path, {**settings, "SLACK_BOT_TOKEN": "xoxb-wrong-token-1234"})
    assert "Error: Slack does not take SLACK_BOT_TOKEN (invalid_auth). Copy it again" in said
    assert "wrong-token" not in said


async def test_a_wrong_app_token(tmp_path: Path, settings: dict[str, str]) -> None:
    said = await refused(tmp_path, {**settings, "SLACK_APP_TOKEN": "xapp-wrong-token-1234"})
    assert "Error: Slack does not take SLACK_APP_TOKEN (invalid_auth)." in said
    assert "connections:write" in said
    assert "wrong-token" not in said


async def test_nobody_where_slack_should_be(tmp_path: Path, settings: dict[str, str]) -> None:
    nowhere = unused_address()
    said = await refused(tmp_path, {**settings, "SLACK_API_URL": f"{nowhere}/api/"})
    assert f"Slack does not answer at {nowhere}/api/" in said
    assert "Check SLACK_API_URL and the network" in said


async def test_nobody_where_the_clock_should_be(tmp_path: Path, settings: dict[str, str]) -> None:
    nowhere = unused_address()
    said = await refused(tmp_path, {**settings, "BASECOACH_CLOCK_URL": f"{nowhere}/clock"})
    assert f"BASECOACH_CLOCK_URL: no clock answers at {nowhere}/clock" in said


# The database


async def test_a_file_that_is_no_database(tmp_path: Path, settings: dict[str, str]) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("call Acme on Tuesday\n" * 100)
    said = await refused(tmp_path, {**settings, "DATABASE_URL": f"sqlite:///{notes}"})
    assert f"{notes} is not an SQLite database. Point DATABASE_URL at another file" in said
    assert notes.read_text() == "call Acme on Tuesday\n" * 100


async def test_somebody_elses_database(tmp_path: Path, settings: dict[str, str]) -> None:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'wiki.db'}")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE pages (title TEXT)")
    engine.dispose()
    said = await refused(tmp_path, {**settings, "DATABASE_URL": "sqlite:///wiki.db"})
    assert "Give Basecoach an empty database of its own in DATABASE_URL." in said


@pytest.fixture
def without_override() -> list[str]:
    """Starts a command that file permissions hold for, also under root."""
    if os.geteuid() != 0:
        return []
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        pytest.skip("root may write to everything, and there is no setpriv to keep it from that")
    return [setpriv, "--bounding-set=-dac_override"]


@pytest.fixture
def kept(
    new_sqlite: Callable[[], str], tmp_path: Path, without_override: list[str]
) -> Iterator[Path]:
    """A migrated database in a folder of its own, which the test may close to writing."""
    folder = tmp_path / "kept"
    folder.mkdir()
    path = folder / "basecoach.db"
    shutil.copy(new_sqlite().removeprefix("sqlite:///"), path)
    yield path
    folder.chmod(0o755)


async def test_a_read_only_database(
    tmp_path: Path, settings: dict[str, str], kept: Path, without_override: list[str]
) -> None:
    kept.chmod(0o444)
    environment = {**settings, "DATABASE_URL": f"sqlite:///{kept}"}
    said = await refused(tmp_path, environment, *without_override)
    assert f"The database {kept} is read-only." in said
    assert "Make the file and its folder writable" in said


async def test_a_database_in_a_read_only_folder(
    tmp_path: Path, settings: dict[str, str], kept: Path, without_override: list[str]
) -> None:
    kept.parent.chmod(0o555)
    environment = {**settings, "DATABASE_URL": f"sqlite:///{kept}"}
    said = await refused(tmp_path, environment, *without_override)
    assert f"The database {kept} " in said
    assert "writ" in said


async def test_postgresql_that_does_not_answer(tmp_path: Path, settings: dict[str, str]) -> None:
    port = unused_address().rsplit(":", 1)[1]
    address = f"postgresql://sales:hunter2@127.0.0.1:{port}/basecoach"
    said = await refused(tmp_path, {**settings, "DATABASE_URL": address})
    assert "PostgreSQL does not answer at postgresql" in said
    assert "Check DATABASE_URL and that the server is up." in said
    assert "hunter2" not in said


@pytest.fixture
def empty_postgresql(postgresql_server: str) -> Iterator[str]:
    """The address of a PostgreSQL database with nothing in it, as an operator writes it."""
    url = sa.make_url(postgresql_server)
    admin = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {EMPTY}")
    yield url.set(drivername="postgresql", database=EMPTY).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP DATABASE {EMPTY} WITH (FORCE)")
    admin.dispose()


@pytest.mark.postgresql
async def test_postgresql_is_migrated_by_its_own_command(
    tmp_path: Path, settings: dict[str, str], empty_postgresql: str
) -> None:
    environment = {**settings, "DATABASE_URL": empty_postgresql}
    said = await refused(tmp_path, environment)
    assert f"schema is at nothing, this release needs {migrations.HEAD}." in said
    assert "Run `basecoach migrate`, then start again." in said

    both = await asyncio.gather(
        *(outcome("migrate", folder=tmp_path, environment=environment) for _ in range(2))
    )
    assert [code for code, _ in both] == [0, 0], both
    assert all(f"The schema is at {migrations.HEAD}" in said for _, said in both)
    code, said = await outcome("migrate", folder=tmp_path, environment=environment)
    assert (code, said) == (0, f"The schema is at {migrations.HEAD} already.\n")

    async with started("run", folder=tmp_path, environment=environment) as bot:
        await bot.until("started")
        assert await bot.terminate() == 0


@pytest.mark.postgresql
def test_postgresql_that_goes_away_meanwhile(new_postgresql: Callable[[], str]) -> None:
    settings = Settings(database_url=new_postgresql())
    end_itself = sa.text("SELECT pg_terminate_backend(pg_backend_pid())")
    with (
        pytest.raises(click.ClickException, match="is just starting or stopping") as ended,
        opened_database(settings) as database,
    ):
        database.read_now(lambda session: session.connection().execute(end_itself))
    assert "\n" not in ended.value.message


# Running


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_it_stops_at_once_and_quietly(
    tmp_path: Path, settings: dict[str, str], number: signal.Signals
) -> None:
    async with started("run", folder=tmp_path, environment=settings) as bot:
        await bot.until("started")
        bot.process.send_signal(number)
        async with asyncio.timeout(PATIENCE):
            assert await bot.ended() == 0
    assert "Traceback" not in bot.output, bot.output
    assert "info    bot.app: started" in bot.lines[0], "a start that goes well warns of nothing"
    assert "stopped" in bot.lines[-1]


async def test_its_log_is_told_to_machines_without_texts_and_tokens(
    tmp_path: Path, settings: dict[str, str], slack: SandboxServer
) -> None:
    environment = {**settings, "BASECOACH_LOG_FORMAT": "json", "BASECOACH_LOG_LEVEL": "debug"}
    async with started("run", folder=tmp_path, environment=environment) as bot:
        await bot.until("started")
        typed = await Person(slack.workspace, "U0PRIYA").command(
            "/log-conversation", "Zanzibar Spice 2nd"
        )
        assert typed.acked
        assert await bot.terminate() == 0
    events = [json.loads(line) for line in bot.lines]
    assert {"started", "stopped"} <= {event["event"] for event in events}
    for secret in ("Zanzibar", slack.workspace.bot_token, slack.workspace.app_token):
        assert secret not in bot.output
