"""Files are posted only where Slack's own are, and what Slack refuses is told by its code."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session, select

from bot.clock import SettableClock
from bot.database import Database
from bot.domain.access import Caller
from bot.domain.privacy.sheets import File
from bot.domain.tables import SentFile
from bot.sandbox.seed import seed_workspace
from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import Workspace
from bot.slack.uploads import NotSent, Upload, Uploads
from tests.repository import MANIFEST
from tests.scenarios.conftest import seed_team
from tests.seeding import seed_once

UPLOAD = Upload(
    Caller(1, "U0PRIYA"), [File("record.json", b"{}"), File("a.csv", b"x")], [], "Yours."
)


@pytest.fixture
async def slack(database: Database, clock: SettableClock) -> AsyncIterator[Workspace]:
    workspace = Workspace.open(None, clock=clock, manifest=MANIFEST)
    seed_workspace(workspace)
    seed_once(database, seed_team, now=clock.now())
    server = SandboxServer(workspace, clock=clock)
    await server.start()
    yield workspace
    await server.stop()
    workspace.close()


async def send(
    slack: Workspace, database: Database, clock: SettableClock, *, api: str = ""
) -> None:
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(
            token=slack.bot_token,
            base_url=f"{slack.base_url}/api/",
            session=session,
            retry_handlers=[],
        )
        uploads = Uploads(
            session=session,
            api_url=api or f"{slack.base_url}/api/",
            database=database,
            clock=clock,
        )
        await uploads.send(client, UPLOAD)


def registered(session: Session) -> list[str]:
    return [one.slack_file_id for one in session.exec(select(SentFile))]


async def test_the_files_are_there_and_registered(
    slack: Workspace, database: Database, clock: SettableClock
) -> None:
    await send(slack, database, clock)
    (message,) = slack.messages("D0PRIYA")
    assert message.text == "Yours."
    assert [file.content for file in slack.files.all()] == [b"{}", b"x"]
    assert database.read_now(registered) == message.files


@pytest.mark.parametrize(
    ("method", "code", "kept"),
    [
        ("conversations.open", "user_disabled", 0),
        ("files.getUploadURLExternal", "missing_scope", 0),
        ("files.completeUploadExternal", "file_update_failed", 2),
    ],
)
async def test_a_refusal_has_slacks_code(
    slack: Workspace,
    database: Database,
    clock: SettableClock,
    method: str,
    code: str,
    kept: int,
) -> None:
    slack.faults.next_call("error", method=method, code=code)
    with pytest.raises(NotSent) as refused:
        await send(slack, database, clock)
    assert refused.value.code == code
    assert slack.messages("D0PRIYA") == []
    assert len(database.read_now(registered)) == kept


async def test_no_other_address_than_slacks_gets_a_byte(
    slack: Workspace, database: Database, clock: SettableClock
) -> None:
    with pytest.raises(NotSent) as refused:
        await send(slack, database, clock, api="https://slack.com/api/")
    assert refused.value.code == "upload_url"
    assert slack.files.all() == []
    assert database.read_now(registered) == []


SLACKS = "files.slack.com"


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        (f"https://{SLACKS}/upload/v1/abc", True),
        (f"http://{SLACKS}/upload/v1/abc", False),
        (f"https://{SLACKS}.evil.example/upload", False),
        (f"https://user@{SLACKS}/upload", False),
        (f"https://{SLACKS}:8443/upload", False),
        (f"https://[{SLACKS}/upload", False),
        ("", False),
    ],
)
async def test_slacks_own_address_is_files_slack_com(
    url: str, allowed: bool, database: Database, clock: SettableClock
) -> None:
    async with aiohttp.ClientSession() as session:
        uploads = Uploads(
            session=session, api_url="https://slack.com/api/", database=database, clock=clock
        )
        assert uploads._is_slacks(url) is allowed
