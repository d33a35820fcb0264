"""The heartbeat's tick: how long it takes when nothing is due, whatever the number of members."""

from __future__ import annotations

import contextlib
import json
import subprocess

from bench.databases import KINDS
from bench.measuring import Bench, name
from bench.processes import started, told
from bench.rounds import Result, Variant, paired, percentile, ratios, values

FEW, MANY, QUICK_MANY = 10_000, 1_000_000, 100_000


async def measure(bench: Bench) -> list[Result]:
    """p99 of an idle tick with many members, and its median ÷ that with few."""
    rounds, beats, many = (3, 200, QUICK_MANY) if bench.quick else (7, 1_000, MANY)
    results = []
    for kind in KINDS:
        variants: dict[str, Variant] = {}
        with contextlib.ExitStack() as stack:
            api, _ = stack.enter_context(started("bench.mock_slack"))
            api_url = f"http://127.0.0.1:{api}/api/"
            for build in bench.builds:
                for reps, size in ((FEW, "few"), (many, "many")):
                    url = bench.databases.filled(kind, build, reps=reps)
                    _, process = stack.enter_context(
                        started("bench.inside", "beat", url, api_url, build=build)
                    )

                    async def ticks(
                        _: int, process: subprocess.Popen[str] = process
                    ) -> dict[str, float]:
                        found = json.loads(await told(process, str(beats)))
                        return {
                            "p50": percentile(found["took"], 50),
                            "p99": percentile(found["took"], 99) * 1000,
                            "worked": found["worked"] / beats * 1000,
                        }

                    variants[name(build, size)] = ticks
            pair = (f"{name(bench.new, 'many')} p50", f"{name(bench.new, 'few')} p50")
            measured = await paired(variants, rounds=rounds, pairs=[pair])
        what, new = f"idle beat at {many:,} members, {kind}", name(bench.new, "many")
        tails, worked = values(measured, f"{new} p99"), values(measured, f"{new} worked")
        results += [
            Result(f"{what}, p99", tails, 5, better="less", unit=" ms"),
            Result(f"{what}, the bot's processor time", worked, None, unit=" ms"),
            Result(f"{what} ÷ at {FEW:,}", ratios(measured, *pair), 1.5, better="less"),
            *bench.beside(f"{what}, the bot's processor time", measured, "many worked"),
        ]
    return results
