"""Other processes of the bench: started as modules, each saying on its first line where it listens."""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator


def pin(core: int) -> None:
    """Keep this process on one core, where there is more than one and the system can."""
    if hasattr(os, "sched_setaffinity"):
        cores = sorted(os.sched_getaffinity(0))
        if len(cores) > core:
            os.sched_setaffinity(0, {cores[core]})


@contextlib.contextmanager
def started(module: str, *arguments: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A module that runs until the `with` block ends; gives its first line, and the process."""
    command = [sys.executable, "-m", module, *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True)  # noqa: S603
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


async def come_to_rest(pid: int, *, quiet: float = 0.4, patience: float = 60.0) -> None:
    """Wait until the process does next to nothing any more."""
    for _ in range(int(patience / quiet)):
        before = cpu_seconds(pid)
        await asyncio.sleep(quiet)
        if cpu_seconds(pid) - before < quiet / 20:
            return


def resident_mb(pid: int) -> float:
    """What the process holds in memory."""
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        line = next(line for line in status if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024
