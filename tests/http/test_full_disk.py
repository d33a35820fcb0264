"""A full disk: people are told in words, and readiness, metrics and the log each say it once."""

from __future__ import annotations

import io
import logging
import re

import aiohttp
import pytest

from bot import logs
from bot.app import Basecoach
from tests.full_disk import full_disk
from tests.http.watching import metrics, ready
from tests.scenarios.conftest import World


@pytest.fixture
def transport() -> str:
    return "socket_mode"


async def test_a_full_disk_is_told_to_everybody_whom_it_concerns(
    world: World, watched: Basecoach, session: aiohttp.ClientSession
) -> None:
    await ready(watched, session)
    await world.stop_bot()  # what is typed now reaches the watched one
    await world.workspace.until(lambda: len(world.workspace.socket_mode.connections) == 1)
    await world.priya.command("/log-conversation", "help")
    stream = io.StringIO()
    handler = logs.SummingHandler(stream)
    handler.setFormatter(logs._Text())
    logging.getLogger("bot.slack.errors").addHandler(handler)
    try:
        with full_disk(world.database):
            said = [
                (await world.priya.command("/log-conversation", f"Acme {place}")).body
                for place in ("1st", "2nd", "3rd")
            ]
            async with session.get(f"{watched.health_url}/readyz") as answer:
                assert answer.status == 503
                problems = (await answer.json())["problems"]
            _, samples = await metrics(watched, session)
    finally:
        logging.getLogger("bot.slack.errors").removeHandler(handler)
        handler.close()
    references = set()
    for body in said:
        assert body is not None
        words = body["text"]
        assert words.startswith("Basecoach can't save anything just now, and nothing was changed.")
        references |= set(re.findall(r"the reference ([0-9a-f]{8})\.", words))
    (reference,) = references
    assert "What people did failed in the last 120 s (disk_full: 3)." in problems
    assert samples["basecoach_failures_total disk_full command listener"] == 3
    assert samples["basecoach_write_failures_total disk_full"] >= 3
    assert samples["basecoach_ready"] == 0
    lines = [line for line in stream.getvalue().splitlines() if not line.startswith("  |")]
    assert [line.partition("bot.slack.errors: ")[2].partition(" kind=")[0] for line in lines] == [
        "a listener failed",
        "a listener failed … 2 more of these in the last minute",
    ]
    assert all(f"reference={reference}" in line for line in lines)
    assert all('error="OperationalError: database or disk is full"' in line for line in lines)
    # There is room again, and nobody had to start anything anew.
    again = (await world.priya.command("/log-conversation", "Acme 1st")).body
    assert again is not None
    assert "can't save" not in str(again)
