"""One WebSocket from Slack: it takes in payloads, and acknowledges each of them over itself."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import time
from collections.abc import Callable
from typing import Any

import aiohttp
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackClientError
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot import failures
from bot.slack.causes import cause
from bot.slack.receiving.payload_metrics import PayloadMetrics, kind_of
from bot.slack.receiving.transport import DRAIN_SECONDS

log = logging.getLogger(__name__)

OPEN_SECONDS = 5.0
"""How many seconds opening a connection may take: the address and the WebSocket together."""

CLOSE_SECONDS = 2.0
"""How many seconds the other end may take to close the connection."""


class Connection(AsyncBaseSocketModeClient):
    """One connection. It is opened once and never reconnects; it tells its owner how it ends.

    `on_disconnect` is called with Slack's reason when Slack asks for another connection. `on_lost` is called once
    when the connection has ended and `leave` was not called before.
    """

    def __init__(
        self,
        app: AsyncApp,
        app_token: str,
        *,
        payload_metrics: PayloadMetrics,
        ping_seconds: float,
        open_seconds: float,
        on_disconnect: Callable[[Connection, str], None],
        on_lost: Callable[[Connection], None],
    ) -> None:
        self.logger = logging.getLogger("slack_sdk.socket_mode")
        self.web_client = app.client
        self.app_token = app_token
        self.began_at = 0.0
        self._app = app
        self._payload_metrics = payload_metrics
        self._ping_seconds = ping_seconds
        self._open_seconds = open_seconds
        self._on_disconnect = on_disconnect
        self._on_lost = on_lost
        self._leaving = False
        self._in_hand: set[asyncio.Task[None]] = set()
        self._session: aiohttp.ClientSession | None = None
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._receiving: asyncio.Task[None] | None = None

    async def open(self, url: str | None = None) -> None:
        """Connect with one attempt, at `url` or at a new address; raise what went wrong."""
        async with asyncio.timeout(self._open_seconds):
            url = url or await new_address(self._app, self.app_token)
            self._session = aiohttp.ClientSession()
            self._socket = await self._session.ws_connect(
                url,
                heartbeat=self._ping_seconds,
                proxy=self._app.client.proxy,  # decided once, by the function that makes the client
                ssl=True if self._app.client.ssl is None else self._app.client.ssl,
            )
        self._receiving = asyncio.create_task(self._receive(self._socket))

    async def is_connected(self) -> bool:
        """Return whether the connection is open, as far as the bot can tell."""
        return self._socket is not None and not self._socket.closed

    async def leave(self) -> None:
        """Finish the payloads in progress, acknowledge them over this connection, and close it."""
        self._leaving = True
        await asyncio.sleep(0)  # lets a payload that has just arrived begin
        if self._in_hand:
            await asyncio.wait(self._in_hand, timeout=DRAIN_SECONDS)
        if self._socket is not None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(CLOSE_SECONDS):
                    await self._socket.close()
        if self._receiving is not None:
            self._receiving.cancel()
            await asyncio.gather(self._receiving, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    async def send_message(self, message: str) -> None:
        """Send an answer to Slack over this connection; the SDK's methods for answers end here."""
        if self._socket is not None:
            await self._socket.send_str(message)

    async def _receive(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        """Take in messages until the connection ends, each in a task of its own."""
        try:
            async for message in socket:
                if message.type is aiohttp.WSMsgType.TEXT:
                    task = asyncio.create_task(self._take(message.data))
                    self._in_hand.add(task)
                    task.add_done_callback(self._in_hand.discard)
                elif message.type is aiohttp.WSMsgType.ERROR:
                    break
        except Exception:
            log.exception("a connection broke")
        if not self._leaving:
            self._on_lost(self)

    async def _take(self, text: str) -> None:
        try:
            message = json.loads(text)
        except ValueError:
            message = None
        if not isinstance(message, dict):
            log.warning("a message of no known shape")
        elif message.get("type") == "disconnect":
            self._on_disconnect(self, str(message.get("reason")))
        elif (request := SocketModeRequest.from_dict(message)) is not None:
            try:
                await self._answer(request)
            except (ConnectionError, aiohttp.ClientError):
                # Slack sends an event again; a person sees Slack's warning and presses again.
                log.warning("the connection ended before an acknowledgement")
            except Exception as error:
                why, kind = cause(error), kind_of(request.payload)
                self._payload_metrics.failures.note(
                    error, part=failures.LISTENER, kind=kind, cause=why
                )
                facts = {"kind": kind, "cause": why}
                log.exception("a payload could not be answered", extra=facts)

    async def _answer(self, request: SocketModeRequest) -> None:
        """Have Bolt answer one payload, and send that answer to Slack."""
        began, began_at = time.monotonic(), time.time()
        answer = await run_async_bolt_app(self._app, request)
        self._payload_metrics.note(request.payload, answer.status, time.monotonic() - began)
        await send_async_response(self, request, answer, began_at)


async def new_address(app: AsyncApp, app_token: str) -> str:
    """Ask Slack for an address, which is good for one connection. Raises what the call raises."""
    answer: Any = await app.client.apps_connections_open(app_token=app_token)
    url = answer.get("url")
    if not isinstance(url, str):
        raise SlackClientError("apps.connections.open: no address in the answer")
    return url
