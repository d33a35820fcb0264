"""The workspace on a port of this machine: Web API, Socket Mode, response URLs, clock and page."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Generator, Sequence

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.sandbox.clock import ClockControls, Jump, offset_lines
from bot.sandbox.interactions.replies import answer_response_url
from bot.sandbox.pages import downloads
from bot.sandbox.pages.routes import Pages
from bot.sandbox.records import CUT, Clock
from bot.sandbox.web_api.endpoint import build_api
from bot.sandbox.workspace import Workspace

LOCAL_HOSTS = ["127.0.0.1", "localhost"]


class SandboxServer:
    """Serves a workspace in the running event loop. Call `start()` and later `stop()`.

    With `port` 0 it takes a free one. `url` has no slash at its end.
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
        self.clock_controls = ClockControls(clock, jumps)
        self.host = host
        self.port = port
        self._stopping = asyncio.Event()
        """This is set when the server stops, so that endless answers end."""
        self._server: _Server | None = None
        self._serving: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        """This is where the server listens."""
        return f"http://{self.host}:{self.port}"

    @property
    def api_url(self) -> str:
        """The bot takes this as SLACK_API_URL."""
        return f"{self.url}/api/"

    @property
    def clock_url(self) -> str:
        """The bot takes this as BASECOACH_CLOCK_URL."""
        return f"{self.url}/clock"

    async def start(self) -> None:
        """Listen. Raises OSError if the port is taken."""
        listener = socket.create_server((self.host, self.port))
        # For connections, which inherit it: asyncio leaves those of a ready-made socket as they are, and an
        # answer's body would wait for the client to acknowledge its head, 40 ms.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
        self.port = listener.getsockname()[1]
        self.workspace.base_url = self.url
        self._stopping.clear()
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
        self.workspace.dispatcher.start()

    async def stop(self) -> None:
        """Close every connection and free the port. The workspace stays usable."""
        self._stopping.set()
        self.workspace.faults.release()
        await self.workspace.dispatcher.stop()
        if self._server is not None and self._serving is not None:
            self._server.leave.set()
            await self._serving
            self._server = self._serving = None

    async def drop_sockets(self) -> None:
        """Cut every WebSocket of the bot without a warning, as a failing network does."""
        await self.workspace.socket_mode.drop_all()

    async def abort_sockets(self) -> None:
        """Reset every WebSocket's connection without a word of the protocol, as a crash of Slack's end does."""
        self.workspace.socket_mode.abort_all()

    async def disconnect_sockets(self, reason: str = "refresh_requested") -> None:
        """Tell every connected bot to connect anew, as Slack does every few hours."""
        await self.workspace.socket_mode.disconnect_all(reason)

    def _app(self) -> ASGIApp:
        pages = Pages(self.workspace, clock_controls=self.clock_controls, stopping=self._stopping)
        routes: list[BaseRoute] = [
            Mount("/api", build_api(self.workspace)),
            Route("/response/{secret}", answer_response_url(self.workspace), methods=["POST"]),
            Route("/upload/{secret}", downloads.upload(self.workspace), methods=["POST"]),
            Route("/files/{file}", downloads.download(self.workspace), methods=["GET"]),
            Route("/clock", self._clock_stream, methods=["GET"]),
            WebSocketRoute("/socket", self.workspace.socket_mode.serve),
            *pages.routes(),
        ]
        hosts = Middleware(TrustedHostMiddleware, allowed_hosts=[*LOCAL_HOSTS, self.host])
        return _WithCut(Starlette(routes=routes, middleware=[hosts]))

    async def _clock_stream(self, request: Request) -> StreamingResponse:
        lines = offset_lines(self.clock, self._stopping)
        return StreamingResponse(lines, media_type="application/x-ndjson")


STEPS_OF_ACCEPTING = 3
"""After so many turns of asyncio's loop a connection that is being accepted is known to uvicorn."""


class _Server(uvicorn.Server):
    """Runs uvicorn without its handling of the process's signals: the command line handles them."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.leave = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield

    async def main_loop(self) -> None:
        await self.leave.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Shut down at once if no request is being answered.

        Otherwise uvicorn does it, which looks only every tenth of a second. What is being accepted at this moment
        is waited for: asyncio (Python 3.11) never closes a connection whose server was closed meanwhile.
        """
        for listener in sockets or []:
            asyncio.get_running_loop().remove_reader(listener)
        for _ in range(STEPS_OF_ACCEPTING):
            await asyncio.sleep(0)
        for server in self.servers:
            server.close()
        for listener in sockets or []:
            listener.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        await asyncio.sleep(0)  # what was closed just now is gone then
        if self.server_state.connections or self.server_state.tasks:
            await super().shutdown(sockets)


class _WithCut:
    """Puts a function that cuts the connection into the scope, for answers that shall get lost."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        transport = getattr(getattr(send, "__self__", None), "transport", None)
        if transport is not None:
            scope[CUT] = transport.abort
        await self._app(scope, receive, send)
