"""The workspace on a port of this machine: Web API, Socket Mode, response URLs, clock and page."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.sandbox.api import build_api
from bot.sandbox.pages import build_routes
from bot.sandbox.records import Clock
from bot.sandbox.replies import answer_response_url
from bot.sandbox.workspace import Workspace

KEEP_ALIVE_SECONDS = 10.0
LOCAL_HOSTS = ["127.0.0.1", "localhost"]


@dataclass(frozen=True)
class Jump:
    """A button that moves the clock to a moment worth seeing.

    `when` gives that moment, or None when there is nothing to jump to.
    """

    label: str
    key: str
    when: Callable[[], Awaitable[datetime | None]]
    when_in: Callable[[str], Awaitable[datetime | None]] | None = None
    """The same by the clocks of an IANA zone, for jumps that depend on one."""


class SandboxServer:
    """Serves a workspace in the running event loop; `start()` and `stop()` it.

    `port` 0 takes a free one. `url` has no slash at its end.
    """

    def __init__(
        self,
        workspace: Workspace,
        *,
        clock: Clock,
        host: str = "127.0.0.1",
        port: int = 0,
        jumps: Sequence[Jump] = (),
    ) -> None:
        self.workspace = workspace
        self.clock = clock
        self.host = host
        self.port = port
        self.jumps = list(jumps) or [
            _weekly(clock, "Next Monday 09:00", "next_check_in", weekday=0, hour=9),
            _weekly(clock, "Next Tuesday 17:00", "deadline", weekday=1, hour=17),
        ]
        self.stopping = asyncio.Event()
        """Set when the server stops: endless answers end then."""
        self._server: _Server | None = None
        self._serving: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    @property
    def api_url(self) -> str:
        """What SLACK_API_URL is to be."""
        return f"{self.url}/api/"

    @property
    def clock_url(self) -> str:
        """What BASECOACH_CLOCK_URL is to be."""
        return f"{self.url}/clock"

    async def start(self) -> None:
        """Listen. Raises OSError when the port is taken."""
        listener = socket.create_server((self.host, self.port))
        # For connections, which inherit it: asyncio leaves those of a ready-made socket as they are, and an
        # answer's body would wait for the client to acknowledge its head, 40 ms.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
        self.port = listener.getsockname()[1]
        self.workspace.base_url = self.url
        self.stopping.clear()
        config = uvicorn.Config(
            self._app(),
            http="h11",
            ws="websockets-sansio",
            ws_ping_interval=None,
            lifespan="off",
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=2,
            timeout_keep_alive=75,  # longer than clients keep theirs, so that none is cut in use
        )
        self._server = _Server(config)
        self._serving = asyncio.create_task(self._server.serve(sockets=[listener]))
        while not self._server.started:
            if self._serving.done():
                await self._serving
                raise OSError("the sandbox's server did not start")
            await asyncio.sleep(0)
        self.workspace.socket_mode.start()

    async def stop(self) -> None:
        """Close every connection and let go of the port; the workspace stays usable."""
        self.stopping.set()
        self.workspace.faults.release()
        await self.workspace.socket_mode.stop()
        if self._server is not None and self._serving is not None:
            self._server.leave.set()
            await self._serving
            self._server = self._serving = None

    async def move_clock(self, seconds: float) -> None:
        """Move the clock on. Raises ValueError for a step back."""
        self.clock.move(seconds)

    async def jump(self, key: str, *, tz: str | None = None) -> datetime | None:
        """Move the clock to the moment of the jump with this key, in the zone `tz` if it goes by one.

        Gives the moment, or None if there is nothing to jump to; raises LookupError for an unknown key.
        """
        jump = next((jump for jump in self.jumps if jump.key == key), None)
        if jump is None:
            raise LookupError(f"no jump {key!r}")
        moment = await (jump.when_in(tz) if tz and jump.when_in else jump.when())
        ahead = (moment - self.clock.now()).total_seconds() if moment else 0
        if moment is None or ahead <= 0:
            return None
        self.clock.move(ahead)
        return moment

    async def drop_sockets(self) -> None:
        """Cut every bot's WebSocket without a word, as a failing network does."""
        await self.workspace.socket_mode.drop_all()

    async def disconnect_sockets(self, reason: str = "refresh_requested") -> None:
        """Tell every connected bot to connect anew, as Slack does every few hours."""
        await self.workspace.socket_mode.disconnect_all(reason)

    def _app(self) -> ASGIApp:
        routes: list[BaseRoute] = [
            Mount("/api", build_api(self.workspace)),
            Route("/response/{secret}", answer_response_url(self.workspace), methods=["POST"]),
            Route("/clock", self._clock_stream, methods=["GET"]),
            WebSocketRoute("/socket", self.workspace.socket_mode.serve),
            *build_routes(self),
        ]
        hosts = Middleware(TrustedHostMiddleware, allowed_hosts=[*LOCAL_HOSTS, self.host])
        return _WithTransport(Starlette(routes=routes, middleware=[hosts]))

    async def _clock_stream(self, request: Request) -> StreamingResponse:
        return StreamingResponse(self._offsets(), media_type="application/x-ndjson")

    async def _offsets(self) -> AsyncIterator[bytes]:
        """The clock's offset as a line of JSON, now and after each move; empty lines between."""
        loop = asyncio.get_running_loop()
        moved = asyncio.Event()

        def wake() -> None:
            loop.call_soon_threadsafe(moved.set)

        forget = self.clock.subscribe(wake)
        try:
            while not self.stopping.is_set():
                moved.clear()
                yield json.dumps({"offset": self.clock.offset}).encode() + b"\n"
                while not moved.is_set() and not self.stopping.is_set():
                    if not await _either(moved, self.stopping, timeout=KEEP_ALIVE_SECONDS):
                        yield b"\n"
        finally:
            forget()


def _weekly(clock: Clock, label: str, key: str, *, weekday: int, hour: int) -> Jump:
    """A jump to the next such hour of the week, in London unless a zone is given."""

    async def when_in(tz: str) -> datetime:
        local = clock.now().astimezone(ZoneInfo(tz))
        ahead = timedelta(days=(weekday - local.weekday()) % 7)
        moment = datetime.combine(local.date() + ahead, time(hour), tzinfo=local.tzinfo)
        if moment <= local:
            following = moment.date() + timedelta(days=7)
            moment = datetime.combine(following, time(hour), tzinfo=local.tzinfo)
        return moment.astimezone(UTC)

    return Jump(label, key, lambda: when_in("Europe/London"), when_in)


class _Server(uvicorn.Server):
    """uvicorn that leaves the process's signals alone: they belong to the command line."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.leave = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield

    async def main_loop(self) -> None:
        await self.leave.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """At once where nobody is being answered; else as uvicorn does, which looks every tenth of a second."""
        for server in self.servers:
            server.close()
        for listener in sockets or []:
            listener.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        await asyncio.sleep(0)  # what was closed just now is gone then
        if self.server_state.connections or self.server_state.tasks:
            await super().shutdown(sockets)


class _WithTransport:
    """Puts a way to cut the connection into the scope, for answers that shall get lost."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        transport = getattr(getattr(send, "__self__", None), "transport", None)
        if transport is not None:
            scope["sandbox.cut"] = transport.abort
        await self._app(scope, receive, send)


async def _either(first: asyncio.Event, second: asyncio.Event, *, timeout: float) -> bool:
    """Whether one of two events came within `timeout` seconds."""
    waits = [asyncio.ensure_future(event.wait()) for event in (first, second)]
    try:
        done, _ = await asyncio.wait(waits, timeout=timeout, return_when="FIRST_COMPLETED")
        return bool(done)
    finally:
        for wait in waits:
            wait.cancel()
