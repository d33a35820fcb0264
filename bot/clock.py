"""The only source of the current time.

All code that depends on the time gets a Clock. In production it is the system's clock; tests and the sandbox use
one that can be moved forward; a bot that runs in another process than its sandbox follows the sandbox's clock over
HTTP.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

import aiohttp

log = logging.getLogger(__name__)


class Clock(Protocol):
    """A clock that the bot can use."""

    def now(self) -> datetime:
        """Return the current moment as an aware datetime in UTC."""
        ...

    def subscribe(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call `callback` after each jump of the clock; return a function that ends the subscription."""
        ...


class SystemClock:
    """The machine's own clock, which the bot can't move."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def subscribe(self, callback: Callable[[], None]) -> Callable[[], None]:
        return lambda: None


class SettableClock:
    """The machine's clock plus an offset that only grows: the sandbox's buttons move it forward.

    With `frozen_at` the clock stands still between moves, for tests that compare moments.
    """

    def __init__(self, offset: float = 0.0, *, frozen_at: datetime | None = None) -> None:
        self._offset = offset
        self._frozen_at = frozen_at
        self._subscribers: list[Callable[[], None]] = []

    def now(self) -> datetime:
        base = self._frozen_at or datetime.now(UTC)
        return base + timedelta(seconds=self._offset)

    @property
    def offset(self) -> float:
        """Return by how many seconds the clock is ahead of the machine's."""
        if self._frozen_at is None:
            return self._offset
        return (self.now() - datetime.now(UTC)).total_seconds()

    def move(self, seconds: float) -> None:
        """Move the clock forward by `seconds`; raises ValueError for a step back."""
        if seconds < 0:
            raise ValueError("the clock only moves forward")
        self._offset += seconds
        self._tell()

    def move_to(self, moment: datetime) -> None:
        """Move the clock forward to `moment`; raises ValueError if that has passed."""
        self.move((moment - self.now()).total_seconds())

    def follow(self, offset: float) -> None:
        """Use another clock's offset, even if it is smaller than this clock's."""
        self._offset = offset
        self._tell()

    def subscribe(self, callback: Callable[[], None]) -> Callable[[], None]:
        self._subscribers.append(callback)
        return lambda: self._subscribers.remove(callback)

    def _tell(self) -> None:
        for callback in list(self._subscribers):
            callback()


class FollowedClock(SettableClock):
    """A clock that follows the one served at `url` as lines of `{"offset": seconds}` (BASECOACH_CLOCK_URL)."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url
        self._task: asyncio.Task[None] | None = None

    async def start(self, session: aiohttp.ClientSession) -> None:
        """Read the first offset, then keep following; raises OSError if nothing answers at the address."""
        first = asyncio.get_running_loop().create_future()
        self._task = asyncio.create_task(self._follow(session, first))
        await asyncio.wait_for(first, timeout=10)

    async def stop(self) -> None:
        """Stop following; the last offset stays."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _follow(self, session: aiohttp.ClientSession, first: asyncio.Future[None]) -> None:
        endless = aiohttp.ClientTimeout(total=None, sock_connect=5, sock_read=60)
        while True:
            try:
                async with session.get(self._url, timeout=endless) as response:
                    response.raise_for_status()
                    async for line in response.content:
                        if line.strip():
                            self.follow(float(json.loads(line)["offset"]))
                            if not first.done():
                                first.set_result(None)
            except (aiohttp.ClientError, TimeoutError, ValueError, KeyError, TypeError) as error:
                if not first.done():
                    first.set_exception(OSError(f"no clock answers at {self._url}: {error}"))
                    return
                log.warning("the clock is not followed", extra={"error": type(error).__name__})
            await asyncio.sleep(1)
