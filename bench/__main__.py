"""`python -m bench [--quick] [--against COMMIT] [NAME …]`: measure, print the table, leave data/bench.jsonl.

With `--against` every name measures the product of that commit beside today's, in rounds that take turns.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib
import signal
import sys
import time
from pathlib import Path

from bench.builds import builds
from bench.databases import databases
from bench.measuring import Bench
from bench.processes import pin
from bench.rounds import Result, table

MEASUREMENTS = {
    "monday": "monday",
    "press": "press",
    "fanout": "fanout",
    "home": "home",
    "log": "log",
    "approve": "approve",
    "import": "importing",
    "due": "due",
    "beat": "beat",
    "claims": "claims",
    "memory": "memory",
    "start": "start",
}
"""Each name, and its module."""
OUTPUT = Path("data/bench.jsonl")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds, and smaller")
    parser.add_argument("--against", metavar="COMMIT", help="the build to measure today's against")
    parser.add_argument("names", nargs="*", choices=[[], *MEASUREMENTS], help="default: everything")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what was started is ended, too
    results: list[Result] = []
    with databases() as made, builds(arguments.against) as those:
        made.start_postgresql()
        pin(1)
        bench = Bench(made, those, quick=arguments.quick)
        for name in arguments.names or MEASUREMENTS:
            began = time.monotonic()
            module = importlib.import_module(f"bench.{MEASUREMENTS[name]}")
            found = asyncio.run(module.measure(bench))
            sys.stderr.write(f"{name}: {time.monotonic() - began:.0f} s\n{table(found)}\n")
            results += found
    OUTPUT.parent.mkdir(exist_ok=True)
    OUTPUT.write_text("".join(f"{result.as_json()}\n" for result in results), encoding="utf-8")
    sys.stdout.write(f"{table(results)}\n")


if __name__ == "__main__":
    main()
