"""Makes files and folders that only their owner may read, whatever the umask is: they hold people's data."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

FILE_MODE = 0o600
FOLDER_MODE = 0o700


def make_folder(path: Path) -> None:
    """Make the folder, and those above it that are missing, with mode 0700; one that exists keeps its mode.

    Raises OSError.
    """
    for folder in reversed([path, *path.parents]):
        if folder.is_dir():
            continue
        with contextlib.suppress(FileExistsError):
            folder.mkdir(mode=FOLDER_MODE)
            folder.chmod(FOLDER_MODE)  # the umask may have taken some of it
    if not path.is_dir():
        raise FileExistsError(f"{path} is not a folder")


def make_file(path: Path) -> None:
    """Make an empty file with mode 0600. Raises FileExistsError if there is one, OSError if it can't be made."""
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, FILE_MODE)
    try:
        os.chmod(path, FILE_MODE)
    finally:
        os.close(descriptor)


def make_database(path: Path) -> None:
    """Make an empty file for an SQLite database, or take an existing one from everybody but its owner.

    SQLite gives the files beside it (-wal, -shm) the same mode. Nothing is opened that exists: a process that
    closes a database file loses SQLite's locks on it. Whoever opens the database reports what fails here.
    """
    with contextlib.suppress(OSError):
        if not path.exists():
            make_file(path)
    for suffix in ("", "-wal", "-shm"):
        with contextlib.suppress(OSError):
            beside = Path(f"{path}{suffix}")
            mode = beside.stat().st_mode & 0o777
            if mode & 0o077:
                beside.chmod(mode & FOLDER_MODE)
