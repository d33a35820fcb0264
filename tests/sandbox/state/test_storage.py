"""What a workspace keeps over a restart, and which files it leaves alone."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import SettableClock
from bot.sandbox.people import Person
from bot.sandbox.records import Message
from bot.sandbox.seed import seed_workspace
from bot.sandbox.server import SandboxServer
from bot.sandbox.state.storage import StorageError
from bot.sandbox.workspace import Workspace


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "workspace.db"


async def test_everything_that_matters_is_kept(
    path: Path, clock: SettableClock, manifest: dict[str, Any]
) -> None:
    workspace = Workspace.open(path, clock=clock, manifest=manifest)
    seed_workspace(workspace)
    server = SandboxServer(workspace, clock=clock)
    await server.start()
    client = AsyncWebClient(token=workspace.bot_token, base_url=server.api_url)
    metadata = {"event_type": "mark", "event_payload": {"key": "k"}}
    kept = await client.chat_postMessage(
        channel="U0PRIYA", text="<@U0SAM> one", blocks=[{"type": "divider"}], metadata=metadata
    )
    await client.chat_update(channel=kept["channel"], ts=kept["ts"], text="<@U0SAM> two")
    gone = await client.chat_postMessage(channel="U0PRIYA", text="gone")
    await client.chat_delete(channel=gone["channel"], ts=gone["ts"])
    await client.chat_postEphemeral(channel="C0COACH", user="U0DANA", text="psst")
    block = {"type": "section", "text": {"type": "plain_text", "text": "home"}}
    home = await client.views_publish(user_id="U0PRIYA", view={"type": "home", "blocks": [block]})
    workspace.archive("C0COACH")
    workspace.change_user("U0SAM", tz="Asia/Tokyo")
    clock.move(3600)
    before = workspace.messages("D0PRIYA")
    await server.stop()
    workspace.close()

    later = SettableClock(frozen_at=clock.now())
    again = Workspace.open(path, clock=later, manifest=manifest)
    seed_workspace(again)
    assert again.saved_offset == pytest.approx(clock.offset, abs=60)
    assert again.messages("D0PRIYA") == before
    assert before[0].pings == {"U0SAM"}
    assert again.messages("C0COACH", viewer="U0DANA") == []
    assert again.channels["C0COACH"].is_archived
    assert again.users["U0SAM"].tz == "Asia/Tokyo"
    priya = Person(again, "U0PRIYA")
    assert priya.home is not None
    assert priya.home["hash"] == home["view"]["hash"]
    assert float(again.next_ts()) > float(kept["ts"])
    again.close()


def test_a_deleted_channel_stays_deleted(
    path: Path, clock: SettableClock, manifest: dict[str, Any]
) -> None:
    workspace = Workspace.open(path, clock=clock, manifest=manifest)
    seed_workspace(workspace)
    workspace.post(Message("C0COACH", workspace.next_ts(), "U0DANA", "x"))
    workspace.post(Message("C0GENERAL", workspace.next_ts(), "U0DANA", "y"))
    workspace.delete_channel("C0GENERAL")
    workspace.change_channel_id("C0COACH", "C0SHARED")
    workspace.uninstall()
    workspace.close()
    again = Workspace.open(path, clock=clock, manifest=manifest)
    assert set(again.channels) == {"C0SHARED", "C0ARCHIVED"}
    assert [message.text for message in again.messages("C0SHARED")] == ["x"]
    assert again.messages("C0GENERAL") == []
    assert not again.installed
    again.close()


def test_ten_thousand_messages(path: Path, clock: SettableClock, manifest: dict[str, Any]) -> None:
    workspace = Workspace.open(path, clock=clock, manifest=manifest)
    seed_workspace(workspace)
    for number in range(10_000):
        workspace.post(Message("C0GENERAL", workspace.next_ts(), "U0DANA", str(number)))
    workspace.close()
    again = Workspace.open(path, clock=clock, manifest=manifest)
    assert [message.text for message in again.messages("C0GENERAL")] == [
        str(number) for number in range(10_000)
    ]
    again.close()


def test_a_file_that_is_no_database(
    path: Path, clock: SettableClock, manifest: dict[str, Any]
) -> None:
    path.parent.mkdir()
    path.write_text("a shopping list, long enough to be read as a header of something else")
    with pytest.raises(StorageError, match="can't hold a sandbox workspace"):
        Workspace.open(path, clock=clock, manifest=manifest)


def test_another_programs_database_is_left_alone(
    path: Path, clock: SettableClock, manifest: dict[str, Any]
) -> None:
    path.parent.mkdir()
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE members (id INTEGER)")
    other.commit()
    other.close()
    before = path.read_bytes()
    with pytest.raises(StorageError, match="not a sandbox's"):
        Workspace.open(path, clock=clock, manifest=manifest)
    assert path.read_bytes() == before
