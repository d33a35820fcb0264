"""What the tests of `basecoach doctor` begin with."""

from __future__ import annotations

import copy
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from bot.clock import SettableClock
from bot.sandbox import workspace as sandbox
from bot.sandbox.seed import seed_workspace
from tests.doctor.office import DatedServer, Office, seed
from tests.repository import MANIFEST


@pytest.fixture
def manifest() -> dict[str, Any]:
    """The app's manifest; a test may take something out of it."""
    return copy.deepcopy(MANIFEST)


@pytest.fixture
async def server(manifest: dict[str, Any]) -> AsyncIterator[DatedServer]:
    clock = SettableClock()
    workspace = sandbox.Workspace.open(None, clock=clock, manifest=manifest)
    seed_workspace(workspace)
    server = DatedServer(workspace, clock=clock)
    await server.start()
    yield server
    await server.stop()
    workspace.close()


@pytest.fixture
def office_on(server: DatedServer) -> Callable[[str], Office]:
    """Makes an office around a database address; nothing is written to it."""

    def make(url: str) -> Office:
        values = {
            "SLACK_BOT_TOKEN": server.workspace.bot_token,
            "SLACK_APP_TOKEN": server.workspace.app_token,
            "SLACK_API_URL": server.api_url,
            "DATABASE_URL": url,
        }
        return Office(server.workspace, server, url, values)

    return make


@pytest.fixture
def office(office_on: Callable[[str], Office], new_sqlite: Callable[[], str]) -> Office:
    """Everything in order."""
    office = office_on(new_sqlite())
    office.change(seed)
    return office


@pytest.fixture
def any_office(office_on: Callable[[str], Office], database_url: str) -> Office:
    """Everything in order; a test that asks for it runs on both kinds of database."""
    office = office_on(database_url)
    office.change(seed)
    return office
