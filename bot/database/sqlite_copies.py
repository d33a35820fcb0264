"""Copies an SQLite database while others write to it; the copy is checked, and complete or not there at all."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from bot import private_files


def copy_database(source: Path, target: Path) -> str:
    """Copy the database to `target`, whose folder must exist, and return the revision of its schema.

    The copy shows the database at one moment, with what lies in its write-ahead log, and no writer has to wait. It
    is a single file that only its owner may read. Raises FileExistsError if there is something at `target`,
    OSError if it can't be written, and sqlite3.Error if the database can't be copied or the copy is not sound.
    """
    with _part_of(target) as part:
        revision = _copy(source, part)
        # A link is used, not a rename, because it fails if another process created the file meanwhile.
        os.link(part, target)
    _sync(target.parent)
    return revision


@contextlib.contextmanager
def _part_of(target: Path) -> Iterator[Path]:
    """Create a file beside `target` that only its owner may read, and delete it at the end."""
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    private_files.make_file(part)
    try:
        yield part
    finally:
        for suffix in ("", "-journal", "-wal", "-shm"):
            Path(f"{part}{suffix}").unlink(missing_ok=True)


def _copy(source: Path, part: Path) -> str:
    """Copy and check the database, force it to the disk, and return the schema's revision."""
    with (
        contextlib.closing(
            sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)
        ) as original,
        contextlib.closing(sqlite3.connect(part)) as copy,
    ):
        original.backup(copy)  # one step: writers continue, and the copy shows the moment it began
        copy.execute("PRAGMA journal_mode=DELETE")  # leaves a single file without a WAL beside it
        ((verdict,),) = copy.execute("PRAGMA integrity_check(1)").fetchall()
        if verdict != "ok":
            raise sqlite3.DatabaseError(verdict)
        ((revision,),) = copy.execute("SELECT version_num FROM alembic_version").fetchall()
    _sync(part)
    return str(revision)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
