"""Serves an ASGI app on a port, in the running event loop."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time
from collections.abc import Callable, Generator

import uvicorn
from starlette.types import ASGIApp

from bot.http.connections import Connections, Limits, Reason
from bot.http.protocols import fastest_protocol


class HttpListener:
    """Serves an app until it is stopped. With `port` 0 it uses a free port, and `port` then holds its number.

    `closed` is called with the reason for each connection that is closed because of the limits.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        host: str,
        port: int,
        drain_seconds: float,
        limits: Limits | None = None,
        closed: Callable[[Reason], None] = lambda reason: None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.host = host
        self.port = port
        limits = limits or Limits()
        self.connections = Connections(closed=closed, limits=limits, monotonic=monotonic)
        self._config = uvicorn.Config(
            app,
            http=fastest_protocol(self.connections),
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,
            proxy_headers=False,
            timeout_keep_alive=limits.idle_seconds,
            timeout_graceful_shutdown=max(round(drain_seconds), 1),
        )
        self._server: _Server | None = None
        self._serving: asyncio.Task[None] | None = None
        self._watching: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        """Return the address, without a slash at its end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    @property
    def listening(self) -> bool:
        return self._server is not None and self._server.listening.is_set()

    async def start(self) -> None:
        """Start to listen. Raises OSError if the port is in use or the host is not this machine's."""
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        listening = socket.create_server((self.host, self.port), family=family)
        # Connections inherit this option. For a ready-made socket asyncio does not set it, and the body of an
        # answer would wait 40 ms for the client to acknowledge its head.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
        self.port = listening.getsockname()[1]
        self._server = _Server(self._config)
        self._serving = asyncio.create_task(self._server.serve(sockets=[listening]))
        self._watching = asyncio.create_task(self.connections.watch())
        await self._server.listening.wait()

    async def stop(self) -> None:
        """Accept no more requests, finish those in progress, and release the port."""
        if self._server is not None and self._serving is not None:
            self._server.leave.set()
            await self._serving
            self._server = self._serving = None
        if self._watching is not None:
            self._watching.cancel()
            await asyncio.gather(self._watching, return_exceptions=True)
            self._watching = None


class _Server(uvicorn.Server):
    """uvicorn without its signal handlers (the command line has its own) and without its polling."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()
        self.leave = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listening.set()

    async def main_loop(self) -> None:
        await self.leave.wait()
