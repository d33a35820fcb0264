"""What a bot holds in memory with nothing to do, and how much more over a database of a million members."""

from __future__ import annotations

import asyncio

from bench.beat import FEW, MANY, QUICK_MANY
from bench.databases import Databases
from bench.processes import resident_mb, started
from bench.product import basecoach
from bench.rounds import Result, paired

SETTLED = 4.0
"""Seconds after the start: the first of every beat is over by then."""


async def measure(databases: Databases, *, quick: bool) -> list[Result]:
    """Resident megabytes of `basecoach run --http` on SQLite."""
    rounds, many = (2, QUICK_MANY) if quick else (5, MANY)
    with started("bench.mock_slack") as (api, _):

        async def resident(reps: int) -> float:
            url = databases.filled("sqlite", reps)
            with basecoach(url, f"http://127.0.0.1:{api}/api/") as bot:
                await asyncio.sleep(SETTLED)
                return resident_mb(bot.pid)

        measured = await paired(
            {"few": lambda _: resident(FEW), "many": lambda _: resident(many)}, rounds=rounds
        )
    idle = tuple(figures["few"] for figures in measured)
    more = tuple(figures["many"] - figures["few"] for figures in measured)
    return [
        Result("memory, idle", idle, 110, better="less", unit=" MB"),
        Result(f"memory, {many:,} members more", more, 15, better="less", unit=" MB"),
    ]
