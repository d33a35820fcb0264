"""Connections that only wait never shut the door on a request, whichever parser is there."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from bot.http.connections import Limits, Reason
from bot.http.serving import HttpListener
from tests.patience import PATIENCE
from tests.test_failures import Seconds

HEAD = b"POST / HTTP/1.1\r\nhost: bot.example.org\r\n"
REQUEST = HEAD + b"content-length: 1\r\n\r\nx"

Client = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Server:
    """A server that answers once `open` is set, and what it said of its connections."""

    def __init__(self, limits: Limits) -> None:
        self.seconds = Seconds()
        self.closed: Counter[Reason] = Counter()
        self.open = asyncio.Event()
        self.open.set()
        self.at_work = 0
        self.writers: list[asyncio.StreamWriter] = []

        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            with contextlib.suppress(ClientDisconnect):
                await Request(scope, receive).body()
            self.at_work += 1
            await self.open.wait()
            self.at_work -= 1
            await PlainTextResponse("ok")(scope, receive, send)

        self.listener = HttpListener(
            answer,
            host="127.0.0.1",
            port=0,
            drain_seconds=1,
            limits=limits,
            closed=lambda reason: self.closed.update([reason]),
            monotonic=self.seconds,
        )

    async def connect(self, said: bytes = b"") -> Client:
        """A new connection, a second younger than the one before."""
        self.seconds.now += 1
        reader, writer = await asyncio.open_connection("127.0.0.1", self.listener.port)
        self.writers.append(writer)
        writer.write(said)
        return reader, writer

    async def until(self, *, connections: int = 0, at_work: int = 0) -> None:
        async with asyncio.timeout(PATIENCE):
            while len(self.listener.connections) < connections or self.at_work < at_work:
                await asyncio.sleep(0)


@pytest.fixture(params=["httptools", "h11"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "h11":
        monkeypatch.setitem(sys.modules, "httptools", None)
    else:
        pytest.importorskip("httptools", reason="httptools can't be had here")


@asynccontextmanager
async def serving(limits: Limits) -> AsyncIterator[Server]:
    server = Server(limits)
    await server.listener.start()
    try:
        yield server
    finally:
        server.open.set()
        for writer in server.writers:
            writer.close()
        await server.listener.stop()
        async with asyncio.timeout(PATIENCE):
            for writer in server.writers:
                with contextlib.suppress(ConnectionError):
                    await writer.wait_closed()


async def read(client: Client, count: int = -1) -> bytes:
    """What the server says, all of it until it closes the connection unless `count` says how much."""
    async with asyncio.timeout(PATIENCE):
        try:
            return await client[0].read(count)
        except ConnectionResetError:
            return b""


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize("said", [b"", HEAD, HEAD + b"content-length: 9\r\n\r\nhalf"])
async def test_a_full_server_drops_whoever_has_waited_longest(said: bytes) -> None:
    async with serving(Limits(most=4)) as server:
        holding = []
        for number in range(1, 5):
            holding.append(await server.connect(said))
            await server.until(connections=number)
        for _ in range(3):  # each of these finds the server full
            pressed = await server.connect(REQUEST)
            assert (await read(pressed, 12)) == b"HTTP/1.1 200"
            assert len(server.listener.connections) == 4
        assert [await read(client) for client in holding[:3]] == [b"", b"", b""]
        assert not holding[3][0].at_eof()  # the youngest of them has its place still
        assert server.closed == {Reason.CROWDED: 3}


@pytest.mark.usefixtures("parser")
async def test_what_is_at_work_is_never_dropped_and_one_too_many_gets_503() -> None:
    async with serving(Limits(most=2)) as server:
        server.open.clear()
        pressed = [await server.connect(REQUEST) for _ in range(2)]
        await server.until(at_work=2)
        refused = await server.connect()
        assert (await read(refused)).startswith(b"HTTP/1.1 503 Service Unavailable\r\n")
        assert server.closed == {Reason.BUSY: 1}
        server.open.set()
        assert [await read(client, 12) for client in pressed] == [b"HTTP/1.1 200"] * 2
        # Both wait for their next request now, so that there is room again.
        assert await read(await server.connect(REQUEST), 12) == b"HTTP/1.1 200"
        assert server.closed == {Reason.BUSY: 1, Reason.CROWDED: 1}


@pytest.mark.usefixtures("parser")
async def test_a_head_that_takes_too_long_ends_its_connection() -> None:
    async with serving(Limits(head_seconds=10)) as server:
        silent, half = await server.connect(), await server.connect(HEAD)
        reader, writer = await server.connect(REQUEST)
        async with asyncio.timeout(PATIENCE):
            await reader.readuntil(b"ok")
        await server.until(connections=3)
        server.seconds.now += 7  # 10 s after the first of them was opened
        server.listener.connections.close_slow()
        assert not server.closed
        server.seconds.now += 3
        half[1].write(b"a: b\r\n")  # a byte now and then does not help
        server.listener.connections.close_slow()
        assert [await read(silent), await read(half)] == [b"", b""]
        assert server.closed == {Reason.SLOW_HEAD: 2}
        assert len(server.listener.connections) == 1
        # The third, which has its answer, may be idle for longer.
        writer.write(REQUEST)
        async with asyncio.timeout(PATIENCE):
            assert (await reader.readuntil(b"ok")).startswith(b"HTTP/1.1 200")


@pytest.mark.usefixtures("parser")
async def test_a_connection_that_stays_idle_is_closed_and_counted() -> None:
    async with serving(Limits(idle_seconds=0)) as server:
        whole = await read(await server.connect(REQUEST))
        assert whole.startswith(b"HTTP/1.1 200")
        assert server.closed == {Reason.IDLE: 1}


@pytest.mark.usefixtures("parser")
async def test_what_is_not_http_is_counted() -> None:
    async with serving(Limits()) as server:
        assert (await read(await server.connect(b"\x16\x03\x01 hello\r\n\r\n"))).startswith(
            b"HTTP/1.1 400"
        )
        assert server.closed == {Reason.MALFORMED: 1}
