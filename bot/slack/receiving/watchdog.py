"""The Socket Mode watchdog: it says for how long there has been no connection, and in the end gives up.

After GIVE_UP_SECONDS without a connection the process should end with an error, so that its supervisor starts a
new process.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

log = logging.getLogger(__name__)

GIVE_UP_SECONDS = 300.0
LOOK_SECONDS = 5.0


class Watchdog:
    """Checks whether there is a connection. `monotonic` counts seconds."""

    def __init__(
        self,
        *,
        is_connected: Callable[[], Awaitable[bool]],
        monotonic: Callable[[], float] = time.monotonic,
        give_up_seconds: float = GIVE_UP_SECONDS,
    ) -> None:
        self.gave_up = asyncio.Event()
        self._is_connected = is_connected
        self._monotonic = monotonic
        self._give_up_seconds = give_up_seconds
        self._down_since: float | None = None

    @property
    def cut_off_seconds(self) -> float:
        """Return for how many seconds the looks have found no connection; 0 while there is one."""
        return 0.0 if self._down_since is None else self._monotonic() - self._down_since

    async def run(self) -> None:
        """Look every LOOK_SECONDS until cancelled."""
        while True:
            try:
                await self.look()
            except Exception:
                # After any error in one look the next look still takes place.
                log.exception("the watchdog could not look")
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Check the connection once, and give up where it has been down for too long."""
        now = self._monotonic()
        if await self._is_connected():
            self._down_since = None
            return
        if self._down_since is None:
            self._down_since = now
        down = now - self._down_since
        if down > self._give_up_seconds and not self.gave_up.is_set():
            log.error("gave up connecting", extra={"seconds": round(down)})
            self.gave_up.set()
