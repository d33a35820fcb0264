"""A Monday's beat: 10,000 members fall due at once, and each gets a check-in, its questions and an outbox row."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from bench.databases import KINDS, Databases
from bench.people import fill
from bench.rounds import Result, paired
from bot.database import Database
from bot.domain.checkins import scheduling
from bot.domain.tables import OutboxItem

DUE, QUICK_DUE = 10_000, 2_000


async def measure(databases: Databases, *, quick: bool) -> list[Result]:
    """Seconds from the beat to the last outbox row; every round is about a week of its own."""
    rounds, due = (3, QUICK_DUE) if quick else (7, DUE)
    opened = {}
    for kind in KINDS:
        opened[kind] = Database(databases.new(kind))
        fill(opened[kind], reps=due, due=due)

    async def beat(kind: str, number: int) -> float:
        database, now = opened[kind], datetime.now(UTC)
        with database.engine.begin() as connection:
            connection.execute(
                sa.text("UPDATE enrolment SET next_due_at = :at"),
                {"at": (now - timedelta(seconds=30)).replace(tzinfo=None)},
            )
        began = time.perf_counter()
        await database.write_batches(scheduling.schedule_due, now=now)
        took = time.perf_counter() - began
        with database.engine.connect() as connection:
            rows = connection.execute(
                sa.select(sa.func.count()).select_from(OutboxItem)
            ).scalar_one()
        if rows != due * (number + 1):
            raise RuntimeError(f"{rows} outbox rows after {number + 1} beats of {due}")
        return took * DUE / due

    try:
        measured = await paired(
            {kind: lambda number, kind=kind: beat(kind, number) for kind in KINDS}, rounds=rounds
        )
    finally:
        for database in opened.values():
            database.close()
    return [
        Result(
            f"10,000 members due in one beat → outbox rows, {kind}",
            tuple(figures[kind] for figures in measured),
            2,
            better="less",
            unit=" s",
        )
        for kind in KINDS
    ]
