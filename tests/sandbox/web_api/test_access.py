"""Who may call what: tokens, scopes, methods, arguments."""

from __future__ import annotations

import json
import socket
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.server import SandboxServer
from bot.sandbox.web_api.endpoint import METHODS
from bot.sandbox.workspace import Workspace


async def call(
    server: SandboxServer,
    method: str,
    *,
    token: str | None = "bot",  # noqa: S107 - a kind of token
    data: Any = None,
    headers: dict[str, str] | None = None,
) -> tuple[dict[str, Any], aiohttp.ClientResponse]:
    tokens = {"bot": server.workspace.bot_token, "app": server.workspace.app_token}
    sent = dict(headers or {})
    if token is not None:
        sent["Authorization"] = f"Bearer {tokens.get(token, token)}"
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{server.api_url}{method}", data=data, headers=sent) as response,
    ):
        return await response.json(), response


@pytest.mark.parametrize(
    ("method", "token", "error"),
    [
        ("auth.test", None, "not_authed"),
        ("auth.test", "xoxb-somebody-else", "invalid_auth"),
        ("auth.test", "app", "not_allowed_token_type"),
        ("chat.postMessage", "app", "not_allowed_token_type"),
        ("apps.connections.open", "bot", "not_allowed_token_type"),
        ("apps.connections.open", None, "not_authed"),
        ("chat.postMesage", "bot", "unknown_method"),
        ("", "bot", "unknown_method"),
    ],
)
async def test_refuses(server: SandboxServer, method: str, token: str | None, error: str) -> None:
    answer, response = await call(server, method, token=token)
    assert response.status == 200
    assert (answer["ok"], answer["error"]) == (False, error)


async def test_auth_test_names_the_bot_and_its_scopes(client: AsyncWebClient) -> None:
    answer = await client.auth_test()
    assert answer["user_id"] == "U0BASECOACH"
    assert answer["team_id"] == "T0HARBOR"
    scopes = {name.lower(): value for name, value in answer.headers.items()}["x-oauth-scopes"]
    assert "chat:write" in scopes.split(",")


async def test_an_uninstalled_app_has_no_access(
    client: AsyncWebClient, workspace: Workspace
) -> None:
    workspace.uninstall()
    with pytest.raises(SlackApiError, match="account_inactive"):
        await client.auth_test()
    workspace.install()
    assert (await client.auth_test())["ok"]


async def test_the_token_may_stand_in_the_arguments(server: SandboxServer) -> None:
    token = server.workspace.bot_token
    answer, _ = await call(server, "auth.test", token=None, data={"token": token})
    assert answer["ok"]
    assert "token" not in server.workspace.calls[-1].arguments


METHOD_SCOPES = [
    ("chat.postMessage", {"channel": "U0PRIYA", "text": "x"}, "chat:write"),
    ("users.info", {"user": "U0PRIYA"}, "users:read"),
    ("users.list", {}, "users:read"),
    ("team.info", {}, "team:read"),
    ("conversations.open", {"users": "U0PRIYA"}, "im:write"),
    ("conversations.info", {"channel": "C0GENERAL"}, "channels:read"),
    ("conversations.info", {"channel": "C0COACH"}, "groups:read"),
    ("conversations.members", {"channel": "C0COACH"}, "groups:read"),
    ("conversations.history", {"channel": "C0COACH"}, "groups:history"),
    ("conversations.history", {"channel": "D0PRIYA"}, "im:history"),
]


@pytest.mark.parametrize(("method", "arguments", "scope"), METHOD_SCOPES)
async def test_names_the_missing_scope(
    client: AsyncWebClient,
    workspace: Workspace,
    manifest: dict[str, Any],
    method: str,
    arguments: dict[str, Any],
    scope: str,
) -> None:
    workspace.dm_of("U0PRIYA")
    assert (await client.api_call(method, params=arguments))["ok"]
    manifest["oauth_config"]["scopes"]["bot"].remove(scope)
    manifest["settings"]["event_subscriptions"]["bot_events"].clear()
    workspace.manifest = workspace.manifest.read(manifest)
    with pytest.raises(SlackApiError) as refused:
        await client.api_call(method, params=arguments)
    assert refused.value.response["error"] == "missing_scope"
    assert scope in refused.value.response["needed"].split(",")
    assert "commands" in refused.value.response["provided"].split(",")


@pytest.mark.parametrize(
    ("method", "missing"),
    [(name, field) for name, method in METHODS.items() for field in method.required],
)
async def test_names_the_missing_argument(
    client: AsyncWebClient, method: str, missing: str
) -> None:
    with pytest.raises(SlackApiError) as refused:
        await client.api_call(method, json={})
    assert refused.value.response["error"] == "invalid_arguments"
    messages = refused.value.response["response_metadata"]["messages"]
    assert f"[ERROR] missing required field: {missing}" in messages


async def test_takes_forms_and_json(server: SandboxServer) -> None:
    blocks = [{"type": "divider"}]
    arguments = {"channel": "U0PRIYA", "text": "hi", "blocks": json.dumps(blocks)}
    form, _ = await call(server, "chat.postMessage", data=arguments)
    as_json, _ = await call(
        server,
        "chat.postMessage",
        data=json.dumps(arguments | {"blocks": blocks}),
        headers={"Content-Type": "application/json;charset=utf-8"},
    )
    for answer in (form, as_json):
        assert [block["type"] for block in answer["message"]["blocks"]] == ["divider"]


@pytest.mark.parametrize(
    ("body", "kind", "error"),
    [
        ("{", "application/json", "invalid_json"),
        ("[1]", "application/json", "json_not_object"),
        ("channel=U0PRIYA", "text/plain", "invalid_post_type"),
    ],
)
async def test_refuses_unreadable_bodies(
    server: SandboxServer, body: str, kind: str, error: str
) -> None:
    answer, _ = await call(server, "chat.postMessage", data=body, headers={"Content-Type": kind})
    assert answer["error"] == error


async def test_every_call_is_recorded(client: AsyncWebClient, workspace: Workspace) -> None:
    await client.users_info(user="U0PRIYA")
    with pytest.raises(SlackApiError):
        await client.users_info(user="U0NOBODY")
    first, second = workspace.calls
    assert (first.method, first.response["ok"], first.arguments["user"]) == (
        "users.info",
        True,
        "U0PRIYA",
    )
    assert second.response["error"] == "user_not_found"


async def test_another_host_name_is_refused(server: SandboxServer) -> None:
    """A page of another site can't reach the sandbox by a name that it points here."""
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{server.url}/clock", headers={"Host": "evil.example"}) as response,
    ):
        assert response.status == 400


async def test_an_answers_body_waits_for_nobody_to_acknowledge_its_head(
    server: SandboxServer,
) -> None:
    async with aiohttp.ClientSession() as session, session.post(f"{server.api_url}api.test"):
        (connection,) = server._server.server_state.connections

        kept = connection.transport.get_extra_info("socket")
        assert kept.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
