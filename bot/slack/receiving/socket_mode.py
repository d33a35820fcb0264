"""Socket Mode: receives Slack's payloads over a WebSocket that the bot opens.

When Slack asks for a refresh, the bot opens a second connection first. It closes the old one only after every
payload in progress has been acknowledged over the connection on which it arrived: an acknowledgement over another
connection does not count, and Slack never repeats a press. A connection that is lost is replaced at once, each
attempt with an address of its own, because Slack accepts each address only once.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.slack.outcomes import CallOutcome, classify
from bot.slack.receiving.connection import OPEN_SECONDS, Connection, new_address
from bot.slack.receiving.payload_metrics import PayloadMetrics
from bot.slack.receiving.watchdog import GIVE_UP_SECONDS, Watchdog
from bot.slack.starting import START_WAITS, Sleep, until_answered

log = logging.getLogger(__name__)

PING_SECONDS = 10.0
"""Seconds between two pings; one that is not answered within half of that ends the connection."""

WAITS = (0.0, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0)
"""The waits before each new connection while Slack soon asks for another, in seconds; the last one is repeated."""

RETRY_WAITS = (0.0, 0.5, 1.0, 1.5)
"""The waits before each attempt after a lost connection or a failed attempt, in seconds; the last is repeated.

None is longer, so that the bot is back soon after Slack is. Slack limits the attempts itself, with a 429.
"""

LASTING_SECONDS = 60.0
"""After a connection that lasted this long the waits start from the first one again."""


class SocketMode:
    """The transport over WebSockets. Build it inside the running event loop."""

    name = "socket_mode"

    def __init__(
        self,
        app: AsyncApp,
        app_token: str,
        *,
        payload_metrics: PayloadMetrics | None = None,
        ping_seconds: float = PING_SECONDS,
        open_seconds: float = OPEN_SECONDS,
        waits: Sequence[float] = WAITS,
        retry_waits: Sequence[float] = RETRY_WAITS,
        start_waits: Sequence[float] = START_WAITS,
        sleep: Sleep = asyncio.sleep,
        monotonic: Callable[[], float] = time.monotonic,
        give_up_seconds: float = GIVE_UP_SECONDS,
    ) -> None:
        self.reconnects = 0
        self.watchdog = Watchdog(
            is_connected=self.is_connected, monotonic=monotonic, give_up_seconds=give_up_seconds
        )
        self.gave_up = self.watchdog.gave_up
        self._app = app
        self._app_token = app_token
        self._payload_metrics = payload_metrics or PayloadMetrics()
        self._ping_seconds = ping_seconds
        self._open_seconds = open_seconds
        self._waits = waits
        self._retry_waits = retry_waits
        self._start_waits = start_waits
        self._sleep = sleep
        self._monotonic = monotonic
        self._short_lived = 0
        self._replacing = False
        self._stopping = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._open: set[Connection] = set()
        self._current: Connection | None = None

    @property
    def cut_off_seconds(self) -> float:
        return self.watchdog.cut_off_seconds

    async def is_connected(self) -> bool:
        """Return whether Slack can reach the bot, as far as the bot can tell."""
        return self._current is not None and await self._current.is_connected()

    async def start(self) -> None:
        """Connect, with as many attempts as that takes. Raises StartProblem for a wrong token."""
        address = await until_answered(
            partial(new_address, self._app, self._app_token),
            setting="SLACK_APP_TOKEN",
            remedy=(
                "It needs an app-level token, xapp-…, with the scope connections:write, "
                "and Socket Mode switched on."
            ),
            api_url=self._app.client.base_url,
            waits=self._start_waits,
            sleep=self._sleep,
        )
        self._in_background(self.watchdog.run())
        await self._connect(address=address)

    async def stop(self) -> None:
        """Let payloads in progress finish, then close every connection."""
        self._stopping = True
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(connection.leave() for connection in list(self._open)))

    def _asked_to_leave(self, connection: Connection, reason: str) -> None:
        """Replace `connection`, because Slack asked for it."""
        first = reason in {"too_many_websockets", "link_disabled"}
        self._begin_to_replace(connection, leave_first=first, waits=self._waits)

    def _lost(self, connection: Connection) -> None:
        """Replace `connection`, because it has ended."""
        self._begin_to_replace(connection, leave_first=False, waits=self._retry_waits)

    def _begin_to_replace(
        self, old: Connection, *, leave_first: bool, waits: Sequence[float]
    ) -> None:
        if old is not self._current or self._replacing or self._stopping:
            return
        lived = self._monotonic() - old.began_at
        self._short_lived = 0 if lived > LASTING_SECONDS else self._short_lived + 1
        wait = waits[min(max(self._short_lived - 1, 0), len(waits) - 1)]
        self._replacing = True
        self._in_background(self._replace(old, leave_first=leave_first, wait=wait))

    async def _replace(self, old: Connection, *, leave_first: bool, wait: float) -> None:
        if leave_first:
            await self._close(old)
        if wait:
            await self._sleep(wait)
        await self._connect()
        await self.watchdog.look()
        if not leave_first:
            await self._close(old)

    async def _connect(self, *, address: str | None = None) -> None:
        """Open a connection, which becomes the current one, with as many attempts as that takes."""
        failures = 0
        while True:
            connection = Connection(
                self._app,
                self._app_token,
                payload_metrics=self._payload_metrics,
                ping_seconds=self._ping_seconds,
                open_seconds=self._open_seconds,
                on_disconnect=self._asked_to_leave,
                on_lost=self._lost,
            )
            self._open.add(connection)
            try:
                await connection.open(address)
            except Exception as error:
                await self._close(connection)
                failures += 1
                address = None
                await self._sleep(self._wait_after(error, failures))
                continue
            # Nothing is awaited from here to the return: the connection may end at any moment after that.
            connection.began_at = self._monotonic()
            self.reconnects += self._current is not None
            self._current, self._replacing = connection, False
            if failures > 1:
                log.info("connected again", extra={"failures": failures})
            return

    def _wait_after(self, error: Exception, failures: int) -> float:
        """Return for how many seconds to wait after the latest of so many failed attempts."""
        failure = classify(error)
        wait = self._retry_waits[min(failures, len(self._retry_waits)) - 1]
        if failure is not None and failure.outcome is CallOutcome.RATE_LIMITED:
            wait = failure.retry_after
        if failure is None:
            log.error("could not connect", exc_info=error)
        elif failures > 1 and failures & (failures - 1) == 0:  # 2, 4, 8, …: else they fill the log
            log.warning("not connected", extra={"code": failure.code, "failures": failures})
        return wait

    async def _close(self, connection: Connection) -> None:
        await connection.leave()
        self._open.discard(connection)

    def _in_background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
