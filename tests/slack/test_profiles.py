"""Reading people from Slack, over HTTP from the sandbox's server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session, select

from bot.clock import SettableClock
from bot.database import Database
from bot.domain.access import Caller
from bot.domain.people.members import Profile
from bot.domain.refusals import Refusal
from bot.domain.setup import workspaces
from bot.domain.tables import Member
from bot.sandbox.seed import seed_workspace
from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import Workspace
from bot.slack.profiles import FRESH, Profiles, profile_of, read_profiles
from tests.repository import MANIFEST


@dataclass
class Slack:
    workspace: Workspace
    client: AsyncWebClient
    profiles: Profiles
    workspace_id: int

    def reads(self) -> int:
        return sum(call.method == "users.info" for call in self.workspace.calls)


@pytest.fixture
async def slack(database: Database, clock: SettableClock) -> AsyncIterator[Slack]:
    workspace = Workspace.open(None, clock=clock, manifest=MANIFEST)
    seed_workspace(workspace)
    server = SandboxServer(workspace, clock=clock)
    await server.start()
    client = AsyncWebClient(token=workspace.bot_token, base_url=server.api_url, retry_handlers=[])
    workspace_id = await database.write(
        workspaces.install, slack_team_id="T0HARBOR", name="H", bot_user_id="UB", now=clock.now()
    )
    profiles = Profiles(database, client, clock, admin_users=frozenset({"U0DANA"}))
    yield Slack(workspace, client, profiles, workspace_id)
    await server.stop()
    workspace.close()


def known(session: Session) -> dict[str, Member]:
    return {member.slack_user_id: member for member in session.exec(select(Member))}


async def test_a_stranger_is_read_once_and_again_when_it_is_long_ago(
    slack: Slack, database: Database, clock: SettableClock
) -> None:
    priya = Caller(slack.workspace_id, "U0PRIYA")
    await slack.profiles.ensure(priya)
    await slack.profiles.ensure(priya)
    assert slack.reads() == 1
    member = database.read_now(known)["U0PRIYA"]
    assert (member.name, member.timezone, member.locale) == (
        "Priya Nair",
        "Europe/London",
        "en_US",
    )
    clock.move(FRESH.total_seconds())
    await slack.profiles.ensure(priya, max_age=FRESH)
    assert slack.reads() == 1
    clock.move(1)
    await slack.profiles.ensure(priya, max_age=FRESH)
    assert slack.reads() == 2
    clock.move(timedelta(days=30).total_seconds())
    await slack.profiles.ensure(priya)
    assert slack.reads() == 2


async def test_admins_are_slacks_own_and_those_of_the_settings(
    slack: Slack, database: Database
) -> None:
    await slack.profiles.refresh(slack.workspace_id, ["U0ALEX", "U0DANA", "U0SAM"])
    admins = {name for name, member in database.read_now(known).items() if member.is_admin}
    assert admins == {"U0ALEX", "U0DANA"}


async def test_who_is_no_rep_is_known_as_such(slack: Slack, database: Database) -> None:
    people = ["U0LEFT", "U0ROBOT", "USLACKBOT", "U0GUEST", "U0NOZONE", "U0PRIYA"]
    assert await slack.profiles.refresh(slack.workspace_id, people) == {}
    members = database.read_now(known)
    assert {name: member.inactive_because for name, member in members.items()} == {
        "U0LEFT": "deactivated",
        "U0ROBOT": "bot",
        "USLACKBOT": "bot",
        "U0GUEST": None,
        "U0NOZONE": None,
        "U0PRIYA": None,
    }
    assert [name for name, member in members.items() if member.is_guest] == ["U0GUEST"]
    assert members["U0NOZONE"].timezone_missing


async def test_somebody_whom_slack_does_not_know(slack: Slack) -> None:
    with pytest.raises(Refusal, match="Slack knows nobody here as U0GHOST"):
        await slack.profiles.ensure(Caller(slack.workspace_id, "U0GHOST"))


async def test_one_who_fails_keeps_nobody_else_from_being_read(
    slack: Slack, database: Database
) -> None:
    problems = await slack.profiles.refresh(
        slack.workspace_id, ["U0PRIYA", "U0GHOST", "U0SAM", "U0PRIYA"]
    )
    assert list(problems) == ["U0GHOST"]
    assert set(database.read_now(known)) == {"U0PRIYA", "U0SAM"}
    assert slack.reads() == 3


@pytest.mark.parametrize("kind", ["500", "429"])
async def test_slack_in_trouble_is_said_in_words(
    slack: Slack, database: Database, kind: Any
) -> None:
    slack.workspace.faults.next_call(kind, method="users.info")
    with pytest.raises(Refusal, match="wait a moment, then try again"):
        await slack.profiles.ensure(Caller(slack.workspace_id, "U0PRIYA"))
    assert database.read_now(known) == {}
    await slack.profiles.ensure(Caller(slack.workspace_id, "U0PRIYA"))
    assert set(database.read_now(known)) == {"U0PRIYA"}


async def test_an_answer_that_takes_too_long_is_not_waited_for(slack: Slack) -> None:
    slack.workspace.faults.next_call("slow", method="users.info")
    answers = await read_profiles(slack.client, ["U0PRIYA"], within=0.05)
    assert answers == {
        "U0PRIYA": "Slack is slow to say who this is: wait a moment, then try again."
    }


async def test_each_read_moves_the_progress_on(slack: Slack) -> None:
    steps: list[int] = []
    people = ["U0PRIYA", "U0SAM", "U0GHOST"]
    await read_profiles(slack.client, people, progress=lambda: steps.append(1))
    assert len(steps) == 3


@pytest.mark.parametrize(
    ("user", "profile"),
    [
        ({"id": "U1"}, Profile("U1", "U1")),
        (
            {"id": "U1", "name": "", "real_name": None, "profile": None, "tz": None, "locale": ""},
            Profile("U1", "U1"),
        ),
        ({"id": "U1", "profile": {"display_name": " ", "real_name": "Pri"}}, Profile("U1", "Pri")),
        ({"id": "U1", "tz": 7, "is_primary_owner": True}, Profile("U1", "U1", is_admin=True)),
        ({"id": "U1", "is_ultra_restricted": True}, Profile("U1", "U1", is_guest=True)),
        ({"id": "U1", "is_stranger": True}, Profile("U1", "U1", is_guest=True)),
        ({"id": "USLACK"}, Profile("USLACK", "USLACK", is_bot=True)),
        ({"id": "U1", "is_workflow_bot": True}, Profile("U1", "U1", is_bot=True)),
    ],
)
def test_any_field_of_a_profile_may_be_missing(user: dict[str, Any], profile: Profile) -> None:
    assert profile_of(user) == profile


async def test_what_a_proxy_says_in_slacks_place_tells_nothing_of_a_person(
    client_behind_a_proxy: AsyncWebClient,
) -> None:
    answers = await read_profiles(client_behind_a_proxy, ["U0PRIYA"])
    assert answers == {"U0PRIYA": "Slack did not tell who this is: wait a moment, then try again."}


async def test_who_was_deleted_while_profiles_were_read_stays_deleted(
    slack: Slack, database: Database
) -> None:
    await slack.profiles.ensure(Caller(slack.workspace_id, "U0SAM"))
    people = ["U0PRIYA", "U0SAM"]
    assert await slack.profiles.refresh(slack.workspace_id, people, only_known=True) == {}
    assert set(database.read_now(known)) == {"U0SAM"}


async def test_a_stranger_is_read_without_being_stored(slack: Slack, database: Database) -> None:
    caller = Caller(slack.workspace_id, "U0MAYA")
    found = await slack.profiles.of_stranger(caller)
    assert found is not None
    assert found.name == "Maya Brandt"
    assert database.read_now(known) == {}
    await slack.profiles.ensure(caller)
    assert await slack.profiles.of_stranger(caller) is None
    with pytest.raises(Refusal, match="Slack knows nobody here as U0NOBODY"):
        await slack.profiles.of_stranger(Caller(slack.workspace_id, "U0NOBODY"))
