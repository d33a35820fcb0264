"""`basecoach sandbox --weeks 12`: a team that has lived through so many weeks, in the sandbox and with its bot."""

from __future__ import annotations

import logging
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import click
from sqlmodel import Session

from bot import app, event_loop, gc_tuning, private_files
from bot.app import PROFILE_MAX_AGE, Basecoach
from bot.clock import SettableClock
from bot.commands.running import in_words, ready_database
from bot.config import Settings
from bot.database import Database
from bot.demo.weeks import life
from bot.demo.weeks.team import REPS
from bot.sandbox.people import Person
from bot.sandbox.records import User
from bot.sandbox.seed import GENERAL, seed_workspace
from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import Workspace
from bot.slack.delivery.pacing import RATES, Pace, Rate

T = TypeVar("T")

SANDBOX, BOT = "sandbox.db", "sandbox-bot.db"
"""The files in which a sandbox keeps its workspace and its bot's database."""

UNFINISHED = "weeks-*"
"""The folders of sandboxes that were not filled to the end, if the process was killed."""

PATIENCE = 60.0
"""How many seconds the bot has for an answer: nobody waits for it, and the machine may be busy."""

ROUNDS = 1_000
"""After so many rounds of sending, a bot that still has something to send never comes to rest."""


@dataclass
class LivedIn:
    """The workspace, with the bot in it and a clock that stands still: see `bot.demo.weeks.keyboard.World`."""

    workspace: Workspace
    clock: SettableClock
    database: Database
    bot: Basecoach
    profiles_read_at: datetime

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def person(self, slack_user_id: str) -> Person:
        return Person(self.workspace, slack_user_id)

    async def move_to(self, moment: datetime) -> None:
        self.clock.move_to(moment)
        await self.settle()

    async def settle(self) -> None:
        if self.now - self.profiles_read_at > PROFILE_MAX_AGE:
            await self.bot.refresh_profiles()  # which a beat does, by the real time
            self.profiles_read_at = self.now
        await self.workspace.settled()
        await self.bot.settle()
        for _ in range(ROUNDS):
            if not await self.database.read(life.is_busy, now=self.now):
                return
            await self.bot.sender.send_due()
            await self.workspace.settled()
        raise RuntimeError("the bot does not come to rest")

    def travels(self, slack_user_id: str, timezone: str) -> None:
        self.workspace.change_user(slack_user_id, tz=timezone)

    async def read(self, question: Callable[[Session], T]) -> T:
        return await self.database.read(question)


def fill(data: Path, *, weeks: int, manifest: Mapping[str, Any]) -> None:
    """Fill a new sandbox in the folder `data` with so many weeks of the team of twelve, with a progress bar.

    The files come into the folder once they are whole. Ends the command in words if a sandbox is there already.
    """
    if (data / SANDBOX).exists() or (data / BOT).exists():
        raise in_words(
            f"The sandbox in {data} has a team in it already. "
            "Start afresh with --weeks and --reset, or leave --weeks out."
        )
    with TemporaryDirectory(dir=data, prefix="weeks-") as name:
        folder = Path(name)
        private_files.make_database(folder / SANDBOX)
        with (
            _quietly(),
            ready_database(Settings(database_url=f"sqlite:///{folder / BOT}")) as database,
            click.progressbar(
                length=life.days(weeks), label=f"{so_many(weeks)} of a team", file=sys.stderr
            ) as bar,
        ):
            event_loop.run(
                live(
                    file=folder / SANDBOX,
                    database=database,
                    manifest=manifest,
                    weeks=weeks,
                    end=life.last_moment(datetime.now(UTC)),
                    each_day=lambda: bar.update(1),
                )
            )
        for path in folder.iterdir():
            path.rename(data / path.name)


def so_many(weeks: int) -> str:
    """``1 week``, ``12 weeks``."""
    return "1 week" if weeks == 1 else f"{weeks} weeks"


@contextmanager
def _quietly() -> Iterator[None]:
    """Leave what is only told out of the log: a bar is shown, and each of those messages was one of long ago."""
    logging.disable(logging.INFO)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


async def live(
    *,
    file: Path | None,
    database: Database,
    manifest: Mapping[str, Any],
    weeks: int,
    end: datetime,
    each_day: Callable[[], None],
) -> None:
    """Fill the sandbox at `file` (None: in memory) and the bot's database with a team that lived up to `end`.

    Both are empty at first. `each_day` is called after each working day.
    """
    async with opened(
        file=file, database=database, manifest=manifest, begin=life.first_moment(end, weeks)
    ) as world:
        await life.live(world, weeks=weeks, each_day=each_day)


@asynccontextmanager
async def opened(
    *, file: Path | None, database: Database, manifest: Mapping[str, Any], begin: datetime
) -> AsyncIterator[LivedIn]:
    """Open the workspace of the team of twelve at a moment, with the bot beside it."""
    clock = SettableClock(frozen_at=begin)
    workspace = Workspace.open(
        file, clock=clock, manifest=manifest, ack_seconds=PATIENCE, trigger_seconds=PATIENCE
    )
    try:
        seed_workspace(workspace)
        _add_reps(workspace)
        server = SandboxServer(workspace, clock=clock)
        await server.start()
        try:
            async with app.running(
                database=database,
                clock=clock,
                bot_token=workspace.bot_token,
                app_token=workspace.app_token,
                api_url=server.api_url,
                pace=_unhurried(),
            ) as bot:
                gc_tuning.freeze_startup_objects()
                yield LivedIn(workspace, clock, database, bot, profiles_read_at=clock.now())
        finally:
            await server.stop()
    finally:
        workspace.close()


def _add_reps(workspace: Workspace) -> None:
    """Add those of the twelve who do not live in the sandbox."""
    for rep in REPS:
        if rep.slack_user_id not in workspace.users:
            workspace.add_user(
                User(rep.slack_user_id, rep.handle, rep.name, rep.timezone, title="Sales rep")
            )
            workspace.join(GENERAL, rep.slack_user_id)


def _unhurried() -> Pace:
    """Return a pace that a clock which stands still does not hold up; the sandbox sets no limits here."""
    return Pace({method: Rate(1_000, 10_000) for method in RATES}, channel_spacing=timedelta(0))
