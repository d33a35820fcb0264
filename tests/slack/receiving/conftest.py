"""What the tests of receiving begin with."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.seed import seed_workspace
from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import Workspace
from bot.slack.receiving.socket_mode import SocketMode
from tests.patience import PATIENCE
from tests.slack.receiving.seconds import Pauses, Seconds
from tests.slack.receiving.sockets import MANIFEST


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def pauses() -> Pauses:
    return Pauses()


@pytest.fixture
async def server(clock: Any) -> AsyncIterator[SandboxServer]:
    workspace = Workspace.open(
        None, clock=clock, manifest=MANIFEST, ack_seconds=PATIENCE, trigger_seconds=PATIENCE
    )
    seed_workspace(workspace)
    server = SandboxServer(workspace, clock=clock)
    await server.start()
    yield server
    await server.stop()
    workspace.close()


@pytest.fixture
def workspace(server: SandboxServer) -> Workspace:
    return server.workspace


@pytest.fixture
def app(server: SandboxServer) -> AsyncApp:
    client = AsyncWebClient(
        token=server.workspace.bot_token, base_url=server.api_url, retry_handlers=[]
    )
    app = AsyncApp(client=client, process_before_response=True)

    @app.command("/greet")
    async def greet(ack: Callable[..., Awaitable[None]]) -> None:
        await ack("hi")

    @app.event("user_change")
    async def changed() -> None:
        return None

    return app


@pytest.fixture
async def make(app: AsyncApp, seconds: Seconds) -> AsyncIterator[Callable[..., SocketMode]]:
    """Builds transports without pauses and with a clock of their own, and stops them at the end."""
    made: list[SocketMode] = []

    def make(**changes: Any) -> SocketMode:
        arguments: dict[str, Any] = {"waits": (0.0,), "retry_waits": (0.0,), "monotonic": seconds}
        made.append(SocketMode(app, "xapp-sandbox-basecoach", **(arguments | changes)))
        return made[-1]

    yield make
    for transport in made:
        await transport.stop()
