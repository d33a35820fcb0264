"""What the tests of `basecoach import` begin with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.__main__ import main
from bot.clock import SettableClock
from tests.commands.importing.command import (
    MEMBERS,
    TEAMS,
    Basecoach,
    Slack,
)


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
def with_a_rep(basecoach: Basecoach, csv: Callable[[str], str]) -> None:
    """Priya is a rep of the team Harbor."""
    basecoach("teams", csv(TEAMS + "Harbor,U0DANA,,,,,,\n"), "--yes")
    done = basecoach("members", csv(MEMBERS + "U0PRIYA,Harbor,,,,,20\n"), "--yes")
    assert done.exit_code == 0, done.output
