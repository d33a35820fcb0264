"""Reading everybody of a workspace, over HTTP from the sandbox's server."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import SettableClock
from bot.sandbox.records import User
from bot.sandbox.seed import seed_workspace
from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import Workspace
from bot.slack.directory import PAGE, read_directory
from bot.slack.manifest import manifest


@pytest.mark.parametrize("may_read_email", [True, False])
async def test_everybody_is_read_page_by_page_with_the_addresses_that_slack_shows(
    clock: SettableClock, may_read_email: bool
) -> None:
    raw: dict[str, Any] = manifest()
    if not may_read_email:
        for scopes in raw["oauth_config"]["scopes"].values():
            scopes.remove("users:read.email")
    workspace = Workspace.open(None, clock=clock, manifest=raw)
    seed_workspace(workspace)
    for number in range(PAGE):
        workspace.add_user(User(f"U9{number:03}", f"p{number}", f"Person {number}"))
    server = SandboxServer(workspace, clock=clock)
    await server.start()
    client = AsyncWebClient(token=workspace.bot_token, base_url=server.api_url, retry_handlers=[])
    people = {person.slack_user_id: person.names for person in await read_directory(client)}
    calls = sum(call.method == "users.list" for call in workspace.calls)
    await server.stop()
    workspace.close()
    assert calls == 2
    assert people["U9199"][:1] == ("Person 199",)
    address = ("priya@example.com",) if may_read_email else ()
    assert people["U0PRIYA"] == ("Priya Nair", "priya", *address)
    assert not any(workspace.users[slack_id].is_bot for slack_id in people)
