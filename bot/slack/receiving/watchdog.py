"""The Socket Mode watchdog: it replaces a connection that is down too long, and in the end gives up.

The SDK's client asks for a new WebSocket address before it connects, but not while it tries: if the network fails
in between, it tries the same address for ever, and Slack accepts each address only once. So a client that has been
cut off for longer than STALE_SECONDS is replaced by a new one, again and again, and after GIVE_UP_SECONDS the
process should end with an error, so that its supervisor starts a new process.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable

log = logging.getLogger(__name__)

STALE_SECONDS = 30.0
"""Also the pause between two new addresses, because Slack gives out only a few a minute."""

GIVE_UP_SECONDS = 300.0
LOOK_SECONDS = 5.0


class Watchdog:
    """Checks whether there is a connection. `monotonic` counts seconds."""

    def __init__(
        self,
        *,
        is_connected: Callable[[], Awaitable[bool]],
        renew: Callable[[], Awaitable[None]],
        monotonic: Callable[[], float] = time.monotonic,
        stale_seconds: float = STALE_SECONDS,
        give_up_seconds: float = GIVE_UP_SECONDS,
    ) -> None:
        self.gave_up = asyncio.Event()
        self._is_connected = is_connected
        self._renew = renew
        self._monotonic = monotonic
        self._stale_seconds = stale_seconds
        self._give_up_seconds = give_up_seconds
        self._down_since: float | None = None
        self._renewed_at: float | None = None

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
        """Check the connection once, and replace it or give up where that is needed."""
        now = self._monotonic()
        if await self._is_connected():
            if self._renewed_at is not None:
                log.info("connected again", extra={"seconds": round(self.cut_off_seconds)})
            self._down_since = self._renewed_at = None
            return
        if self._down_since is None:
            self._down_since = now
        down = now - self._down_since
        if down > self._give_up_seconds:
            if not self.gave_up.is_set():
                log.error("gave up connecting", extra={"seconds": round(down)})
            self.gave_up.set()
        elif now - (self._renewed_at or self._down_since) > self._stale_seconds:
            log.warning("not connected", extra={"seconds": round(down)})
            self._renewed_at = now
            await self._renew()
