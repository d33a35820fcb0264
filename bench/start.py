"""From nothing to ready: a process of the bot, against importing what it stands on and nothing else."""

from __future__ import annotations

import subprocess
import sys
import time

from bench.builds import Build
from bench.measuring import Bench, name
from bench.processes import started
from bench.product import LAZY, basecoach
from bench.rounds import Result, Variant, paired, ratios, values

IMPORTS = "import slack_bolt.async_app, sqlmodel"


async def measure(bench: Bench) -> list[Result]:
    """Seconds from the start of a process, both from byte code that is compiled already."""
    rounds = 3 if bench.quick else 9
    variants: dict[str, Variant] = {}
    with started("bench.mock_slack") as (api, _):
        for build in bench.builds:
            url = bench.databases.new("sqlite", build)

            async def ready(_: int, build: Build = build, url: str = url) -> dict[str, float]:
                with basecoach(build, url, f"http://127.0.0.1:{api}/api/") as bot:
                    pass
                return {"start": bot.ready_after, "imported": len(bot.imported)}

            variants[build.name] = ready

        async def imports(_: int) -> float:
            began = time.perf_counter()
            subprocess.run([sys.executable, "-c", IMPORTS], check=True)  # noqa: S603
            return time.perf_counter() - began

        variants["imports"] = imports
        await paired(variants, rounds=1)  # compiles
        pair = (name(bench.new, "start"), "imports")
        measured = await paired(variants, rounds=rounds, pairs=[pair])
    imported = values(measured, name(bench.new, "imported"))
    return [
        Result(
            "start to ready ÷ importing Bolt and SQLModel",
            ratios(measured, *pair),
            1.5,
            better="less",
        ),
        Result(f"of {' and '.join(LAZY)} imported by then", imported, 0, better="less"),
        *bench.beside("start to ready", measured, "start", bar=1.05),
    ]
