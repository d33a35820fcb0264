"""Work in forked processes, a few at a time: each is ended with everything that it started."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

MEMORY = 8 << 30
"""How many bytes of address space a forked process may have: a loop without an end must not take the machine."""
PAUSE = 0.005
"""Seconds between two looks at the processes."""

KILLED, SURVIVED, BROKEN = "killed", "survived", "broken"
_CODES = {0: SURVIVED, 1: KILLED}


@dataclass(frozen=True)
class Piece:
    """One mutant to try."""

    number: int
    fails: Callable[[], bool]
    """Whether a test fails; called in the forked process."""
    seconds: float
    """After that long it counts as failed: a mutant that never ends is noticed, too."""


@dataclass
class _Running:
    piece: Piece
    until: float


def run(
    pieces: Iterable[Piece], *, jobs: int, until: float, log: Path
) -> Iterator[tuple[int, str]]:
    """Each piece's number and outcome: killed, survived, or broken when the runner itself failed.

    No piece is begun after `until`, by the monotonic clock. What the processes print goes to `log`.
    """
    running: dict[int, _Running] = {}
    waiting = iter(pieces)
    more = True
    try:
        while more or running:
            while more and len(running) < jobs:
                piece = next(waiting, None)
                if piece is None or time.monotonic() > until:
                    more = False
                    break
                running[_fork(piece, log)] = _Running(piece, time.monotonic() + piece.seconds)
            for process in list(running):
                outcome = _outcome(process, running[process])
                if outcome is not None:
                    yield running.pop(process).piece.number, outcome
            time.sleep(PAUSE)
    finally:
        for process in running:
            _end(process)
            os.waitpid(process, 0)


def _fork(piece: Piece, log: Path) -> int:
    process = os.fork()
    if process:
        with contextlib.suppress(OSError):  # whoever of the two comes first
            os.setpgid(process, process)
        return process
    code = 2
    try:
        os.setpgid(0, 0)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.dup2(output, 1)
        os.dup2(output, 2)
        code = 1 if piece.fails() else 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def _outcome(process: int, running: _Running) -> str | None:
    ended, status = os.waitpid(process, os.WNOHANG)
    if ended:
        _end(process)  # what it left behind
        return _CODES.get(os.WEXITSTATUS(status), BROKEN) if os.WIFEXITED(status) else KILLED
    if time.monotonic() > running.until:
        _end(process)
        os.waitpid(process, 0)
        return KILLED
    return None


def _end(process: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process, signal.SIGKILL)
