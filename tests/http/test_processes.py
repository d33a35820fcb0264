"""`basecoach run` as a process: over HTTP, watched over, and ended by SIGTERM or by a Slack that stays away."""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
import urllib.request
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.clock import SettableClock
from bot.sandbox.manifest import Manifest
from bot.sandbox.people import Person
from bot.sandbox.seed import seed_workspace
from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import Workspace
from bot.slack.manifest import PATH, manifest
from tests.commands.started import Started, outcome, started
from tests.patience import PATIENCE

IMPATIENT = """
from bot.slack.receiving import socket_mode, watchdog
socket_mode.SocketMode.__init__.__kwdefaults__["give_up_seconds"] = 0.5
watchdog.LOOK_SECONDS = 0.05
from bot.__main__ import main
main(["run"])
"""
"""The command with minutes made into half a second."""


@pytest.fixture
async def slack(clock: SettableClock) -> AsyncIterator[SandboxServer]:
    """A workspace without a bot."""
    workspace = Workspace.open(
        None, clock=clock, manifest=manifest(), ack_seconds=PATIENCE, trigger_seconds=PATIENCE
    )
    seed_workspace(workspace)
    server = SandboxServer(workspace, clock=clock)
    await server.start()
    yield server
    await server.stop()
    workspace.close()


@pytest.fixture
def settings(slack: SandboxServer) -> dict[str, str]:
    return {
        "SLACK_BOT_TOKEN": slack.workspace.bot_token,
        "SLACK_API_URL": slack.api_url,
        "BASECOACH_CLOCK_URL": slack.clock_url,
    }


@pytest.fixture
def over_http(settings: dict[str, str], slack: SandboxServer) -> dict[str, str]:
    return {
        **settings,
        "SLACK_SIGNING_SECRET": slack.workspace.signing_secret,
        "BASECOACH_HTTP_PORT": "0",
        "BASECOACH_METRICS_PORT": "0",
    }


async def address(running: Started, words: str) -> str:
    """The address in the log line with these words."""
    line = await running.until(words)
    found = re.search(r"url=(\S+)", line)
    assert found is not None, line
    return found[1]


async def test_over_http_it_answers_is_watched_and_stops_with_0(
    tmp_path: Path, slack: SandboxServer, over_http: dict[str, str]
) -> None:
    async with started("run", "--http", folder=tmp_path, environment=over_http) as running:
        health = await address(running, "watched")
        url = await address(running, "listening")
        await running.until("started")
        slack.workspace.manifest = Manifest.read(manifest(http=url.removesuffix(PATH)))
        assert await slack.workspace.http.verify(url)
        answer = await Person(slack.workspace, "U0PRIYA").command("/log-conversation", "help")
        assert answer.acked
        assert answer.body is not None
        found = await asyncio.to_thread(_get, f"{health}/readyz")
        assert json.loads(found)["transport"] == "http"
        assert await running.terminate() == 0
        assert "stopped" in running.lines[-1]
        assert slack.workspace.signing_secret not in running.output


def _get(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=PATIENCE) as answer:  # noqa: S310 - of this machine
        return bytes(answer.read())


async def test_a_press_in_hand_at_sigterm_is_finished(
    tmp_path: Path, slack: SandboxServer, over_http: dict[str, str]
) -> None:
    """The bot is in the middle of a press (Slack answers it slowly) when it is told to stop."""
    workspace = slack.workspace
    async with started("run", "--http", folder=tmp_path, environment=over_http) as running:
        url = await address(running, "listening")
        await running.until("started")
        workspace.manifest = Manifest.read(manifest(http=url.removesuffix(PATH)))
        workspace.faults.next_call("slow", method="views.open", seconds=PATIENCE)
        press = asyncio.create_task(Person(slack.workspace, "U0ALEX").command("/coach"))
        await workspace.until(lambda: workspace.faults.held == 1 or press.done())
        assert not press.done()
        running.process.terminate()
        workspace.faults.release()
        assert await running.ended() == 0
        assert (await press).acked


async def test_it_stops_while_it_is_still_knocking(
    tmp_path: Path, slack: SandboxServer, settings: dict[str, str]
) -> None:
    workspace = slack.workspace
    workspace.socket_mode.refusing = True
    environment = {**settings, "SLACK_APP_TOKEN": workspace.app_token}
    async with started("run", folder=tmp_path, environment=environment) as running:
        await workspace.until(lambda: workspace.socket_mode.refused > 0, timeout=PATIENCE)
        assert await running.terminate() == 0
        assert "started" not in running.output


async def test_without_a_signing_secret_it_says_what_is_missing(
    tmp_path: Path, settings: dict[str, str]
) -> None:
    code, said = await outcome("run", "--http", folder=tmp_path, environment=settings)
    assert code == 1
    assert "SLACK_SIGNING_SECRET is missing" in said
    assert "SLACK_APP_TOKEN" not in said


async def test_it_ends_with_an_error_when_slack_stays_away(
    tmp_path: Path, slack: SandboxServer, settings: dict[str, str]
) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        IMPATIENT,
        cwd=tmp_path,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "SLACK_APP_TOKEN": slack.workspace.app_token,
            **settings,
        },
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        workspace = slack.workspace
        await workspace.until(lambda: workspace.socket_mode.connections, timeout=PATIENCE)
        workspace.socket_mode.refusing = True
        await slack.drop_sockets()
        _, said = await asyncio.wait_for(process.communicate(), timeout=PATIENCE)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode == 1
    text = said.decode()
    assert "gave up connecting" in text
    assert "Slack could not be reached over Socket Mode for minutes: start me again." in text
    assert "stopped" in text
