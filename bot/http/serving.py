"""Serves an ASGI app on a port, in the running event loop."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Generator

import uvicorn
from starlette.types import ASGIApp

from bot.http.protocols import fastest_protocol

KEEP_ALIVE_SECONDS = 75
"""Longer than proxies keep an idle connection (60 s), so that no press goes into a connection just closed here."""

MAX_CONCURRENCY = 512
"""The largest number of connections and requests; more are answered with 503, so that memory stays bounded."""


class HttpListener:
    """Serves an app until it is stopped. With `port` 0 it uses a free port, and `port` then holds its number."""

    def __init__(self, app: ASGIApp, *, host: str, port: int, drain_seconds: float) -> None:
        self.host = host
        self.port = port
        self._config = uvicorn.Config(
            app,
            http=fastest_protocol(),
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            date_header=False,
            proxy_headers=False,
            limit_concurrency=MAX_CONCURRENCY,
            timeout_keep_alive=KEEP_ALIVE_SECONDS,
            timeout_graceful_shutdown=max(round(drain_seconds), 1),
        )
        self._server: _Server | None = None
        self._serving: asyncio.Task[None] | None = None

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
        await self._server.listening.wait()

    async def stop(self) -> None:
        """Accept no more requests, finish those in progress, and release the port."""
        if self._server is not None and self._serving is not None:
            self._server.leave.set()
            await self._serving
            self._server = self._serving = None


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
