"""A Monday's fan-out: every check-in claimed, rendered, posted and noted, at no pace but the machine's own."""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
from collections.abc import Awaitable, Callable

from bench.databases import KINDS, Databases
from bench.people import fill
from bench.processes import started
from bench.rounds import Result, paired, ratios
from bench.senders import make_due, posted, reset
from bot.database import Database

MESSAGES, QUICK_MESSAGES = 10_000, 1_500


async def measure(databases: Databases, *, quick: bool) -> list[Result]:
    """Messages a second of the durable sender ÷ raw aiohttp, and ÷ the same client without state."""
    rounds, count = (3, QUICK_MESSAGES) if quick else (5, MESSAGES)
    urls = {kind: databases.new(kind) for kind in KINDS}
    for url in urls.values():
        database = Database(url)
        fill(database, reps=count, check_ins="scheduled")
        database.close()
    with contextlib.ExitStack() as stack:
        api, _ = stack.enter_context(started("bench.mock_slack"))
        told = (f"http://127.0.0.1:{api}/api/", str(count))
        raw = stack.enter_context(started("bench.senders", "raw", *told))[1]
        stateless = stack.enter_context(started("bench.senders", "stateless", *told))[1]

        async def durable(url: str) -> float:
            reset(url)
            with started("bench.senders", "durable", *told, url) as (_, process):
                make_due(url)
                seconds = await _send(process)
            if posted(url) != count:
                raise RuntimeError(f"{posted(url)} of {count} were posted")
            return count / seconds

        def stays(process: subprocess.Popen[str]) -> Callable[[int], Awaitable[float]]:
            async def run(_: int) -> float:
                return count / await _send(process)

            return run

        variants = {"raw": stays(raw), "stateless": stays(stateless)}
        variants |= {kind: lambda _, url=url: durable(url) for kind, url in urls.items()}
        measured = await paired(variants, rounds=rounds)
    results = []
    for kind in KINDS:
        name = f"fan-out of {count:,} check-ins, {kind}"
        results += [
            Result(f"{name} ÷ raw aiohttp", ratios(measured, kind, "raw"), 0.35),
            Result(f"{name} ÷ without state", ratios(measured, kind, "stateless"), 0.85),
        ]
    return results


async def _send(process: subprocess.Popen[str]) -> float:
    """Have the process send everything; the seconds it took."""
    assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018
    process.stdin.write("go\n")
    process.stdin.flush()
    return float(await asyncio.to_thread(process.stdout.readline))
