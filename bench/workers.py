"""Workers on one PostgreSQL: `python -m bench.workers outbox|procrastinate DATABASE_URL`.

Each waits for a line on its standard input, works until nothing is left, and reports what it did. `outbox` claims
and reports as the sender does, without drawing or posting; `procrastinate` runs jobs that do nothing.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import logging
import secrets
import sys
import time
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from procrastinate import App, PsycopgConnector
from sqlmodel import Session

from bot import gc_tuning
from bot.database import Database, table
from bot.domain import deliveries
from bot.domain.deliveries import PostReport
from bot.domain.outbox import outbox, sending
from bot.domain.outbox.outbox import Lane
from bot.domain.outbox.sending import Claimed, Report
from bot.domain.tables import OutboxItem, Workspace
from bot.slack.delivery.sender import CLAIM_LIMIT

BEGIN = datetime(2026, 1, 5, 9, tzinfo=UTC)
AT_ONCE = 10
"""Jobs that a procrastinate worker runs side by side."""


async def work_outbox(url: str) -> list[int]:
    database, sender, done = Database(url), secrets.token_hex(8), []
    numbers = itertools.count()

    async def report(claimed: Claimed) -> None:
        told = Report(claimed, sender, datetime.now(UTC), channel="D1", ts=f"1.{next(numbers):06}")
        if await database.write_batched(deliveries.posted, PostReport(told)):
            done.append(claimed.id)

    while claimed := await database.write(
        sending.claim, sender=sender, lane=Lane.POST, now=datetime.now(UTC), limit=CLAIM_LIMIT
    ):
        await asyncio.gather(*(report(one) for one in claimed))
    database.close()
    return done


async def work_procrastinate(url: str) -> list[int]:
    app, done = queue(url), []

    @app.task(name="nothing")
    async def nothing(number: int) -> None:
        done.append(number)

    async with app.open_async():
        await app.run_worker_async(
            wait=False, concurrency=AT_ONCE, listen_notify=False, install_signal_handlers=False
        )
    return done


def queue(url: str) -> App:
    """procrastinate's app on this database."""
    conninfo = sa.make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return App(connector=PsycopgConnector(conninfo=conninfo))


def add_rows(url: str, count: int) -> None:
    """So many rows of the outbox that are due, and no others."""
    database = Database(url)
    database.write_now(_add_rows, count)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE outbox")
    database.close()


def _add_rows(session: Session, count: int) -> None:
    connection = session.connection()
    connection.execute(sa.delete(table(OutboxItem)))
    if connection.execute(sa.select(table(Workspace))).first() is None:
        connection.execute(
            sa.insert(table(Workspace)).values(
                id=1, slack_team_id="T0BENCH", name="Bench", bot_user_id="U0BENCH", created_at=BEGIN
            )
        )
    outbox.add_all(
        session,
        [
            outbox.New(1, outbox.WELCOME, number, BEGIN + timedelta(milliseconds=number))
            for number in range(1, count + 1)
        ],
        now=BEGIN,
    )


async def add_jobs(url: str, count: int, *, is_new: bool) -> None:
    """So many jobs that are due."""
    app = queue(url)

    @app.task(name="nothing")
    async def nothing(number: int) -> None:
        """Only its name is needed here."""

    async with app.open_async():
        if is_new:
            await app.schema_manager.apply_schema_async()
        await nothing.batch_defer_async(*({"number": number} for number in range(count)))


async def main(variant: str, url: str) -> None:
    work = {"outbox": work_outbox, "procrastinate": work_procrastinate}[variant]
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    logging.getLogger("procrastinate").setLevel(logging.ERROR)
    gc_tuning.freeze_startup_objects()
    await asyncio.to_thread(sys.stdin.readline)
    begin = time.time()
    done = await work(url)
    report = {"done": done, "begin": begin, "end": time.time()}
    sys.stdout.write(f"{json.dumps(report)}\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.readline)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
