"""The heartbeat's tick: how long it takes when nothing is due, whatever the number of members."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bench.databases import KINDS, Databases
from bench.load import SIGNING_SECRET
from bench.processes import started
from bench.rounds import Result, paired, percentile, ratios
from bot.app import Basecoach, running
from bot.clock import SystemClock
from bot.database import Database
from bot.slack.receiving.transport import HttpSettings

FEW, MANY, QUICK_MANY = 10_000, 1_000_000, 100_000


async def measure(databases: Databases, *, quick: bool) -> list[Result]:
    """p99 of an idle tick with many members, and its median ÷ that with few."""
    rounds, beats, many = (3, 200, QUICK_MANY) if quick else (7, 1_000, MANY)
    results = []
    with started("bench.mock_slack") as (api, _):
        api_url = f"http://127.0.0.1:{api}/api/"
        for kind in KINDS:
            tails: list[float] = []
            worked: list[float] = []
            urls = {FEW: databases.filled(kind, FEW), many: databases.filled(kind, many)}
            opened = {reps: Database(url) for reps, url in urls.items()}
            try:
                async with (
                    _idle(opened[FEW], api_url) as few,
                    _idle(opened[many], api_url) as lots,
                ):

                    async def of_few(_: int, bot: Basecoach = few) -> float:
                        return percentile(await _ticks(bot, beats), 50)

                    async def of_many(
                        _: int,
                        bot: Basecoach = lots,
                        tails: list[float] = tails,
                        worked: list[float] = worked,
                    ) -> float:
                        before = time.process_time()
                        took = await _ticks(bot, beats)
                        worked.append((time.process_time() - before) / beats * 1000)
                        tails.append(percentile(took, 99) * 1000)
                        return percentile(took, 50)

                    medians = await paired({"few": of_few, "many": of_many}, rounds=rounds)
            finally:
                for database in opened.values():
                    database.close()
            name = f"idle beat at {many:,} members, {kind}"
            results += [
                Result(f"{name}, p99", tuple(tails), 5, better="less", unit=" ms"),
                Result(f"{name}, the bot's processor time", tuple(worked), None, unit=" ms"),
                Result(f"{name} ÷ at {FEW:,}", ratios(medians, "many", "few"), 1.5, better="less"),
            ]
    return results


@asynccontextmanager
async def _idle(database: Database, api_url: str) -> AsyncIterator[Basecoach]:
    """A running bot over this database, with nothing to do."""
    async with running(
        database=database,
        clock=SystemClock(),
        bot_token="xoxb-bench",  # noqa: S106
        http=HttpSettings(SIGNING_SECRET, port=0),
        api_url=api_url,
    ) as bot:
        await bot.tick()
        yield bot


async def _ticks(bot: Basecoach, count: int) -> list[float]:
    """How long each of so many ticks took, in seconds."""
    took = []
    for _ in range(count):
        began = time.perf_counter()
        await bot.tick()
        took.append(time.perf_counter() - began)
    return took
