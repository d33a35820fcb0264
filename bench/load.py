"""Presses over signed HTTP, as many at once as asked for."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from urllib.parse import urlencode

from bench.people import QUESTIONS, TEAM_ID, answer_id, dm_of, slack_user, week_of
from bot.domain.shown.checkins import CheckInShown, QuestionShown
from bot.domain.shown.reader import Reader
from bot.rules.weeks import WEEK
from bot.slack.views.checkins.messages import ANSWER_YES, check_in_message

SIGNING_SECRET = "0123456789abcdef0123456789abcdef"  # noqa: S105 - nobody's
PATH = "/slack/events"


@dataclass(frozen=True)
class Load:
    """What came of it."""

    per_second: float
    p50: float
    """Seconds."""


def shown_of(member: int) -> CheckInShown:
    """The rep's open check-in."""
    now = datetime.now(UTC)
    week = week_of(now)
    questions = tuple(
        QuestionShown(
            answer_id=answer_id(member, n),
            name=name,
            unit=unit,
            question=asked,
            target=Decimal(goal),
            logged=Decimal(250 if unit == "money" else 3),
            number=None,
            verdict=None,
            note=None,
            edited=False,
            late=False,
        )
        for n, (_, name, unit, asked, goal) in enumerate(QUESTIONS)
    )
    return CheckInShown(
        check_in_id=member,
        state="open",
        week=week,
        name=f"Rep {member}",
        reader=Reader(timezone="Europe/London", locale="en_US", currency="USD"),
        questions=questions,
        deadline_at=now + timedelta(days=1),
        completed_at=None,
        late=False,
        closed=False,
        closed_for_good=False,
        coach=slack_user(1),
        second_coach=None,
        coach_channel="C00000001",
        next_due_at=now + WEEK,
        streak=0,
    )


def press_of(member: int, question: int, *, slack: str) -> bytes:
    """The body of a Yes, with the whole message in it, as the Slack at `slack` sends it."""
    shown = shown_of(member)
    message = check_in_message(shown)
    ts, channel = f"1700000000.{member:06}", dm_of(member)
    payload = {
        "type": "block_actions",
        "user": {"id": slack_user(member), "username": "rep", "name": "rep", "team_id": TEAM_ID},
        "api_app_id": "A0BENCH",
        "token": "bench",
        "container": {
            "type": "message",
            "message_ts": ts,
            "channel_id": channel,
            "is_ephemeral": False,
        },
        "trigger_id": f"13345224609.738474920.{member}",
        "response_url": f"{slack}/actions/{TEAM_ID}/{member}/{question}",
        "team": {"id": TEAM_ID, "domain": "bench"},
        "enterprise": None,
        "is_enterprise_install": False,
        "channel": {"id": channel, "name": "directmessage"},
        "message": {
            "user": "U0BENCHBOT",
            "type": "message",
            "ts": ts,
            "bot_id": "B0BENCH",
            "app_id": "A0BENCH",
            "team": TEAM_ID,
            "metadata": {
                "event_type": "basecoach_delivery",
                "event_payload": {"token": f"{member:032x}"},
            },
            **message,
        },
        "state": {"values": {}},
        "actions": [
            {
                "action_id": ANSWER_YES,
                "block_id": f"check_in.row.{answer_id(member, question)}",
                "text": {"type": "plain_text", "text": "Yes", "emoji": True},
                "value": str(answer_id(member, question)),
                "style": "primary",
                "type": "button",
                "action_ts": f"{time.time():.6f}",
            }
        ],
    }
    return urlencode({"payload": json.dumps(payload)}).encode()


def signed(body: bytes) -> bytes:
    """The whole request."""
    now = str(int(time.time()))
    base = b"v0:" + now.encode() + b":" + body
    signature = hmac.new(SIGNING_SECRET.encode(), base, hashlib.sha256).hexdigest()
    return (
        f"POST {PATH} HTTP/1.1\r\nhost: bench\r\ncontent-type: application/x-www-form-urlencoded\r\n"
        f"x-slack-request-timestamp: {now}\r\nx-slack-signature: v0={signature}\r\n"
        f"content-length: {len(body)}\r\n\r\n"
    ).encode() + body


class _Presser(asyncio.Protocol):
    """One connection that sends the next press as soon as the last is acknowledged."""

    def __init__(self, requests: Iterator[bytes], took: list[float], pause: float) -> None:
        self._requests, self._took, self._pause = requests, took, pause
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._answer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._next()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(error or ConnectionError("the server closed the connection"))

    def _next(self) -> None:
        request = next(self._requests, None)
        if request is None:
            self.done.set_result(None)
            self._transport.close()
            return
        self._began = time.perf_counter()
        self._transport.write(request)  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        self._answer += data
        if b"\r\n\r\n" not in self._answer:
            return
        if not self._answer.startswith(b"HTTP/1.1 200"):
            self.done.set_exception(RuntimeError(self._answer[:300].decode()))
            self._transport.close()
            return
        if not self._answer.endswith(b"\r\n\r\n"):
            head, _, body = self._answer.partition(b"\r\n\r\n")
            lowered = head.lower()
            at = lowered.find(b"content-length:")
            if at >= 0 and len(body) < int(lowered[at + 15 :].split(b"\r")[0]):
                return
        self._answer = b""
        self._took.append(time.perf_counter() - self._began)
        if self._pause:
            asyncio.get_running_loop().call_later(self._pause, self._next)
        else:
            self._next()


async def press_all(
    port: int, bodies: Sequence[bytes], *, at_once: int, pause: float = 0.0
) -> Load:
    """Send every press once, `at_once` in flight, each connection resting `pause` seconds after an answer."""
    requests = iter([signed(body) for body in bodies])
    took: list[float] = []
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    pressers = [
        (await loop.create_connection(lambda: _Presser(requests, took, pause), "127.0.0.1", port))[
            1
        ]
        for _ in range(at_once)
    ]
    await asyncio.gather(*(presser.done for presser in pressers))
    seconds = time.perf_counter() - began
    return Load(per_second=len(took) / seconds, p50=statistics.median(took))
