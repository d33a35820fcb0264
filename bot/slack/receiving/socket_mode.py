"""Socket Mode: receives Slack's payloads over a WebSocket that the bot opens.

Each connection has its own SDK client. When Slack asks for a refresh, the bot opens a second connection first. It
closes the old one only after every payload in progress has been acknowledged over the connection on which it
arrived: an acknowledgement over another connection does not count, and Slack never repeats a press.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.problems import StartProblem
from bot.slack.outcomes import classify
from bot.slack.receiving.payload_metrics import PayloadMetrics
from bot.slack.receiving.transport import DRAIN_SECONDS
from bot.slack.receiving.watchdog import GIVE_UP_SECONDS, Watchdog

log = logging.getLogger(__name__)

PING_SECONDS = 10.0
"""Seconds between two pings; a connection that does not answer is noticed after two of them."""

CLOSE_SECONDS = 2.0
"""How many seconds the other end may take to close the connection."""

WAITS = (0.0, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0)
"""The waits before each new connection while connections do not last, in seconds; the last one is repeated."""

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
        waits: Sequence[float] = WAITS,
        monotonic: Callable[[], float] = time.monotonic,
        give_up_seconds: float = GIVE_UP_SECONDS,
    ) -> None:
        self.reconnects = 0
        self.watchdog = Watchdog(
            is_connected=self.is_connected,
            renew=self._renew,
            monotonic=monotonic,
            give_up_seconds=give_up_seconds,
        )
        self.gave_up = self.watchdog.gave_up
        self._app = app
        self._app_token = app_token
        self._payload_metrics = payload_metrics or PayloadMetrics()
        self._ping_seconds = ping_seconds
        self._waits = waits
        self._monotonic = monotonic
        self._short_lived = 0
        self._stopping = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._open: set[_Connection] = set()
        self._current: _Connection | None = None

    @property
    def cut_off_seconds(self) -> float:
        return self.watchdog.cut_off_seconds

    async def is_connected(self) -> bool:
        """Return whether Slack can reach the bot, as far as the bot can tell."""
        return self._current is not None and await self._current.is_connected()

    async def start(self) -> None:
        """Connect. Raises StartProblem for a wrong token, with which the SDK itself would try for ever."""
        connection = self._new_connection()
        try:
            connection.wss_uri = await connection.issue_new_wss_url()
        except Exception as error:
            await connection.leave()
            failure = classify(error)
            if failure is None:
                raise
            raise StartProblem(
                f"Slack does not take SLACK_APP_TOKEN ({failure.code}). It needs an app-level "
                "token, xapp-…, with the scope connections:write, and Socket Mode switched on."
            ) from error
        self._in_background(self.watchdog.run())
        await connection.open()  # or until the watchdog has replaced this connection
        await self.watchdog.look()

    async def stop(self) -> None:
        """Let payloads in progress finish, then close every connection."""
        self._stopping = True
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(connection.leave() for connection in list(self._open)))

    def _new_connection(self) -> _Connection:
        connection = _Connection(
            self._app,
            self._app_token,
            payload_metrics=self._payload_metrics,
            ping_seconds=self._ping_seconds,
            asked_to_leave=self._asked_to_leave,
        )
        connection.began_at = self._monotonic()
        self._open.add(connection)
        self._current = connection
        return connection

    def _asked_to_leave(self, connection: _Connection, reason: str) -> None:
        """Replace `connection`, because Slack asked for it."""
        if connection is self._current and not self._stopping:
            lived = self._monotonic() - connection.began_at
            self._short_lived = 0 if lived > LASTING_SECONDS else self._short_lived + 1
            first = reason in {"too_many_websockets", "link_disabled"}
            self._in_background(self._replace(connection, leave_first=first))

    async def _renew(self) -> None:
        """Replace the client with a new one for the watchdog, so that nothing in the old one can hang."""
        if self._current is not None and not self._stopping:
            self._in_background(self._replace(self._current, leave_first=True))

    async def _replace(self, old: _Connection, *, leave_first: bool) -> None:
        old.stay_away()
        if leave_first:
            await self._close(old)
        wait = self._waits[min(max(self._short_lived - 1, 0), len(self._waits) - 1)]
        if wait:
            await asyncio.sleep(wait)
        if old is not self._current:
            return
        self.reconnects += 1
        new = self._new_connection()
        await new.open()
        await self.watchdog.look()
        if not leave_first:
            await self._close(old)

    async def _close(self, connection: _Connection) -> None:
        await connection.leave()
        self._open.discard(connection)

    def _in_background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


class _Connection(SocketModeClient):
    """The SDK's client as one connection; it knows its payloads in progress and does not refresh itself."""

    def __init__(
        self,
        app: AsyncApp,
        app_token: str,
        *,
        payload_metrics: PayloadMetrics,
        ping_seconds: float,
        asked_to_leave: Callable[[_Connection, str], None],
    ) -> None:
        super().__init__(
            app_token=app_token,
            logger=logging.getLogger("slack_sdk.socket_mode"),
            web_client=app.client,
            ping_interval=ping_seconds,
        )
        self.proxy = app.client.proxy  # decided once, by the function that makes the client
        self.began_at = 0.0
        self._app = app
        self._payload_metrics = payload_metrics
        self._asked_to_leave = asked_to_leave
        self._in_hand: set[asyncio.Task[Any]] = set()
        self.socket_mode_request_listeners.append(self._answer)

    async def open(self) -> None:
        """Connect, with as many attempts as that takes."""
        await self.connect()  # type: ignore[no-untyped-call]

    def stay_away(self) -> None:
        """Do not reconnect when the other end closes."""
        self.auto_reconnect_enabled = self.default_auto_reconnect_enabled = False

    async def leave(self) -> None:
        """Finish the payloads in progress, acknowledge them over this connection, and close it."""
        self.stay_away()
        await asyncio.sleep(0)  # lets a payload that was just taken off the queue begin
        if self._in_hand:
            await asyncio.wait(self._in_hand, timeout=DRAIN_SECONDS)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(CLOSE_SECONDS):
                await self.close()  # type: ignore[no-untyped-call]
        await self.aiohttp_client_session.close()

    async def run_message_listeners(self, message: dict[str, Any], raw_message: str) -> None:
        task = asyncio.current_task()
        if message.get("type") == "disconnect":
            self._asked_to_leave(self, str(message.get("reason")))
            return
        if task is not None:
            self._in_hand.add(task)
            task.add_done_callback(self._in_hand.discard)
        await super().run_message_listeners(message, raw_message)

    async def _answer(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        """Have Bolt answer one payload, and send that answer to Slack."""
        began, began_at = time.monotonic(), time.time()
        answer = await run_async_bolt_app(self._app, request)
        self._payload_metrics.note(request.payload, answer.status, time.monotonic() - began)
        await send_async_response(client, request, answer, began_at)
