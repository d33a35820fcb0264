"""Signed HTTP delivery: what the bot is posted, what counts as an answer, and what is sent again."""

from __future__ import annotations

import asyncio
import copy
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.manifest import Manifest
from bot.sandbox.people import Person
from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import Workspace
from tests.patience import PATIENCE

Answer = Callable[["Heard"], Awaitable[web.Response]]


@dataclass(frozen=True)
class Heard:
    """One request as it came."""

    headers: dict[str, str]
    body: bytes

    @property
    def form(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(self.body.decode()).items()}

    @property
    def payload(self) -> dict[str, Any]:
        """What Bolt would make of it."""
        if self.headers["content-type"] == "application/json":
            return dict(json.loads(self.body))
        return dict(json.loads(self.form["payload"]))


@dataclass
class Bot:
    """A web server that writes down what it hears and answers as it is told."""

    url: str = ""
    heard: list[Heard] = field(default_factory=list)
    answers: list[web.Response | Answer] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.heard.append(Heard(headers, await request.read()))
        if not self.answers:
            return web.Response()
        answer = self.answers.pop(0)
        return answer if isinstance(answer, web.Response) else await answer(self.heard[-1])


@pytest.fixture
async def bot(server: SandboxServer, manifest: dict[str, Any]) -> AsyncIterator[Bot]:
    """The app's manifest names its address."""
    bot = Bot()
    app = web.Application()
    app.router.add_post("/slack/events", bot.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    bot.url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    server.workspace.manifest = over_http(manifest, bot.url)
    yield bot
    await server.workspace.http.stop()
    await runner.cleanup()


def over_http(manifest: dict[str, Any], url: str) -> Manifest:
    changed = copy.deepcopy(manifest)
    changed["settings"]["socket_mode_enabled"] = False
    changed["settings"]["event_subscriptions"]["request_url"] = url
    changed["settings"]["interactivity"]["request_url"] = url
    for command in changed["features"]["slash_commands"]:
        command["url"] = url
    return Manifest.read(changed)


async def test_a_command_is_a_form(bot: Bot, priya: Person) -> None:
    await priya.command("/greet", "a&b=c ä")
    (heard,) = bot.heard
    assert heard.headers["content-type"] == "application/x-www-form-urlencoded"
    assert heard.form["command"] == "/greet"
    assert heard.form["text"] == "a&amp;b=c ä"
    assert heard.form["user_id"] == "U0PRIYA"


async def test_an_event_is_json(bot: Bot, workspace: Workspace) -> None:
    workspace.change_user("U0SAM", title="x")
    await workspace.settled()
    (heard,) = bot.heard
    assert heard.headers["content-type"] == "application/json"
    assert heard.payload["type"] == "event_callback"
    assert heard.payload["event"]["user"]["id"] == "U0SAM"
    assert "x-slack-retry-num" not in heard.headers
    assert workspace.deliveries[-1].acked


async def test_an_interaction_is_json_within_a_form(bot: Bot, priya: Person) -> None:
    outcome = await priya.forge_press("anything", value="1")
    (heard,) = bot.heard
    assert heard.payload["type"] == "block_actions"
    assert heard.payload["actions"][0]["value"] == "1"
    assert outcome.acked


async def test_everything_is_signed_as_slack_signs(
    bot: Bot, priya: Person, workspace: Workspace
) -> None:
    await priya.command("/greet", "ä")
    await priya.forge_press("anything")
    workspace.change_user("U0SAM", title="x")
    await workspace.settled()
    ours = SignatureVerifier(workspace.signing_secret)
    another = SignatureVerifier("of-another-app")
    assert len(bot.heard) == 3
    for heard in bot.heard:
        assert ours.is_valid_request(heard.body, heard.headers)
        assert not ours.is_valid_request(heard.body + b"x", heard.headers)
        assert not another.is_valid_request(heard.body, heard.headers)
        assert abs(int(heard.headers["x-slack-request-timestamp"]) - time.time()) < 300
        assert heard.headers["user-agent"].startswith("Slackbot")


@pytest.mark.parametrize(
    ("answer", "body"),
    [
        (web.Response(), None),
        (web.Response(text="hi"), {"text": "hi"}),
        (web.json_response({"text": "hi"}), {"text": "hi"}),
        (web.Response(text="{", content_type="application/json"), None),
    ],
    ids=["empty", "text", "json", "broken json"],
)
async def test_what_a_command_is_answered_with(
    bot: Bot, priya: Person, answer: web.Response, body: dict[str, Any] | None
) -> None:
    bot.answers.append(answer)
    outcome = await priya.command("/greet")
    assert outcome.acked
    if answer.text == "{":
        assert outcome.error == '/greet failed with the error "invalid_command_response"'
    else:
        assert (outcome.error, outcome.body) == (None, body)


@pytest.mark.parametrize("status", [201, 204, 302, 400, 401, 404, 500, 503])
async def test_a_person_is_told_unless_the_answer_is_200(
    bot: Bot, priya: Person, workspace: Workspace, status: int
) -> None:
    bot.answers.append(web.Response(status=status, headers={"location": bot.url}))
    outcome = await priya.command("/greet")
    assert outcome.error == "/greet failed because the app did not respond"
    assert len(bot.heard) == 1  # neither sent again nor followed elsewhere
    (delivery,) = workspace.deliveries
    assert (delivery.result, delivery.status) == ("http_error", status)


@pytest.mark.parametrize("ack_seconds", [0.2])
async def test_an_interaction_is_never_sent_again(
    bot: Bot, priya: Person, workspace: Workspace
) -> None:
    late = asyncio.Event()

    async def dawdle(heard: Heard) -> web.Response:
        await late.wait()
        return web.Response()

    bot.answers.append(dawdle)
    outcome = await priya.forge_press("anything")
    assert (outcome.acked, outcome.error) == (False, "Sorry, that didn't work. Try again?")
    late.set()
    await workspace.settled()
    assert len(bot.heard) == 1
    assert [d.result for d in workspace.deliveries] == ["timeout"]


@pytest.mark.parametrize("ack_seconds", [0.2])
async def test_an_event_comes_up_to_four_times_and_says_why(bot: Bot, workspace: Workspace) -> None:
    workspace.dispatcher.retry_delays = (0.0, 0.0, 0.0)
    late = asyncio.Event()

    async def dawdle(heard: Heard) -> web.Response:
        await late.wait()
        return web.Response()

    async def hang_up(heard: Heard) -> web.Response:
        raise asyncio.CancelledError

    bot.answers += [web.Response(status=500), dawdle, hang_up, web.Response(status=404)]
    workspace.change_user("U0SAM", title="x")
    await workspace.settled()
    late.set()
    tried = [
        (heard.headers.get("x-slack-retry-num"), heard.headers.get("x-slack-retry-reason"))
        for heard in bot.heard
    ]
    assert tried == [
        (None, None),
        ("1", "http_error"),
        ("2", "http_timeout"),
        ("3", "connection_failed"),
    ]
    assert len({heard.payload["event_id"] for heard in bot.heard}) == 1


async def test_any_2xx_is_enough_for_an_event(bot: Bot, workspace: Workspace) -> None:
    bot.answers.append(web.Response(status=204))
    workspace.change_user("U0SAM", title="x")
    await workspace.settled()
    assert [d.acked for d in workspace.deliveries] == [True]


async def test_a_bot_can_ask_not_to_be_sent_an_event_again(bot: Bot, workspace: Workspace) -> None:
    bot.answers.append(web.Response(status=500, headers={"x-slack-no-retry": "1"}))
    workspace.change_user("U0SAM", title="x")
    await workspace.settled()
    assert len(bot.heard) == 1


async def test_a_bot_that_is_not_there(
    bot: Bot, manifest: dict[str, Any], priya: Person, workspace: Workspace
) -> None:
    listening = await asyncio.start_server(lambda r, w: None, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    listening.close()
    await listening.wait_closed()
    workspace.manifest = over_http(manifest, f"http://127.0.0.1:{port}/slack/events")
    outcome = await priya.command("/greet")
    assert outcome.error == "/greet failed because the app did not respond"
    assert workspace.deliveries[-1].result == "no_connection"


async def test_an_app_over_http_gets_no_socket(
    bot: Bot, client: AsyncWebClient, workspace: Workspace
) -> None:
    url = (await client.apps_connections_open(app_token=workspace.app_token))["url"]
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
        message = await socket.receive_json(timeout=PATIENCE)
        assert (message["type"], message["reason"]) == ("disconnect", "link_disabled")
    assert workspace.socket_mode.connections == []


@pytest.mark.parametrize("fields", [{}, {"challenge": "another"}])
async def test_a_new_request_url_must_answer_its_challenge(
    bot: Bot, workspace: Workspace, fields: dict[str, str]
) -> None:
    async def echo(heard: Heard) -> web.Response:
        return web.json_response({"challenge": heard.payload["challenge"]})

    async def echo_as_text(heard: Heard) -> web.Response:
        return web.Response(text=heard.payload["challenge"])

    bot.answers += [echo, echo_as_text, web.json_response(fields), web.Response(status=401)]
    assert await workspace.http.verify(bot.url)
    assert await workspace.http.verify(bot.url)
    assert not await workspace.http.verify(bot.url)
    assert not await workspace.http.verify(bot.url)
