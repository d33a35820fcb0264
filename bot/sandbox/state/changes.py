"""Changes: everybody can wait for the next one, so nobody has to poll."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

HOPELESS = 300.0
"""Seconds after which a wait for a change ends with TimeoutError: far more than anything takes."""


class Changes:
    """Counts every change as a version, and lets others wait for the next one."""

    def __init__(self) -> None:
        self.version = 0
        self._waiters: set[asyncio.Future[None]] = set()

    def touch(self) -> None:
        """Count a change and wake everybody who waits for one."""
        self.version += 1
        waiters, self._waiters = self._waiters, set()
        for waiter in waiters:
            if not waiter.done():
                waiter.set_result(None)

    async def changed(self, since: int) -> int:
        """Return the version as soon as it is past `since`."""
        while self.version <= since:
            waiter = asyncio.get_running_loop().create_future()
            self._waiters.add(waiter)
            try:
                await waiter
            finally:
                self._waiters.discard(waiter)
        return self.version

    async def until(self, condition: Callable[[], Any], timeout: float = HOPELESS) -> Any:
        """Return what `condition` returns as soon as that is true. It is asked again at each change.

        Raises TimeoutError after `timeout` seconds. The error tells the last calls and deliveries.
        """
        try:
            async with asyncio.timeout(timeout):
                while not (result := condition()):
                    await self.changed(self.version)
                return result
        except TimeoutError:
            raise TimeoutError(f"not true after {timeout} s; {self.recently()}") from None

    def recently(self) -> str:
        """Return what happened last, in words, for a TimeoutError."""
        return "nothing is known"
