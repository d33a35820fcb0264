"""kill -9 in the middle of sending, and two bots on one PostgreSQL: everybody has exactly one, nobody none."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from tests.patience import PATIENCE
from tests.processes.conftest import MONDAY, REPS, Yard


def posted(yard: Yard, count: int) -> Callable[[], bool]:
    """Whether at least so many check-ins stand in Slack."""
    return lambda: sum(yard.check_ins().values()) >= count


async def settle_welcomes(yard: Yard) -> None:
    """Everybody has their welcome, so that Monday's messages are check-ins only."""
    await yard.workspace.until(
        lambda: sum(call.method == "chat.postMessage" for call in yard.workspace.calls) >= REPS,
        timeout=PATIENCE,
    )


def assert_exactly_one(yard: Yard) -> None:
    reps = {user for user in yard.workspace.users if user.startswith("U0REP")}
    check_ins = yard.check_ins()
    assert {user: check_ins[user] for user in reps} == dict.fromkeys(reps, 1)


async def test_kill_9_in_the_middle_of_sending_repeats_and_loses_nothing(yard: Yard) -> None:
    bot = await yard.start_bot()
    await settle_welcomes(yard)
    yard.clock.move_to(MONDAY)
    await yard.workspace.until(posted(yard, 30), timeout=PATIENCE)
    at_death = await yard.kill_in_the_middle(bot)
    assert 30 <= at_death < REPS
    await yard.start_bot()
    await yard.pass_time_until(posted(yard, REPS))
    await yard.pass_time_until(lambda: not unfinished(yard))
    assert_exactly_one(yard)


async def test_killed_again_and_again_it_still_gets_there(yard: Yard) -> None:
    bot = await yard.start_bot()
    await settle_welcomes(yard)
    yard.clock.move_to(MONDAY)
    for goal in (10, 30, 50, 65):
        await yard.pass_time_until(posted(yard, goal))
        await bot.kill()
        bot = await yard.start_bot()
    await yard.pass_time_until(posted(yard, REPS))
    await yard.pass_time_until(lambda: not unfinished(yard))
    assert_exactly_one(yard)


@pytest.mark.parametrize(
    "database_url", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True
)
async def test_two_bots_on_one_postgresql_send_everything_once(yard: Yard) -> None:
    first, second = await asyncio.gather(yard.start_bot(), yard.start_bot())
    await settle_welcomes(yard)
    yard.clock.move_to(MONDAY)
    await yard.workspace.until(posted(yard, 30), timeout=PATIENCE)
    await first.kill()
    await yard.start_bot()
    await yard.pass_time_until(posted(yard, REPS))
    await yard.pass_time_until(lambda: not unfinished(yard))
    assert_exactly_one(yard)
    assert any("posted" in line for line in second.lines)


def unfinished(yard: Yard) -> int:
    """Rows of the outbox that are not shown yet, as the database says."""
    engine = sa.create_engine(yard.database_url)
    try:
        with engine.connect() as connection:
            return int(
                connection.scalar(sa.text("SELECT count(*) FROM outbox WHERE due_at IS NOT NULL"))
                or 0
            )
    finally:
        engine.dispose()


async def test_sigterm_finishes_what_is_in_hand_and_stops(yard: Yard) -> None:
    bot = await yard.start_bot()
    await settle_welcomes(yard)
    yard.clock.move_to(MONDAY)
    await yard.workspace.until(posted(yard, 20), timeout=PATIENCE)
    assert await asyncio.wait_for(bot.terminate(), timeout=PATIENCE) == 0
    assert "stopped" in bot.lines[-1]
    await yard.start_bot()
    await yard.pass_time_until(posted(yard, REPS))
    assert_exactly_one(yard)
