"""Claiming and marking, two processes on one PostgreSQL, beside procrastinate's queue doing the same."""

from __future__ import annotations

import asyncio
import contextlib
import json
import subprocess

from bench.databases import Databases
from bench.processes import started
from bench.rounds import Result, paired, ratios
from bench.workers import add_jobs, add_rows

PROCESSES = 2
ROWS, QUICK_ROWS = 40_000, 10_000
JOBS, QUICK_JOBS = 2_000, 600


async def measure(databases: Databases, *, quick: bool) -> list[Result]:
    """Rows a second ÷ jobs a second, and how many rows were claimed twice."""
    rounds, rows, jobs = (3, QUICK_ROWS, QUICK_JOBS) if quick else (5, ROWS, JOBS)
    url, queue_url = databases.new("postgresql"), databases.new("postgresql")
    twice: list[float] = []

    async def ours(_: int) -> float:
        add_rows(url, rows)
        done, seconds = await _work("outbox", url)
        if len(set(done)) != rows:
            raise RuntimeError(f"{len(set(done))} of {rows} rows were done")
        twice.append(len(done) - len(set(done)))
        return rows / seconds

    async def theirs(number: int) -> float:
        await add_jobs(queue_url, jobs, is_new=number == 0)
        done, seconds = await _work("procrastinate", queue_url)
        if len(set(done)) != jobs:
            raise RuntimeError(f"{len(set(done))} of {jobs} jobs were done")
        return jobs / seconds

    measured = await paired({"ours": ours, "theirs": theirs}, rounds=rounds)
    return [
        Result(
            "claim and mark, 2 processes, PostgreSQL ÷ procrastinate",
            ratios(measured, "ours", "theirs"),
            20,
        ),
        Result("claimed twice", tuple(twice), 0, better="less"),
    ]


async def _work(variant: str, url: str) -> tuple[list[int], float]:
    """What the processes did, and the seconds from the first's beginning to the last's end."""
    with contextlib.ExitStack() as stack:
        processes = [
            stack.enter_context(started("bench.workers", variant, url))[1] for _ in range(PROCESSES)
        ]
        reports = await asyncio.gather(*(asyncio.to_thread(_go, one) for one in processes))
    done = [row for report in reports for row in report["done"]]
    worked = [report for report in reports if report["done"]]
    return done, max(r["end"] for r in worked) - min(r["begin"] for r in worked)


def _go(process: subprocess.Popen[str]) -> dict[str, list[int]]:
    assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018
    process.stdin.write("go\n")
    process.stdin.flush()
    report: dict[str, list[int]] = json.loads(process.stdout.readline())
    return report
