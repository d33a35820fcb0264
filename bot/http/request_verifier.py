"""Rejects all requests in HTTP mode that are not certainly from Slack, and keeps their content out of the log.

Bolt's own check answers a malformed header with 500 and logs the body of each request that it refuses, so this
check runs before it. The SDK verifies the signature itself.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable

from slack_sdk.signature import Clock, SignatureVerifier
from starlette.requests import ClientDisconnect, Request

MAX_BODY = 1_000_000
"""The largest accepted body, in bytes. Slack's own payloads are far smaller."""

BODY_SECONDS = 3.0
"""How many seconds a body may take to arrive: after that time Slack has given up the request anyway."""

_LENGTH = re.compile(r"[0-9]{1,12}")
_TIMESTAMP = re.compile(r"[0-9]{1,12}")
_SIGNATURE = re.compile(r"v0=[0-9a-f]{64}")


class Refused(Exception):
    """The request is rejected; `status` is the HTTP status of the answer, `why` a word for the log."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status
        self.why = why


class RequestVerifier:
    """Accepts signed requests. `now` returns the machine's time; a signature is valid for five minutes of it."""

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
        """Return the body of a request that Slack signed. Raises Refused, if possible before the body is read."""
        length = request.headers.get("content-length", "0")
        if not _LENGTH.fullmatch(length) or int(length) > MAX_BODY:
            raise Refused(413, "size")
        timestamp = _one(request, "x-slack-request-timestamp", _TIMESTAMP)
        signature = _one(request, "x-slack-signature", _SIGNATURE)
        # Only the timestamp is checked here; the signature is checked once the body is read.
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
    """The SDK's clock, which takes its time from a function."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now

    def now(self) -> float:
        return self._now()


def _one(request: Request, name: str, pattern: re.Pattern[str]) -> str:
    """Return the header's only value; the SDK would fail on a missing, repeated or malformed one."""
    values = request.headers.getlist(name)
    if len(values) != 1 or not pattern.fullmatch(values[0]):
        raise Refused(401, "headers")
    return values[0]


async def _read(request: Request) -> bytes:
    """Return the whole body, if it is not larger than MAX_BODY."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY:
            raise Refused(413, "size")
    return bytes(body)
