"""A workspace on a free port for each test, with a clock that stands still and seconds that are given."""

from __future__ import annotations

import contextlib
import copy
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import pytest_asyncio
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import SettableClock
from bot.sandbox.people import Person
from bot.sandbox.seed import seed_workspace
from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import Workspace
from tests.patience import PATIENCE

MANIFEST: dict[str, Any] = {
    "_metadata": {"major_version": 2, "minor_version": 1},
    "display_information": {"name": "Basecoach"},
    "features": {
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": False,
        },
        "bot_user": {"display_name": "basecoach", "always_online": True},
        "slash_commands": [
            {"command": "/greet", "description": "Greets", "should_escape": True},
            {"command": "/raw", "description": "Takes text as it is"},
        ],
    },
    "oauth_config": {
        "scopes": {
            "bot": [
                "channels:history",
                "channels:read",
                "chat:write",
                "commands",
                "files:write",
                "groups:history",
                "groups:read",
                "im:history",
                "im:read",
                "im:write",
                "team:read",
                "users:read",
            ]
        }
    },
    "settings": {
        "event_subscriptions": {
            "bot_events": [
                "app_home_opened",
                "app_uninstalled",
                "channel_archive",
                "channel_deleted",
                "channel_id_changed",
                "channel_rename",
                "channel_unarchive",
                "group_archive",
                "group_rename",
                "group_unarchive",
                "member_joined_channel",
                "member_left_channel",
                "message.im",
                "tokens_revoked",
                "user_change",
            ]
        },
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
    },
}

Connect = Callable[[AsyncApp], Awaitable[AsyncSocketModeHandler]]


class Seconds:
    """A monotonic clock that only tests move."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def go_by(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def manifest() -> dict[str, Any]:
    return copy.deepcopy(MANIFEST)


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock(frozen_at=datetime(2026, 11, 23, 9, 0, tzinfo=UTC))


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def ack_seconds() -> float:
    """How long the bot has to answer; tests of bots that never do make it short."""
    return PATIENCE


@pytest.fixture
def workspace(
    clock: SettableClock, manifest: dict[str, Any], seconds: Seconds, ack_seconds: float
) -> Iterator[Workspace]:
    workspace = Workspace.open(
        None,
        clock=clock,
        manifest=manifest,
        monotonic=seconds,
        ack_seconds=ack_seconds,
        retry_delays=(0.0, 600.0, 600.0),
    )
    seed_workspace(workspace)
    yield workspace
    workspace.close()


@pytest_asyncio.fixture
async def server(workspace: Workspace, clock: SettableClock) -> AsyncIterator[SandboxServer]:
    server = SandboxServer(workspace, clock=clock)
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
def client(server: SandboxServer) -> AsyncWebClient:
    """The SDK's client as the bot has it: it repeats nothing by itself."""
    return AsyncWebClient(
        token=server.workspace.bot_token, base_url=server.api_url, retry_handlers=[]
    )


@pytest.fixture
def app(client: AsyncWebClient) -> AsyncApp:
    """A real Bolt app without listeners; `connect` it once it has them."""
    return AsyncApp(client=client, process_before_response=True)


@pytest_asyncio.fixture
async def connect(server: SandboxServer) -> AsyncIterator[Connect]:
    """Connects an app over Socket Mode, and closes it at the end."""
    async with contextlib.AsyncExitStack() as stack:

        async def connect(app: AsyncApp) -> AsyncSocketModeHandler:
            handler = AsyncSocketModeHandler(app, server.workspace.app_token)
            stack.push_async_callback(handler.close_async)
            before = len(server.workspace.socket_mode.connections)
            await handler.connect_async()
            await server.workspace.until(
                lambda: len(server.workspace.socket_mode.connections) > before
            )
            return handler

        yield connect


@pytest.fixture
def priya(workspace: Workspace) -> Person:
    return Person(workspace, "U0PRIYA")


@pytest.fixture
def dana(workspace: Workspace) -> Person:
    return Person(workspace, "U0DANA")
