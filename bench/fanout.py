"""A Monday's fan-out: every check-in claimed, rendered, posted and noted, at no pace but the machine's own."""

from __future__ import annotations

import contextlib
import subprocess

from bench.check_ins import make_due, posted, reset
from bench.databases import KINDS
from bench.measuring import Bench, name
from bench.processes import started, told
from bench.rounds import Result, Variant, paired, ratios

MESSAGES, QUICK_MESSAGES = 5_000, 1_500


async def measure(bench: Bench) -> list[Result]:
    """Messages a second of the durable sender ÷ raw aiohttp, and ÷ the same client without state."""
    rounds, count = (3, QUICK_MESSAGES) if bench.quick else (5, MESSAGES)
    variants: dict[str, Variant] = {}
    with contextlib.ExitStack() as stack:
        api, _ = stack.enter_context(started("bench.mock_slack"))
        api_url = f"http://127.0.0.1:{api}/api/"
        for sender in ("raw", "stateless"):
            process = stack.enter_context(started("bench.senders", sender, api_url, str(count)))[1]

            async def stays(_: int, process: subprocess.Popen[str] = process) -> float:
                return count / float(await told(process, "go"))

            variants[sender] = stays
        for variant, kind, build in bench.on_each_kind():
            url = bench.databases.with_people(kind, build, reps=count, check_ins="scheduled")

            async def durable(_: int, url: str = url, build: object = build) -> float:
                reset(url)
                with started("bench.inside", "fanout", url, api_url, build=build) as (_, process):
                    make_due(url)
                    seconds = float(await told(process, "go"))
                if posted(url) != count:
                    raise RuntimeError(f"{posted(url)} of {count} were posted")
                return count / seconds

            variants[variant] = durable
        pairs = [(name(bench.new, kind), "raw") for kind in KINDS]
        measured = await paired(variants, rounds=rounds, pairs=pairs)
    results = []
    for kind in KINDS:
        what, of = f"fan-out of {count:,} check-ins, {kind}", name(bench.new, kind)
        results += [
            Result(f"{what} ÷ raw aiohttp", ratios(measured, of, "raw"), 0.33),
            Result(f"{what} ÷ without state", ratios(measured, of, "stateless"), None),
            *bench.beside(f"{what}, a second", measured, kind, better="more"),
        ]
    return results
