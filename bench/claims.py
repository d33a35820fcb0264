"""Claiming and marking, two processes on one PostgreSQL, beside procrastinate's queue doing the same."""

from __future__ import annotations

import asyncio
import contextlib
import json

from bench.builds import Build
from bench.measuring import Bench, name
from bench.processes import started, told
from bench.rounds import Result, Variant, paired, ratios, values
from bench.workers import add_jobs, add_rows

PROCESSES = 2
ROWS, QUICK_ROWS = 40_000, 10_000
JOBS, QUICK_JOBS = 2_000, 600


async def measure(bench: Bench) -> list[Result]:
    """Rows a second ÷ jobs a second, and how many rows were claimed twice; all rows are due at one moment."""
    rounds, rows, jobs = (3, QUICK_ROWS, QUICK_JOBS) if bench.quick else (5, ROWS, JOBS)
    queue_url = bench.databases.new("postgresql", bench.new)
    variants: dict[str, Variant] = {}
    for build in bench.builds:
        url = bench.databases.new("postgresql", build)

        async def ours(_: int, url: str = url, build: Build = build) -> dict[str, float]:
            add_rows(url, rows)
            done, seconds = await _work("bench.inside", "claims", url, build=build)
            if len(set(done)) != rows:
                raise RuntimeError(f"{len(set(done))} of {rows} rows were done")
            return {"a second": rows / seconds, "twice": len(done) - len(set(done))}

        variants[build.name] = ours

    async def theirs(number: int) -> float:
        await add_jobs(queue_url, jobs, is_new=number == 0)
        done, seconds = await _work("bench.workers", queue_url)
        if len(set(done)) != jobs:
            raise RuntimeError(f"{len(set(done))} of {jobs} jobs were done")
        return jobs / seconds

    variants["theirs"] = theirs
    of = name(bench.new, "a second")
    measured = await paired(variants, rounds=rounds, pairs=[(of, "theirs")])
    what = "claim and mark, 2 processes, PostgreSQL"
    return [
        Result(f"{what} ÷ procrastinate", ratios(measured, of, "theirs"), 20),
        Result("claimed twice", values(measured, name(bench.new, "twice")), 0, better="less"),
        *bench.beside(f"{what}, a second", measured, "a second", better="more"),
    ]


async def _work(
    module: str, *arguments: str, build: Build | None = None
) -> tuple[list[int], float]:
    """What the processes did, and the seconds from the first's beginning to the last's end."""
    with contextlib.ExitStack() as stack:
        processes = [
            stack.enter_context(started(module, *arguments, build=build))[1]
            for _ in range(PROCESSES)
        ]
        answers = await asyncio.gather(*(told(process, "go") for process in processes))
    reports = [json.loads(answer) for answer in answers]
    done = [row for report in reports for row in report["done"]]
    worked = [report for report in reports if report["done"]]
    return done, max(r["end"] for r in worked) - min(r["begin"] for r in worked)
