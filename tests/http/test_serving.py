"""The server around the bot: slow senders, failures, stopping, and what is counted."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from bot.clock import SettableClock
from bot.http.request_verifier import RequestVerifier
from bot.http.server import HttpServer
from bot.http.serving import HttpListener
from bot.sandbox.people import Person
from bot.sandbox.seed import seed_workspace
from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import Workspace
from bot.slack.manifest import manifest
from bot.slack.receiving.payload_metrics import PayloadMetrics
from bot.slack.receiving.transport import HttpSettings
from tests.http.wire import send, signed
from tests.patience import PATIENCE

SECRET = "sandbox-signing-secret"


class Seconds:
    """A monotonic clock that only tests move."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def payload_metrics() -> PayloadMetrics:
    return PayloadMetrics()


@pytest.fixture
def app() -> AsyncApp:
    async def authorize() -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id="T0HARBOR", bot_token="xoxb-x")

    return AsyncApp(
        client=AsyncWebClient(retry_handlers=[]),
        authorize=authorize,
        process_before_response=True,
        request_verification_enabled=False,
    )


@pytest.fixture
async def server(
    app: AsyncApp, payload_metrics: PayloadMetrics, seconds: Seconds
) -> AsyncIterator[HttpServer]:
    server = HttpServer(
        app,
        HttpSettings(SECRET, port=0),
        payload_metrics=payload_metrics,
        verifier=RequestVerifier(SECRET, body_seconds=0.1),
        monotonic=seconds,
    )
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
async def priya(server: HttpServer, clock: SettableClock) -> AsyncIterator[Person]:
    """At a workspace that reaches the server over HTTP."""
    found = manifest(http=server.url.removesuffix("/slack/events"))
    workspace = Workspace.open(
        None,
        clock=clock,
        manifest=found,
        ack_seconds=PATIENCE,
        trigger_seconds=PATIENCE,
        retry_delays=(0.0, 0.0, 0.0),
    )
    seed_workspace(workspace)
    sandbox = SandboxServer(workspace, clock=clock)
    await sandbox.start()
    yield Person(workspace, "U0PRIYA")
    await sandbox.stop()
    workspace.close()


async def test_a_sender_that_dawdles_gets_408(
    server: HttpServer, payload_metrics: PayloadMetrics
) -> None:
    length = [("content-length", "100")]
    answer = await send(server.url, signed(SECRET, b""), b"begun", framing=length)
    assert (answer.status, answer.headers["connection"]) == (408, "close")
    assert payload_metrics.refused == {(408, "slow"): 1}


async def test_a_failure_is_500_so_that_slack_sends_an_event_again(
    app: AsyncApp, priya: Person, payload_metrics: PayloadMetrics, caplog: pytest.LogCaptureFixture
) -> None:
    calls = 0

    @app.middleware
    async def fails_at_first(next: Callable[[], Awaitable[None]]) -> None:
        nonlocal calls
        calls += 1
        if calls == 1:
            raise ConnectionError("the database is away")
        await next()

    @app.event("app_home_opened")
    async def opened() -> None:
        return None

    caplog.set_level(logging.CRITICAL)
    await priya.open_home()
    workspace = priya.workspace
    await workspace.until(lambda: workspace.deliveries[-1].acked)
    assert [(d.status, d.retry_attempt, d.retry_reason) for d in workspace.deliveries] == [
        (500, 0, None),
        (200, 1, "http_error"),
    ]
    assert payload_metrics.payloads == {("event", 500): 1, ("event", 200): 1}


async def test_stopping_finishes_what_is_in_hand_and_lets_nobody_in(
    app: AsyncApp, server: HttpServer, priya: Person
) -> None:
    pressed, go_on = asyncio.Event(), asyncio.Event()

    @app.command("/checkin")
    async def slow(ack: Callable[..., Awaitable[None]]) -> None:
        pressed.set()
        await go_on.wait()
        await ack("done")

    assert await server.is_connected()
    command = asyncio.create_task(priya.command("/checkin"))
    async with asyncio.timeout(PATIENCE):
        await pressed.wait()
        stopping = asyncio.create_task(server.stop())
        while True:  # until nobody is let in any more, which the stop sees to before it waits
            try:
                await asyncio.wait_for(send(server.url, [], b"", method="GET"), timeout=1)
            except TimeoutError:  # let in by the machine in that very moment, and heard by nobody
                continue
            except (ConnectionError, IndexError):
                break
        assert not stopping.done()
        go_on.set()
        assert (await command).body == {"text": "done"}
        await stopping
    assert not await server.is_connected()


async def test_payloads_are_counted_by_kind_and_status(
    app: AsyncApp, server: HttpServer, payload_metrics: PayloadMetrics
) -> None:
    @app.command("/checkin")
    async def checkin(ack: Callable[..., Awaitable[None]]) -> None:
        await ack()

    @app.view("form")
    async def submitted(ack: Callable[..., Awaitable[None]]) -> None:
        await ack()

    payloads: list[dict[str, Any]] = [
        {"type": "view_submission", "view": {"callback_id": "form", "type": "modal"}},
        {"type": "made_up_by_somebody"},
    ]
    bodies = [b"command=%2Fcheckin"]
    bodies += [b"payload=" + json.dumps(payload).encode() for payload in payloads]
    for body in bodies:
        await send(server.url, signed(SECRET, body), body)
    assert payload_metrics.payloads == {
        ("command", 200): 1,
        ("view_submission", 200): 1,
        ("other", 404): 1,
    }
    assert set(payload_metrics.seconds) == {"command", "view_submission", "other"}
    assert all(sum(buckets) <= 1 for buckets in payload_metrics.buckets.values())


async def test_an_answers_body_waits_for_nobody_to_acknowledge_its_head() -> None:
    async def says_how(scope: Scope, receive: Receive, send: Send) -> None:
        connection = send.__self__.transport.get_extra_info("socket")  # type: ignore[attr-defined]
        no_delay = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        await PlainTextResponse("at once" if no_delay else "later")(scope, receive, send)

    listener = HttpListener(says_how, host="127.0.0.1", port=0, drain_seconds=1)
    await listener.start()
    try:
        async with aiohttp.ClientSession() as session, session.get(listener.url) as response:
            assert await response.text() == "at once"
    finally:
        await listener.stop()
