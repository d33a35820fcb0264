"""The heartbeat: it goes on whatever a beat does, and never beats twice at once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

from bot.scheduler import Heartbeat
from tests.patience import PATIENCE

OFTEN = 0.01
NEVER_AGAIN = 3600.0

Beat = Callable[[], Awaitable[object]]


@asynccontextmanager
async def beating(**beats: tuple[Beat, float]) -> AsyncIterator[Heartbeat]:
    heartbeat = Heartbeat()
    for name, (beat, seconds) in beats.items():
        heartbeat.add(name, beat, seconds=seconds)
    heartbeat.start()
    try:
        async with asyncio.timeout(PATIENCE):
            yield heartbeat
    finally:
        await heartbeat.stop()


class Counted:
    """A beat that counts its calls, and how many of them ran side by side."""

    def __init__(self, work: Callable[[int], Awaitable[None]] | None = None) -> None:
        self.calls = 0
        self.running = 0
        self.most_at_once = 0
        self._work = work
        self._called = asyncio.Event()

    async def __call__(self) -> None:
        self.calls += 1
        self.running += 1
        self.most_at_once = max(self.most_at_once, self.running)
        self._called.set()
        try:
            if self._work is not None:
                await self._work(self.calls)
        finally:
            self.running -= 1

    async def called(self, times: int) -> None:
        while self.calls < times:
            self._called.clear()
            await self._called.wait()


async def turns(count: int = 20) -> None:
    """Let everything that is ready go on."""
    for _ in range(count):
        await asyncio.sleep(0)


async def test_the_first_beat_comes_at_once_and_others_follow() -> None:
    at_once, often = Counted(), Counted()
    async with beating(at_once=(at_once, NEVER_AGAIN), often=(often, OFTEN)):
        await at_once.called(1)
        await often.called(3)
    assert at_once.calls == 1


async def test_a_beat_that_raises_is_logged_and_called_again(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def fail(call: int) -> None:
        raise ConnectionError(f"the database is away, {call}")

    failing, other = Counted(fail), Counted()
    with caplog.at_level(logging.ERROR, "bot.scheduler"):
        async with beating(failing=(failing, OFTEN), other=(other, OFTEN)):
            await failing.called(3)
            await other.called(3)
    assert "the database is away, 1" in caplog.text
    assert {vars(record)["beat"] for record in caplog.records} == {"failing"}


async def test_beats_of_one_name_never_overlap_whoever_calls_them() -> None:
    async def give_way(call: int) -> None:
        await turns(5)

    beat = Counted(give_way)
    async with beating(tick=(beat, OFTEN)) as heartbeat:
        await asyncio.gather(*(heartbeat.beat("tick") for _ in range(20)))
        await beat.called(25)
    assert beat.most_at_once == 1


async def test_a_long_beat_holds_up_no_other() -> None:
    release = asyncio.Event()

    async def wait(call: int) -> None:
        await release.wait()

    long, short = Counted(wait), Counted()
    async with beating(long=(long, OFTEN), short=(short, OFTEN)):
        await long.called(1)
        await short.called(5)
        assert long.calls == 1
        release.set()
        await long.called(3)


async def test_stop_waits_for_what_is_in_hand_and_begins_nothing_more() -> None:
    release = asyncio.Event()
    ends: list[str] = []

    async def work(call: int) -> None:
        try:
            await release.wait()
            ends.append("finished")
        except asyncio.CancelledError:
            ends.append("cancelled")
            raise

    beat = Counted(work)
    heartbeat = Heartbeat()
    heartbeat.add("tick", beat, seconds=OFTEN)
    heartbeat.start()
    async with asyncio.timeout(PATIENCE):
        await beat.called(1)
        stopping = asyncio.create_task(heartbeat.stop())
        await turns()
        assert not stopping.done()
        release.set()
        await stopping
    assert ends == ["finished"]
    await turns()
    assert (beat.calls, beat.running) == (1, 0)


async def test_it_can_be_stopped_before_it_was_started() -> None:
    heartbeat = Heartbeat()
    heartbeat.add("tick", Counted(), seconds=OFTEN)
    await heartbeat.stop()
