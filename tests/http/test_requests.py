"""What the bot answers over HTTP to those who are not Slack, and to Slack; and what of it reaches a log."""

from __future__ import annotations

import json
import logging
import random
import time
from urllib.parse import urlencode

import pytest
from sqlmodel import Session, select

from bot.domain.tables import Conversation
from bot.http.request_verifier import MAX_BODY, RequestVerifier
from bot.http.server import HttpServer
from bot.problems import StartProblem
from bot.slack.receiving.payload_metrics import PayloadMetrics
from bot.slack.receiving.transport import HttpSettings
from tests.http.wire import Header, chunked, send, signature, signed
from tests.scenarios.conftest import World

CANARY = "canary-4d1f"
BODY = f"text={CANARY}".encode()


@pytest.fixture
def url(world: World) -> str:
    assert world.bot is not None
    assert isinstance(world.bot.transport, HttpServer)
    return world.bot.transport.url


@pytest.fixture
def secret(world: World) -> str:
    return world.workspace.signing_secret


@pytest.fixture
def payload_metrics(world: World) -> PayloadMetrics:
    assert world.bot is not None
    return world.bot.payload_metrics


@pytest.fixture(autouse=True)
def no_log_knows_what_was_in_it(caplog: pytest.LogCaptureFixture) -> object:
    """Whatever is logged by whatever logger at whatever level: nothing of a request is in it."""
    caplog.set_level(logging.DEBUG)
    yield
    mine = [r for r in caplog.get_records("call") if not r.name.startswith("slack_sdk")]
    assert CANARY not in "".join(str(vars(record)) + record.getMessage() for record in mine)


def now(ahead: int = 0) -> str:
    return str(int(time.time()) + ahead)


RIGHT = "v0=" + "0" * 64
BAD_HEADERS: dict[str, list[Header]] = {
    "none at all": [],
    "no signature": [("x-slack-request-timestamp", now())],
    "no timestamp": [("x-slack-signature", RIGHT)],
    "an empty timestamp": [("x-slack-request-timestamp", ""), ("x-slack-signature", RIGHT)],
    "a word": [("x-slack-request-timestamp", "now"), ("x-slack-signature", RIGHT)],
    "a fraction": [("x-slack-request-timestamp", now() + ".5"), ("x-slack-signature", RIGHT)],
    "a sign": [("x-slack-request-timestamp", "+" + now()), ("x-slack-signature", RIGHT)],
    "an underscore": [("x-slack-request-timestamp", "1_7"), ("x-slack-signature", RIGHT)],
    "other digits": [
        ("x-slack-request-timestamp", "١٧٠٠٠٠٠٠٠٠".encode()),
        ("x-slack-signature", RIGHT),
    ],
    "far too many digits": [
        ("x-slack-request-timestamp", "9" * 5_000),
        ("x-slack-signature", RIGHT),
    ],
    "letters beyond ASCII": [
        ("x-slack-request-timestamp", now()),
        ("x-slack-signature", "v0=ä".encode() + b"\xff"),
    ],
    "another version": [
        ("x-slack-request-timestamp", now()),
        ("x-slack-signature", RIGHT.replace("v0", "v1")),
    ],
    "two signatures": [
        ("x-slack-request-timestamp", now()),
        ("x-slack-signature", RIGHT),
        ("x-slack-signature", RIGHT),
    ],
    "a wrong signature": [("x-slack-request-timestamp", now()), ("x-slack-signature", RIGHT)],
    "another secret": signed("of-another-app-0", BODY),
    "another body": signed("sandbox-signing-secret", b"text=other"),
    "stale": signed("sandbox-signing-secret", BODY, timestamp=now(-3600)),
    "from the future": signed("sandbox-signing-secret", BODY, timestamp=now(3600)),
}


@pytest.mark.parametrize("headers", BAD_HEADERS.values(), ids=BAD_HEADERS)
async def test_what_slack_did_not_sign_gets_401(
    url: str, headers: list[Header], payload_metrics: PayloadMetrics
) -> None:
    answer = await send(url, headers, BODY)
    assert (answer.status, answer.body) == (401, b"Unauthorized")
    assert payload_metrics.refused == {401: 1}


async def test_a_body_that_is_no_text_gets_401_however_well_it_is_signed(
    url: str, secret: str
) -> None:
    body = b"text=\xff\xfe"
    assert (await send(url, signed(secret, body), body)).status == 401


async def test_any_header_gets_an_answer_that_is_no_failure(url: str, secret: str) -> None:
    chance = random.Random(20261123)
    for _ in range(150):
        noise = [bytes(chance.choices(range(0x21, 0x100), k=chance.randrange(1, 90))) for _ in "12"]
        headers: list[Header] = [
            ("x-slack-request-timestamp", chance.choice([noise[0], now()])),
            ("x-slack-signature", chance.choice([noise[1], b"v0=" + noise[1], RIGHT])),
            ("content-type", chance.choice(["application/json", "", noise[0]])),
        ]
        assert (await send(url, headers, BODY)).status == 401


@pytest.mark.parametrize("length", [MAX_BODY + 1, 10**8, 10**11, 10**19])
async def test_a_body_that_says_that_it_is_huge_is_not_read(
    url: str, secret: str, length: int
) -> None:
    # Not a byte of it is sent: whoever waited for it would never answer.
    answer = await send(url, signed(secret, b""), framing=[("content-length", str(length))])
    assert (answer.status, answer.headers["connection"]) == (413, "close")


async def test_a_body_that_does_not_say_so_is_read_no_further_than_the_limit(
    url: str, secret: str
) -> None:
    body = b"a" * (MAX_BODY + 1)
    framing = [("transfer-encoding", "chunked")]
    answer = await send(url, signed(secret, body), chunked(body), framing=framing)
    assert answer.status == 413


async def test_a_signed_body_of_the_largest_size_is_read(url: str, secret: str) -> None:
    body = b'{"type": "' + b"a" * (MAX_BODY - 12) + b'"}'
    assert len(body) == MAX_BODY
    headers = signed(secret, body, content_type="application/json")
    answer = await send(url, headers, chunked(body), framing=[("transfer-encoding", "chunked")])
    assert answer.status not in {401, 413, 500}


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


async def test_refused_requests_fill_no_log(
    world: World, url: str, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(50):
        await send(url, [], BODY)
    told = [r for r in caplog.records if r.name == "bot.http.server" and r.levelname == "WARNING"]
    assert [(r.getMessage(), vars(r)["why"], vars(r)["count"]) for r in told] == [
        ("refused", "headers", 1)
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


EXAMPLE = (
    b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
    b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
    b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554"
    b"%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
)


@pytest.mark.parametrize(
    ("ahead", "status"), [(0, 200), (300, 200), (-300, 200), (301, 401), (-301, 401)]
)
async def test_slack_s_own_example_is_taken_for_five_minutes(
    world: World, ahead: int, status: int
) -> None:
    """The worked example of https://docs.slack.dev/authentication/verifying-requests-from-slack/."""
    assert world.bot is not None
    secret, timestamp = "8f742231b10e8888abcd99yyyzzz85a5", "1531420618"
    shown = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"
    assert signature(secret, timestamp, EXAMPLE) == shown
    verifier = RequestVerifier(secret, now=lambda: int(timestamp) + ahead)
    server = HttpServer(world.bot.app, HttpSettings(secret, port=0), verifier=verifier)
    await server.start()
    try:
        answer = await send(server.url, signed(secret, EXAMPLE, timestamp=timestamp), EXAMPLE)
        assert answer.status == status
    finally:
        await server.stop()
