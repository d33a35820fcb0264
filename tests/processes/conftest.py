"""Real processes: `basecoach run`, started by its environment alone, beside a sandbox in the test."""

from __future__ import annotations

import asyncio
import os
import signal
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from sqlmodel import Session, select

from bot.clock import SettableClock
from bot.database import Database
from bot.domain.metrics import targets
from bot.domain.people import enrolments, members, teams
from bot.domain.people.members import Profile
from bot.domain.setup import workspaces
from bot.domain.shown.setup import Channel as ShownChannel
from bot.domain.shown.setup import TeamForm
from bot.domain.tables import Metric
from bot.sandbox.records import User
from bot.sandbox.seed import seed_workspace
from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import Workspace
from tests.forking import Forked, basecoach
from tests.patience import PATIENCE
from tests.repository import MANIFEST
from tests.seeding import seed_once

FRIDAY = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

REPS = 80
"""Enough for a sender to be in the middle of them for seconds, at the pace below."""


@dataclass
class Bot:
    """One `basecoach run`."""

    process: Forked
    lines: list[str] = field(default_factory=list)
    started: asyncio.Event = field(default_factory=asyncio.Event)
    reader: asyncio.Task[None] | None = None

    async def read(self) -> None:
        async for line in self.process.stdout:
            self.lines.append(line.decode())
            if "started" in self.lines[-1]:
                self.started.set()

    async def kill(self) -> None:
        self.process.kill()
        await self.ended()

    async def terminate(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return await self.ended()

    async def ended(self) -> int:
        code = await self.process.wait()
        assert self.reader is not None
        await self.reader
        return code


@dataclass
class Yard:
    """The sandbox with many reps, and the bots that were started beside it."""

    workspace: Workspace
    server: SandboxServer
    clock: SettableClock
    database_url: str
    folder: Path
    bots: list[Bot] = field(default_factory=list)

    def environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "SLACK_BOT_TOKEN": self.workspace.bot_token,
            "SLACK_APP_TOKEN": self.workspace.app_token,
            "SLACK_API_URL": self.server.api_url,
            "BASECOACH_CLOCK_URL": self.server.clock_url,
            "DATABASE_URL": self.database_url,
            "BASECOACH_MESSAGES_PER_SECOND": "15",  # not everybody has theirs at a kill
        }

    async def start_bot(self) -> Bot:
        bot = Bot(await basecoach("run", folder=self.folder, environment=self.environment()))
        bot.reader = asyncio.create_task(bot.read())
        self.bots.append(bot)
        await asyncio.wait_for(bot.started.wait(), timeout=PATIENCE)
        return bot

    async def kill_in_the_middle(self, bot: Bot) -> int:
        """Kill a bot whose calls are kept waiting from now on; return how many check-ins are there at its death.

        Slack takes those calls afterwards. So no machine is fast enough to send everything before the kill.
        """
        faults = self.workspace.faults
        faults.for_a_time("slow", "chat.postMessage", until=None, seconds=PATIENCE)
        await bot.kill()
        at_death = sum(self.check_ins().values())
        faults.clear()
        faults.release()
        return at_death

    def check_ins(self) -> Counter[str]:
        """How many check-in messages each person's DM shows."""
        shown: Counter[str] = Counter()
        for channel in self.workspace.channels.values():
            if channel.kind == "im":
                assert channel.user is not None
                shown[channel.user] = sum(
                    "how was your week" in str(m.blocks)
                    for m in self.workspace.messages(channel.id)
                )
        return shown

    async def pass_time_until(self, condition: object, *, minutes: int = 120) -> None:
        """Let minutes pass on the clock, each as soon as the bots have had time to act on the last."""
        assert callable(condition)
        for _ in range(minutes):
            if condition():
                return
            self.clock.move(60)
            try:
                await self.workspace.until(condition, timeout=2)
            except TimeoutError:
                continue
        raise AssertionError("it did not happen")


def enrol_many(session: Session, *, people: list[User], now: datetime) -> None:
    """One team, with everybody in it and one target each."""
    workspace_id = workspaces.install(
        session, slack_team_id="T0HARBOR", name="Harbor", bot_user_id="U0BASECOACH", now=now
    )
    profile = Profile("U0DANA", "Dana Whitfield", timezone="Europe/London")
    members.apply_profile(session, workspace_id=workspace_id, profile=profile, now=now)
    team, _ = teams.save_team(
        session,
        workspace_id=workspace_id,
        team=None,
        form=TeamForm(name="Harbor Sales", coach="U0DANA", channel="C0COACH"),
        channel=ShownChannel("C0COACH", "coach-dana", is_private=True, is_member=True),
        public_confirmed=False,
        now=now,
    )
    metric = session.exec(select(Metric).where(Metric.key == "conversations")).one()
    for user in people:
        member_id = members.apply_profile(
            session,
            workspace_id=workspace_id,
            profile=Profile(user.id, user.real_name, timezone="Europe/London"),
            now=now,
        )
        targets.set_target(
            session,
            workspace_id=workspace_id,
            member_id=member_id,
            metric_id=metric.id,
            from_week=date(2026, 8, 31),
            amount=Decimal(20),
            set_by=None,
            now=now,
        )
        enrolments.enrol(
            session,
            workspace_id=workspace_id,
            member_id=member_id,
            team_id=team.id,
            enrolled_on=date(2026, 9, 1),
            now=now,
        )


@pytest.fixture
async def yard(database_url: str, tmp_path: Path) -> AsyncIterator[Yard]:
    """REPS reps in one team, on a Friday; no bot is running yet."""
    clock = SettableClock((FRIDAY - datetime.now(UTC)).total_seconds())
    workspace = Workspace.open(
        None,
        clock=clock,
        manifest=MANIFEST,
        ack_seconds=PATIENCE,
        trigger_seconds=PATIENCE,
    )
    seed_workspace(workspace)
    people = [User(f"U0REP{n:03}", f"rep{n:03}", f"Rep {n:03}") for n in range(REPS)]
    for user in people:
        workspace.add_user(user)
    server = SandboxServer(workspace, clock=clock)
    await server.start()
    database = Database(database_url)
    seed_once(database, enrol_many, people=people, now=FRIDAY)
    database.close()
    yard = Yard(workspace, server, clock, database_url, tmp_path)
    try:
        yield yard
    finally:
        for bot in yard.bots:
            if bot.process.returncode is None:
                await bot.kill()
        await server.stop()
        workspace.close()
