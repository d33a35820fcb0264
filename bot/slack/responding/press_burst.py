"""Press bursts: while many presses are being recorded, work that can wait is delayed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress

MANY = 4
"""From this many presses that are being recorded at the same time, there is a burst."""

CALM_AFTER = 0.1
"""The burst is over after this many calm seconds: presses of one shared commit all end at the same moment."""


class PressBurst:
    """Knows whether there is a press burst. Use it inside one running event loop."""

    def __init__(self) -> None:
        self._recording = 0
        self._calm_at = 0.0
        self._calm = asyncio.Event()
        self._calm.set()

    @contextmanager
    def recording(self) -> Iterator[None]:
        """Count a press as being recorded while the `with` block runs."""
        self._recording += 1
        if self._recording >= MANY:
            self._goes_on()
        try:
            yield
        finally:
            self._recording -= 1

    async def wait_until_over(self, *, within: float) -> None:
        """Return when the burst is over, after `within` seconds at the latest; at once if there is none."""
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
