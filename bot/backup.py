"""Copies an SQLite database while the bot is running; the copy is checked, and complete or not there at all."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot import private_files
from bot.database import parse_url
from bot.problems import BackupProblem

PG_DUMP = (
    "DATABASE_URL names PostgreSQL: back it up with its own pg_dump, "
    "such as pg_dump --format=custom --file=basecoach.dump basecoach."
)


@dataclass(frozen=True)
class Backup:
    """The facts about a finished copy."""

    path: Path
    size: int
    revision: str


def back_up(database_url: str, target: Path) -> Backup:
    """Copy the database to `target`, which must not exist yet.

    The copy shows the database at one moment, even if the bot writes meanwhile, and no writer has to wait. It is a
    single file that only its owner may read, and so is its folder if it is made for it (the one above must exist).
    Raises BackupProblem, or DatabaseProblem for an invalid address.
    """
    url = parse_url(database_url)
    if url.get_backend_name() != "sqlite":
        raise BackupProblem(PG_DUMP)
    source = Path(url.database or "")
    if not source.is_file():
        raise BackupProblem(f"There is no database {source} to back up. Check DATABASE_URL.")
    if os.path.lexists(target):
        raise BackupProblem(f"{target} is there already. Name a new file: backups never overwrite.")
    if not target.absolute().parent.parent.is_dir():
        raise BackupProblem(f"There is no folder {target.parent.parent}. Make it first.")
    try:
        private_files.make_folder(target.parent)
        with _part_of(target) as part:
            revision = _copy(source, part)
            # A link is used, not a rename, because it fails if another process created the file meanwhile.
            os.link(part, target)
    except FileExistsError as error:
        if not target.parent.is_dir():
            raise BackupProblem(f"{target.parent} is not a folder. Name another.") from error
        raise BackupProblem(f"{target} came into being meanwhile. Name a new file.") from error
    except OSError as error:
        raise BackupProblem(f"{target} can't be written ({error.strerror}).") from error
    except sqlite3.Error as error:
        raise BackupProblem(
            f"{source} could not be copied ({error}). Check that it is Basecoach's database and "
            f"that there is room for the copy in {target.parent}."
        ) from error
    _sync(target.parent)
    return Backup(path=target, size=target.stat().st_size, revision=revision)


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
