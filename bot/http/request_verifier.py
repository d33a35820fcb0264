"""The door of HTTP mode: whatever is not surely from Slack goes no further, and none of it into a log.

Bolt's own check answers a malformed header with 500 and logs the body of what it refuses, so this one stands
before it. The signature itself is the SDK's affair.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable

from slack_sdk.signature import Clock, SignatureVerifier
from starlette.requests import ClientDisconnect, Request

MAX_BODY = 1_000_000
"""Bytes. Slack's own payloads stay far below."""

BODY_SECONDS = 3.0
"""How long a body may take to arrive: after that Slack has given up the request anyway."""

_LENGTH = re.compile(r"[0-9]{1,12}")
_TIMESTAMP = re.compile(r"[0-9]{1,12}")
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")


class Refused(Exception):
    """The request goes no further; `status` is the answer, `why` a word for the log."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status
        self.why = why


class RequestVerifier:
    """Lets signed requests through. `now` gives the machine's time: signatures live five minutes of it."""

    def __init__(
        self,
        signing_secret: str,
        *,
        now: Callable[[], float] = time.time,
        body_seconds: float = BODY_SECONDS,
    ) -> None:
        self._verifier = SignatureVerifier(signing_secret, clock=_Clock(now))
        self._body_seconds = body_seconds

    async def admit(self, request: Request) -> bytes:
        """The body of a request that Slack signed. Raises Refused, before reading where that is possible."""
        length = request.headers.get("content-length", "0")
        if not _LENGTH.fullmatch(length) or int(length) > MAX_BODY:
            raise Refused(413, "size")
        timestamp = _one(request, "x-slack-request-timestamp", _TIMESTAMP)
        signature = _one(request, "x-slack-signature", _SIGNATURE)
        # With any signature: what it says of the time is what counts here.
        if not self._is_recent(timestamp):
            raise Refused(401, "timestamp")
        try:
            async with asyncio.timeout(self._body_seconds):
                body = await _read(request)
        except TimeoutError as error:
            raise Refused(408, "slow") from error
        except ClientDisconnect as error:
            raise Refused(400, "disconnected") from error
        try:
            genuine = self._verifier.is_valid(body, timestamp, signature)
        except ValueError as error:  # the body is not UTF-8
            raise Refused(401, "encoding") from error
        if not genuine:
            raise Refused(401, "signature")
        return body

    def _is_recent(self, timestamp: str) -> bool:
        return abs(self._verifier.clock.now() - int(timestamp)) <= 60 * 5


class _Clock(Clock):
    """The SDK's clock, from a function."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now

    def now(self) -> float:
        return self._now()


def _one(request: Request, name: str, pattern: re.Pattern[str]) -> str:
    """The header's one value; the SDK would stumble over any other shape."""
    values = request.headers.getlist(name)
    if len(values) != 1 or not pattern.fullmatch(values[0]):
        raise Refused(401, "headers")
    return values[0]


async def _read(request: Request) -> bytes:
    """The whole body, as long as it stays below MAX_BODY."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            raise Refused(413, "size")
    return bytes(body)
