"""The Web API: one endpoint for each method, with answers and refusals as Slack gives them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.sandbox.errors import SlackError
from bot.sandbox.records import CUT, ApiCall, Json
from bot.sandbox.state.faults import Fault
from bot.sandbox.web_api import chat, conversations, files, team, views
from bot.sandbox.web_api.call import Call, Method
from bot.sandbox.workspace import Workspace

METHODS: Mapping[str, Method] = {
    **chat.METHODS,
    **conversations.METHODS,
    **files.METHODS,
    **views.METHODS,
    **team.METHODS,
}


@dataclass(frozen=True)
class _Answer:
    status: int
    body: Json
    headers: Mapping[str, str]


def build_api(workspace: Workspace) -> ASGIApp:
    """Make the ASGI app that serves `/<method>` for GET and POST."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        response = await _serve(workspace, request)
        await response(scope, receive, send)

    return app


async def _serve(workspace: Workspace, request: Request) -> Response:
    name = request.scope["path"].removeprefix(request.scope.get("root_path", "")).strip("/")
    try:
        arguments = await _arguments(request)
    except SlackError as unreadable:
        return JSONResponse(unreadable.payload())
    token = _token(request, arguments)
    fault = None
    if name in METHODS:
        fault = workspace.faults.take(name, channel=_channel(arguments), now=workspace.clock.now())
    if fault is not None and fault.kind == "slow":
        held = workspace.faults.hold()
        workspace.touch()
        await asyncio.wait([held], timeout=fault.seconds)
        held.cancel()
    answer = (
        _answer_of_fault(fault)
        or _answer_of_dead_token(workspace, name)
        or _limited(workspace, name, arguments)
    )
    if answer is None:
        answer = _answer(workspace, name, arguments, token)
    workspace.record(
        ApiCall(
            method=name,
            arguments=arguments,
            response=answer.body,
            status=answer.status,
            at=workspace.clock.now(),
            fault=fault.kind if fault else None,
        )
    )
    if fault is not None and fault.kind == "lost":
        return _Cut(request.scope[CUT])
    if answer.status == 500:
        return HTMLResponse("<h1>Server Error</h1>", status_code=500)
    if fault is not None and fault.kind == "broken":
        return Response(json.dumps(answer.body)[:-1], media_type="application/json")
    return JSONResponse(answer.body, answer.status, dict(answer.headers))


def _answer_of_fault(fault: Fault | None) -> _Answer | None:
    """Return the answer of a fault that keeps the method from running, or None."""
    match fault.kind if fault else None:
        case "429" if fault:
            return _rate_limited(fault.retry_after)
        case "500":
            return _Answer(500, {"ok": False, "error": "internal_error"}, {})
        case "error" if fault:
            return _Answer(200, {"ok": False, "error": fault.code}, {})
        case "broken":
            return _Answer(200, {"ok": False, "error": "internal_error"}, {})
    return None


def _answer_of_dead_token(workspace: Workspace, name: str) -> _Answer | None:
    method = METHODS.get(name)
    if method is None or method.token not in workspace.faults.dead_tokens:
        return None
    return _Answer(200, {"ok": False, "error": "token_revoked"}, {})


def _limited(workspace: Workspace, name: str, arguments: Mapping[str, Any]) -> _Answer | None:
    if workspace.limits is None or name not in METHODS:
        return None
    wait = workspace.limits.retry_after(name, _channel(arguments), workspace.monotonic)
    return None if wait is None else _rate_limited(wait)


def _channel(arguments: Mapping[str, Any]) -> str | None:
    """Return the conversation that a call names."""
    channel = arguments.get("channel")
    return channel if isinstance(channel, str) else None


def _rate_limited(seconds: int) -> _Answer:
    return _Answer(429, {"ok": False, "error": "ratelimited"}, {"Retry-After": str(seconds)})


def _answer(
    workspace: Workspace, name: str, arguments: Mapping[str, Any], token: str | None
) -> _Answer:
    headers: dict[str, str] = {}
    try:
        method = METHODS.get(name)
        if method is None:
            raise SlackError("unknown_method", req_method=name)
        _authorize(workspace, method, token)
        if method.token == "bot":  # noqa: S105 - a kind of token
            headers["x-oauth-scopes"] = ",".join(workspace.manifest.scopes)
        call = Call(workspace, arguments)
        call.need_scope(*method.scopes)
        call.need(*method.required)
        return _Answer(200, {"ok": True, **method.run(call)}, headers)
    except SlackError as refused:
        return _Answer(200, refused.payload(), headers)


def _authorize(workspace: Workspace, method: Method, token: str | None) -> None:
    tokens = {workspace.bot_token: "bot", workspace.app_token: "app"}
    if not token:
        raise SlackError("not_authed")
    if token not in tokens:
        raise SlackError("invalid_auth")
    if not workspace.installed:
        raise SlackError("account_inactive")
    if tokens[token] != method.token:
        raise SlackError("not_allowed_token_type")


def _token(request: Request, arguments: dict[str, Any]) -> str | None:
    """Return the token from the header, or else from the arguments, as Slack allows. It is taken out of them."""
    in_arguments = arguments.pop("token", None)
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    return token if kind.lower() == "bearer" else in_arguments


async def _arguments(request: Request) -> dict[str, Any]:
    """Read query, form or JSON. Raises SlackError if the body can't be read."""
    arguments: dict[str, Any] = dict(request.query_params)
    kind = request.headers.get("content-type", "").partition(";")[0].strip()
    if kind == "application/json":
        body = await request.body()
        try:
            read = json.loads(body or b"{}")
        except ValueError:
            raise SlackError("invalid_json") from None
        if not isinstance(read, dict):
            raise SlackError("json_not_object")
        return arguments | read
    if kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
        async with request.form() as form:
            return arguments | dict(form)
    if await request.body():
        raise SlackError("missing_post_type" if not kind else "invalid_post_type")
    return arguments


class _Cut(Response):
    """The connection is cut in place of an answer."""

    def __init__(self, cut: Callable[[], None]) -> None:
        super().__init__()
        self._cut = cut

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._cut()
        while (await receive())["type"] != "http.disconnect":
            pass
