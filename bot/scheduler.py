"""The heartbeat: APScheduler around the callables it is given.

What is due is a matter of the database, so a beat that is missed, late or doubled costs nothing. APScheduler's
own timers stand still for as long as the clock of the machine was set back
(https://github.com/agronholm/apscheduler/issues/351); a guard compares the wall clock with the monotonic one
and plans the beats anew when the two have parted.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

log = logging.getLogger(__name__)

GUARD_SECONDS = 10.0
PARTED_SECONDS = 60.0
"""How far the two clocks may part between two looks before the beats are planned anew."""

Beat = Callable[[], Awaitable[object]]


class Heartbeat:
    """Calls each beat every so many seconds, never the same one twice at once."""

    def __init__(self) -> None:
        self._scheduler = AsyncIOScheduler(
            timezone=UTC,
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        self._beats: dict[str, tuple[Beat, float]] = {}
        self._locks: dict[str, asyncio.Lock] = {}
        self._guard: asyncio.Task[None] | None = None

    def add(self, name: str, beat: Beat, *, seconds: float) -> None:
        """Have `beat` called every `seconds`, the first time at once."""
        self._beats[name] = (beat, seconds)
        self._locks[name] = asyncio.Lock()

    def start(self) -> None:
        """Begin, inside the running event loop."""
        self._plan()
        self._scheduler.start()
        self._guard = asyncio.create_task(self._watch_clocks())

    async def stop(self) -> None:
        """Begin no beat any more, and wait for those in hand."""
        if self._guard is not None:
            self._guard.cancel()
            await asyncio.gather(self._guard, return_exceptions=True)
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        for lock in self._locks.values():
            async with lock:
                pass

    async def beat(self, name: str) -> None:
        """Call one beat now, after one of the same name that is in hand."""
        beat, _ = self._beats[name]
        async with self._locks[name]:
            try:
                await beat()
            except Exception:
                # The database may be away: the next beat finds the same things due.
                log.exception("a beat failed", extra={"beat": name})

    def _plan(self) -> None:
        for name, (_, seconds) in self._beats.items():
            self._scheduler.add_job(
                self.beat,
                IntervalTrigger(seconds=seconds, timezone=UTC),
                args=[name],
                id=name,
                replace_existing=True,
                next_run_time=datetime.now(UTC),
            )

    async def _watch_clocks(self) -> None:
        difference = time.time() - time.monotonic()
        while True:
            await asyncio.sleep(GUARD_SECONDS)
            now = time.time() - time.monotonic()
            if abs(now - difference) > PARTED_SECONDS:
                log.warning("the clock jumped", extra={"seconds": round(now - difference)})
                self._plan()
            difference = now
