"""`python -m bench [--quick] [NAME …]`: measure, print the table, and leave JSON lines in data/bench.jsonl."""

from __future__ import annotations

import argparse
import asyncio
import importlib
import sys
import time
from pathlib import Path

from bench.databases import databases
from bench.processes import pin
from bench.rounds import Result, table

MEASUREMENTS = ("press", "fanout", "due", "beat", "claims", "memory", "start")
OUTPUT = Path("data/bench.jsonl")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds, within two minutes")
    parser.add_argument("names", nargs="*", choices=[[], *MEASUREMENTS], help="default: everything")
    arguments = parser.parse_args()
    results: list[Result] = []
    with databases() as made:
        made.new("postgresql")  # before this process keeps to one core
        pin(1)
        for name in arguments.names or MEASUREMENTS:
            began = time.monotonic()
            module = importlib.import_module(f"bench.{name}")
            results += asyncio.run(module.measure(made, quick=arguments.quick))
            sys.stderr.write(f"{name}: {time.monotonic() - began:.0f} s\n")
    OUTPUT.parent.mkdir(exist_ok=True)
    OUTPUT.write_text("".join(f"{result.as_json()}\n" for result in results), encoding="utf-8")
    sys.stdout.write(f"{table(results)}\n")


if __name__ == "__main__":
    main()
