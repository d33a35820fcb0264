"""/healthz and /readyz: what is wrong is said in words and by the status."""

from __future__ import annotations

import json

import aiohttp
import pytest

from bot import app as composition
from bot import migrations
from bot.app import Basecoach
from bot.http.health import HealthServer
from bot.http.health_check import shown
from bot.problems import StartProblem
from bot.slack.receiving.transport import HealthSettings
from tests.http.watching import Ward, ready
from tests.scenarios.conftest import World


@pytest.fixture
def transport() -> str:
    return "socket_mode"


async def test_a_bot_at_work_is_ready_and_says_what_it_sees(
    watched: Basecoach, session: aiohttp.ClientSession
) -> None:
    async with session.get(f"{watched.health_url}/healthz") as answer:
        assert (answer.status, await answer.text()) == (200, "ok\n")
    found = await ready(watched, session)
    assert found.pop("last_tick_seconds_ago") >= 0
    assert found.pop("disk_free_bytes") > 0
    assert found == {
        "ready": True,
        "problems": [],
        "transport": "socket_mode",
        "connected": True,
        "last_delivery_at": None,
        "holding_back_after_clock_jump": False,
        "cut_off_seconds": 0.0,
        "database": True,
        "writable": True,
        "schema": migrations.HEAD,
        "due": 0,
        "oldest_due_seconds": 0.0,
        "given_up": 0,
    }


async def test_other_paths_and_methods_do_nothing(
    watched: Basecoach, session: aiohttp.ClientSession
) -> None:
    for method, path, status in (
        ("GET", "/", 404),
        ("GET", "/slack/events", 404),
        ("POST", "/readyz", 405),
        ("POST", "/metrics", 405),
    ):
        async with session.request(method, f"{watched.health_url}{path}") as answer:
            assert answer.status == status


async def test_a_taken_port_is_said_in_words(world: World, watched: Basecoach) -> None:
    assert watched.health_url is not None
    taken = int(watched.health_url.rpartition(":")[2])
    with pytest.raises(StartProblem, match=r"Health can't be served at .*BASECOACH_METRICS_PORT"):
        async with composition.running(
            database=world.database,
            clock=world.clock,
            bot_token=world.workspace.bot_token,
            app_token=world.workspace.app_token,
            api_url=world.server.api_url,
            health=HealthSettings(port=taken),
        ):
            raise AssertionError("it started")


async def test_who_asks_over_http_is_told_by_the_status(
    ward: Ward, session: aiohttp.ClientSession
) -> None:
    server = HealthServer(ward.health_check(), HealthSettings(port=0))
    await server.start()
    try:

        async def ask(path: str) -> tuple[int, str]:
            async with session.get(f"{server.url}{path}") as answer:
                return answer.status, await answer.text()

        status, text = await ask("/readyz")
        assert (status, json.loads(text)["problems"]) == (200, [])
        ward.line.connected, ward.line.cut_off_seconds = False, 61.0
        status, text = await ask("/readyz")
        found, seen = json.loads(text), shown(await ward.look())
        # The look came a moment later than the answer.
        assert found.pop("last_tick_seconds_ago") <= seen.pop("last_tick_seconds_ago")
        assert found.pop("disk_free_bytes") > 0
        assert seen.pop("disk_free_bytes") > 0
        assert (status, found) == (503, seen)
        assert found["problems"] == ["No connection to Slack for 61 s."]
        # A restart would mend nothing of that, and metrics are for the looking all the same.
        assert await ask("/healthz") == (200, "ok\n")
        status, text = await ask("/metrics")
        assert (status, "basecoach_ready 0.0" in text) == (200, True)
    finally:
        await server.stop()
