"""A machine whose clock is set: the heartbeat goes on, and nothing is done until the clock is steady."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo

import pytest
from apscheduler.schedulers import base

from bot import scheduler
from bot.scheduler import ClockGuard, Heartbeat
from tests.patience import PATIENCE

DAYS = 86_400.0


class Machine:
    """A machine's two clocks, both in the test's hands."""

    def __init__(self) -> None:
        self.monotonic = 1_000.0
        self.ahead = 1_700_000_000.0

    def go_by(self, seconds: float) -> None:
        self.monotonic += seconds

    def set_clock(self, by: float) -> None:
        self.ahead += by

    def guard(self) -> ClockGuard:
        return ClockGuard(
            wall=lambda: self.monotonic + self.ahead, monotonic=lambda: self.monotonic
        )


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    """The heartbeat and APScheduler plan by the same clock that the guard watches."""
    machine = Machine()
    start = machine.ahead

    class Now(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return datetime.now(tz) + timedelta(seconds=machine.ahead - start)

    monkeypatch.setattr(base, "datetime", Now)
    monkeypatch.setattr(scheduler, "datetime", Now)
    return machine


class Pulse:
    """A beat that can be waited for."""

    def __init__(self) -> None:
        self.calls = 0
        self._called = asyncio.Event()

    async def __call__(self) -> None:
        self.calls += 1
        self._called.set()

    async def more(self, calls: int = 3) -> None:
        """Wait for so many further calls."""
        wanted = self.calls + calls
        async with asyncio.timeout(PATIENCE):
            while self.calls < wanted:
                self._called.clear()
                await self._called.wait()


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not condition():
            await asyncio.sleep(0.005)


@pytest.mark.parametrize("jump", [-3600.0, 3600.0, -3 * DAYS, 3 * DAYS])
async def test_a_jump_holds_the_beats_back_for_a_minute_and_then_they_go_on(
    machine: Machine, jump: float
) -> None:
    pulse = Pulse()
    heartbeat = Heartbeat(guard=machine.guard(), guard_seconds=0.01)
    heartbeat.add("tick", pulse, seconds=0.05)
    heartbeat.start()
    try:
        await pulse.more()
        machine.set_clock(jump)
        await until(lambda: heartbeat.beats["tick", "held"] > 0)
        calls = pulse.calls
        machine.go_by(59)
        held = heartbeat.beats["tick", "held"]
        await until(lambda: heartbeat.guard.holds() and heartbeat.guard.jumps == 1)
        assert (pulse.calls, heartbeat.beats["tick", "held"] >= held) == (calls, True)
        machine.go_by(1)
        await pulse.more()
        assert heartbeat.guard.jumps == 1
    finally:
        await heartbeat.stop()


async def test_a_clock_that_is_set_right_again_holds_back_until_it_is_steady(
    machine: Machine, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="bot.scheduler")
    guard = machine.guard()
    assert not guard.holds()
    machine.set_clock(3 * DAYS)
    assert guard.holds()
    machine.go_by(50)
    machine.set_clock(-3 * DAYS)
    assert guard.holds()
    machine.go_by(59.9)
    assert guard.holds()
    machine.go_by(0.1)
    assert not guard.holds()
    assert [(r.getMessage(), vars(r).get("seconds")) for r in caplog.records] == [
        ("the clock jumped, holding back", 259200),
        ("the clock jumped, holding back", -259200),
        ("the clock is steady again", None),
    ]


async def test_whoever_asks_first_after_a_jump_is_held_back_at_once(machine: Machine) -> None:
    guard = machine.guard()
    machine.set_clock(61)
    assert guard.holds()  # no turn of any timer was needed


@pytest.mark.parametrize("step", [-60.0, -1.0, 1.0, 60.0])
async def test_small_corrections_are_no_jump(machine: Machine, step: float) -> None:
    guard = machine.guard()
    for _ in range(100):
        machine.go_by(1)
        machine.set_clock(step)
        assert not guard.holds()


async def test_time_that_passes_without_a_look_is_no_jump(machine: Machine) -> None:
    guard = machine.guard()
    machine.go_by(3 * DAYS)
    assert not guard.holds()


async def test_it_tells_how_long_a_beat_has_been_silent() -> None:
    async def fail() -> None:
        raise ConnectionError

    pulse = Pulse()
    heartbeat = Heartbeat()
    heartbeat.add("tick", pulse, seconds=60)
    heartbeat.add("failing", fail, seconds=60)
    assert heartbeat.silent_seconds("tick") is None
    await heartbeat.beat("tick")
    await heartbeat.beat("failing")
    silent = heartbeat.silent_seconds("tick")
    assert silent is not None
    assert silent >= 0
    assert heartbeat.silent_seconds("failing") is None
    assert heartbeat.beats == {("tick", "ok"): 1, ("failing", "failed"): 1}
