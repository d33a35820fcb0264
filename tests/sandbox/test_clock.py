"""The clock's stream and its buttons."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest

from bot.clock import SettableClock
from bot.sandbox.clock import Jump
from bot.sandbox.seed import seed_workspace
from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import Workspace
from tests.patience import PATIENCE


async def test_the_stream_tells_every_move(server: SandboxServer, clock: SettableClock) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.get(server.clock_url) as response,
    ):
        assert response.content_type == "application/x-ndjson"

        async def line() -> dict[str, Any]:
            async with asyncio.timeout(PATIENCE):
                return dict(json.loads(await response.content.readline()))

        first = (await line())["offset"]
        assert first == pytest.approx(clock.offset, abs=60)
        server.clock_controls.move(3600)
        assert (await line())["offset"] == pytest.approx(first + 3600, abs=60)
        server.clock_controls.move(86400)
        assert (await line())["offset"] == pytest.approx(first + 90_000, abs=60)
        await server.stop()
        async with asyncio.timeout(PATIENCE):
            assert await response.content.readline() == b""


async def test_the_clock_only_moves_forward(server: SandboxServer, clock: SettableClock) -> None:
    before = clock.now()
    with pytest.raises(ValueError, match="forward"):
        server.clock_controls.move(-1)
    assert clock.now() == before


@pytest.mark.parametrize(
    ("key", "tz", "expected"),
    [
        # The clock stands at Monday, 23 November 2026, 09:00 in London.
        ("next_check_in", None, datetime(2026, 11, 30, 9, tzinfo=UTC)),
        ("next_check_in", "America/New_York", datetime(2026, 11, 23, 14, tzinfo=UTC)),
        ("deadline", None, datetime(2026, 11, 24, 17, tzinfo=UTC)),
        ("deadline", "America/New_York", datetime(2026, 11, 24, 22, tzinfo=UTC)),
    ],
)
async def test_the_usual_jumps(
    server: SandboxServer, clock: SettableClock, key: str, tz: str | None, expected: datetime
) -> None:
    assert await server.clock_controls.jump(key, tz=tz) == expected
    assert clock.now() == expected


async def test_a_jump_over_the_change_to_summer_time(
    workspace: Workspace, manifest: dict[str, Any]
) -> None:
    friday = SettableClock(frozen_at=datetime(2026, 3, 27, 12, tzinfo=UTC))
    server = SandboxServer(workspace, clock=friday)
    moment = await server.clock_controls.jump("next_check_in", tz="Europe/London")
    assert moment == datetime(2026, 3, 30, 8, tzinfo=UTC)


async def test_jumps_of_ones_own(workspace: Workspace, clock: SettableClock) -> None:
    moments = iter([datetime(2026, 11, 25, tzinfo=UTC), None, datetime(2026, 1, 1, tzinfo=UTC)])

    async def when() -> datetime | None:
        return next(moments)

    server = SandboxServer(workspace, clock=clock, jumps=[Jump("To the deadline", "own", when)])
    assert await server.clock_controls.jump("own") == datetime(2026, 11, 25, tzinfo=UTC)
    assert await server.clock_controls.jump("own") is None
    assert await server.clock_controls.jump("own") is None
    assert clock.now() == datetime(2026, 11, 25, tzinfo=UTC)
    with pytest.raises(LookupError):
        await server.clock_controls.jump("next_check_in")


async def test_a_taken_port(server: SandboxServer, clock: SettableClock) -> None:
    other = SandboxServer(server.workspace, clock=clock, port=server.port)
    with pytest.raises(OSError, match="in use"):
        await other.start()


async def test_until_wakes_at_changes_and_tells_why_it_gave_up(workspace: Workspace) -> None:
    waiting = asyncio.create_task(workspace.until(lambda: "C0NEW" in workspace.channels))
    await asyncio.sleep(0)
    workspace.channels["C0NEW"] = workspace.channels["C0GENERAL"]
    workspace.touch()
    assert await waiting
    with pytest.raises(TimeoutError, match="not true after 0 s; last calls: "):
        await workspace.until(lambda: False, timeout=0)


def test_seeding_twice_changes_nothing(workspace: Workspace) -> None:
    version = workspace.version
    seed_workspace(workspace)
    assert workspace.version == version
