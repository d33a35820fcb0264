"""The start of a bot: what it refuses before it does anything."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot import app
from bot.clock import SettableClock
from bot.database import Database
from bot.domain.setup import workspaces
from bot.problems import StartProblem
from bot.sandbox.seed import seed_workspace
from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import Workspace
from tests.repository import MANIFEST


@pytest.fixture
async def slack(clock: SettableClock) -> AsyncIterator[SandboxServer]:
    workspace = Workspace.open(None, clock=clock, manifest=MANIFEST)
    seed_workspace(workspace)
    server = SandboxServer(workspace, clock=clock)
    await server.start()
    yield server
    await server.stop()
    workspace.close()


async def test_another_workspaces_token_is_refused_and_changes_nothing(
    slack: SandboxServer, database: Database, clock: SettableClock
) -> None:
    installed = {"slack_team_id": "T0QUAY", "name": "Quay", "bot_user_id": "U1"}
    database.write_now(workspaces.install, **installed, now=clock.now())
    said = r"belongs to the workspace Quay \(T0QUAY\), but SLACK_BOT_TOKEN is one of Harbor"
    with pytest.raises(StartProblem, match=said):
        async with app.running(
            database=database,
            clock=clock,
            bot_token=slack.workspace.bot_token,
            app_token=slack.workspace.app_token,
            api_url=slack.api_url,
        ):
            raise AssertionError("it started")
    other = database.read_now(workspaces.other_than, "T0HARBOR")
    assert other is not None
    assert other.slack_team_id == "T0QUAY"
