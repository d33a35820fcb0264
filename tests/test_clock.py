"""The clocks: the machine's, one that can be moved on, and one that follows another process's over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from bot.clock import FollowedClock, SettableClock, SystemClock
from bot.sandbox.seed import seed_workspace
from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import Workspace
from tests.patience import PATIENCE
from tests.repository import MANIFEST

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DAY = 86_400.0

# A clock of this machine


def test_the_machines_clock_is_aware_and_never_jumps() -> None:
    clock = SystemClock()
    before = datetime.now(UTC)
    now = clock.now()
    assert before <= now <= datetime.now(UTC)
    assert now.utcoffset() == timedelta(0)
    clock.subscribe(lambda: None)()


# A clock that can be moved on


def test_it_goes_on_by_itself_ahead_of_the_machines() -> None:
    clock = SettableClock(DAY)
    assert clock.offset == DAY
    before = datetime.now(UTC)
    now = clock.now()
    assert before <= now - timedelta(days=1) <= datetime.now(UTC)


def test_frozen_it_stands_still_but_for_moves() -> None:
    clock = SettableClock(frozen_at=MONDAY)
    assert clock.now() == clock.now() == MONDAY
    clock.move(90)
    assert clock.now() == MONDAY + timedelta(seconds=90)
    clock.move_to(MONDAY + timedelta(days=1))
    assert clock.now() == MONDAY + timedelta(days=1)
    assert datetime.now(UTC) + timedelta(seconds=clock.offset) == pytest.approx(
        clock.now(), abs=timedelta(minutes=1)
    )


def test_it_only_moves_forward() -> None:
    clock = SettableClock(frozen_at=MONDAY)
    told: list[datetime] = []
    clock.subscribe(lambda: told.append(clock.now()))
    with pytest.raises(ValueError, match="forward"):
        clock.move(-0.001)
    with pytest.raises(ValueError, match="forward"):
        clock.move_to(MONDAY - timedelta(seconds=1))
    assert clock.now() == MONDAY
    assert told == []


def test_following_it_takes_over_whatever_the_other_shows() -> None:
    clock = SettableClock(DAY)
    clock.follow(-60.0)
    assert clock.offset == -60.0


def test_everybody_who_asked_hears_of_a_move_after_it_was_made() -> None:
    clock = SettableClock(frozen_at=MONDAY)
    told: list[tuple[str, datetime]] = []

    def once() -> None:
        told.append(("once", clock.now()))
        unsubscribe()

    unsubscribe = clock.subscribe(once)
    clock.subscribe(lambda: told.append(("always", clock.now())))
    clock.move(60)
    clock.move(60)
    first, second = MONDAY + timedelta(minutes=1), MONDAY + timedelta(minutes=2)
    assert told == [("once", first), ("always", first), ("always", second)]


# A clock that follows


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def ahead() -> AsyncIterator[SettableClock]:
    return SettableClock(DAY)


@pytest.fixture
async def server(ahead: SettableClock) -> AsyncIterator[SandboxServer]:
    workspace = Workspace.open(None, clock=ahead, manifest=MANIFEST)
    seed_workspace(workspace)
    server = SandboxServer(workspace, clock=ahead)
    await server.start()
    yield server
    await server.stop()
    workspace.close()


async def until(clock: FollowedClock, condition: Callable[[], bool]) -> None:
    """Wait for the clock to be moved until the condition is true."""
    moved = asyncio.Event()
    unsubscribe = clock.subscribe(moved.set)
    try:
        async with asyncio.timeout(PATIENCE):
            while not condition():
                await moved.wait()
                moved.clear()
    finally:
        unsubscribe()


async def test_it_shows_the_others_time_from_the_start_and_after_every_move(
    server: SandboxServer, session: aiohttp.ClientSession
) -> None:
    clock = FollowedClock(server.clock_url)
    await clock.start(session)
    try:
        assert clock.offset == DAY
        server.clock_controls.move(3600)
        await until(clock, lambda: clock.offset == DAY + 3600)
        server.clock_controls.move(DAY)
        await until(clock, lambda: clock.offset == 2 * DAY + 3600)
    finally:
        await clock.stop()


async def test_it_follows_again_after_the_other_was_started_anew(
    server: SandboxServer, session: aiohttp.ClientSession, ahead: SettableClock
) -> None:
    clock = FollowedClock(server.clock_url)
    await clock.start(session)
    try:
        await server.stop()
        assert clock.offset == DAY  # the last one stays
        ahead.move(DAY)
        again = SandboxServer(server.workspace, clock=ahead, port=server.port)
        await again.start()
        try:
            await until(clock, lambda: clock.offset == 2 * DAY)
            again.clock_controls.move(60)
            await until(clock, lambda: clock.offset == 2 * DAY + 60)
        finally:
            await again.stop()
    finally:
        await clock.stop()


async def test_stopped_it_follows_no_more(
    server: SandboxServer, session: aiohttp.ClientSession
) -> None:
    clock, other = FollowedClock(server.clock_url), FollowedClock(server.clock_url)
    await clock.start(session)
    await other.start(session)
    await clock.stop()
    server.clock_controls.move(60)
    await until(other, lambda: other.offset == DAY + 60)
    assert clock.offset == DAY
    await other.stop()


async def test_nobody_answers_at_the_start(
    server: SandboxServer, session: aiohttp.ClientSession
) -> None:
    await server.stop()
    with pytest.raises(OSError, match=f"no clock answers at {server.clock_url}: "):
        await FollowedClock(server.clock_url).start(session)


async def test_what_answers_is_no_clock(
    server: SandboxServer, session: aiohttp.ClientSession
) -> None:
    for path in ("nothing", "api/auth.test"):  # no such page; JSON, but no offset in it
        with pytest.raises(OSError, match="no clock answers at "):
            await FollowedClock(f"{server.url}/{path}").start(session)
