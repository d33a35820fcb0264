"""The sender against a Slack that refuses: what is tried again and when, and what is given up."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, timedelta

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session, select

from bot.clock import SettableClock
from bot.database import Database
from bot.domain.outbox.outbox import WELCOME
from bot.domain.people.members import Profile
from bot.domain.tables import OutboxItem
from bot.domain.tables import Workspace as Workspaces
from bot.sandbox.seed import seed_workspace
from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import Workspace
from bot.slack.delivery.sender import Sender
from tests.harbor import Rep, seed_harbor
from tests.repository import MANIFEST


@dataclass
class Post:
    """One welcome that waits to be posted to Priya, and the sender that does it."""

    workspace: Workspace
    database: Database
    clock: SettableClock
    sender: Sender

    @property
    def item(self) -> OutboxItem:
        def read(session: Session) -> OutboxItem:
            return session.exec(select(OutboxItem).where(OutboxItem.surface == WELCOME)).one()

        return self.database.read_now(read)

    @property
    def posts(self) -> int:
        """How often Slack was asked to post it."""
        return sum(call.method == "chat.postMessage" for call in self.workspace.calls)

    async def send(self, *, after: timedelta = timedelta(0)) -> None:
        self.clock.move_to(self.clock.now() + after)
        await self.sender.send_due()


@pytest.fixture
async def post(new_sqlite: object, clock: SettableClock) -> AsyncIterator[Post]:
    database = Database(new_sqlite())  # type: ignore[operator]
    people = [
        Profile(user, user, timezone="Europe/London") for user in ("U0PRIYA", "U0DANA", "U0MORGAN")
    ]
    database.write_now(
        seed_harbor,
        people=people,
        reps={"U0PRIYA": Rep({"conversations": 20, "base_moves": 9, "sales": 10_000})},
        targets_from=date(2026, 8, 31),
        now=clock.now(),
    )
    workspace = Workspace.open(None, clock=clock, manifest=MANIFEST)
    seed_workspace(workspace)
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
            sender = Sender(database=database, client=client, clock=clock)
            yield Post(workspace, database, clock, sender)
    finally:
        await server.stop()
        workspace.close()
        database.close()


@pytest.mark.parametrize(
    "code", ["message_limit_exceeded", "ekm_access_denied", "org_login_required", "missing_scope"]
)
async def test_what_the_workspace_does_not_take_today_is_sent_when_it_does(
    post: Post, code: str
) -> None:
    """A quota, or what an admin has to mend, lasts hours and is no fault of the message's."""
    post.workspace.faults.refuse(100, "error", "chat.postMessage", code=code)
    for attempt in range(12):
        await post.send(after=timedelta(minutes=15))
        item = post.item
        assert (item.failed_reason, item.attempts, item.ts) == (None, attempt + 1, None)
        pause = min(timedelta(seconds=15) * 2**attempt, timedelta(minutes=15))
        assert item.due_at == post.clock.now() + pause
        assert post.posts == attempt + 1
    post.workspace.faults.clear()
    await post.send(after=timedelta(minutes=14))
    assert post.item.ts is None
    await post.send(after=timedelta(minutes=1))
    assert post.item.ts is not None


async def test_nothing_is_sent_once_the_token_is_dead(post: Post) -> None:
    post.workspace.faults.refuse(100, "error", "auth.test", code="token_revoked")
    post.workspace.faults.next_call("error", "chat.postMessage", code="token_revoked")
    await post.send()
    await post.send(after=timedelta(hours=2))
    assert post.posts == 1
    assert post.item.failed_reason is None

    def reason(session: Session) -> str | None:
        return session.exec(select(Workspaces.disconnected_reason)).one()

    assert post.database.read_now(reason) == "token_revoked"


async def test_a_message_that_slack_does_not_take_even_plain_waits(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    post.workspace.faults.next_call("error", "chat.postMessage", code="invalid_blocks", times=2)
    await post.send()
    assert (post.item.failed_reason, post.item.refused_because) == (None, "invalid_blocks")
    assert "not delivered" in caplog.messages
    assert "posted as plain text" not in caplog.messages
    await post.send(after=timedelta(seconds=15))
    assert post.item.ts is not None


async def test_a_token_that_one_call_only_was_refused_with_stops_nobody(post: Post) -> None:
    post.workspace.faults.next_call("error", "chat.postMessage", code="invalid_auth")
    await post.send()
    await post.send(after=timedelta(seconds=15))
    assert post.item.ts is not None
