"""What runs inside a build: `python -m bench.inside serve|fanout|due|beat|claims …`.

`serve` is the product over HTTP, with every limit of Slack's opened wide; `fanout` is its sender; `due` schedules
all that is due; `beat` does beats with nothing due; `claims` claims and marks rows as the sender does, without
rendering or posting. Each says a line when it is ready; all but `serve` then answer each line they are told with
what they measured.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import logging
import secrets
import sys
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from bench import layouts
from bench.load import SIGNING_SECRET
from bench.processes import pin
from bot.app import running
from bot.clock import SystemClock
from bot.database import Database, rows
from bot.domain import deliveries

PATIENCE = 240.0
"""Seconds after which a fan-out counts as stalled, and the bench ends with an error instead of waiting on."""

BEGIN = datetime(2026, 1, 5, 9, tzinfo=UTC)


@contextlib.asynccontextmanager
async def _bot(database_url: str, api_url: str) -> AsyncIterator[Any]:
    """The build's bot at work, with every limit of Slack's opened wide."""
    logging.getLogger("slack_sdk.web").setLevel(logging.WARNING)
    pacing = layouts.pacing()
    unhurried = {method: pacing.Rate(1e6, 1_000_000) for method in pacing.RATES}
    database = Database(database_url)
    async with running(
        database=database,
        clock=SystemClock(),
        bot_token="xoxb-bench",  # noqa: S106
        http=layouts.HttpSettings(SIGNING_SECRET, port=0),
        api_url=api_url,
        pace=pacing.Pace(unhurried, channel_spacing=timedelta(0)),
    ) as bot:
        layouts.freeze_startup_objects()
        yield bot
    database.close()


async def serve(database_url: str, api_url: str) -> None:
    async with _bot(database_url, api_url) as bot:
        _say(bot.transport.url.rsplit(":", 1)[1].split("/")[0])
        await asyncio.Event().wait()


async def fanout(database_url: str, api_url: str) -> None:
    async with _bot(database_url, api_url) as bot:
        async for _ in _lines():
            began = time.perf_counter()
            bot.sender.wake()
            async with asyncio.timeout(PATIENCE):
                while await bot.database.read(_left):
                    await asyncio.sleep(0.05)
            _say(time.perf_counter() - began)


def _left(session: Session) -> bool:
    # On a connection for reading: the one for writing is the sender's, and waiting for it stops everything.
    found = "SELECT 1 FROM outbox WHERE lane = 'post' AND due_at IS NOT NULL LIMIT 1"
    return bool(rows(session, sa.text(found)))


async def due(database_url: str) -> None:
    database, schedule_due = Database(database_url), layouts.scheduling().schedule_due
    async for _ in _lines():
        began = time.perf_counter()
        await database.write_batches(schedule_due, now=datetime.now(UTC))
        _say(time.perf_counter() - began)
    database.close()


async def beat(database_url: str, api_url: str) -> None:
    async with _bot(database_url, api_url) as bot:
        await bot.tick()
        async for count in _lines():
            took, before = [], time.process_time()
            for _ in range(int(count)):
                began = time.perf_counter()
                await bot.tick()
                took.append(time.perf_counter() - began)
            _say({"took": took, "worked": time.process_time() - before})


async def claims(database_url: str) -> None:
    database, sending, outbox = Database(database_url), layouts.sending(), layouts.outbox()
    write_batched, post_report = layouts.write_batched(database), layouts.post_report()
    sender, numbers, done = secrets.token_hex(8), itertools.count(), []
    layouts.freeze_startup_objects()

    async def report(claimed: Any) -> None:
        told = sending.Report(
            claimed, sender, datetime.now(UTC), channel="D1", ts=f"1.{next(numbers):06}"
        )
        if await write_batched(deliveries.posted, post_report(told)):
            done.append(claimed.id)

    async for _ in _lines():
        begin = time.time()
        while claimed := await database.write(
            sending.claim,
            sender=sender,
            lane=outbox.Lane.POST,
            now=datetime.now(UTC),
            limit=layouts.claim_limit(),
        ):
            await asyncio.gather(*(report(one) for one in claimed))
        _say({"done": done, "begin": begin, "end": time.time()})
        done = []
    database.close()


async def _lines() -> AsyncIterator[str]:
    """Say that this is ready, and yield every line that it is told."""
    _say("ready")
    while line := await asyncio.to_thread(sys.stdin.readline):
        yield line.strip()


def _say(answer: object) -> None:
    sys.stdout.write(f"{answer if isinstance(answer, str) else json.dumps(answer)}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    variant, *arguments = sys.argv[1:]
    if variant != "claims":
        pin(0)
    variants = {"serve": serve, "fanout": fanout, "due": due, "beat": beat, "claims": claims}
    layouts.run(variants[variant](*arguments))
