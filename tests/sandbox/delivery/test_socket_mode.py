"""Socket Mode: tickets, connections, acknowledgements, and what is sent again."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.people import Person
from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import Workspace
from tests.patience import PATIENCE

Json = dict[str, Any]


class Bot:
    """A bare WebSocket client, for what Bolt would never do."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket

    async def hear(self) -> Json:
        return json.loads(await self.socket.receive_str(timeout=PATIENCE))

    async def acknowledge(self, envelope: Json, **more: Any) -> None:
        await self.socket.send_json({"envelope_id": envelope["envelope_id"], **more})


Dial = Callable[[], Any]


@pytest_asyncio.fixture
async def dial(client: AsyncWebClient, workspace: Workspace) -> AsyncIterator[Dial]:
    async with contextlib.AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession())

        async def dial() -> Bot:
            answer = await client.apps_connections_open(app_token=workspace.app_token)
            socket = await stack.enter_async_context(session.ws_connect(answer["url"]))
            return Bot(socket)

        yield dial


async def connected(dial: Dial) -> tuple[Bot, Json]:
    bot = await dial()
    return bot, await bot.hear()


async def test_hello(dial: Dial) -> None:
    _, hello = await connected(dial)
    assert (hello["type"], hello["num_connections"]) == ("hello", 1)
    assert hello["connection_info"] == {"app_id": "A0BASECOACH"}
    assert hello["debug_info"]["approximate_connection_time"] > 0
    _, second = await connected(dial)
    assert second["num_connections"] == 2


async def test_a_ticket_works_once(client: AsyncWebClient, workspace: Workspace) -> None:
    url = (await client.apps_connections_open(app_token=workspace.app_token))["url"]
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(url) as socket:
            assert (await socket.receive_json())["type"] == "hello"
        for refused in (url, url.replace("ticket=", "ticket=x")):
            with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
                await session.ws_connect(refused)


async def test_ten_connections_at_most(dial: Dial, workspace: Workspace) -> None:
    for _ in range(10):
        await connected(dial)
    _, message = await connected(dial)
    assert (message["type"], message["reason"]) == ("disconnect", "too_many_websockets")
    assert len(workspace.socket_mode.connections) == 10


async def test_pings_are_answered_and_rubbish_ignored(
    client: AsyncWebClient, workspace: Workspace
) -> None:
    url = (await client.apps_connections_open(app_token=workspace.app_token))["url"]
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(url, autoping=False) as socket,
    ):
        await socket.receive_json(timeout=PATIENCE)
        for rubbish in ("not json", "[]", "{}"):
            await socket.send_str(rubbish)
        await socket.ping(b"still there?")
        answer = await socket.receive(timeout=PATIENCE)
        assert (answer.type, bytes(answer.data)) == (aiohttp.WSMsgType.PONG, b"still there?")


async def test_envelopes_go_around(dial: Dial, workspace: Workspace, priya: Person) -> None:
    bots = [(await connected(dial))[0] for _ in range(3)]
    await workspace.until(lambda: len(workspace.socket_mode.connections) == 3)
    for user in ("U0PRIYA", "U0SAM", "U0DANA"):
        workspace.change_user(user, title="x")
    heard = [await bot.hear() for bot in bots]
    assert {envelope["payload"]["event"]["user"]["id"] for envelope in heard} == {
        "U0PRIYA",
        "U0SAM",
        "U0DANA",
    }
    for bot, envelope in zip(bots, heard, strict=True):
        await bot.acknowledge(envelope)
    await workspace.settled()
    assert [delivery.acked for delivery in workspace.deliveries] == [True] * 3


async def test_the_shape_of_an_event(dial: Dial, workspace: Workspace) -> None:
    bot, _ = await connected(dial)
    workspace.remove_bot("C0COACH")
    envelope = await bot.hear()
    await bot.acknowledge(envelope)
    assert envelope["type"] == "events_api"
    assert envelope["accepts_response_payload"] is False
    assert (envelope["retry_attempt"], envelope["retry_reason"]) == (0, "")
    payload = envelope["payload"]
    assert payload["type"] == "event_callback"
    assert payload["event_id"].startswith("Ev")
    assert payload["authorizations"][0]["user_id"] == "U0BASECOACH"
    event = payload["event"]
    assert float(event.pop("event_ts")) > 0
    assert event == {
        "type": "member_left_channel",
        "user": "U0BASECOACH",
        "channel": "C0COACH",
        "channel_type": "G",
        "team": "T0HARBOR",
    }


async def test_the_payload_of_an_ack_counts_where_it_may(
    dial: Dial, workspace: Workspace, priya: Person
) -> None:
    bot, _ = await connected(dial)
    await workspace.until(lambda: workspace.socket_mode.connections)

    async def serve() -> None:
        envelope = await bot.hear()
        assert envelope["accepts_response_payload"] is True
        await bot.acknowledge(envelope, payload={"text": "hi"})

    async with _running(serve()):
        outcome = await priya.command("/greet")
    assert outcome.body == {"text": "hi"}


@contextlib.asynccontextmanager
async def _running(work: Any) -> AsyncIterator[None]:
    async with asyncio.TaskGroup() as group:
        group.create_task(work)
        yield


@pytest.mark.parametrize("ack_seconds", [0.05])
async def test_an_event_that_is_never_acknowledged_comes_four_times(
    dial: Dial, workspace: Workspace
) -> None:
    workspace.dispatcher.retry_delays = (0.0, 0.0, 0.0)
    bot, _ = await connected(dial)
    await workspace.until(lambda: workspace.socket_mode.connections)
    workspace.change_user("U0SAM", title="x")
    heard = [await bot.hear() for _ in range(4)]
    assert [envelope["retry_attempt"] for envelope in heard] == [0, 1, 2, 3]
    assert [envelope["retry_reason"] for envelope in heard] == ["", *["timeout"] * 3]
    assert len({envelope["payload"]["event_id"] for envelope in heard}) == 1
    assert len({envelope["envelope_id"] for envelope in heard}) == 4
    await workspace.settled()
    assert [delivery.result for delivery in workspace.deliveries] == ["timeout"] * 4


async def test_an_event_survives_a_restart_of_the_bot(dial: Dial, workspace: Workspace) -> None:
    first, _ = await connected(dial)
    await workspace.until(lambda: workspace.socket_mode.connections)
    workspace.change_user("U0SAM", title="x")
    lost = await first.hear()
    await first.socket.close()
    await workspace.until(lambda: len(workspace.deliveries) == 2)
    await workspace.settled()
    assert [delivery.result for delivery in workspace.deliveries] == [
        "disconnected",
        "no_connection",
    ]
    second, _ = await connected(dial)
    again = await second.hear()
    assert again["payload"] == lost["payload"]
    assert (again["retry_attempt"], again["retry_reason"]) == (2, "connection_failed")
    await second.acknowledge(again)
    await workspace.settled()
    assert workspace.deliveries[-1].acked


async def test_events_before_the_bot_first_connects(dial: Dial, workspace: Workspace) -> None:
    workspace.change_user("U0SAM", title="x")
    await workspace.settled()
    bot, _ = await connected(dial)
    envelope = await bot.hear()
    assert envelope["payload"]["event"]["type"] == "user_change"
    await bot.acknowledge(envelope)


async def test_an_interaction_is_never_sent_again(
    dial: Dial, workspace: Workspace, priya: Person
) -> None:
    bot, _ = await connected(dial)
    await workspace.until(lambda: workspace.socket_mode.connections)

    async def leave() -> None:
        await bot.hear()
        await bot.socket.close()

    async with _running(leave()):
        outcome = await priya.command("/greet")
    assert outcome.error == "/greet failed because the app did not respond"
    assert [delivery.result for delivery in workspace.deliveries] == ["disconnected"]


async def test_an_ack_on_another_connection_does_not_count(
    dial: Dial, workspace: Workspace, priya: Person
) -> None:
    first, _ = await connected(dial)
    second, _ = await connected(dial)
    await workspace.until(lambda: len(workspace.socket_mode.connections) == 2)

    command = asyncio.create_task(priya.command("/greet"))
    hearing = {asyncio.create_task(bot.hear()): bot for bot in (first, second)}
    done, waiting = await asyncio.wait(hearing, return_when=asyncio.FIRST_COMPLETED)
    (heard,), (silent,) = done, waiting
    silent.cancel()
    await hearing[silent].acknowledge(heard.result(), payload={"text": "from elsewhere"})
    await hearing[silent].socket.close()
    await hearing[heard].acknowledge(heard.result(), payload={"text": "mine"})
    assert (await command).body == {"text": "mine"}


async def test_bolt_comes_back_when_asked_to_reconnect(
    app: AsyncApp, connect: Any, server: SandboxServer, workspace: Workspace, priya: Person
) -> None:
    @app.command("/greet")
    async def greet(ack: Any) -> None:
        await ack("hi")

    await connect(app)
    (before,) = workspace.socket_mode.connections
    await server.disconnect_sockets("refresh_requested")
    await workspace.until(
        lambda: [c.number for c in workspace.socket_mode.connections] == [before.number + 1]
    )
    assert (await priya.command("/greet")).acked


async def test_a_connection_that_shall_leave_gets_nothing_more(
    dial: Dial, server: SandboxServer, workspace: Workspace, priya: Person
) -> None:
    bot, _ = await connected(dial)
    await workspace.until(lambda: workspace.socket_mode.connections)
    await server.disconnect_sockets("warning")
    message = await bot.hear()
    assert (message["type"], message["reason"]) == ("disconnect", "warning")
    await priya.command("/greet")
    assert workspace.deliveries[-1].result == "no_connection"


async def test_bolt_comes_back_after_a_cut(
    app: AsyncApp, connect: Any, server: SandboxServer, workspace: Workspace
) -> None:
    await connect(app)
    (before,) = workspace.socket_mode.connections
    await server.drop_sockets()
    await workspace.until(
        lambda: [c.number for c in workspace.socket_mode.connections] == [before.number + 1]
    )


async def test_stopping_the_server_closes_the_sockets(
    dial: Dial, server: SandboxServer, workspace: Workspace
) -> None:
    bot, _ = await connected(dial)
    await server.stop()
    message = await bot.socket.receive()
    assert message.type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED)
    assert workspace.socket_mode.connections == []
