"""Requests over signed HTTP, as many at once as asked for."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

SIGNING_SECRET = "0123456789abcdef0123456789abcdef"  # noqa: S105 - nobody's
PATH = "/slack/events"
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Load:
    """What came of it."""

    per_second: float
    p50: float
    """Seconds."""


def signed(body: bytes) -> bytes:
    """The whole request; a body that begins like JSON is sent as such."""
    content_type = "application/json" if body.startswith(b"{") else FORM
    now = str(int(time.time()))
    base = b"v0:" + now.encode() + b":" + body
    signature = hmac.new(SIGNING_SECRET.encode(), base, hashlib.sha256).hexdigest()
    return (
        f"POST {PATH} HTTP/1.1\r\nhost: bench\r\ncontent-type: {content_type}\r\n"
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


async def send(port: int, body: bytes) -> None:
    """Send one request on a connection of its own, and wait until it is acknowledged."""
    await press_all(port, [body], at_once=1)
