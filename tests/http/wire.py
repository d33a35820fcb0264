"""Requests byte by byte, as no well-meaning client would send them."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from tests.patience import PATIENCE as PATIENCE

CANARY = "canary-4d1f"
BODY = f"text={CANARY}".encode()


Header = tuple[str, str | bytes]


@dataclass(frozen=True)
class Answer:
    """A whole answer; the server has closed the connection after it."""

    status: int
    headers: dict[str, str]
    body: bytes


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """As Slack makes it."""
    signed = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def signed(
    secret: str,
    body: bytes,
    *,
    content_type: str = "application/x-www-form-urlencoded",
    timestamp: str | None = None,
) -> list[Header]:
    """The headers of a request that Slack would send, now unless `timestamp` says when."""
    when = timestamp or str(int(time.time()))
    return [
        ("content-type", content_type),
        ("x-slack-request-timestamp", when),
        ("x-slack-signature", signature(secret, when, body)),
    ]


async def send(
    url: str,
    headers: Sequence[Header] = (),
    body: bytes = b"",
    *,
    method: str = "POST",
    path: str | None = None,
    framing: Sequence[Header] | None = None,
) -> Answer:
    """Send one request on a connection of its own; `framing` replaces the honest Content-Length."""
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    head = [f"{method} {path or parts.path} HTTP/1.1".encode(), b"host: bot.example.org"]
    length = [("content-length", str(len(body)))] if framing is None else framing
    for name, value in [*headers, *length, ("connection", "close")]:
        head.append(name.encode() + b": " + (value if isinstance(value, bytes) else value.encode()))
    try:
        async with asyncio.timeout(PATIENCE):
            writer.write(b"\r\n".join(head) + b"\r\n\r\n" + body)
            whole = await reader.read()
    finally:
        writer.close()
    top, _, rest = whole.partition(b"\r\n\r\n")
    status, *lines = top.decode("latin-1").split("\r\n")
    found = dict(line.lower().split(": ", 1) for line in lines)
    return Answer(int(status.split()[1]), found, rest)


def chunked(body: bytes, size: int = 65_536) -> bytes:
    """The body in chunks, as Transfer-Encoding has them."""
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    framed = b"".join(f"{len(p):x}\r\n".encode() + p + b"\r\n" for p in pieces)
    return framed + b"0\r\n\r\n"
