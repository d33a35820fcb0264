"""What Slack's answers, and the lack of one, mean for a call: through the SDK, against a real server."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import SettableClock
from bot.sandbox.seed import seed_workspace
from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import Workspace
from bot.slack.outcomes import (
    RATE_LIMIT_DEFAULT,
    RATE_LIMIT_LONGEST,
    CallOutcome,
    Failure,
    classify,
)
from tests.patience import PATIENCE
from tests.repository import MANIFEST

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]
Ask = Callable[[Answer], Awaitable[Failure]]


@pytest.fixture
async def ask() -> AsyncIterator[Ask]:
    """Has a server answer a chat.postMessage, and gives what the failed call is understood as."""
    answers: list[Answer] = []
    requests: list[str] = []

    async def serve(request: web.Request) -> web.StreamResponse:
        requests.append(request.path)
        return await answers[0](request)

    app = web.Application()
    app.router.add_post("/api/chat.postMessage", serve)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]

    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=PATIENCE)) as session:

        async def ask(answer: Answer) -> Failure:
            answers[:] = [answer]
            requests.clear()
            client = AsyncWebClient(
                token="xoxb-1",
                base_url=f"http://127.0.0.1:{port}/api/",
                session=session,
                retry_handlers=[],
            )
            with pytest.raises(Exception) as caught:  # noqa: PT011 - understood below
                await client.chat_postMessage(channel="C0COACH", text="hello")
            understood = classify(caught.value)
            assert understood is not None, repr(caught.value)
            assert len(requests) == 1, "the SDK repeated the call by itself"
            return understood

        yield ask
    await runner.cleanup()


def refusing(code: str, *, status: int = 200, **more: object) -> Answer:
    async def answer(request: web.Request) -> web.StreamResponse:
        return web.json_response({"ok": False, "error": code, **more}, status=status)

    return answer


def page(text: str, *, status: int = 200, kind: str = "text/html") -> Answer:
    async def answer(request: web.Request) -> web.StreamResponse:
        return web.Response(text=text, status=status, content_type=kind)

    return answer


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        ("ratelimited", CallOutcome.RATE_LIMITED),
        ("rate_limited", CallOutcome.RATE_LIMITED),
        ("internal_error", CallOutcome.UNKNOWN),
        ("fatal_error", CallOutcome.UNKNOWN),
        ("service_unavailable", CallOutcome.UNKNOWN),
        ("update_failed", CallOutcome.UNKNOWN),
        ("request_timeout", CallOutcome.NOT_DONE),
        ("external_channel_migrating", CallOutcome.NOT_DONE),
        ("message_limit_exceeded", CallOutcome.PAUSED),
        ("team_added_to_org", CallOutcome.PAUSED),
        ("invalid_auth", CallOutcome.TOKEN_DEAD),
        ("account_inactive", CallOutcome.TOKEN_DEAD),
        ("token_revoked", CallOutcome.TOKEN_DEAD),
        ("missing_scope", CallOutcome.OPERATOR),
        ("messages_tab_disabled", CallOutcome.OPERATOR),
        ("not_enabled", CallOutcome.OPERATOR),
        ("user_not_found", CallOutcome.RECIPIENT_GONE),
        ("user_disabled", CallOutcome.RECIPIENT_GONE),
        ("cannot_dm_bot", CallOutcome.RECIPIENT_GONE),
        ("channel_not_found", CallOutcome.CHANNEL_UNUSABLE),
        ("not_in_channel", CallOutcome.CHANNEL_UNUSABLE),
        ("is_archived", CallOutcome.CHANNEL_UNUSABLE),
        ("restricted_action_read_only_channel", CallOutcome.CHANNEL_UNUSABLE),
        ("invalid_blocks", CallOutcome.PAYLOAD),
        ("msg_too_long", CallOutcome.PAYLOAD),
        ("metadata_too_large", CallOutcome.PAYLOAD),
        ("expired_trigger_id", CallOutcome.TRIGGER_LOST),
        ("trigger_exchanged", CallOutcome.TRIGGER_LOST),
        ("message_not_found", CallOutcome.STALE),
        ("hash_conflict", CallOutcome.STALE),
        ("a_code_that_is_new", CallOutcome.REFUSED),
        ("team_access_not_granted", CallOutcome.REFUSED),
        ("invalid_arguments", CallOutcome.PAYLOAD),
    ],
)
async def test_a_refusal_is_understood_by_its_code(
    ask: Ask, code: str, outcome: CallOutcome
) -> None:
    failure = await ask(refusing(code))
    assert failure.outcome is outcome
    assert failure.code == ("ratelimited" if outcome is CallOutcome.RATE_LIMITED else code)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120.0),
        ("9" * 400, RATE_LIMIT_LONGEST),
        ("0", RATE_LIMIT_DEFAULT),
        ("soon", RATE_LIMIT_DEFAULT),
        ("1.5", RATE_LIMIT_DEFAULT),
        ("-3", RATE_LIMIT_DEFAULT),
        ("", RATE_LIMIT_DEFAULT),
        (None, RATE_LIMIT_DEFAULT),
    ],
)
async def test_429_waits_as_long_as_slack_says_or_a_while(
    ask: Ask, header: str | None, seconds: float
) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        headers = {} if header is None else {"Retry-After": header}
        body = {"ok": False, "error": "ratelimited"}
        return web.json_response(body, status=429, headers=headers)

    failure = await ask(answer)
    assert failure == Failure(CallOutcome.RATE_LIMITED, "ratelimited", retry_after=seconds)


async def test_429_of_somebody_in_between(ask: Ask) -> None:
    failure = await ask(page("Slow down", status=429))
    assert failure.outcome is CallOutcome.RATE_LIMITED
    assert failure.retry_after == RATE_LIMIT_DEFAULT


@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_an_error_page_leaves_it_open_whether_it_was_done(ask: Ask, status: int) -> None:
    failure = await ask(page("<h1>Oops</h1>", status=status))
    assert failure == Failure(CallOutcome.UNKNOWN, f"http_{status}")


@pytest.mark.parametrize(
    "answer",
    [
        page("{", kind="application/json"),
        page("{", status=502, kind="application/json"),
        page("[]", kind="application/json"),
        page("hello", kind="text/plain"),
        page("<h1>Please log in</h1>"),
        page("", kind="text/plain"),
    ],
)
async def test_an_answer_that_cannot_be_read_leaves_it_open(ask: Ask, answer: Answer) -> None:
    assert (await ask(answer)).outcome is CallOutcome.UNKNOWN


async def test_a_connection_cut_before_the_answer_leaves_it_open(ask: Ask) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        await request.read()
        request.transport.abort()
        return web.Response()

    assert await ask(answer) == Failure(CallOutcome.UNKNOWN, "connection")


async def test_a_connection_cut_in_mid_answer_leaves_it_open(ask: Ask) -> None:
    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        response.content_length = 1000
        await response.prepare(request)
        await response.write(b'{"ok": true, "ts": "1')
        assert request.transport is not None
        request.transport.abort()
        return response

    assert (await ask(answer)).outcome is CallOutcome.UNKNOWN


async def test_no_answer_in_time_leaves_it_open() -> None:
    release = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await release.wait()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=0.05)) as session:
            assert await failed(session, port) == Failure(CallOutcome.UNKNOWN, "timeout")
    finally:
        release.set()
        server.close()
        await server.wait_closed()


async def test_nobody_there_is_certainly_not_done() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    async with aiohttp.ClientSession() as session:
        assert await failed(session, port) == Failure(CallOutcome.NOT_DONE, "connection")


async def failed(session: aiohttp.ClientSession, port: int) -> Failure:
    client = AsyncWebClient(
        token="xoxb-1", base_url=f"http://127.0.0.1:{port}/api/", session=session, retry_handlers=[]
    )
    with pytest.raises(Exception) as caught:  # noqa: PT011 - understood below
        await client.chat_postMessage(channel="C0COACH", text="hello")
    understood = classify(caught.value)
    assert understood is not None, repr(caught.value)
    return understood


async def test_the_scope_that_is_missing_is_told(ask: Ask) -> None:
    failure = await ask(refusing("missing_scope", needed="im:history", provided="chat:write"))
    assert failure.detail == "needed im:history"


async def test_where_a_block_is_wrong_is_told(ask: Ask) -> None:
    messages = [f"[ERROR] must be less than 3001 [json-pointer:/blocks/{n}/text]" for n in range(5)]
    failure = await ask(refusing("invalid_blocks", response_metadata={"messages": messages}))
    assert failure.detail == "; ".join(messages[:3])


@pytest.mark.parametrize("metadata", [None, "text", {"messages": "text"}, {"messages": None}, []])
async def test_odd_shapes_of_detail_do_no_harm(ask: Ask, metadata: object) -> None:
    failure = await ask(refusing("invalid_blocks", response_metadata=metadata))
    assert failure == Failure(CallOutcome.PAYLOAD, "invalid_blocks")


async def test_what_the_sandbox_does_to_a_call_is_understood_alike() -> None:
    clock = SettableClock()
    workspace = Workspace.open(None, clock=clock, manifest=MANIFEST)
    seed_workspace(workspace)
    server = SandboxServer(workspace, clock=clock)
    await server.start()
    try:
        async with aiohttp.ClientSession() as session:
            client = AsyncWebClient(
                token=workspace.bot_token,
                base_url=server.api_url,
                session=session,
                retry_handlers=[],
            )

            async def fail(channel: str = "C0COACH") -> Failure | None:
                with pytest.raises(Exception) as caught:  # noqa: PT011 - understood below
                    await client.chat_postMessage(channel=channel, text="hello")
                return classify(caught.value)

            workspace.faults.next_call("429", retry_after=7)
            assert await fail() == Failure(CallOutcome.RATE_LIMITED, "ratelimited", retry_after=7.0)
            workspace.faults.next_call("500")
            assert await fail() == Failure(CallOutcome.UNKNOWN, "http_500")
            workspace.faults.next_call("broken")
            assert await fail() == Failure(CallOutcome.UNKNOWN, "unreadable_answer")
            workspace.faults.next_call("lost")
            assert await fail() == Failure(CallOutcome.UNKNOWN, "connection")
            assert await fail("C0ARCHIVED") == Failure(CallOutcome.CHANNEL_UNUSABLE, "is_archived")
            assert await fail("C0NOWHERE") == Failure(
                CallOutcome.CHANNEL_UNUSABLE, "channel_not_found"
            )
            # What was lost was done all the same, and nothing else was.
            assert [m.text for m in workspace.messages("C0COACH")] == ["hello"]
    finally:
        await server.stop()
        workspace.close()


def test_what_is_no_matter_of_slacks_is_left_to_others() -> None:
    assert classify(ValueError("ours")) is None
    assert classify(KeyError("ours")) is None
