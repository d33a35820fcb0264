"""A Monday of more reps than one batch takes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlmodel import Session, func, select

from bench import people
from bot.database import Database
from bot.domain.checkins import scheduling
from bot.domain.tables import Answer, CheckIn, OutboxItem

MONDAY = datetime(2026, 11, 23, 9, 0, 30, tzinfo=UTC)
REPS = 1_100


async def test_batches_that_go_side_by_side_ask_everybody_once(database: Database) -> None:
    people.fill(database, reps=REPS, now=MONDAY, due=REPS)
    await database.write_batches(scheduling.schedule_due, now=MONDAY)

    def counted(session: Session) -> list[int]:
        return [
            session.exec(select(func.count()).select_from(table)).one()
            for table in (CheckIn, Answer, OutboxItem)
        ]

    assert await database.read(counted) == [REPS, 3 * REPS, REPS]


async def test_a_batch_that_fails_is_told(database: Database) -> None:
    def step(session: Session, *, now: datetime) -> int:
        raise LookupError(now)

    with pytest.raises((LookupError, ExceptionGroup)):
        await database.write_batches(step, now=MONDAY)
