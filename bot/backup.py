"""Makes a backup of an SQLite database while the bot is running, and says in a sentence why none was made."""

from __future__ import annotations

import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from bot import private_files
from bot.database import copy_database, parse_url
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
        revision = copy_database(source, target)
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
    return Backup(path=target, size=target.stat().st_size, revision=revision)
