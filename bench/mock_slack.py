"""A Web API that says yes to everything, as cheaply as Python can: `python -m bench.mock_slack`.

`GET /opened:<trigger>` gives the form that was opened by that trigger, and `GET /calls` how often each method was
called; `bench.slack_seen` asks.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import sys
import time
from collections import Counter

from bench.people import BOT_USER_ID, TEAM_ID
from bench.processes import pin

_NUMBERS = itertools.count(1)
_CALLS: Counter[str] = Counter()
_OPENED: dict[str, object] = {}


class Connection(asyncio.Protocol):
    """Answers the requests of one connection, one after the other."""

    def __init__(self) -> None:
        self._waiting = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._waiting += data
        while (end := self._waiting.find(b"\r\n\r\n")) >= 0:
            head = self._waiting[:end].lower()
            at = head.find(b"content-length:")
            length = (
                int(head[at + 15 : head.find(b"\r", at) if b"\r" in head[at:] else None])
                if at >= 0
                else 0
            )
            if len(self._waiting) < end + 4 + length:
                return
            method = head[: head.find(b"\r")].split()[1].rsplit(b"/", 1)[-1]
            body = self._waiting[end + 4 : end + 4 + length]
            self._waiting = self._waiting[end + 4 + length :]
            answer = self._answer(method, body)
            self._transport.write(  # type: ignore[attr-defined]
                b"HTTP/1.1 200 OK\r\ncontent-type: application/json; charset=utf-8\r\n"
                b"content-length: %d\r\n\r\n%b" % (len(answer), answer)
            )

    def _answer(self, method: bytes, body: bytes) -> bytes:
        if method == b"calls":
            return json.dumps(_CALLS).encode()
        if method.startswith(b"opened:"):
            return json.dumps(_OPENED.get(method[7:].decode())).encode()
        _CALLS[method.decode()] += 1
        if method == b"views.open":
            sent = json.loads(body)
            view = sent["view"]
            _OPENED[sent["trigger_id"]] = json.loads(view) if isinstance(view, str) else view
        if method == b"chat.postmessage":
            ts = f"{time.time():.0f}.{next(_NUMBERS):06}"
            at = body.find(b'"channel": "') + len(b'"channel": "')
            channel = body[at : body.find(b'"', at)]
            return b'{"ok":true,"channel":"%b","ts":"%b"}' % (channel, ts.encode())
        if method == b"conversations.history":
            return b'{"ok":true,"messages":[]}'
        if method == b"auth.test":
            facts = {"ok": True, "team_id": TEAM_ID, "team": "Bench", "user_id": BOT_USER_ID}
            return json.dumps({**facts, "bot_id": "B0BENCH", "url": "https://bench/"}).encode()
        return b'{"ok":true}'


async def main() -> None:
    server = await asyncio.get_running_loop().create_server(Connection, "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    pin(1)
    asyncio.run(main())
