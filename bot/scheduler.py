"""The heartbeat: it calls functions at fixed intervals, by APScheduler.

The database says what is due, so a beat that is missed, late or doubled does no harm. But what is due also depends
on the clock, and a machine's clock can be set. APScheduler's own timers stop for as long as the clock was set back
(https://github.com/agronholm/apscheduler/issues/351). So a guard compares the wall clock with the monotonic clock:
when they differ, nothing is done until the clock has been steady for a minute, and then the beats are scheduled
again.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

log = logging.getLogger(__name__)

GUARD_SECONDS = 1.0
"""Seconds between two looks at the clocks; code that decides by the time of day also looks just before."""

PARTED_SECONDS = 60.0
"""How many seconds the two clocks may drift apart between two looks."""

HOLD_SECONDS = 60.0
"""How many seconds nothing is done after a jump, in case the clock is corrected again."""

Beat = Callable[[], Awaitable[object]]


class ClockGuard:
    """Notices that the machine's clock was set.

    The guard does not look at a clock that is moved inside the program, as the sandbox's is.
    """

    def __init__(
        self,
        *,
        wall: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.jumps = 0
        self._wall = wall
        self._monotonic = monotonic
        self._difference = wall() - monotonic()
        self._hold_until: float | None = None

    def holds(self) -> bool:
        """Look at both clocks, and return whether nothing that depends on the time of day may be done now."""
        now = self._monotonic()
        difference = self._wall() - now
        parted = difference - self._difference
        self._difference = difference
        if abs(parted) > PARTED_SECONDS:
            self.jumps += 1
            self._hold_until = now + HOLD_SECONDS
            log.warning("the clock jumped, holding back", extra={"seconds": round(parted)})
        elif self._hold_until is not None and now >= self._hold_until:
            self._hold_until = None
            log.info("the clock is steady again")
        return self._hold_until is not None


class Heartbeat:
    """Calls each beat at its interval; the same beat never runs twice at the same time."""

    def __init__(
        self, *, guard: ClockGuard | None = None, guard_seconds: float = GUARD_SECONDS
    ) -> None:
        self.guard = guard or ClockGuard()
        self.beats: Counter[tuple[str, str]] = Counter()
        """The number of beats by name and result: `ok`, `failed` or `held`."""
        self._scheduler = AsyncIOScheduler(
            timezone=UTC,
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        self._calls: dict[str, tuple[Beat, float]] = {}
        self._locks: dict[str, asyncio.Lock] = {}
        self._done_at: dict[str, float] = {}
        self._in_hand: set[asyncio.Task[None]] = set()
        self._guard_seconds = guard_seconds
        self._guarding: asyncio.Task[None] | None = None

    def add(self, name: str, beat: Beat, *, seconds: float) -> None:
        """Call `beat` every `seconds`, the first time at once."""
        self._calls[name] = (beat, seconds)
        self._locks[name] = asyncio.Lock()

    def start(self) -> None:
        """Start the beats. Call it inside the running event loop."""
        self._schedule_beats()
        self._scheduler.start()
        self._guarding = asyncio.create_task(self._watch_clocks())

    async def stop(self) -> None:
        """Start no more beats, and wait for those in progress."""
        if self._guarding is not None:
            self._guarding.cancel()
            await asyncio.gather(self._guarding, return_exceptions=True)
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        await asyncio.gather(*self._in_hand)
        for lock in self._locks.values():
            await lock.acquire()  # a direct call of beat() has ended too
            lock.release()

    def silent_seconds(self, name: str) -> float | None:
        """Return how many seconds ago a beat of this name last succeeded; None if none has yet."""
        done_at = self._done_at.get(name)
        return None if done_at is None else time.monotonic() - done_at

    async def beat(self, name: str) -> None:
        """Run one beat now, or after a beat of the same name that is in progress."""
        call, _ = self._calls[name]
        async with self._locks[name]:
            try:
                await call()
            except Exception:
                # The database may be unavailable: the next beat finds the same things due.
                log.exception("a beat failed", extra={"beat": name})
                self.beats[name, "failed"] += 1
            else:
                self._done_at[name] = time.monotonic()
                self.beats[name, "ok"] += 1

    async def _begin(self, name: str) -> None:
        """Start a beat as a task; APScheduler calls this, and its shutdown would cancel the beat in the middle."""
        if self.guard.holds():
            self.beats[name, "held"] += 1
        elif not self._locks[name].locked():
            task = asyncio.create_task(self.beat(name))
            self._in_hand.add(task)
            task.add_done_callback(self._in_hand.discard)

    def _schedule_beats(self) -> None:
        for name, (_, seconds) in self._calls.items():
            self._scheduler.add_job(
                self._begin,
                IntervalTrigger(seconds=seconds, timezone=UTC),
                args=[name],
                id=name,
                replace_existing=True,
                next_run_time=datetime.now(UTC),
            )

    async def _watch_clocks(self) -> None:
        held, jumps = False, self.guard.jumps
        while True:
            await asyncio.sleep(self._guard_seconds)
            holds = self.guard.holds()
            if self.guard.jumps != jumps or (held and not holds):
                self._schedule_beats()
            held, jumps = holds, self.guard.jumps
