"""`basecoach doctor`: what the command prints, and how it ends."""

from __future__ import annotations

import asyncio
import json
import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from bot.commands.doctor import doctor
from tests.doctor.office import Office, archived

# The command


@pytest.fixture
def logs_as_before() -> Iterator[None]:
    """A command directs the logs to where its own output goes; put them back."""
    root, ours = logging.getLogger(), logging.getLogger("bot")
    handlers, level = root.handlers[:], ours.level
    yield
    root.handlers[:] = handlers
    ours.setLevel(level)


@pytest.fixture
def run(
    office: Office, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, logs_as_before: None
) -> Callable[..., Any]:
    """Runs the command in a thread of its own, in an empty folder, with the office's settings."""
    monkeypatch.chdir(tmp_path)

    async def run(*arguments: str) -> Any:
        for name in list(os.environ):
            if name.startswith(("SLACK_", "BASECOACH_")):
                monkeypatch.delenv(name)
        for name, value in office.values.items():
            monkeypatch.setenv(name, value)
        return await asyncio.to_thread(CliRunner().invoke, doctor, arguments)

    return run


async def test_the_command_groups_its_lines_and_ends_with_0(run: Callable[..., Any]) -> None:
    result = await run()
    assert result.exit_code == 0, result.output
    lines = result.output.splitlines()
    assert lines.index("Settings") < lines.index("Database") < lines.index("Slack")
    assert "  ok    Every setting can be used." in lines
    assert lines[-1] == "Nothing is to be mended."


async def test_the_command_ends_with_1_when_something_is_to_be_mended(
    run: Callable[..., Any], office: Office
) -> None:
    archived(office)
    del office.values["SLACK_APP_TOKEN"]
    result = await run()
    assert result.exit_code == 1
    assert "  mend  SLACK_APP_TOKEN is missing." in result.output
    assert "  mend  #coach-dana, the coach channel of Harbor Sales, is archived." in result.output
    assert result.output.splitlines()[-1] == "2 things are to be mended."


async def test_the_command_speaks_json(run: Callable[..., Any], office: Office) -> None:
    archived(office)
    result = await run("--json")
    assert result.exit_code == 1
    findings = json.loads(result.stdout)
    assert {
        "about": "Slack",
        "level": "mend",
        "words": "#coach-dana, the coach channel of Harbor Sales, is archived. "
        "Unarchive it, or choose another with /coach.",
    } in findings
    assert {"about": "Settings", "level": "ok", "words": "Every setting can be used."} in findings


async def test_the_command_goes_past_a_file_of_settings_that_cannot_be_read(
    run: Callable[..., Any], tmp_path: Path
) -> None:
    (tmp_path / ".env").write_bytes("SLACK_API_URL=x".encode("utf-16"))
    result = await run()
    assert result.exit_code == 1
    assert "  mend  The file .env can't be read (it is not UTF-8 text)." in result.output
    assert "  ok    The bot token is basecoach's" in result.output


async def test_the_command_never_prints_a_token(run: Callable[..., Any], office: Office) -> None:
    office.values["SLACK_APP_TOKEN"] = office.workspace.bot_token
    result = await run()
    assert "It holds the bot token." in result.output
    assert office.workspace.bot_token not in result.output
