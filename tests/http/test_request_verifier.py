"""Whatever is not surely from Slack goes no further, and none of it into a log."""

from __future__ import annotations

import random
import time

import pytest

from bot.http.request_verifier import MAX_BODY, RequestVerifier
from bot.http.server import HttpServer
from bot.slack.receiving.payload_metrics import PayloadMetrics
from bot.slack.receiving.transport import HttpSettings
from tests.http.wire import BODY, Header, chunked, send, signature, signed
from tests.scenarios.conftest import World

pytestmark = pytest.mark.usefixtures("no_log_knows_what_was_in_it")


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
    assert [status for status, _ in payload_metrics.refused.elements()] == [401]


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
        # httptools refuses some bytes in a header before anybody verifies the request.
        assert (await send(url, headers, BODY)).status in {400, 401}


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
