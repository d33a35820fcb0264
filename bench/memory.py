"""What a bot holds in memory with nothing to do, and how much more over a database of a million members."""

from __future__ import annotations

import asyncio

from bench.beat import FEW, MANY, QUICK_MANY
from bench.builds import Build
from bench.measuring import Bench, name
from bench.processes import resident_mb, started
from bench.product import basecoach
from bench.rounds import Result, Variant, paired, values

SETTLED = 4.0
"""Seconds after the start: the first of every beat is over by then."""


async def measure(bench: Bench) -> list[Result]:
    """Resident megabytes of `basecoach run --http` on SQLite."""
    rounds, many = (2, QUICK_MANY) if bench.quick else (5, MANY)
    variants: dict[str, Variant] = {}
    with started("bench.mock_slack") as (api, _):
        api_url = f"http://127.0.0.1:{api}/api/"
        for build in bench.builds:
            for reps, size in ((FEW, "few"), (many, "many")):

                async def resident(_: int, build: Build = build, reps: int = reps) -> float:
                    url = bench.databases.filled("sqlite", build, reps=reps)
                    with basecoach(build, url, api_url) as bot:
                        await asyncio.sleep(SETTLED)
                        return resident_mb(bot.pid)

                variants[name(build, size)] = resident
        measured = await paired(variants, rounds=rounds)
    idle = values(measured, name(bench.new, "few"))
    full = values(measured, name(bench.new, "many"))
    more = tuple(a - b for a, b in zip(full, idle, strict=True))
    return [
        Result("memory, idle", idle, 110, better="less", unit=" MB"),
        Result(f"memory, {many:,} members more", more, 15, better="less", unit=" MB"),
        *bench.beside("memory, idle", measured, "few", bar=1.05),
    ]
