"""At the start Slack's own trouble is waited out, and only a rejected token is blamed on the token."""

from __future__ import annotations

import logging
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import closing
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.app import slack_client, slack_session
from bot.clock import SettableClock
from bot.problems import StartProblem
from bot.sandbox.seed import seed_workspace
from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import Workspace
from bot.slack.starting import until_answered
from tests.repository import MANIFEST
from tests.slack.receiving.seconds import Pauses


def unused_address() -> str:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.fixture
async def server(clock: SettableClock) -> AsyncIterator[SandboxServer]:
    workspace = Workspace.open(None, clock=clock, manifest=MANIFEST)
    seed_workspace(workspace)
    server = SandboxServer(workspace, clock=clock)
    await server.start()
    yield server
    await server.stop()
    workspace.close()


@pytest.fixture
async def client(server: SandboxServer) -> AsyncIterator[AsyncWebClient]:
    async with slack_session() as session:
        yield slack_client(session, server.api_url, server.workspace.bot_token)


async def ask(call: Callable[[], Awaitable[Any]], pauses: Pauses) -> Any:
    return await until_answered(
        call,
        setting="SLACK_BOT_TOKEN",
        remedy="Copy it again.",
        api_url="https://slack.com/api/",
        sleep=pauses,
    )


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "500"},
        {"kind": "broken"},
        {"kind": "lost"},
        {"kind": "error", "code": "internal_error"},
        {"kind": "error", "code": "service_unavailable"},
        {"kind": "error", "code": "a_code_that_nobody_has_seen"},
    ],
    ids=lambda fault: fault.get("code", fault["kind"]),
)
async def test_slacks_trouble_is_waited_out_with_growing_pauses(
    client: AsyncWebClient, server: SandboxServer, caplog: pytest.LogCaptureFixture, fault: Any
) -> None:
    pauses = Pauses()
    server.workspace.faults.next_call(method="auth.test", times=9, **fault)
    assert (await ask(client.auth_test, pauses))["team_id"] == "T0HARBOR"
    assert pauses.asked == [1, 2, 4, 8, 15, 30, 60, 60, 60]
    assert {r.getMessage() for r in caplog.records} == {"Slack has trouble, so the bot has to wait"}


async def test_a_429_is_said_and_waited_out_as_told(
    client: AsyncWebClient, server: SandboxServer, caplog: pytest.LogCaptureFixture
) -> None:
    pauses = Pauses()
    caplog.set_level(logging.WARNING, logger="bot")
    server.workspace.faults.next_call("429", "auth.test", retry_after=40)
    assert (await ask(client.auth_test, pauses))["ok"]
    assert pauses.asked == [40]
    (said,) = caplog.records
    assert said.getMessage() == "Slack asks to wait before it lets the bot start"
    assert vars(said)["next_attempt_in_seconds"] == 40


@pytest.mark.parametrize("code", ["invalid_auth", "token_revoked", "not_allowed_token_type"])
async def test_only_a_rejected_token_is_blamed_on_the_token(
    client: AsyncWebClient, server: SandboxServer, code: str
) -> None:
    server.workspace.faults.next_call("error", "auth.test", code=code)
    said = rf"^Slack does not take SLACK_BOT_TOKEN \({code}\)\. Copy it again\.$"
    with pytest.raises(StartProblem, match=said):
        await ask(client.auth_test, Pauses())


async def test_nobody_at_the_address_is_a_setting_unless_slack_was_there_before(
    client: AsyncWebClient, server: SandboxServer
) -> None:
    nowhere = AsyncWebClient(token="xoxb-x", base_url=f"{unused_address()}/api/", retry_handlers=[])
    pauses = Pauses()
    calls = iter([client.auth_test, nowhere.auth_test, client.auth_test])
    server.workspace.faults.next_call("500", "auth.test")
    assert (await ask(lambda: next(calls)(), pauses))["ok"]
    assert pauses.asked == [1, 2]
    with pytest.raises(StartProblem, match=r"Check SLACK_API_URL and the network"):
        await ask(nowhere.auth_test, pauses)


async def test_a_page_of_somebody_else_is_a_setting(
    client: AsyncWebClient, server: SandboxServer
) -> None:
    client.base_url = f"{server.url}/nothing/here/"
    with pytest.raises(StartProblem, match=r"does not answer at .* \(http_404\)"):
        await ask(client.auth_test, Pauses())


async def test_an_error_of_the_bot_itself_is_not_hidden() -> None:
    async def call() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await ask(call, Pauses())
