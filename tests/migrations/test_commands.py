"""`basecoach migrate`, and what `basecoach run` does about the schema."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot import migrations
from bot.commands.running import migrate, run

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
