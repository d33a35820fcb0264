"""What the tests of `basecoach import` begin with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.__main__ import main
from bot.clock import SettableClock
from bot.database import Database
from tests.commands.importing.command import ARep, Basecoach, Slack
from tests.seeding import reach_once


@pytest.fixture(params=[pytest.param("sqlite", marks=pytest.mark.sqlite)])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a migrated SQLite database, or of one of each kind for a test that is marked ON_BOTH.

    What is read from files and written is tested on both beside the imports themselves.
    """
    make: Callable[[], str] = request.getfixturevalue(f"new_{request.param}")
    return make()


@pytest.fixture
def slack(clock: SettableClock) -> Iterator[Slack]:
    with Slack(clock).serving() as serving:
        yield serving


@pytest.fixture
def environment(database_url: str, slack: Slack) -> dict[str, str]:
    return {
        "DATABASE_URL": database_url,
        "SLACK_BOT_TOKEN": slack.workspace.bot_token,
        "SLACK_API_URL": slack.api_url,
    }


@pytest.fixture
def basecoach(
    environment: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Basecoach:
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, **settings: str | None) -> Result:
        return CliRunner(env={**environment, **settings}).invoke(main, ["import", *arguments])

    return run


@pytest.fixture
def csv(tmp_path: Path) -> Callable[[str], str]:
    def write(text: str) -> str:
        path = tmp_path / "file.csv"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


@pytest.fixture
def with_a_rep(basecoach: Basecoach, csv: Callable[[str], str], database_url: str) -> None:
    """Priya is a rep of the team Harbor."""
    database = Database(database_url)
    reach_once(database, ARep(basecoach, csv).enrolled)
    database.close()
