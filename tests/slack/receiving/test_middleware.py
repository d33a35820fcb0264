"""Who is asking is settled before any listener runs: other workspaces and strangers get nothing."""

from __future__ import annotations

from typing import Any

import pytest
from slack_bolt.async_app import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from sqlmodel import select

from bot.clock import SettableClock
from bot.database import Database
from bot.domain.access import Caller
from bot.domain.refusals import Refusal
from bot.domain.setup import workspaces
from bot.domain.tables import Member
from bot.slack.profiles import Profiles
from bot.slack.receiving.middleware import IdentifyCaller, Installation, SingleWorkspaceOnly
from bot.slack.views.checkins.messages import ANSWER_YES
from tests.slack.conftest import WebApi

OURS = "T0HARBOR"


@pytest.fixture
def installation(database: Database, clock: SettableClock) -> Installation:
    workspace_id = database.write_now(
        workspaces.install, slack_team_id=OURS, name="H", bot_user_id="UB", now=clock.now()
    )
    return Installation(
        workspace_id=workspace_id,
        slack_team_id=OURS,
        bot_token="xoxb-1",
        bot_id="B1",
        bot_user_id="UB",
    )


@pytest.fixture
def identify(
    database: Database, clock: SettableClock, web_api: WebApi, installation: Installation
) -> IdentifyCaller:
    return IdentifyCaller(installation, Profiles(database, web_api.client, clock))


async def passed(middleware: Any, body: dict[str, Any]) -> dict[str, Any] | None:
    """The context with which a payload gets through; None where it is answered with nothing."""
    request = AsyncBoltRequest(body=body, mode="socket_mode")
    through = BoltResponse(status=201)

    async def go_on() -> BoltResponse:
        return through

    response = await middleware.async_process(
        req=request, resp=BoltResponse(status=404), next=go_on
    )
    if response is through:
        return dict(request.context)
    assert (response.status, response.body) == (200, "")
    return None


def press(user: dict[str, Any], action_id: str = "any", team: str = OURS) -> dict[str, Any]:
    actions = [{"action_id": action_id}]
    return {"type": "block_actions", "team": {"id": team}, "user": user, "actions": actions}


async def test_another_workspaces_payload_is_answered_with_nothing(
    installation: Installation,
) -> None:
    only = SingleWorkspaceOnly(installation)
    assert await passed(only, press({"id": "U0PRIYA"})) is not None
    assert await passed(only, press({"id": "U0PRIYA"}, team="T0OTHER")) is None
    token = installation.token_for(OURS)
    assert token is not None
    assert token.bot_token == "xoxb-1"
    assert installation.token_for("T0OTHER") is None


@pytest.mark.parametrize(
    "body",
    [
        {"command": "/plan", "user_id": "U0PRIYA", "team_id": OURS},
        press({"id": "U0PRIYA", "team_id": OURS}),
        {"type": "view_submission", "team": {"id": OURS}, "user": {"id": "U0PRIYA"}},
    ],
)
async def test_who_did_it_is_known_to_the_listener_and_to_the_database(
    database: Database, identify: IdentifyCaller, body: dict[str, Any]
) -> None:
    context = await passed(identify, body)
    assert context is not None
    assert context["caller"] == Caller(context["workspace_id"], "U0PRIYA")
    names = database.read_now(lambda session: session.exec(select(Member.name)).all())
    assert names == ["Priya Nair"]


async def test_whoever_opens_home_is_known_to_the_listener_and_stored_by_nobody(
    database: Database, identify: IdentifyCaller
) -> None:
    event = {"type": "app_home_opened", "user": "U0PRIYA"}
    context = await passed(identify, {"type": "event_callback", "team_id": OURS, "event": event})
    assert context is not None
    assert context["caller"] == Caller(context["workspace_id"], "U0PRIYA")
    assert database.read_now(lambda session: session.exec(select(Member.name)).all()) == []


async def test_other_events_are_nobodys_doing(
    identify: IdentifyCaller, web_api: WebApi, installation: Installation
) -> None:
    body = {"type": "event_callback", "event": {"type": "user_change", "user": {"id": "U0SAM"}}}
    context = await passed(identify, body)
    assert context is not None
    assert context["workspace_id"] == installation.workspace_id
    assert "caller" not in context
    assert web_api.workspace.calls == []


async def test_somebody_of_another_organization_gets_nothing(
    identify: IdentifyCaller, web_api: WebApi
) -> None:
    assert await passed(identify, press({"id": "U0ELSE", "team_id": "T0OTHER"})) is None
    assert web_api.workspace.calls == []


async def test_yes_and_no_wait_for_nobodys_profile(
    identify: IdentifyCaller, web_api: WebApi
) -> None:
    context = await passed(identify, press({"id": "U0PRIYA"}, ANSWER_YES))
    assert context is not None
    assert "caller" in context
    assert web_api.workspace.calls == []


async def test_somebody_of_whom_slack_does_not_tell_is_refused(
    identify: IdentifyCaller, web_api: WebApi
) -> None:
    web_api.workspace.faults.next_call("500", method="users.info")
    with pytest.raises(Refusal, match="wait a moment"):
        await passed(identify, press({"id": "U0PRIYA"}))
