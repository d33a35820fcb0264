"""The scenarios' world with the bot behind signed HTTP requests, on SQLite: PostgreSQL changes nothing here."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import aiohttp
import pytest

from bot import app as composition
from bot.app import Basecoach
from bot.clock import SettableClock
from bot.database import Database
from bot.http.server import HttpServer
from bot.slack.receiving.payload_metrics import PayloadMetrics
from bot.slack.receiving.transport import HealthSettings
from tests.http.watching import Ward
from tests.http.wire import CANARY
from tests.scenarios.conftest import World, empty_world, world

__all__ = ["empty_world", "world"]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Every scenario comes over HTTP, once: its further examples are told apart behind the transport."""
    seen: set[str] = set()
    left_out = []
    for item in items:
        if item.path == Path(__file__).parent / "test_scenarios.py":
            name = item.nodeid.partition("[")[0]
            if name in seen:
                left_out.append(item)
            seen.add(name)
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in set(left_out)]


@pytest.fixture
def transport() -> str:
    return "http"


@pytest.fixture
def database_url(new_sqlite: Callable[[], str]) -> str:
    return new_sqlite()


@pytest.fixture
async def watched(world: World) -> AsyncIterator[Basecoach]:
    """A second bot beside the world's, which is watched over."""
    async with composition.running(
        database=world.database,
        clock=world.clock,
        bot_token=world.workspace.bot_token,
        app_token=world.workspace.app_token,
        api_url=world.server.api_url,
        health=HealthSettings(port=0),
    ) as bot:
        yield bot


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def ward(database: Database, clock: SettableClock) -> Ward:
    ward = Ward(database, clock)
    await ward.heartbeat.beat("tick")
    return ward


@pytest.fixture
def url(world: World) -> str:
    assert world.bot is not None
    assert isinstance(world.bot.transport, HttpServer)
    return world.bot.transport.url


@pytest.fixture
def secret(world: World) -> str:
    return world.workspace.signing_secret


@pytest.fixture
def payload_metrics(world: World) -> PayloadMetrics:
    assert world.bot is not None
    return world.bot.payload_metrics


@pytest.fixture
def no_log_knows_what_was_in_it(caplog: pytest.LogCaptureFixture) -> object:
    """Whatever is logged by whatever logger at whatever level: nothing of a request is in it."""
    caplog.set_level(logging.DEBUG)
    yield
    mine = [r for r in caplog.get_records("call") if not r.name.startswith("slack_sdk")]
    assert CANARY not in "".join(str(vars(record)) + record.getMessage() for record in mine)
