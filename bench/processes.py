"""Other processes of the bench: started as modules, each saying on its first line where it listens."""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator

from bench.builds import Build


def pin(core: int) -> None:
    """Keep this process on one core, where there is more than one and the system can."""
    if hasattr(os, "sched_setaffinity"):
        cores = sorted(os.sched_getaffinity(0))
        if len(cores) > core:
            os.sched_setaffinity(0, {cores[core]})


@contextlib.contextmanager
def started(
    module: str, *arguments: str, build: Build | None = None
) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A module that runs until the `with` block ends; gives its first line, and the process.

    With a `build` the module runs inside of it.
    """
    process = subprocess.Popen(  # noqa: S603
        build.command(module, *arguments) if build else [sys.executable, "-m", module, *arguments],
        stdout=subprocess.PIPE,
        stdin=subprocess.PIPE,
        text=True,
        cwd=build.folder if build else None,
        env=build.environment() if build else None,
    )
    try:
        assert process.stdout is not None  # noqa: S101
        line = process.stdout.readline().strip()
        if not line:
            raise RuntimeError(f"{module} {' '.join(arguments)} did not start")
        yield line, process
    finally:
        process.terminate()
        process.wait(timeout=20)
        for stream in (process.stdout, process.stdin):
            if stream is not None:
                stream.close()


def cpu_seconds(pid: int) -> float:
    """The processor time that the process has taken, all its threads together."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
        facts = stat.read().rpartition(")")[2].split()
    return (int(facts[11]) + int(facts[12])) / os.sysconf("SC_CLK_TCK")


async def come_to_rest(pid: int, *, quiet: float = 0.4, patience: float = 120.0) -> float:
    """Wait until the process does nothing for `quiet` seconds; return when it did something last."""
    step = 0.05
    last = time.perf_counter()
    until, before = last + patience, cpu_seconds(pid)
    while (now := time.perf_counter()) < min(last + quiet, until):
        await asyncio.sleep(step)
        after = cpu_seconds(pid)
        if after > before:
            last, before = now + step, after
    return last


async def told(process: subprocess.Popen[str], line: str) -> str:
    """Write a line to the process, and return the one that it answers with."""
    assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018
    process.stdin.write(f"{line}\n")
    process.stdin.flush()
    answer = await asyncio.to_thread(process.stdout.readline)
    if not answer:
        raise RuntimeError(f"the process ended at {line}")
    return answer.strip()


def resident_mb(pid: int) -> float:
    """What the process holds in memory."""
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        line = next(line for line in status if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024
