"""A whole world: the sandbox's workspace, the bot beside it over a real transport, one clock, one team."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, col, select

from bot import app as composition
from bot.app import Basecoach
from bot.clock import SettableClock
from bot.database import Database
from bot.domain.people.members import Profile
from bot.domain.tables import AnswerEdit, CheckIn, Enrolment, Member, OutboxItem, Team
from bot.domain.tables import Workspace as Workspaces
from bot.http.server import HttpServer
from bot.sandbox.manifest import Manifest
from bot.sandbox.people import Person
from bot.sandbox.records import Message
from bot.sandbox.seed import seed_workspace
from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import Workspace
from bot.slack.delivery.pacing import RATES, Pace, Rate
from bot.slack.manifest import PATH, manifest
from bot.slack.receiving.transport import HttpSettings
from tests.harbor import Rep, seed_harbor
from tests.patience import PATIENCE
from tests.repository import MANIFEST
from tests.seeding import seed_once


def unhurried() -> Pace:
    """A pace that a clock which stands still does not hold up."""
    return Pace({method: Rate(1_000, 10_000) for method in RATES}, channel_spacing=timedelta(0))


ON_BOTH_DATABASES = {
    "test_monday.py",
    "test_alerts.py",
    "test_delivery.py",
    "test_pooler.py",
    "test_privacy.py",
}
"""The scenarios whose outcome depends on how the database commits; the others run on SQLite."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out PostgreSQL where the domain's own tests have covered it."""
    left_out = [
        item
        for item in items
        if item.path.parent == Path(__file__).parent
        and item.path.name not in ON_BOTH_DATABASES
        and "postgresql" in item.keywords
    ]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in set(left_out)]


@dataclass
class World:
    """What a scenario can reach: people at their keyboards, the clock, and both sides' records."""

    workspace: Workspace
    server: SandboxServer
    clock: SettableClock
    database: Database
    transport: str = "socket_mode"
    """How the workspace reaches the bot: `socket_mode`, or `http` with signed requests."""
    bot: Basecoach | None = None
    _bot_context: Any = field(default=None, repr=False)

    @property
    def priya(self) -> Person:
        return Person(self.workspace, "U0PRIYA")

    @property
    def sam(self) -> Person:
        return Person(self.workspace, "U0SAM")

    @property
    def dana(self) -> Person:
        return Person(self.workspace, "U0DANA")

    @property
    def alex(self) -> Person:
        return Person(self.workspace, "U0ALEX")

    @property
    def morgan(self) -> Person:
        return Person(self.workspace, "U0MORGAN")

    async def start_bot(self) -> None:
        over_http = self.transport == "http"
        self._bot_context = composition.running(
            database=self.database,
            clock=self.clock,
            bot_token=self.workspace.bot_token,
            app_token=None if over_http else self.workspace.app_token,
            http=HttpSettings(self.workspace.signing_secret, port=0) if over_http else None,
            api_url=self.server.api_url,
            pace=unhurried(),
        )
        self.bot = await self._bot_context.__aenter__()
        if isinstance(self.bot.transport, HttpServer):
            await self.reach_at(self.bot.transport.url)

    async def reach_at(self, request_url: str) -> None:
        """Give the workspace the manifest that names this address, as an admin does in Slack."""
        found = manifest(http=request_url.removesuffix(PATH))
        self.workspace.manifest = Manifest.read(found)
        assert await self.workspace.http.verify(request_url)

    async def stop_bot(self) -> None:
        if self._bot_context is not None:
            await self._bot_context.__aexit__(None, None, None)
            self._bot_context = self.bot = None

    async def move_to(self, moment: datetime) -> None:
        """Move the clock on and let the bot do everything that is due by then."""
        self.clock.move_to(moment)
        await self.quiet()

    async def move(self, **duration: float) -> None:
        """`move(hours=1)`: the same, by a duration."""
        await self.move_to(self.clock.now() + timedelta(**duration))

    async def quiet(self) -> None:
        """Wait until nothing is due and nothing is in flight any more."""
        assert self.bot is not None
        await self.workspace.settled()
        await self.bot.settle()
        for _ in range(1_000):
            await self.bot.sender.send_due()
            await self.workspace.settled()
            if not await self.database.read(_busy, now=self.clock.now()):
                return
        raise AssertionError("the bot does not come to rest")

    def due(self, slack_user_id: str) -> datetime:
        """When the person's next check-in is due."""
        return self.database.read_now(_next_due, slack_user_id)

    async def monday(self) -> None:
        """Move to Priya's next check-in."""
        await self.move_to(self.due("U0PRIYA"))

    def last(self, person: Person, channel: str | None = None) -> Message:
        """The newest message that the person sees in the channel (default: the DM with the bot)."""
        return person.messages(channel)[-1]

    def alerts(self) -> list[Message]:
        """The alerts in the coach channel, the oldest first."""
        ts = self.database.read_now(_alerts_ts)
        return [message for message in self.dana.messages("C0COACH") if message.ts in ts]

    def check_in_message(self) -> Message:
        """Priya's newest check-in, wherever it stands among her messages."""
        ts = self.database.read_now(_shown_ts, self.check_in("U0PRIYA").id)
        return next(m for m in self.priya.messages() if m.ts == ts)

    def edits(self, answer_id: int) -> int:
        """How often an answer was given or changed."""
        return self.database.read_now(_edits, answer_id)

    def check_in(self, slack_user_id: str) -> CheckIn:
        """The person's newest check-in."""
        return self.database.read_now(_newest_check_in, slack_user_id)


def text_of(surface: Message | dict[str, Any]) -> str:
    """Everything a person reads in a message or view, as one text."""
    blocks = surface.blocks if isinstance(surface, Message) else surface["blocks"]
    words = [surface.text] if isinstance(surface, Message) and not blocks else []

    def collect(node: Any) -> None:
        if isinstance(node, dict):
            if isinstance(node.get("text"), str):
                words.append(node["text"])
            for key, value in node.items():
                if key != "text" or not isinstance(value, str):
                    collect(value)
        elif isinstance(node, list):
            for value in node:
                collect(value)

    collect(blocks)
    return "\n".join(words)


def _busy(session: Session, *, now: datetime) -> bool:
    return (
        session.exec(
            select(OutboxItem.id)
            .where(
                col(OutboxItem.workspace_id).in_(
                    select(Workspaces.id).where(col(Workspaces.disconnected_reason).is_(None))
                ),
                (col(OutboxItem.claimed_by).is_not(None))
                | (col(OutboxItem.due_at).is_not(None) & (col(OutboxItem.due_at) <= now)),
            )
            .limit(1)
        ).first()
        is not None
    )


def _next_due(session: Session, slack_user_id: str) -> datetime:
    due_at = session.exec(
        select(Enrolment.next_due_at)
        .join(Member, col(Member.id) == col(Enrolment.member_id))
        .where(Member.slack_user_id == slack_user_id)
    ).one()
    assert due_at is not None
    return due_at


def _newest_check_in(session: Session, slack_user_id: str) -> CheckIn:
    return session.exec(
        select(CheckIn)
        .join(Member, col(Member.id) == col(CheckIn.member_id))
        .where(Member.slack_user_id == slack_user_id)
        .order_by(col(CheckIn.week).desc())
        .limit(1)
    ).one()


def _shown_ts(session: Session, check_in_id: int) -> str | None:
    return session.exec(
        select(OutboxItem.ts).where(
            OutboxItem.surface == "check_in", OutboxItem.subject_id == check_in_id
        )
    ).one()


def _alerts_ts(session: Session) -> set[str | None]:
    return set(session.exec(select(OutboxItem.ts).where(OutboxItem.surface == "alert")))


def _edits(session: Session, answer_id: int) -> int:
    return len(session.exec(select(AnswerEdit.id).where(AnswerEdit.answer_id == answer_id)).all())


def seed_team(session: Session, *, now: datetime) -> None:
    """Harbor Supply's one team: Dana coaches Priya (20, 9, $10,000) and Sam (15, 6, $8,000)."""
    begun = date(2026, 9, 1)
    seed_harbor(
        session,
        people=[
            Profile(slack_user_id, name, timezone=zone, locale="en-US", is_admin=admin)
            for slack_user_id, name, zone, admin in (
                ("U0PRIYA", "Priya Nair", "Europe/London", False),
                ("U0SAM", "Sam Ortiz", "America/New_York", False),
                ("U0DANA", "Dana Whitfield", "Europe/London", False),
                ("U0ALEX", "Alex Chen", "Europe/London", True),
                ("U0MORGAN", "Morgan Blake", "Europe/London", False),
            )
        ],
        reps={
            "U0PRIYA": Rep({"conversations": 20, "base_moves": 9, "sales": 10_000}, begun),
            "U0SAM": Rep({"conversations": 15, "base_moves": 6, "sales": 8_000}, begun),
        },
        targets_from=date(2026, 8, 31),
        now=now,
    )


def team_of(session: Session) -> Team:
    return session.exec(select(Team)).one()


@pytest.fixture
def transport() -> str:
    """How the workspace reaches the bot; tests/http runs the same scenarios the other way."""
    return "socket_mode"


@asynccontextmanager
async def opened(
    database: Database, clock: SettableClock, transport: str
) -> AsyncGenerator[World, None]:
    """The workspace with its people, and the bot beside it."""
    workspace = Workspace.open(
        None,
        clock=clock,
        manifest=MANIFEST,
        ack_seconds=PATIENCE,
        trigger_seconds=PATIENCE,
    )
    seed_workspace(workspace)
    server = SandboxServer(workspace, clock=clock)
    await server.start()
    world = World(workspace, server, clock, database, transport)
    try:
        await world.start_bot()
        yield world
    finally:
        await world.stop_bot()
        await server.stop()
        workspace.close()


@pytest.fixture
async def empty_world(
    database: Database, clock: SettableClock, transport: str
) -> AsyncIterator[World]:
    """The workspace with its people, and the bot beside it with an empty database."""
    async with opened(database, clock, transport) as world:
        yield world


@pytest.fixture
async def world(database: Database, clock: SettableClock, transport: str) -> AsyncIterator[World]:
    """The workspace with the bot and one seeded team, on a quiet Friday afternoon."""
    seed_once(database, seed_team, now=clock.now())
    async with opened(database, clock, transport) as world:
        await world.quiet()
        yield world
