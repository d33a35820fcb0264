"""A sender of its own beside the sandbox's workspace: no bot, no tick, and only what the test makes due."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session, col, select

from bot.clock import SettableClock
from bot.database import Database
from bot.domain.tables import OutboxItem
from bot.sandbox.people import Person
from bot.sandbox.seed import seed_workspace
from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import Workspace
from bot.slack.delivery.sender import Sender
from tests.repository import MANIFEST
from tests.scenarios.conftest import seed_team, unhurried
from tests.seeding import seed_once


@dataclass
class Sending:
    """Priya and Sam were enrolled, so a welcome for each of them is due to be posted."""

    database: Database
    clock: SettableClock
    workspace: Workspace
    client: AsyncWebClient
    sender: Sender

    @property
    def priya(self) -> Person:
        return Person(self.workspace, "U0PRIYA")

    @property
    def sam(self) -> Person:
        return Person(self.workspace, "U0SAM")

    def items(self) -> list[OutboxItem]:
        """The outbox, Priya's row first."""

        def read(session: Session) -> list[OutboxItem]:
            found = session.exec(select(OutboxItem).order_by(col(OutboxItem.id)))
            return [OutboxItem(**item.model_dump()) for item in found]

        return self.database.read_now(read)

    async def send(self, *, after: float = 0.0) -> None:
        """What is due so many seconds later is sent."""
        self.clock.move(after)
        await self.sender.send_due()

    def calls(self, method: str) -> int:
        """How many calls of the method reached Slack."""
        return sum(call.method == method for call in self.workspace.calls)


@pytest.fixture
async def sending(database: Database, clock: SettableClock) -> AsyncIterator[Sending]:
    """A sender, on both kinds of database."""
    workspace = Workspace.open(None, clock=clock, manifest=MANIFEST)
    seed_workspace(workspace)
    seed_once(database, seed_team, now=clock.now())
    server = SandboxServer(workspace, clock=clock)
    await server.start()
    try:
        async with aiohttp.ClientSession() as session:
            client = AsyncWebClient(
                token=workspace.bot_token,
                base_url=server.api_url,
                session=session,
                retry_handlers=[],
            )
            sender = Sender(database=database, client=client, clock=clock, pace=unhurried())
            yield Sending(database, clock, workspace, client, sender)
    finally:
        await server.stop()
        workspace.close()
