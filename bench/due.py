"""A Monday's beat: 10,000 members fall due at once, and each gets a check-in, its questions and an outbox row."""

from __future__ import annotations

import contextlib
import subprocess

from bench.check_ins import counted, enrolments_due
from bench.databases import KINDS
from bench.measuring import Bench, name
from bench.processes import started, told
from bench.rounds import Result, Variant, paired, values

DUE, QUICK_DUE = 10_000, 2_000


async def measure(bench: Bench) -> list[Result]:
    """Seconds from the beat to the last outbox row; every round is about a week of its own."""
    rounds, due = (3, QUICK_DUE) if bench.quick else (7, DUE)
    variants: dict[str, Variant] = {}
    with contextlib.ExitStack() as stack:
        for variant, kind, build in bench.on_each_kind():
            url = bench.databases.with_people(kind, build, reps=due, due=due)
            process = stack.enter_context(started("bench.inside", "due", url, build=build))[1]

            async def beat(
                number: int, url: str = url, process: subprocess.Popen[str] = process
            ) -> float:
                enrolments_due(url)
                seconds = float(await told(process, "go"))
                if (rows := counted(url, "outbox")) != due * (number + 1):
                    raise RuntimeError(f"{rows} outbox rows after {number + 1} beats of {due}")
                return seconds * DUE / due

            variants[variant] = beat
        pairs = [pair for kind in KINDS for pair in bench.pairs(kind)]
        measured = await paired(variants, rounds=rounds, pairs=pairs)
    results = []
    for kind in KINDS:
        what = f"10,000 members due in one beat → outbox rows, {kind}"
        of = name(bench.new, kind)
        results.append(Result(what, values(measured, of), 2, better="less", unit=" s"))
        results += bench.beside(what, measured, kind)
    return results
