"""What the bot answers to Slack over HTTP, and to odd requests that are signed."""

from __future__ import annotations

import io
import json
import logging
from urllib.parse import urlencode

import pytest
from sqlmodel import Session, select

from bot import logs
from bot.domain.tables import Conversation
from bot.http.request_verifier import RequestVerifier
from bot.http.server import HttpServer
from bot.problems import StartProblem
from bot.slack.receiving.payload_metrics import PayloadMetrics
from bot.slack.receiving.transport import HttpSettings
from tests.http.wire import BODY, CANARY, send, signed
from tests.scenarios.conftest import World

pytestmark = pytest.mark.usefixtures("no_log_knows_what_was_in_it")


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b"{",
        b'"text"',
        b"{" + b'"a":{' * 50_000,
        b"payload=" + CANARY.encode(),
        b'payload={"type":"' + CANARY.encode() + b'"}',
        b"payload=%5B%5D",
        b"payload=%7B%7D&payload=%7B",
    ],
)
@pytest.mark.parametrize("content_type", ["application/json", "application/x-www-form-urlencoded"])
async def test_signed_rubbish_gets_400_or_404_and_never_500(
    url: str, secret: str, body: bytes, content_type: str
) -> None:
    answer = await send(url, signed(secret, body, content_type=content_type), body)
    assert answer.status in {400, 404}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/", 404),
        ("POST", "/slack/events/", 404),
        ("POST", "/slack/eventsx", 404),
        ("POST", "/slack", 404),
        ("GET", "/healthz", 404),
        ("GET", "/metrics", 404),
        ("GET", "/slack/install", 404),
        ("GET", "/slack/events", 405),
        ("PUT", "/slack/events", 405),
        ("DELETE", "/slack/events", 405),
        ("OPTIONS", "/slack/events", 405),
    ],
)
async def test_other_paths_and_methods(
    url: str, secret: str, method: str, path: str, status: int
) -> None:
    answer = await send(url, signed(secret, BODY), BODY, method=method, path=path)
    assert answer.status == status
    assert "location" not in answer.headers


async def test_the_challenge_of_a_new_request_url_is_answered_once_it_is_signed(
    url: str, secret: str
) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "c4", "token": "t"}).encode()
    answer = await send(url, signed(secret, body, content_type="application/json"), body)
    assert (answer.status, json.loads(answer.body)) == (200, {"challenge": "c4"})
    unsigned = await send(url, [("content-type", "application/json")], body)
    assert unsigned.status == 401


async def test_a_check_of_the_certificate_is_answered_once_it_is_signed(
    url: str, secret: str
) -> None:
    body = b"ssl_check=1&token=t"
    assert (await send(url, signed(secret, body), body)).status == 200
    assert (await send(url, [], body)).status == 401


async def test_a_replayed_command_has_the_effect_of_one(
    world: World, url: str, secret: str
) -> None:
    body = urlencode(
        {
            "command": "/log-conversation",
            "text": "Acme 2nd",
            "user_id": "U0PRIYA",
            "team_id": "T0HARBOR",
            "channel_id": world.priya.dm,
            "trigger_id": "1.2.3",
            "response_url": f"{world.server.url}/response/none",
            "api_app_id": "A0BASECOACH",
        }
    ).encode()
    headers = signed(secret, body)
    first = await send(url, headers, body)
    again = await send(url, headers, body)
    assert (first.status, again.status) == (200, 200)
    assert first.body == again.body
    assert world.database.read_now(logged) == 1


def logged(session: Session) -> int:
    return len(session.exec(select(Conversation.id)).all())


async def test_another_workspace_s_command_does_nothing(
    world: World, url: str, secret: str
) -> None:
    fields = {"command": "/log-conversation", "text": "Acme 2nd", "user_id": "U0PRIYA"}
    body = urlencode({**fields, "team_id": "T0OTHER", "trigger_id": "1.2.3"}).encode()
    await send(url, signed(secret, body), body)
    assert world.database.read_now(logged) == 0


async def test_rubbish_fills_no_log_and_is_counted_by_kind(
    world: World, url: str, secret: str, payload_metrics: PayloadMetrics
) -> None:
    """Two lines a kind in a minute: the first one, and how many followed."""
    stream = io.StringIO()
    handler = logs.SummingHandler(stream)
    handler.setFormatter(logging.Formatter("%(name)s: %(message)s %(more)s", defaults={"more": 1}))
    logging.getLogger().addHandler(handler)
    nobody = json.dumps({"type": "made_up_by_somebody"}).encode()
    try:
        for _ in range(20):
            await send(url, [], BODY)  # not signed
            await send(url, [], BODY, path="/wp-login.php")
            await send(url, [], BODY, method="PUT")
            await send(url, [("bad name", "x")])  # not HTTP
            await send(url, signed(secret, b"{", content_type="application/json"), b"{")
            await send(url, signed(secret, nobody, content_type="application/json"), nobody)
    finally:
        logging.getLogger().removeHandler(handler)
        handler.close()
    assert payload_metrics.refused == {
        (400, "malformed"): 20,
        (400, "unreadable"): 20,
        (401, "headers"): 20,
        (404, "path"): 20,
        (405, "method"): 20,
    }
    assert payload_metrics.payloads["other", 404] == 20
    assert sorted(stream.getvalue().splitlines()) == [
        *["bot.http.server: refused 1"] * 4,
        *["bot.http.server: refused 19"] * 4,
        "bot.slack.application: a payload that nobody listens to 1",
        "bot.slack.application: a payload that nobody listens to 19",
        "uvicorn.error: Invalid HTTP request received. 1",
        "uvicorn.error: Invalid HTTP request received. 19",
    ]


async def test_a_taken_port_is_said_in_words(world: World, url: str) -> None:
    assert world.bot is not None
    taken = HttpSettings("0123456789abcdef", port=int(url.split(":")[2].split("/")[0]))
    server = HttpServer(world.bot.app, taken, verifier=RequestVerifier("0123456789abcdef"))
    with pytest.raises(
        StartProblem, match=r"can't listen at http://127\.0\.0\.1:.*BASECOACH_HTTP_PORT"
    ):
        await server.start()
    await server.stop()
