"""Socket Mode: Slack's payloads over a WebSocket that the bot opens."""

from __future__ import annotations

import asyncio
import logging

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

log = logging.getLogger(__name__)

DRAIN_SECONDS = 5.0
"""How long payloads in hand may take to finish when the process stops."""


class SocketMode(AsyncSocketModeHandler):
    """Bolt's handler, which also knows what it has in hand. Build it inside the running event loop."""

    def __init__(self, app: AsyncApp, app_token: str) -> None:
        super().__init__(app, app_token)
        self._in_hand: set[asyncio.Task[None]] = set()

    async def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]
        """Answer one payload."""
        task = asyncio.current_task()
        if task is not None:
            self._in_hand.add(task)
            task.add_done_callback(self._in_hand.discard)
        await super().handle(client, req)

    async def connect(self) -> None:
        """Open the WebSocket."""
        await self.connect_async()  # type: ignore[no-untyped-call]

    async def stop(self) -> None:
        """Let payloads in hand finish, then close the socket."""
        if self._in_hand:
            await asyncio.wait(self._in_hand, timeout=DRAIN_SECONDS)
        await self.close_async()  # type: ignore[no-untyped-call]
