"""Deliveries to the bot, and what is sent again: over its WebSockets, or by HTTP where its manifest says so."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import secrets
import uuid
from collections.abc import Coroutine, Sequence
from typing import TYPE_CHECKING, Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.sandbox.records import APP_ID, Delivery, Json

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace

log = logging.getLogger(__name__)

MAX_CONNECTIONS = 10
CONNECTION_SECONDS = 18_060


class Connection:
    """One WebSocket of the bot, and the envelopes it has not acknowledged yet."""

    def __init__(self, number: int, websocket: WebSocket) -> None:
        self.number = number
        self.websocket = websocket
        self.leaving = False
        self.unacked: dict[str, asyncio.Future[Json | None]] = {}

    async def send(self, message: Json) -> None:
        await self.websocket.send_text(json.dumps(message))


class _Disconnected(Exception):
    """The WebSocket went away before the envelope was acknowledged."""


class SocketMode:
    """Hands each envelope to one of the bot's connections, in turn."""

    def __init__(
        self, workspace: Workspace, *, ack_seconds: float, retry_delays: Sequence[float]
    ) -> None:
        self.connections: list[Connection] = []
        self.in_flight = 0
        """Deliveries under way; an event that waits for its next attempt is not."""
        self.refusing = False
        """Whether every WebSocket is refused, as behind a network that fails; addresses are still given."""
        self.refused = 0
        self._workspace = workspace
        self._ack_seconds = ack_seconds
        self.retry_delays = tuple(retry_delays)
        self._tickets: set[str] = set()
        self._numbered = 0
        self._turn = 0
        self._started = False
        self._not_started: list[Json] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._arrival: asyncio.Future[None] | None = None

    def start(self) -> None:
        """Begin to deliver; what happened before is delivered now."""
        self._started = True
        early, self._not_started = self._not_started, []
        for payload in early:
            self.send_event(payload)

    async def stop(self) -> None:
        """Close the connections and give up what is on its way."""
        self._started = False
        for connection in list(self.connections):
            with contextlib.suppress(RuntimeError, WebSocketDisconnect):
                await connection.websocket.close(1001)
            self._gone(connection)
        tasks, self._tasks = list(self._tasks), set()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._workspace.http.stop()

    @property
    def connected(self) -> bool:
        """Whether there is somebody to deliver to, as far as the workspace can know."""
        return bool(self.connections) or self._workspace.manifest.over_http

    def new_url(self) -> str:
        """Where the bot may connect, once."""
        ticket = str(uuid.uuid4())
        self._tickets.add(ticket)
        base = self._workspace.base_url.replace("http", "ws", 1)
        return f"{base}/socket?ticket={ticket}&app_id={APP_ID}"

    def expire_tickets(self) -> None:
        """Have every address that was given out and not used be refused from now on."""
        self._tickets.clear()

    # The bot's end

    async def serve(self, websocket: WebSocket) -> None:
        """Serve one WebSocket until it closes; a ticket that is unknown or used is refused."""
        ticket = websocket.query_params.get("ticket", "")
        if self.refusing or ticket not in self._tickets:
            await websocket.close()
            self.refused += 1
            self._workspace.touch()
            return
        self._tickets.discard(ticket)
        await websocket.accept()
        self._numbered += 1
        connection = Connection(self._numbered, websocket)
        if self._workspace.manifest.over_http:
            await connection.send(_disconnect("link_disabled"))
            await websocket.close()
            return
        if len(self.connections) >= MAX_CONNECTIONS:
            await connection.send(_disconnect("too_many_websockets"))
            await websocket.close()
            return
        try:
            await connection.send(
                {
                    "type": "hello",
                    "num_connections": len(self.connections) + 1,
                    "debug_info": {
                        "host": "applink-sandbox",
                        "build_number": 1,
                        "approximate_connection_time": CONNECTION_SECONDS,
                    },
                    "connection_info": {"app_id": APP_ID},
                }
            )
            self._arrived(connection)
            while True:
                self._acknowledge(connection, await websocket.receive_text())
        except WebSocketDisconnect:
            pass
        finally:
            self._gone(connection)

    async def disconnect_all(self, reason: str) -> None:
        """Ask every connection to be replaced; it gets no more envelopes."""
        for connection in list(self.connections):
            connection.leaving = True
            await connection.send(_disconnect(reason))

    async def drop_all(self) -> None:
        """Cut every connection without a word, as a network does."""
        for connection in list(self.connections):
            with contextlib.suppress(RuntimeError, WebSocketDisconnect):
                await connection.websocket.close(1012)
            self._gone(connection)

    def _arrived(self, connection: Connection) -> None:
        self.connections.append(connection)
        if self._arrival is not None and not self._arrival.done():
            self._arrival.set_result(None)
        self._workspace.touch()

    def _gone(self, connection: Connection) -> None:
        if connection in self.connections:
            self.connections.remove(connection)
        for waiting in connection.unacked.values():
            if not waiting.done():
                waiting.set_exception(_Disconnected())
        self._workspace.touch()

    def _acknowledge(self, connection: Connection, text: str) -> None:
        try:
            message = json.loads(text)
            envelope_id = message["envelope_id"]
        except (ValueError, TypeError, KeyError):
            log.warning("the bot sent something that is no acknowledgement")
            return
        waiting = connection.unacked.get(envelope_id)
        if waiting is not None and not waiting.done():
            payload = message.get("payload")
            waiting.set_result(payload if isinstance(payload, dict) else None)

    # The workspace's end

    async def deliver(self, kind: str, payload: Json) -> Delivery:
        """Deliver one command or interaction, once; the delivery tells how it went."""
        return await self._attempt(kind, payload)

    def send_event(self, payload: Json) -> None:
        """Deliver an event in the background, again if need be."""
        if not self._started:
            self._not_started.append(payload)
            return
        self.in_flight += 1
        self._in_background(self._carry(payload))

    def _in_background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _carry(self, payload: Json) -> None:
        reason: str | None = None
        try:
            for attempt, delay in enumerate((0.0, *self.retry_delays)):
                if delay:
                    await self._wait_to_retry(delay)
                delivery = await self._attempt(
                    "events_api", payload, retry_attempt=attempt, retry_reason=reason
                )
                if delivery.acked or delivery.no_retry:
                    return
                reason = self._retry_reason(delivery)
        finally:
            self.in_flight -= 1
            self._workspace.touch()

    def _retry_reason(self, delivery: Delivery) -> str:
        if delivery.result == "timeout":
            return "http_timeout" if self._workspace.manifest.over_http else "timeout"
        return "http_error" if delivery.result == "http_error" else "connection_failed"

    async def _wait_to_retry(self, delay: float) -> None:
        """Wait, but no longer than until a bot connects anew."""
        if self._arrival is None or self._arrival.done():
            self._arrival = asyncio.get_running_loop().create_future()
        self.in_flight -= 1
        self._workspace.touch()
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(delay):
                    await asyncio.shield(self._arrival)
        finally:
            self.in_flight += 1

    async def _attempt(
        self, kind: str, payload: Json, *, retry_attempt: int = 0, retry_reason: str | None = None
    ) -> Delivery:
        delivery = Delivery(
            envelope_id=str(uuid.UUID(bytes=secrets.token_bytes(16), version=4)),
            type=kind,
            payload=payload,
            at=self._workspace.clock.now(),
            retry_attempt=retry_attempt,
            retry_reason=retry_reason,
        )
        self._workspace.deliveries.append(delivery)
        self.in_flight += 1
        self._workspace.touch()
        try:
            await self._send_somewhere(delivery)
        finally:
            self.in_flight -= 1
            self._workspace.touch()
        return delivery

    async def _send_somewhere(self, delivery: Delivery) -> None:
        manifest = self._workspace.manifest
        if manifest.over_http:
            url = manifest.url_for(delivery.type, delivery.payload)
            if url is not None:
                await self._workspace.http.send(delivery, url)
                return
        connection = None if manifest.over_http else self._next_connection()
        if connection is None:
            delivery.result = "no_connection"
        else:
            await self._send(connection, delivery)

    async def _send(self, connection: Connection, delivery: Delivery) -> None:
        waiting: asyncio.Future[Json | None] = asyncio.get_running_loop().create_future()
        connection.unacked[delivery.envelope_id] = waiting
        delivery.connection = connection.number
        try:
            async with asyncio.timeout(self._ack_seconds):
                await connection.send(_envelope(delivery))
                delivery.ack = await waiting
            delivery.result = "acked"
        except TimeoutError:
            delivery.result = "timeout"
        except (_Disconnected, WebSocketDisconnect, RuntimeError):
            delivery.result = "disconnected"
        finally:
            del connection.unacked[delivery.envelope_id]

    def _next_connection(self) -> Connection | None:
        ready = [connection for connection in self.connections if not connection.leaving]
        if not ready:
            return None
        self._turn += 1
        return ready[self._turn % len(ready)]


def _envelope(delivery: Delivery) -> Json:
    answerable = (
        delivery.type == "slash_commands" or delivery.payload.get("type") == "view_submission"
    )
    envelope: Json = {
        "envelope_id": delivery.envelope_id,
        "type": delivery.type,
        "payload": delivery.payload,
        "accepts_response_payload": answerable,
    }
    if delivery.type == "events_api":
        envelope["retry_attempt"] = delivery.retry_attempt
        envelope["retry_reason"] = delivery.retry_reason or ""
    return envelope


def _disconnect(reason: str) -> Json:
    return {
        "type": "disconnect",
        "reason": reason,
        "debug_info": {"host": "applink-sandbox"},
    }
