"""Every payload through the real app: it is obeyed, or refused in words, and nobody gets what is not theirs."""

from __future__ import annotations

import asyncio
import contextlib
import copy
import io
import json
import logging
import random
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, note
from hypothesis import strategies as st
from slack_bolt.async_app import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot import logs
from bot.clock import SettableClock
from bot.database import Database
from bot.sandbox.block_kit.checks import check_message, check_view
from bot.sandbox.records import Json
from bot.sandbox.seed import seed_workspace
from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import Workspace
from bot.slack.receiving.payload_metrics import kind_of
from tests.conftest import FRIDAY
from tests.fuzz.conftest import fuzzed
from tests.fuzz.corpus import CANARY, Explorer, Template, commands
from tests.fuzz.odd import spoiled
from tests.fuzz.state import changed, dump
from tests.patience import PATIENCE
from tests.repository import MANIFEST
from tests.scenarios.conftest import World, seed_team
from tests.seeding import seed_once

WORDS_OF_OUR_FAILURE = "Something went wrong on Basecoach"

OWN = {"conversation": "member_id", "opportunity": "member_id", "metric_entry": "member_id"}
"""Rows that only the rep whom they belong to may change, and the column that says whose they are."""

LEADERS = frozenset({"U0DANA", "U0ALEX", "U0MORGAN"})
CONFIGURED = frozenset({"team", "enrolment", "metric", "target"})
"""Rows that only a coach or an admin may change."""


class Stage:
    """The app with its database as the explorer left it; the sender is not running."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        world: World,
        templates: list[Template],
        log: io.StringIO,
        scene: Path,
    ) -> None:
        assert world.bot is not None
        self.loop = loop
        self.workspace = world.workspace
        self.bot = world.bot
        self.templates = templates
        self.log = log
        self.scene = scene
        self.before = dump(world.database)

    def send(self, payload: Json) -> BoltResponse:
        """Dispatch a payload as both transports do, and finish what it left for later."""
        return self.loop.run_until_complete(self._send(payload))

    async def _send(self, payload: Json) -> BoltResponse:
        request = AsyncBoltRequest(mode="socket_mode", body=payload)
        response = await self.bot.app.async_dispatch(request)
        await self.bot.settle()
        return response

    def set(self, template: Template) -> Json:
        """Open the modals that were open, and give the payload tickets that are still good."""
        payload, workspace = copy.deepcopy(template.payload), self.workspace
        workspace.modals.clear()
        user_id = person_of(payload)
        if template.modals and user_id is not None:
            workspace.modals[user_id] = list(copy.deepcopy(template.modals))
        if "trigger_id" in payload and user_id is not None:
            below = template.modals[-1].id if template.modals else None
            payload["trigger_id"] = workspace.triggers.issue(user_id, view_id=below)
        if "response_url" in payload and user_id is not None:
            secret = workspace.response_urls.issue(workspace.dm_of(user_id).id, user_id)
            payload["response_url"] = f"{workspace.base_url}/response/{secret}"
        return payload

    def changes(self) -> list[tuple[str, dict[str, Any]]]:
        """What is different now from the scene, and the scene put back."""
        found = changed(self.before, dump(self.bot.database))
        if found:
            copied(self.scene, Path(str(self.bot.database.url.database)))
        return found

    def forget(self) -> None:
        """Let go of the records of the last example."""
        self.log.seek(0)
        self.log.truncate()
        self.workspace.calls.clear()
        self.workspace.deliveries.clear()


def person_of(payload: Json) -> str | None:
    """Who is behind an honest payload."""
    event, user = payload.get("event"), payload.get("user")
    if isinstance(event, dict) and isinstance(event.get("user"), str):
        return str(event["user"])
    if isinstance(user, dict):
        return str(user.get("id"))
    return str(payload["user_id"]) if "user_id" in payload else None


@pytest.fixture(scope="module")
def stage(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder = tmp_path_factory.mktemp("payloads")
    path = folder / "basecoach.db"
    path.write_bytes(sqlite_template.read_bytes())
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    loop = asyncio.new_event_loop()
    setting = staged(path, folder / "scene.db", loop)
    try:
        yield loop.run_until_complete(setting.__aenter__())
    finally:
        loop.run_until_complete(setting.__aexit__(None, None, None))
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()
        root.handlers[:] = handlers
        root.setLevel(level)


@asynccontextmanager
async def staged(path: Path, scene: Path, loop: asyncio.AbstractEventLoop) -> AsyncIterator[Stage]:
    """A workspace that was used for a while, its bot with the sender at rest, and its log."""
    clock = SettableClock(frozen_at=FRIDAY)
    workspace = Workspace.open(
        None,
        clock=clock,
        manifest=MANIFEST,
        ack_seconds=PATIENCE,
        trigger_seconds=PATIENCE,
    )
    seed_workspace(workspace)
    server = SandboxServer(workspace, clock=clock)
    database = Database(f"sqlite:///{path}")
    world = World(workspace, server, clock, database)
    await server.start()
    try:
        seed_once(database, seed_team, now=clock.now())
        await world.start_bot()
        await world.quiet()
        templates = await Explorer(world).explore() + list(commands(world))
        await world.quiet()
        assert world.bot is not None
        world.bot.sender.stop()  # what an example leads to is not sent, and taken back
        copied(path, scene)
        log = io.StringIO()
        logs.configure(level="INFO", style="json", stream=log)
        yield Stage(loop, world, templates, log, scene)
    finally:
        await world.stop_bot()
        await server.stop()
        workspace.close()
        database.close()


def copied(source: Path, target: Path) -> None:
    """Copy an SQLite database, whoever has it open."""
    with (
        contextlib.closing(sqlite3.connect(source)) as read,
        contextlib.closing(sqlite3.connect(target)) as written,
    ):
        read.backup(written)


def test_every_payload_as_it_was_sent_is_answered(stage: Stage) -> None:
    for template in stage.templates:
        check(stage, template, stage.set(template))


@fuzzed(120)
@given(st.integers(0, 2**64 - 1))
def test_every_spoiled_payload_is_answered(stage: Stage, seed: int) -> None:
    # Not rendered field by field: shrinking would change what the fields are rendered from.
    dice = random.Random(seed)
    template = dice.choice(stage.templates)
    payload = stage.set(template)
    note(f"{template.name}: {spoiled(payload, dice)}")
    check(stage, template, payload)


def check(stage: Stage, template: Template, payload: Json) -> None:
    """Send the payload, and hold what came of it against what may."""
    stage.forget()
    try:
        AsyncBoltRequest(mode="socket_mode", body=payload)
    except Exception:
        return  # not even Bolt can tell what it is: the transports refuse it
    user_id = person_of(payload)
    response = stage.send(payload)
    said = stage.log.getvalue()
    changes = stage.changes()
    seen = f"{template.name}: {response.status} {response.body!r}\n{said}"
    if response.status == 404:
        assert kind_of(payload) == "other", seen
    else:
        assert response.status == 200, seen
    assert not errors_of_ours(said), seen
    assert WORDS_OF_OUR_FAILURE not in (response.body or ""), seen
    assert CANARY not in said, seen
    assert stage.workspace.bot_token not in said, seen
    assert_shown_is_valid(response)
    for call in stage.workspace.calls:
        assert call.response.get("error") not in {
            "invalid_blocks",
            "invalid_arguments",
            "view_too_large",
        }, (template.name, call)
    assert_only_own(stage, user_id, payload, changes)


def errors_of_ours(said: str) -> list[Json]:
    """What the bot itself logged as its own failure; Bolt calls a stranger's workspace an error."""
    records = [json.loads(line) for line in said.splitlines()]
    return [r for r in records if r["level"] == "error" and r["logger"].startswith("bot.")]


def assert_shown_is_valid(response: BoltResponse) -> None:
    """What the answer shows is something that Slack would take."""
    if not response.body or "application/json" not in str(response.headers.get("content-type")):
        return
    body = json.loads(response.body)
    if "blocks" in body:
        assert check_message(body["blocks"]) == []
    if "view" in body:
        assert check_view(body["view"], kind="modal") == []
    for sentence in (body.get("errors") or {}).values():
        assert 0 < len(sentence) <= 2_000


def assert_only_own(
    stage: Stage, user_id: str | None, payload: Json, changes: list[tuple[str, dict[str, Any]]]
) -> None:
    """Nobody changed what belongs to others, whatever ids their payload named."""
    mine = {
        key
        for (table, key), row in stage.before.items()
        if table == "member" and row["slack_user_id"] == user_id
    }
    for table, row in changes:
        if table in OWN:
            assert {row[OWN[table]]} == mine, (table, row)
        elif table in CONFIGURED:
            is_event = payload.get("type") == "event_callback"
            assert user_id in LEADERS or (is_event and table == "team"), (table, row)
        elif table == "answer":
            check_in = stage.before["check_in", row["check_in_id"]]
            assert {check_in["member_id"]} == mine, (table, row)
        elif table == "answer_edit":
            assert {row["given_by"]} == mine, (table, row)
