"""`basecoach import` beside a sandbox, and what is in the database afterwards."""

from __future__ import annotations

import asyncio
import os
import pty
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import Result
from sqlmodel import select

from bot.clock import SettableClock
from bot.database import Database
from bot.domain.tables import Conversation, Enrolment, Member, Team
from bot.sandbox.seed import seed_workspace
from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import Workspace
from tests.commands.started import alone
from tests.forking import basecoach
from tests.patience import PATIENCE
from tests.repository import MANIFEST

TEAMS = "name,coach,second_coach,coach_channel,day,time,deadline_day,deadline_time\n"
MEMBERS = "user,team,timezone,enrolled_on,sales,base_moves,conversations\n"
HISTORY = "user,date,company,base,outcome,amount,close\n"
Basecoach = Callable[..., Result]

ON_BOTH = pytest.mark.parametrize(
    "database_url",
    [
        pytest.param("sqlite", marks=pytest.mark.sqlite),
        pytest.param("postgresql", marks=pytest.mark.postgresql),
    ],
    indirect=True,
)
"""Marks a test that runs on SQLite and on PostgreSQL."""


class Slack:
    """A sandbox that serves from a thread of its own, for commands that bring their own event loop."""

    def __init__(self, clock: SettableClock) -> None:
        self.workspace = Workspace.open(None, clock=clock, manifest=MANIFEST)
        seed_workspace(self.workspace)
        self._server = SandboxServer(self.workspace, clock=clock)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)

    @property
    def api_url(self) -> str:
        return self._server.api_url

    @contextmanager
    def serving(self) -> Iterator[Slack]:
        self._thread.start()
        try:
            asyncio.run_coroutine_threadsafe(self._server.start(), self._loop).result(20)
            yield self
            asyncio.run_coroutine_threadsafe(self._server.stop(), self._loop).result(20)
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()
            self.workspace.close()


def names(url: str, table: type[Team] | type[Member]) -> list[str]:
    database = Database(url)
    try:
        return sorted(database.read_now(lambda s: s.exec(select(table.name)).all()))
    finally:
        database.close()


def enrolled(url: str) -> int:
    database = Database(url)
    try:
        return len(database.read_now(lambda s: s.exec(select(Enrolment.id)).all()))
    finally:
        database.close()


def logged(url: str) -> int:
    database = Database(url)
    try:
        return len(database.read_now(lambda s: s.exec(select(Conversation.id)).all()))
    finally:
        database.close()


def at_a_terminal(
    arguments: list[str],
    environment: dict[str, str],
    folder: Path,
    answer: str,
    asked: str = "[y/N]",
) -> str:
    """What the command writes to a terminal at which somebody types `answer` when `asked` appears."""
    return asyncio.run(_at_a_terminal(arguments, alone(environment), folder, answer, asked))


async def _at_a_terminal(
    arguments: list[str], environment: dict[str, str], folder: Path, answer: str, asked: str
) -> str:
    terminal, keyboard = pty.openpty()
    command = await basecoach(
        "import", *arguments, folder=folder, environment=environment, terminal=keyboard
    )
    os.close(keyboard)
    said = ""
    while True:
        try:
            read = os.read(terminal, 4096).decode(errors="replace")
        except OSError:  # Linux says so when the other side is gone
            break
        if not read:
            break
        said += read
        if asked in said and answer:
            os.write(terminal, f"{answer}\n".encode())
            answer = ""
    os.close(terminal)
    assert await asyncio.wait_for(command.wait(), PATIENCE) == 0, said
    return said


class ARep:
    """Makes Priya a rep of the team Harbor, by the commands themselves."""

    def __init__(self, basecoach: Basecoach, csv: Callable[[str], str]) -> None:
        self._basecoach = basecoach
        self._csv = csv

    def enrolled(self) -> None:
        self._basecoach("teams", self._csv(TEAMS + "Harbor,U0DANA,,,,,,\n"), "--yes")
        line = "U0PRIYA,Harbor,,,,,20\n"
        done = self._basecoach("members", self._csv(MEMBERS + line), "--yes")
        assert done.exit_code == 0, done.output
