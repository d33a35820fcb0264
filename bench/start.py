"""From nothing to ready: a process of the bot, against importing what it stands on and nothing else."""

from __future__ import annotations

import subprocess
import sys
import time

from bench.databases import Databases
from bench.processes import started
from bench.product import LAZY, basecoach
from bench.rounds import Result, paired, ratios

IMPORTS = "import slack_bolt.async_app, sqlmodel"


async def measure(databases: Databases, *, quick: bool) -> list[Result]:
    """Seconds from the start of a process, both from byte code that is compiled already."""
    rounds, url = 3 if quick else 9, databases.new("sqlite")
    imported: list[int] = []
    with started("bench.mock_slack") as (api, _):

        async def ready(_: int) -> float:
            with basecoach(url, f"http://127.0.0.1:{api}/api/") as bot:
                pass
            imported.append(len(bot.imported))
            return bot.ready_after

        async def imports(_: int) -> float:
            began = time.perf_counter()
            subprocess.run([sys.executable, "-c", IMPORTS], check=True)  # noqa: S603
            return time.perf_counter() - began

        await ready(0)  # compiles
        await imports(0)
        imported.clear()
        measured = await paired({"ready": ready, "imports": imports}, rounds=rounds)
    return [
        Result(
            "start to ready ÷ importing Bolt and SQLModel",
            ratios(measured, "ready", "imports"),
            1.5,
            better="less",
        ),
        Result(f"of {' and '.join(LAZY)} imported by then", tuple(imported), 0, better="less"),
    ]
