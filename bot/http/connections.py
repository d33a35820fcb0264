"""Bounds how many connections a server holds, and for how long each may keep it waiting.

A connection waits for its client until a whole request has arrived; from then until the answer is sent it is at
work. A server that is full drops the connection that has waited longest and takes the new one, so that clients who
only hold connections open never shut out a client who sends a request.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from uvicorn.protocols.http.h11_impl import H11Protocol as _Protocol
else:
    _Protocol = object  # mixed in before either of uvicorn's protocols

LOOK_SECONDS = 1.0
"""Seconds between two looks for connections that took too long."""

BUSY = b"HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


class Reason(Enum):
    """Why the server closed a connection by itself, or refused what came over it."""

    SLOW_HEAD = "slow_head"
    """No whole head of a request arrived in time."""
    IDLE = "idle"
    """No further request came."""
    CROWDED = "crowded"
    """The server was full, and this connection had waited longest."""
    BUSY = "busy"
    """The server was full, and every other connection was at work: the new one was answered with 503."""
    MALFORMED = "malformed"
    """What came was not HTTP: it was answered with 400."""


@dataclass(frozen=True)
class Limits:
    """The limits of one server."""

    most: int = 512
    """How many connections it holds, so that memory stays bounded."""
    head_seconds: float = 10.0
    """How long the head of a request may take, from the opening of the connection or the head's first byte."""
    idle_seconds: int = 75
    """How long a connection may stay open after an answer. Proxies keep theirs for 60 s: this is longer, so that
    no press goes into a connection that is just being closed here."""


class _State(Enum):
    HEAD = auto()  # waits for a head; a new connection does from the start
    IDLE = auto()  # has been answered, and nothing has come since
    BODY = auto()  # waits for the rest of a request; the app limits that time
    WORK = auto()  # waits for our answer


class Connections:
    """The open connections of one server. `closed` is called with the reason of each one that the server ends."""

    def __init__(
        self,
        *,
        closed: Callable[[Reason], None],
        limits: Limits,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.closed = closed
        self.limits = limits
        self.monotonic = monotonic
        self._open: set[BoundedConnection] = set()

    def __len__(self) -> int:
        return len(self._open)

    def add(self, connection: BoundedConnection) -> None:
        """Take a new connection, and drop another one if the server is full."""
        self._open.add(connection)
        if len(self._open) <= self.limits.most:
            return
        waiting = [one for one in self._open if one.waits and one is not connection]
        if waiting:
            self._end(min(waiting, key=lambda one: one.since), Reason.CROWDED)
        else:
            connection.transport.write(BUSY)
            self._end(connection, Reason.BUSY)

    def discard(self, connection: BoundedConnection) -> None:
        """Forget a connection that has ended."""
        self._open.discard(connection)

    def close_slow(self) -> None:
        """Close the connections whose heads take too long."""
        before = self.monotonic() - self.limits.head_seconds
        for connection in [one for one in self._open if one.waits_for_head and one.since < before]:
            self._end(connection, Reason.SLOW_HEAD)

    async def watch(self) -> None:
        """Close slow connections until cancelled."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            self.close_slow()

    def _end(self, connection: BoundedConnection, reason: Reason) -> None:
        self._open.discard(connection)
        self.closed(reason)
        connection.transport.close()


class BoundedConnection(_Protocol):
    """Mixed in before one of uvicorn's protocols: keeps account of what its connection waits for."""

    bounds: ClassVar[Connections]
    since = 0.0
    """The monotonic time at which it began to wait for what it waits for."""
    _state = _State.HEAD

    @property
    def waits(self) -> bool:
        """Return whether the client is to send something, rather than the server to answer."""
        return self._state is not _State.WORK

    @property
    def waits_for_head(self) -> bool:
        return self._state is _State.HEAD

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self.since = self.bounds.monotonic()
        self.bounds.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self.bounds.discard(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return  # of a connection that was dropped nothing more is read
        if self._state is _State.IDLE:
            self._enter(_State.HEAD)
        super().data_received(data)
        self._look()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        rest_is_missing = self.cycle.response_complete and self.cycle.more_body
        self._enter(_State.HEAD if rest_is_missing else _State.IDLE)
        self._look()

    def timeout_keep_alive_handler(self) -> None:
        if not self.transport.is_closing():
            self.bounds.closed(Reason.IDLE)
        super().timeout_keep_alive_handler()

    def send_400_response(self, msg: str) -> None:
        self.bounds.closed(Reason.MALFORMED)
        super().send_400_response(msg)

    def _look(self) -> None:
        """Notice a request that has begun or has arrived as a whole."""
        if self.cycle is not None and not self.cycle.response_complete:
            self._enter(_State.BODY if self.cycle.more_body else _State.WORK)

    def _enter(self, state: _State) -> None:
        if state is not self._state:
            self._state, self.since = state, self.bounds.monotonic()
