"""Socket Mode over the sandbox's real sockets: what is cut off comes back, a refresh loses no press."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from aiohttp import WSMsgType, web
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.problems import StartProblem
from bot.sandbox.people import Person
from bot.sandbox.seed import seed_workspace
from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import Workspace
from bot.slack.receiving.payload_metrics import PayloadMetrics
from bot.slack.receiving.socket_mode import SocketMode
from tests.patience import PATIENCE
from tests.slack.receiving.seconds import Seconds

MANIFEST: dict[str, Any] = {
    "display_information": {"name": "Basecoach"},
    "features": {
        "bot_user": {"display_name": "basecoach"},
        "slash_commands": [{"command": "/greet", "description": "Greets"}],
    },
    "oauth_config": {"scopes": {"bot": ["commands", "users:read"]}},
    "settings": {
        "event_subscriptions": {"bot_events": ["user_change"]},
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
    },
}


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
    """Builds transports with quick pings and a clock of their own, and stops them at the end."""
    made: list[SocketMode] = []

    def make(**changes: Any) -> SocketMode:
        arguments: dict[str, Any] = {"ping_seconds": 0.05, "waits": (0.0,), "monotonic": seconds}
        made.append(SocketMode(app, "xapp-sandbox-basecoach", **(arguments | changes)))
        return made[-1]

    yield make
    for transport in made:
        await transport.stop()


async def connected(workspace: Workspace, number: int) -> None:
    """Wait until exactly the connection with this number is there."""
    await workspace.until(lambda: [c.number for c in workspace.socket_mode.connections] == [number])


async def test_presses_reach_bolt_and_are_counted(
    make: Callable[..., SocketMode], workspace: Workspace
) -> None:
    received = PayloadMetrics()
    await make(payload_metrics=received).start()
    assert (await Person(workspace, "U0PRIYA").command("/greet")).body == {"text": "hi"}
    assert received.payloads == {("command", 200): 1}


async def test_a_wrong_token_fails_at_once_and_in_words(
    app: AsyncApp, make: Callable[..., SocketMode]
) -> None:
    transport = SocketMode(app, "xapp-of-somebody-else")
    with pytest.raises(StartProblem, match=r"Slack does not take SLACK_APP_TOKEN \(\w+\)"):
        await transport.start()
    await transport.stop()


async def test_a_refresh_opens_the_new_connection_before_it_closes_the_old(
    app: AsyncApp, make: Callable[..., SocketMode], server: SandboxServer, workspace: Workspace
) -> None:
    pressed, go_on = asyncio.Event(), asyncio.Event()

    @app.command("/slow")
    async def slow(ack: Callable[..., Awaitable[None]]) -> None:
        pressed.set()
        await go_on.wait()
        await ack("done")

    transport = make()
    await transport.start()
    await connected(workspace, 1)
    pressing = asyncio.create_task(
        workspace.dispatcher.deliver(
            "slash_commands",
            {"command": "/slow", "user_id": "U0PRIYA", "team_id": "T0HARBOR", "text": ""},
        )
    )
    await pressed.wait()
    await server.disconnect_sockets("refresh_requested")
    await workspace.until(lambda: len(workspace.socket_mode.connections) == 2)
    assert (await Person(workspace, "U0SAM").command("/greet")).acked  # over the new one
    go_on.set()
    assert (await pressing).ack == {"text": "done"}  # over the old one, where it came from
    await connected(workspace, 2)
    assert transport.reconnects == 1
    assert not transport.gave_up.is_set()


@pytest.mark.parametrize("reason", ["warning", "refresh_requested", "link_disabled"])
async def test_every_reason_to_leave_ends_in_one_new_connection(
    make: Callable[..., SocketMode], server: SandboxServer, workspace: Workspace, reason: str
) -> None:
    await make().start()
    await connected(workspace, 1)
    for number in (2, 3):
        await server.disconnect_sockets(reason)
        await connected(workspace, number)
    assert (await Person(workspace, "U0PRIYA").command("/greet")).acked


async def test_too_many_connections_end_in_one_when_there_is_room(
    make: Callable[..., SocketMode], workspace: Workspace
) -> None:
    others = [make() for _ in range(10)]
    for other in others:
        await other.start()
    await workspace.until(lambda: len(workspace.socket_mode.connections) == 10)
    late = make()
    await late.start()
    await workspace.until(lambda: late.reconnects > 2)
    assert len(workspace.socket_mode.connections) == 10
    await others[0].stop()
    await workspace.until(
        lambda: len({c.number for c in workspace.socket_mode.connections} - set(range(1, 11))) == 1
    )


async def test_a_cut_connection_comes_back_and_events_with_it(
    make: Callable[..., SocketMode], server: SandboxServer, workspace: Workspace
) -> None:
    await make().start()
    await connected(workspace, 1)
    await server.drop_sockets()
    workspace.change_user("U0SAM", title="x")
    await connected(workspace, 2)
    await workspace.until(lambda: workspace.deliveries[-1].acked)


async def test_slack_away_and_back_on_the_same_port(
    make: Callable[..., SocketMode], clock: Any, server: SandboxServer, workspace: Workspace
) -> None:
    transport = make()
    await transport.start()
    await connected(workspace, 1)
    port = server.port
    await server.stop()
    await transport.watchdog.look()
    again = SandboxServer(workspace, clock=clock, port=port)
    await again.start()
    try:
        await connected(workspace, 2)
        assert (await Person(workspace, "U0PRIYA").command("/greet")).acked
        await transport.watchdog.look()
        assert transport.cut_off_seconds == 0
    finally:
        await transport.stop()
        await again.stop()


async def test_an_address_that_went_stale_is_thrown_away(
    make: Callable[..., SocketMode],
    server: SandboxServer,
    workspace: Workspace,
    seconds: Seconds,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The network fails between the address and the connection; the address is of no use afterwards."""
    transport = make()
    await transport.start()
    await connected(workspace, 1)
    workspace.socket_mode.refusing = True
    await server.drop_sockets()
    await workspace.until(lambda: workspace.socket_mode.refused >= 1)
    workspace.socket_mode.expire_tickets()
    workspace.socket_mode.refusing = False
    refused = workspace.socket_mode.refused
    # The SDK alone dials the same address again and again.
    await workspace.until(lambda: workspace.socket_mode.refused >= refused + 3)
    assert workspace.socket_mode.connections == []
    caplog.set_level(logging.INFO, logger="bot")
    caplog.clear()

    await transport.watchdog.look()
    seconds.go_by(30)
    await transport.watchdog.look()
    assert transport.reconnects == 0
    seconds.go_by(1)
    assert transport.cut_off_seconds == 31
    await transport.watchdog.look()
    await connected(workspace, 2)
    assert (await Person(workspace, "U0PRIYA").command("/greet")).acked
    await transport.watchdog.look()
    assert (transport.reconnects, transport.cut_off_seconds) == (1, 0)
    messages = [r.getMessage() for r in caplog.records if r.name.startswith("bot")]
    assert messages == ["not connected", "connected again"]


async def test_a_server_that_never_answers_the_handshake_is_left(
    make: Callable[..., SocketMode], workspace: Workspace, server: SandboxServer, seconds: Seconds
) -> None:
    dialled = asyncio.Event()

    async def silence(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        dialled.set()
        await reader.read()  # until the other end hangs up
        writer.close()

    black_hole = await asyncio.start_server(silence, "127.0.0.1", 0)
    true_url = workspace.base_url
    workspace.base_url = f"http://127.0.0.1:{black_hole.sockets[0].getsockname()[1]}"
    transport = make()
    starting = asyncio.create_task(transport.start())
    try:
        await asyncio.wait_for(dialled.wait(), timeout=PATIENCE)
        workspace.base_url = true_url
        await transport.watchdog.look()
        seconds.go_by(31)
        await transport.watchdog.look()
        await connected(workspace, 1)
        await asyncio.wait_for(starting, timeout=PATIENCE)
    finally:
        starting.cancel()
        await transport.stop()
        black_hole.close()


async def test_a_payload_in_hand_is_finished_at_the_stop(
    app: AsyncApp, make: Callable[..., SocketMode], workspace: Workspace
) -> None:
    pressed, go_on = asyncio.Event(), asyncio.Event()

    @app.command("/slow")
    async def slow(ack: Callable[..., Awaitable[None]]) -> None:
        pressed.set()
        await go_on.wait()
        await ack("done")

    transport = make()
    await transport.start()
    pressing = asyncio.create_task(
        workspace.dispatcher.deliver(
            "slash_commands",
            {"command": "/slow", "user_id": "U0PRIYA", "team_id": "T0HARBOR", "text": ""},
        )
    )
    await pressed.wait()
    stopping = asyncio.create_task(transport.stop())
    asyncio.get_running_loop().call_soon(go_on.set)
    assert (await pressing).ack == {"text": "done"}
    await stopping
    await workspace.until(lambda: not workspace.socket_mode.connections)


async def test_a_connection_that_answers_no_ping_is_left(
    make: Callable[..., SocketMode], workspace: Workspace
) -> None:
    """Half open: the other end took the connection and is never heard of again."""
    pinged = asyncio.Event()

    async def deaf(request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(autoping=False, autoclose=False)
        await socket.prepare(request)
        async for message in socket:
            if message.type is WSMsgType.PING:
                pinged.set()
        return socket

    app = web.Application()
    app.router.add_get("/socket", deaf)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    true_url = workspace.base_url
    workspace.base_url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    transport = make()
    try:
        await transport.start()
        workspace.base_url = true_url
        await asyncio.wait_for(pinged.wait(), timeout=PATIENCE)
        await connected(workspace, 1)
        assert (await Person(workspace, "U0PRIYA").command("/greet")).acked
    finally:
        await transport.stop()
        await runner.cleanup()
