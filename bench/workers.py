"""A worker of procrastinate's, which runs jobs that do nothing: `python -m bench.workers DATABASE_URL`.

It waits for a line on its standard input, works until nothing is left, and reports what it did.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import time
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from procrastinate import App, PsycopgConnector

from bench.check_ins import connected
from bench.layouts import column
from bot import gc_tuning

BEGIN = datetime(2026, 1, 5, 9, tzinfo=UTC)
AT_ONCE = 10
"""Jobs that a procrastinate worker runs side by side."""


async def work(url: str) -> list[int]:
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
    """So many welcomes in the outbox, all due at one moment, as check-ins are at nine; and no other rows."""
    with connected(url) as connection:
        known = {found["name"] for found in sa.inspect(connection).get_columns("outbox")}
        facts: dict[str, Any] = {
            "workspace_id": 1,
            "surface": "welcome",
            "lane": "post",
            "desired_version": 1,
            "rendered_version": 0,
            "due_at": BEGIN,
            "lookbacks": 0,
            "attempts": 0,
            "created_at": BEGIN,
        }
        named = {column("outbox", name, known): value for name, value in facts.items()}
        connection.exec_driver_sql("DELETE FROM outbox")
        connection.execute(
            sa.text(
                "INSERT INTO workspace (id, slack_team_id, name, bot_user_id, created_at)"
                " VALUES (1, 'T0BENCH', 'Bench', 'U0BENCH', :at) ON CONFLICT DO NOTHING"
            ),
            {"at": BEGIN},
        )
        connection.execute(
            sa.text(
                f"INSERT INTO outbox (subject_id, token, {', '.join(map(str, named))})"  # noqa: S608
                f" SELECT n, md5(n::text), {', '.join(f':{name}' for name in named)}"
                " FROM generate_series(1, :count) AS n"
            ),
            {**named, "count": count},
        )
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("VACUUM ANALYZE outbox")
    engine.dispose()


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


async def main(url: str) -> None:
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
