"""Slack's end of every call, in process: the sandbox's own Web API behind a session that suffers faults.

The bot's real client and its real `response_url` code talk to this as if it were an `aiohttp.ClientSession`. What
happens to a call is rendered from the mix: refused, lost on the way in, lost on the way out, late, an error page.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any
from urllib.parse import urlencode, urlsplit

import aiohttp
from aiohttp.client_reqrep import ConnectionKey
from starlette.applications import Starlette
from starlette.routing import Mount, Route

from bot.sandbox.interactions.replies import answer_response_url
from bot.sandbox.web_api.endpoint import build_api
from bot.sandbox.workspace import Workspace
from tests.simulation.virtual_time import CURRENT, Process

BASE_URL = "http://sandbox.invalid"
API_URL = f"{BASE_URL}/api/"
RESPONSE_URL = "response_url"
"""How a call of one is named here."""

TIMEOUT = 10.0

REFUSING = ("429", "refused", "reset", "lost", "500", "internal_error")
"""Faults before anything happened."""
DONE_ALL_THE_SAME = ("reset_done", "lost_done", "500_done", "internal_error_done", "late")
"""Faults after, or in spite of, the effect."""
ODD = "odd answer"
"""Slack refused it with a code that says nothing of it, see `odd_answers`."""
KINDS = REFUSING + DONE_ALL_THE_SAME


@dataclass
class Call:
    """One call on its way, as the checks see it."""

    process: Process
    method: str
    arguments: Mapping[str, Any]
    fault: str | None = None
    code: str = "internal_error"
    """With which code it was refused, where it was."""
    done: bool = False
    """Whether it had its effect."""
    retry_after: float | None = None
    """Seconds, where it was refused for being one too many."""
    answer: Mapping[str, Any] | None = None
    """What Slack answered, whether or not that arrived."""


class Wire:
    """Everything that leaves the bot's processes."""

    def __init__(
        self,
        workspace: Workspace,
        *,
        random: Random,
        rates: Mapping[str, float],
        is_down: Callable[[], bool],
        odd_code: Callable[[Call], str | None] = lambda call: None,
    ) -> None:
        self._app = Starlette(
            routes=[
                Route("/response/{secret}", answer_response_url(workspace), methods=["POST"]),
                Mount("/api", app=build_api(workspace)),
            ]
        )
        self._random = random
        self.rates = dict(rates)
        self._is_down = is_down
        self._odd_code = odd_code
        self.before: list[Callable[[Call], None]] = []
        self.after: list[Callable[[Call], None]] = []
        self._late: set[asyncio.Task[Any]] = set()

    def session_of(self, process: Process) -> Session:
        """A session for the calls of one process."""
        return Session(self, process)

    async def carry(
        self, process: Process, verb: str, url: str, *, timeout: float, request: Request
    ) -> Response:
        """Make a call: its effect, its faults, its answer. Raises what aiohttp would raise."""
        path = urlsplit(url).path
        method = path.removeprefix("/api/") if path.startswith("/api/") else RESPONSE_URL
        call = Call(process, method, request.arguments())
        for check in self.before:
            check(call)
        await process.awake()
        process.point(f"before {call.method}")
        call.fault = self._draw(call)
        await asyncio.sleep(self._random.uniform(0.02, 0.4))
        if call.fault in REFUSING or call.fault == ODD:
            return await self._refuse(call, timeout)
        if call.fault == "late":
            self._later(call, verb, path, request)
            await asyncio.sleep(timeout)
            process.point(f"waited for {call.method}")
            raise TimeoutError
        response = await self._do(call, verb, path, request)
        process.point(f"after {call.method}")
        await process.awake()
        match call.fault:
            case "reset_done":
                raise aiohttp.ServerDisconnectedError
            case "lost_done":
                await asyncio.sleep(timeout)
                raise TimeoutError
            case "500_done":
                return Response(502, {}, b"<h1>Bad gateway</h1>", "text/html")
            case "internal_error_done":
                return Response.of_json(200, {"ok": False, "error": "internal_error"})
        return response

    async def _do(self, call: Call, verb: str, path: str, request: Request) -> Response:
        # What Slack begins at a call, such as the delivery of an event, goes on when the caller dies.
        caller = CURRENT.set(None)
        try:
            response = await in_process(self._app, verb, path, request)
        finally:
            CURRENT.reset(caller)
        call.done = response.status == 200
        if response.content_type == "application/json":
            call.answer = json.loads(response.content)
            call.done = bool(call.answer.get("ok"))
        for check in self.after:
            check(call)
        return response

    def _later(self, call: Call, verb: str, path: str, request: Request) -> None:
        """The effect comes when the caller has given up already, up to a minute after the call began."""

        async def arrive() -> None:
            await asyncio.sleep(self._random.uniform(1, 55))
            await self._do(call, verb, path, request)

        task = asyncio.Task(arrive(), loop=asyncio.get_running_loop())  # of no process
        self._late.add(task)
        task.add_done_callback(self._late.discard)

    async def _refuse(self, call: Call, timeout: float) -> Response:
        if call.fault == "429":
            call.retry_after = self._random.choice((1, 3, 30, 120))
        for check in self.after:
            check(call)
        match call.fault:
            case "429":
                headers = {"Retry-After": str(call.retry_after)}
                return Response.of_json(429, {"ok": False, "error": "ratelimited"}, headers)
            case "refused":
                raise aiohttp.ClientConnectorError(_NOWHERE, OSError("connection refused"))
            case "reset":
                raise aiohttp.ServerDisconnectedError
            case "lost":
                await asyncio.sleep(timeout)
                raise TimeoutError
            case "500":
                return Response(503, {}, b"<h1>Service unavailable</h1>", "text/html")
        return Response.of_json(200, {"ok": False, "error": call.code})

    def _draw(self, call: Call) -> str | None:
        if self._is_down():
            return self._random.choice(("refused", "lost", "500", "reset"))
        if (code := self._odd_code(call)) is not None:
            call.code = code
            return ODD
        number = self._random.random()
        for kind, rate in self.rates.items():
            if number < rate:
                return kind
            number -= rate
        return None


@dataclass(frozen=True)
class Request:
    """What is sent: query parameters, a form or JSON, with headers."""

    headers: Mapping[str, str]
    params: Mapping[str, Any] | None = None
    data: Any = None
    json: Any = None

    def body(self) -> tuple[bytes, str]:
        """The body with its content type."""
        if self.json is not None:
            return json.dumps(self.json).encode(), "application/json"
        if self.data:
            return urlencode(self.data).encode(), "application/x-www-form-urlencoded"
        return b"", ""

    def arguments(self) -> dict[str, Any]:
        return {**(self.params or {}), **(self.data or {}), **(self.json or {})}


@dataclass
class Response:
    """What comes back, as far as the SDK and the bot look at an aiohttp response."""

    status: int
    headers: Mapping[str, str]
    content: bytes
    content_type: str

    @classmethod
    def of_json(
        cls, status: int, answer: Mapping[str, Any], headers: Mapping[str, str] | None = None
    ) -> Response:
        return cls(status, headers or {}, json.dumps(answer).encode(), "application/json")

    async def json(self) -> Any:
        return json.loads(self.content)

    async def text(self) -> str:
        return self.content.decode()

    async def read(self) -> bytes:
        return self.content


class Session:
    """What the bot takes for its aiohttp session."""

    closed = False

    def __init__(self, wire: Wire, process: Process) -> None:
        self._wire = wire
        self._process = process

    def request(self, verb: str, url: str, **arguments: Any) -> _Underway:
        request = Request(
            headers=arguments.get("headers") or {},
            params=arguments.get("params"),
            data=arguments.get("data"),
            json=arguments.get("json"),
        )
        given = arguments.get("timeout")
        timeout = float(given.total) if given is not None and given.total else TIMEOUT
        return _Underway(self._wire, self._process, verb, url, timeout=timeout, request=request)

    def post(self, url: str, **arguments: Any) -> _Underway:
        return self.request("POST", url, **arguments)


class _Underway:
    def __init__(
        self, wire: Wire, process: Process, verb: str, url: str, *, timeout: float, request: Request
    ) -> None:
        self._carried = lambda: wire.carry(process, verb, url, timeout=timeout, request=request)

    async def __aenter__(self) -> Response:
        return await self._carried()

    async def __aexit__(self, *_: object) -> None:
        return None


async def in_process(app: Any, verb: str, path: str, request: Request) -> Response:
    """Have an ASGI application answer one request, without sockets."""
    body, content_type = request.body()
    headers = [(k.lower().encode(), str(v).encode()) for k, v in request.headers.items()]
    headers = [pair for pair in headers if pair[0] != b"content-type"]
    if content_type:
        headers.append((b"content-type", content_type.encode()))
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": verb,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": urlencode(request.params or {}).encode(),
        "root_path": "",
        "headers": headers,
        "client": ("127.0.0.1", 1),
        "server": ("sandbox.invalid", 80),
    }
    status, answered, parts = 500, {}, []
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Mapping[str, Any]:
        return waiting.pop() if waiting else {"type": "http.disconnect"}

    async def send(message: Mapping[str, Any]) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
            answered.update({k.decode(): v.decode() for k, v in message["headers"]})
        elif message["type"] == "http.response.body":
            parts.append(message.get("body", b""))

    await app(scope, receive, send)
    kind = answered.get("content-type", "").partition(";")[0]
    return Response(status, answered, b"".join(parts), kind)


_NOWHERE = ConnectionKey("sandbox.invalid", 80, False, True, None, None, None)
