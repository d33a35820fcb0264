"""Where the files of a test run lie: in memory, if the machine has room there.

A run makes thousands of small databases, and no test is about the disk.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")  # noqa: S108 - the folder made in it belongs to this process alone
PREFIX = "basecoach-tests-"
ENOUGH = 4_000_000_000
"""Bytes that must be free; a run needs about a quarter of them."""


def move_into_memory() -> Path | None:
    """Have this process and those that it starts keep temporary files in memory.

    Returns the folder, for `leave_memory`. Returns None and changes nothing where TMPDIR names a folder
    already, or where there is no room.
    """
    if "TMPDIR" in os.environ or not os.access(MEMORY, os.W_OK):
        return None
    _remove_what_killed_runs_left()
    if shutil.disk_usage(MEMORY).free < ENOUGH:
        return None
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=MEMORY))
    folder.chmod(0o755)  # PostgreSQL runs as a user of its own if the tests run as root
    os.environ["TMPDIR"] = str(folder)
    tempfile.tempdir = None  # so that it is looked up again
    return folder


def leave_memory(folder: Path) -> None:
    """Remove the folder and everything in it."""
    os.environ.pop("TMPDIR", None)
    tempfile.tempdir = None
    shutil.rmtree(folder, ignore_errors=True)


def _remove_what_killed_runs_left() -> None:
    for folder in MEMORY.glob(f"{PREFIX}*"):
        owner = folder.name.removeprefix(PREFIX).partition("-")[0]
        if not Path("/proc", owner).exists():
            shutil.rmtree(folder, ignore_errors=True)
