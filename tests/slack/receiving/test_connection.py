"""A connection whose other end is silent: it is left, and another one comes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from aiohttp import WSMsgType, web

from bot.sandbox.people import Person
from bot.sandbox.workspace import Workspace
from bot.slack.receiving.socket_mode import SocketMode
from tests.patience import PATIENCE
from tests.slack.receiving.sockets import connected


async def test_a_server_that_never_answers_the_handshake_is_left(
    make: Callable[..., SocketMode], workspace: Workspace
) -> None:
    dialled = asyncio.Event()

    async def silence(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        dialled.set()
        await reader.read()  # until the other end hangs up
        writer.close()

    black_hole = await asyncio.start_server(silence, "127.0.0.1", 0)
    true_url = workspace.base_url
    workspace.base_url = f"http://127.0.0.1:{black_hole.sockets[0].getsockname()[1]}"
    transport = make(open_seconds=1.0)
    starting = asyncio.create_task(transport.start())
    try:
        await asyncio.wait_for(dialled.wait(), timeout=PATIENCE)
        workspace.base_url = true_url
        await connected(workspace, 1)
        await asyncio.wait_for(starting, timeout=PATIENCE)
    finally:
        starting.cancel()
        await transport.stop()
        black_hole.close()


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
    transport = make(ping_seconds=0.05)
    try:
        await transport.start()
        workspace.base_url = true_url
        await asyncio.wait_for(pinged.wait(), timeout=PATIENCE)
        await connected(workspace, 1)
        assert (await Person(workspace, "U0PRIYA").command("/greet")).acked
    finally:
        await transport.stop()
        await runner.cleanup()
