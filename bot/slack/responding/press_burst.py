"""Rushes of presses: while many are being recorded, what can wait does."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress

MANY = 4
"""Presses being recorded at once, from which on it is a rush."""

CALM_AFTER = 0.1
"""Seconds without a rush after which it is over: presses that were committed together all end at once."""


class PressBurst:
    """Knows whether there is one. Use it inside one running event loop."""

    def __init__(self) -> None:
        self._recording = 0
        self._calm_at = 0.0
        self._calm = asyncio.Event()
        self._calm.set()

    @contextmanager
    def recording(self) -> Iterator[None]:
        """A press is being recorded."""
        self._recording += 1
        if self._recording >= MANY:
            self._goes_on()
        try:
            yield
        finally:
            self._recording -= 1

    async def wait_until_over(self, *, within: float) -> None:
        """Return when no rush is left, after `within` seconds at the latest; at once where there is none."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                await self._calm.wait()

    def _goes_on(self) -> None:
        loop = asyncio.get_running_loop()
        self._calm_at = loop.time() + CALM_AFTER
        if self._calm.is_set():
            self._calm.clear()
            loop.call_at(self._calm_at, self._look)

    def _look(self) -> None:
        loop = asyncio.get_running_loop()
        if loop.time() < self._calm_at:
            loop.call_at(self._calm_at, self._look)
        else:
            self._calm.set()
