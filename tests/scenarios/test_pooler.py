"""A whole Monday on PostgreSQL behind PgBouncer in transaction mode: nothing fails, and limits are in force."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import SettableClock
from bot.database import LIMITS, Database
from bot.slack.views.checkins.messages import ANSWER_NO
from tests.pgbouncer import new_pooled
from tests.scenarios.answering import answer_all, answer_ids, log_conversations
from tests.scenarios.conftest import World, opened, seed_team, text_of
from tests.seeding import seed_once

__all__ = ["new_pooled"]

pytestmark = pytest.mark.postgresql


@pytest.fixture
async def pooled_world(new_pooled: Callable[[], str], clock: SettableClock) -> AsyncIterator[World]:
    """The workspace with the bot and one team; the bot knows its database by PgBouncer's address alone."""
    database = Database(new_pooled())
    seed_once(database, seed_team, now=clock.now())
    async with opened(database, clock, "socket_mode") as world:
        await world.quiet()
        yield world
    database.close()


async def test_a_whole_monday(pooled_world: World, caplog: pytest.LogCaptureFixture) -> None:
    world = pooled_world
    await log_conversations(world, 12)
    await world.monday()
    message = world.last(world.priya)
    ids = answer_ids(message)
    presses = await asyncio.gather(
        *(world.priya.press(message, action_id=ANSWER_NO, value=answer) for answer in ids)
    )
    assert all(press.acked for press in presses)
    await world.quiet()
    assert ":x: *Conversations:* 12 of 20. *No.*" in text_of(world.last(world.priya))

    await world.move_to(world.due("U0SAM"))
    assert "how was your week" in text_of(world.last(world.sam))
    deadline = world.check_in("U0SAM").deadline_at
    assert deadline is not None
    await world.move_to(deadline + timedelta(seconds=1))
    await world.move_to(datetime(2026, 11, 25, 8, 0, tzinfo=UTC))  # Dana begins to work in London
    alerts = "\n".join(text_of(alert) for alert in world.dana.messages("C0COACH"))
    assert "<@U0SAM> *did not answer*" in alerts
    assert "<@U0PRIYA>" in alerts
    await world.move_to(datetime(2026, 11, 30, 9, 0, tzinfo=UTC))
    await answer_all(world, "20", "9", "10k")
    assert "You met every goal" in text_of(world.last(world.priya))

    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []
    found = world.database.transaction_settings()
    assert (found.pooled, found.limits) == (True, LIMITS)
