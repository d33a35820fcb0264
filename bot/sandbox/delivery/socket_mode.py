"""Socket Mode: the bot's WebSockets, and the envelopes that go over them."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import uuid

from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.sandbox.records import APP_ID, CUT, Delivery, Json
from bot.sandbox.state.workspace import WorkspaceState

log = logging.getLogger(__name__)

MAX_CONNECTIONS = 10
CONNECTION_SECONDS = 18_060


class Connection:
    """This is one WebSocket of the bot, with the envelopes that it has not acknowledged yet."""

    def __init__(self, number: int, websocket: WebSocket) -> None:
        self.number = number
        self.websocket = websocket
        self.leaving = False
        self.unacked: dict[str, asyncio.Future[Json | None]] = {}

    async def send(self, message: Json) -> None:
        """Send one message of the protocol."""
        await self.websocket.send_text(json.dumps(message))


class _Disconnected(Exception):
    """The WebSocket went away before the envelope was acknowledged."""


class SocketMode:
    """Keeps the bot's connections. Each envelope goes to one of them, in turn."""

    def __init__(self, state: WorkspaceState, *, ack_seconds: float) -> None:
        self.connections: list[Connection] = []
        self.refusing = False
        """Whether every WebSocket is refused, as behind a network that fails. Addresses are still given."""
        self.refused = 0
        """How many WebSockets were refused."""
        self._state = state
        self._ack_seconds = ack_seconds
        self._tickets: set[str] = set()
        self._numbered = 0
        self._turn = 0
        self._connected: asyncio.Future[None] | None = None

    def new_url(self) -> str:
        """Make an address at which the bot may connect, once."""
        ticket = str(uuid.uuid4())
        self._tickets.add(ticket)
        base = self._state.base_url.replace("http", "ws", 1)
        return f"{base}/socket?ticket={ticket}&app_id={APP_ID}"

    def expire_tickets(self) -> None:
        """Refuse from now on every address that was given out and not used."""
        self._tickets.clear()

    # The bot's end

    async def serve(self, websocket: WebSocket) -> None:
        """Serve one WebSocket until it closes. One whose ticket is unknown or used is refused."""
        ticket = websocket.query_params.get("ticket", "")
        if self.refusing or ticket not in self._tickets:
            await websocket.close()
            self.refused += 1
            self._state.touch()
            return
        self._tickets.discard(ticket)
        await websocket.accept()
        self._numbered += 1
        connection = Connection(self._numbered, websocket)
        if self._state.manifest.over_http:
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
            self._add(connection)
            while True:
                self._acknowledge(connection, await websocket.receive_text())
        except WebSocketDisconnect:
            pass
        finally:
            self._remove(connection)

    async def disconnect_all(self, reason: str) -> None:
        """Ask the bot to replace every connection. These get no more envelopes."""
        for connection in list(self.connections):
            connection.leaving = True
            await connection.send(_disconnect(reason))

    async def drop_all(self) -> None:
        """Cut every connection without a warning, as a failing network does."""
        await self.close_all(1012)

    def abort_all(self) -> None:
        """Reset every connection without a word of the protocol."""
        for connection in list(self.connections):
            connection.websocket.scope[CUT]()
            self._remove(connection)

    async def close_all(self, code: int) -> None:
        """Close every connection with this code of the WebSocket protocol."""
        for connection in list(self.connections):
            with contextlib.suppress(RuntimeError, WebSocketDisconnect):
                await connection.websocket.close(code)
            self._remove(connection)

    def next_connection(self) -> asyncio.Future[None]:
        """Return a future that is done as soon as the bot opens another connection."""
        if self._connected is None or self._connected.done():
            self._connected = asyncio.get_running_loop().create_future()
        return self._connected

    def _add(self, connection: Connection) -> None:
        self.connections.append(connection)
        if self._connected is not None and not self._connected.done():
            self._connected.set_result(None)
        self._state.touch()

    def _remove(self, connection: Connection) -> None:
        if connection in self.connections:
            self.connections.remove(connection)
        for waiting in connection.unacked.values():
            if not waiting.done():
                waiting.set_exception(_Disconnected())
        self._state.touch()

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

    async def send(self, delivery: Delivery) -> None:
        """Send an envelope over one of the connections, wait for its acknowledgement and record the result."""
        connection = self._pick_connection()
        if connection is None:
            delivery.result = "no_connection"
            return
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

    def _pick_connection(self) -> Connection | None:
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
