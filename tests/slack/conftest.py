"""Slack's side of a test that needs no bot: the sandbox's Web API, and a server that takes answers to presses."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import SettableClock
from bot.sandbox.seed import seed_workspace
from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import Workspace
from bot.slack.responding.background import BackgroundTasks
from bot.slack.responding.response_urls import ResponseUrls
from tests.repository import MANIFEST


@dataclass
class WebApi:
    """The sandbox's Web API, through the SDK's own client."""

    workspace: Workspace
    client: AsyncWebClient

    async def refused(self, code: str) -> SlackApiError:
        """What the SDK raises for a call that Slack refuses with the code."""
        self.workspace.faults.next_call("error", code=code)
        with pytest.raises(SlackApiError) as caught:
            await self.client.auth_test()
        return caught.value


@pytest.fixture
async def web_api(clock: SettableClock) -> AsyncIterator[WebApi]:
    workspace = Workspace.open(None, clock=clock, manifest=MANIFEST)
    seed_workspace(workspace)
    server = SandboxServer(workspace, clock=clock)
    await server.start()
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(
            token=workspace.bot_token,
            base_url=server.api_url,
            session=session,
            retry_handlers=[],
        )
        yield WebApi(workspace, client)
    await server.stop()
    workspace.close()


@dataclass
class Answers:
    """A server that takes what is posted to a response_url, and how it answers."""

    url: str
    responses: ResponseUrls
    background: BackgroundTasks
    taken: list[dict[str, Any]] = field(default_factory=list)
    status: int = 200
    text: str = "ok"


@pytest.fixture
async def answers() -> AsyncIterator[Answers]:
    found: list[Answers] = []

    async def take(request: web.Request) -> web.Response:
        (one,) = found
        one.taken.append(await request.json())
        headers = {"Location": one.url + "/elsewhere"} if one.status == 302 else {}
        return web.Response(status=one.status, text=one.text, headers=headers)

    app = web.Application()
    app.router.add_post("/{tail:.*}", take)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    background = BackgroundTasks()
    async with aiohttp.ClientSession() as session:
        responses = ResponseUrls(session, address + "/api/", background)
        found.append(Answers(address + "/response/1", responses, background))
        yield found[0]
    await runner.cleanup()


@pytest.fixture(
    params=[
        (502, "text/html", "<h1>Bad gateway</h1>"),
        (200, "text/html", "<h1>Please log in</h1>"),
        (503, "application/json", "{"),
        (200, "application/json", "[]"),
    ],
    ids=["bad-gateway", "log-in", "half-an-answer", "no-object"],
)
async def client_behind_a_proxy(request: pytest.FixtureRequest) -> AsyncIterator[AsyncWebClient]:
    """A client that something in between answers in Slack's place."""
    status, kind, text = request.param

    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status, content_type=kind, text=text)

    app = web.Application()
    app.router.add_post("/{tail:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    yield AsyncWebClient(
        token="xoxb-1", base_url=f"http://127.0.0.1:{port}/api/", retry_handlers=[]
    )
    await runner.cleanup()
