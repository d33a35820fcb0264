"""The sandbox's server at its end: nobody is left hanging."""

from __future__ import annotations

import asyncio
import socket

import pytest

from bot.clock import SettableClock
from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import Workspace
from tests.patience import PATIENCE


@pytest.mark.parametrize("turns", range(6))
async def test_a_connection_that_is_being_accepted_at_the_stop_is_closed(
    workspace: Workspace, clock: SettableClock, turns: int
) -> None:
    server = SandboxServer(workspace, clock=clock)
    await server.start()
    client = socket.create_connection((server.host, server.port))
    client.setblocking(False)
    try:
        for _ in range(turns):
            await asyncio.sleep(0)
        await server.stop()
        async with asyncio.timeout(PATIENCE):
            try:
                heard = await asyncio.get_running_loop().sock_recv(client, 1)
            except ConnectionResetError:
                heard = b""
        assert heard == b""
    finally:
        client.close()
