"""Metrics count, and tell nothing of anybody."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlmodel import Session, select

from bot.app import Basecoach
from bot.domain.tables import Member
from tests.http.watching import PATIENCE, metrics, ready
from tests.scenarios.conftest import World


@pytest.fixture
def transport() -> str:
    return "socket_mode"


async def test_metrics_count_and_tell_nothing_of_anybody(
    world: World, watched: Basecoach, session: aiohttp.ClientSession
) -> None:
    await ready(watched, session)
    await world.stop_bot()  # what is pressed now reaches the watched one
    await world.workspace.until(lambda: len(world.workspace.socket_mode.connections) == 1)
    await world.priya.command("/log-conversation", "Zanzibar 2nd")
    await world.priya.command("/log-conversation", "help")
    text, samples = await metrics(watched, session)
    assert samples["basecoach_ready"] == 1
    assert samples["basecoach_slack_connected socket_mode"] == 1
    assert samples["basecoach_database_up"] == 1
    assert samples["basecoach_outbox_given_up"] == 0
    assert samples["basecoach_payloads_total command 200"] == 2
    assert samples["basecoach_payload_seconds_count command"] == 2
    assert samples["basecoach_payload_seconds_bucket command +Inf"] == 2
    assert samples["basecoach_payload_seconds_sum command"] > 0
    assert samples["basecoach_beats_total tick ok"] >= 1
    assert samples["basecoach_clock_jumps_total"] == 0
    assert samples["basecoach_slack_reconnects_total"] == 0
    assert samples["process_start_time_seconds"] > 0
    assert any(name.startswith("basecoach_build_info ") for name in samples)
    for family in text_string_to_metric_families(text):
        assert family.documentation
    people = world.database.read_now(names)
    for word in (*people, "Zanzibar", "Harbor", "C0COACH", world.priya.dm, "U0", "xoxb", "xapp"):
        assert word not in text


def names(session: Session) -> list[str]:
    return [found.name for found in session.exec(select(Member))]


async def test_a_delivery_is_told(
    world: World, watched: Basecoach, session: aiohttp.ClientSession
) -> None:
    await world.stop_bot()
    await world.priya.open_home()
    world.clock.move_to(world.due("U0PRIYA"))
    async with asyncio.timeout(PATIENCE):
        while watched.sender.last_delivery_at != world.clock.now():
            await watched.sender.send_due()
    _, samples = await metrics(watched, session)
    assert samples["basecoach_last_delivery_timestamp_seconds"] == pytest.approx(
        world.clock.now().timestamp()
    )
