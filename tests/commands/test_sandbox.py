"""`basecoach sandbox` as somebody starts it: alone, beside a bot of its own, again, and wrongly."""

from __future__ import annotations

import asyncio
import copy
import json
import signal
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import timedelta
from pathlib import Path

import aiohttp
import click
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.commands.sandbox import EMPTY, _remember_empty
from tests.commands.page import visiting
from tests.commands.started import Started, outcome, started
from tests.patience import PATIENCE
from tests.repository import MANIFEST

TEAMS = """name,coach,second_coach,coach_channel,day,time,deadline_day,deadline_time
Harbor Sales,U0DANA,,C0COACH,,,,
"""
MEMBERS = """user,team,timezone,enrolled_on,sales,base_moves,conversations
U0PRIYA,Harbor Sales,,2020-01-06,"10,000",,1
"""


MODAL = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "Log"},
    "blocks": [{"type": "divider"}],
}


@asynccontextmanager
async def sandbox(folder: Path, *arguments: str, **environment: str) -> AsyncIterator[Started]:
    """A sandbox that has printed its address; its data is kept in the folder."""
    all_of_them = ("--port", "0", "--ack-seconds", str(PATIENCE), *arguments)
    async with started("sandbox", *all_of_them, folder=folder, environment=environment) as running:
        await running.until("http://127.0.0.1:")
        yield running


def assert_said_plainly(output: str) -> None:
    assert "Traceback" not in output, output
    assert output.startswith(("Error: ", "Usage: ")), output


async def test_help_names_the_commands(tmp_path: Path) -> None:
    code, said = await outcome("--help", folder=tmp_path)
    assert code == 0
    for command in ("sandbox", "run", "migrate", "doctor", "import"):
        assert f"\n  {command} " in said


async def test_a_monday_with_a_bot_of_its_own_by_environment_only(tmp_path: Path) -> None:
    (tmp_path / "teams.csv").write_text(TEAMS)
    (tmp_path / "members.csv").write_text(MEMBERS)
    async with sandbox(tmp_path, "--no-bot") as alone:
        await alone.until("export BASECOACH_CLOCK_URL")
        settings = alone.exported()
        assert set(settings) == {
            "SLACK_BOT_TOKEN",
            "SLACK_APP_TOKEN",
            "SLACK_API_URL",
            "BASECOACH_CLOCK_URL",
        }
        for kind in ("teams", "members"):
            code, said = await outcome(
                "import", kind, f"{kind}.csv", "--yes", folder=tmp_path, environment=settings
            )
            assert code == 0, said
            assert "1 new" in said
        async with (
            started("run", folder=tmp_path, environment=settings, through=()) as bot,
            visiting(alone.url, "U0PRIYA/dm", "U0DANA/c/C0COACH") as (priya, dana),
        ):
            await bot.until("started")
            await priya.sees("Hi Priya, I'm Basecoach.")
            await priya.type("/log-conversation Acme 2nd")
            await priya.sees("Logged. 1 of 1 conversations this week.")
            await priya.press("Next Monday 09:00")
            await priya.sees(
                "Conversations: 1 of 1 logged. Did you meet your conversation goal?",
                "Sales: $0 of $10,000 logged.",
            )
            await priya.press("Yes, Conversations met")
            await priya.sees("Conversations: 1 of 1. Yes.")
            await priya.press("No, Sales not met")
            await priya.sees("you fell short: Sales by $10,000")
            await dana.sees("@Priya Nair missed 1 of 2 goals")
            await dana.press("Take the alert about Priya Nair")
            await dana.sees("@Dana Whitfield took this")
            assert await bot.terminate() == 0
        assert "Traceback" not in bot.output, bot.output
        assert await alone.terminate() == 0
    assert (tmp_path / "data" / "basecoach.db").is_file()
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "data").iterdir()} == {0o600}


@asynccontextmanager
async def an_open_page(running: Started) -> AsyncIterator[None]:
    """A page that hears of changes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(running.url.split(":")[2]))
    writer.write(b"GET /changes HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    await reader.readuntil(b"data")
    yield
    writer.close()
    await writer.wait_closed()


async def test_an_empty_one_has_people_and_nothing_set_up_and_stays_so(tmp_path: Path) -> None:
    async with sandbox(tmp_path, "--empty") as first, visiting(first.url, "U0ALEX/home") as pages:
        await first.until("Nothing is set up in it. Be Alex, the admin")
        (alex,) = pages
        await alex.sees("There is no team yet")
        assert await first.terminate() == 0
    _remember_empty(tmp_path / "data" / EMPTY, empty=True, is_new=False)  # it stays so
    (tmp_path / "demo").mkdir()
    with pytest.raises(click.ClickException, match="Start afresh with --empty --reset"):
        _remember_empty(tmp_path / "demo" / EMPTY, empty=True, is_new=False)


async def test_what_happened_is_kept_until_it_is_reset_and_what_is_real_is_left_alone(
    tmp_path: Path,
) -> None:
    real = {
        "DATABASE_URL": f"sqlite:///{tmp_path / 'real.db'}",
        "SLACK_BOT_TOKEN": "xoxb-of-the-real-workspace",
        "SLACK_APP_TOKEN": "xapp-of-the-real-workspace",
        "SLACK_API_URL": "https://127.0.0.1:1/api/",
        "BASECOACH_SANDBOX_DATA": str(tmp_path / "elsewhere"),
    }
    async with sandbox(tmp_path, **real) as first, visiting(first.url, "U0PRIYA/dm") as (priya,):
        began = (await priya.sees("Hi Priya, I'm Basecoach.")).moment
        await priya.type("/log-conversation Lighthouse 1st")
        await priya.sees("Logged. 18 of 20 conversations this week.")
        await priya.press("+1 day")
        await priya.sees("Saturday")
        assert await first.terminate() == 0
    async with sandbox(tmp_path, **real) as again, visiting(again.url, "U0PRIYA/dm") as (priya,):
        page = await priya.sees("Hi Priya, I'm Basecoach.", "Saturday")
        assert began is not None
        assert page.moment is not None
        assert page.moment - began >= timedelta(days=1)
        await priya.type("/log-conversation Lighthouse 2nd")
        await priya.sees("Logged. 19 of 20 conversations this week.", "Lighthouse is on 2nd")
        assert page.words.count("Hi Priya, I'm Basecoach.") == 1
        async with an_open_page(again):
            assert await again.terminate() == 0
    async with (
        sandbox(tmp_path, "--reset", **real) as afresh,
        visiting(afresh.url, "U0PRIYA/dm") as (priya,),
    ):
        await priya.sees("Hi Priya, I'm Basecoach.", "Friday")
        await priya.type("/log-conversation Lighthouse 1st")
        await priya.sees("Logged. 18 of 20 conversations this week.")
        assert await afresh.terminate() == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["elsewhere"]


async def test_it_stops_at_once_when_ctrl_c_is_pressed_though_a_page_is_open(
    tmp_path: Path,
) -> None:
    async with sandbox(tmp_path, "--no-bot") as running, an_open_page(running):
        running.process.send_signal(signal.SIGINT)
        async with asyncio.timeout(PATIENCE):
            assert await running.ended() == 0


async def test_how_long_the_bot_has_to_answer_can_be_set(tmp_path: Path) -> None:
    """With next to no time, a trigger is too old before a bot can use it."""
    brief = ("--no-bot", "--ack-seconds", "0.000001")
    async with started("sandbox", "--port", "0", *brief, folder=tmp_path) as alone:
        await alone.until("export BASECOACH_CLOCK_URL")
        settings = alone.exported()
        api = AsyncWebClient(settings["SLACK_BOT_TOKEN"], base_url=settings["SLACK_API_URL"])
        opened = await api.apps_connections_open(app_token=settings["SLACK_APP_TOKEN"])
        async with (
            aiohttp.ClientSession() as session,
            session.ws_connect(opened["url"]) as bot,
            visiting(alone.url, "U0PRIYA/dm") as (priya,),
        ):
            assert (await bot.receive_json(timeout=PATIENCE))["type"] == "hello"
            await priya.type("/log-conversation")
            envelope = await bot.receive_json(timeout=PATIENCE)
            while envelope["type"] != "slash_commands":
                envelope = await bot.receive_json(timeout=PATIENCE)
            with pytest.raises(SlackApiError, match="expired_trigger_id"):
                await api.views_open(trigger_id=envelope["payload"]["trigger_id"], view=MODAL)


async def test_no_time_to_answer_is_refused(tmp_path: Path) -> None:
    code, said = await outcome("sandbox", "--ack-seconds", "0", folder=tmp_path)
    assert code == 2
    assert_said_plainly(said)
    assert "--ack-seconds" in said


async def test_a_taken_port_is_said(tmp_path: Path) -> None:
    async with sandbox(tmp_path, "--no-bot") as first:
        port = first.url.rsplit(":", 1)[1]
        other = tmp_path / "other"
        other.mkdir()
        code, said = await outcome("sandbox", "--port", port, folder=other)
        assert code == 1
        assert_said_plainly(said)
        assert f"Port {port} is taken" in said
        assert "choose another with --port or BASECOACH_SANDBOX_PORT" in said


async def test_a_manifest_that_is_missing(tmp_path: Path) -> None:
    code, said = await outcome("sandbox", "--manifest", "nowhere.json", folder=tmp_path)
    assert code == 1
    assert_said_plainly(said)
    assert "The manifest nowhere.json can't be read." in said
    assert "Name another file with --manifest" in said


def wrong_manifests() -> dict[str, str]:
    right = copy.deepcopy(MANIFEST)
    no_event_scope = json.loads(json.dumps(right))
    no_event_scope["oauth_config"]["scopes"]["bot"].remove("im:history")
    return {
        "is not JSON": "{",
        "is not a JSON object": "[]",
        "/display_information: missing required field: name": '{"display_information": {}}',
        "message.im": json.dumps(no_event_scope),
    }


@pytest.mark.parametrize("words", wrong_manifests())
async def test_a_manifest_that_is_wrong(tmp_path: Path, words: str) -> None:
    (tmp_path / "manifest.json").write_text(wrong_manifests()[words])
    code, said = await outcome(
        "sandbox", "--port", "0", "--manifest", "manifest.json", folder=tmp_path
    )
    assert code == 1
    assert_said_plainly(said)
    assert words in said


async def test_a_file_that_holds_no_workspace(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "sandbox.db").write_text("notes, not a database\n" * 100)
    code, said = await outcome("sandbox", "--port", "0", folder=tmp_path)
    assert code == 1
    assert_said_plainly(said)
    assert f"{Path('data') / 'sandbox.db'} can't hold a sandbox workspace" in said
    async with sandbox(tmp_path, "--reset", "--no-bot") as running:
        assert await running.terminate() == 0
    with closing(sqlite3.connect(data / "sandbox.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
