"""Both parsers of HTTP refuse what never ends, and take what is merely long."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from bot.http.protocols import MAX_INCOMPLETE, fastest_protocol
from bot.http.serving import HttpListener
from tests.patience import PATIENCE

HEAD = b"POST / HTTP/1.1\r\nhost: bot.example.org\r\n"
CHUNKED = HEAD + b"transfer-encoding: chunked\r\n\r\n"
PIECE = b"x" * 1000


async def says_how_long(scope: Scope, receive: Receive, send: Send) -> None:
    body = await Request(scope, receive).body()
    await PlainTextResponse(str(len(body)))(scope, receive, send)


@pytest.fixture(params=["httptools", "h11"])
async def listener(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[HttpListener]:
    if request.param == "h11":
        monkeypatch.setitem(sys.modules, "httptools", None)
    else:
        pytest.importorskip("httptools", reason="httptools can't be had here")
    listener = HttpListener(says_how_long, host="127.0.0.1", port=0, drain_seconds=1)
    names = [each.__name__ for each in fastest_protocol(listener.connections).__mro__]
    assert ("HttpToolsProtocol" in names) is (request.param == "httptools")
    await listener.start()
    yield listener
    await listener.stop()


async def answer_to(listener: HttpListener, *pieces: bytes, is_all: bool = True) -> bytes:
    """What the server answers, the pieces being read one by one; b"" if it would wait for more."""
    reader, writer = await asyncio.open_connection("127.0.0.1", listener.port)
    try:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await _let_it_read(listener)
            if reader.at_eof():
                break
        if not is_all:
            writer.write_eof()  # a server that waits for more gives up
        async with asyncio.timeout(PATIENCE):
            return await reader.read(12)
    except ConnectionError:
        return b"HTTP/1.1 400"
    finally:
        writer.close()


async def _let_it_read(listener: HttpListener) -> None:
    """Two requests of other connections, which this loop serves after what came before."""
    for _ in range(2):
        reader, writer = await asyncio.open_connection("127.0.0.1", listener.port)
        writer.write(HEAD + b"content-length: 0\r\nconnection: close\r\n\r\n")
        await reader.read()
        writer.close()


ENDLESS = {
    "head": [HEAD + b"a: ", *[PIECE] * 20],
    "headers": [HEAD, *[b"a: " + PIECE + b"\r\n"] * 20],
    "path": [b"POST /", *[PIECE] * 20],
    "trailers": [CHUNKED + b"1\r\nx\r\n0\r\n", *[b"a: " + PIECE + b"\r\n"] * 20],
    "chunk's line": [CHUNKED + b"1;", *[PIECE] * 20],
}


@pytest.mark.parametrize("pieces", ENDLESS.values(), ids=ENDLESS)
async def test_what_never_ends_gets_400(listener: HttpListener, pieces: list[bytes]) -> None:
    assert sum(map(len, pieces)) > MAX_INCOMPLETE
    assert await answer_to(listener, *pieces, is_all=False) == b"HTTP/1.1 400"


LONG = {
    "head": [HEAD + b"content-length: 0\r\na: ", *[PIECE] * 14, b"\r\n\r\n"],
    "body": [HEAD + b"content-length: 100000\r\n\r\n", *[PIECE] * 100],
    "chunks": [CHUNKED, *[b"3e8\r\n" + PIECE + b"\r\n"] * 100, b"0\r\n\r\n"],
    "small chunks": [CHUNKED, *[b"1\r\nx\r\n" * 100] * 40, b"0\r\n\r\n"],
}


@pytest.mark.parametrize("pieces", LONG.values(), ids=LONG)
async def test_what_is_merely_long_is_taken(listener: HttpListener, pieces: list[bytes]) -> None:
    assert await answer_to(listener, *pieces) == b"HTTP/1.1 200"
