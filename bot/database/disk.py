"""Measures the room that is left on the disk of an SQLite database. PostgreSQL's disk is its server's business."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import URL

LITTLE = 100_000_000
"""With less room than this, in bytes, a disk counts as nearly full."""


@dataclass(frozen=True)
class Disk:
    """What is left on the database's disk for the bot's user, and what the database takes, both in bytes."""

    free: int
    database: int

    @property
    def is_nearly_full(self) -> bool:
        """Return whether there is little room, or none for a copy of the database (a backup, a migration)."""
        return self.free < max(LITTLE, self.database)


def disk_of(url: URL) -> Disk | None:
    """Measure; return None for PostgreSQL, and where the folder can't be read."""
    if url.get_backend_name() != "sqlite":
        return None
    path = Path(url.database or "")
    try:
        files = [Path(f"{path}{suffix}") for suffix in ("", "-wal")]
        taken = sum(file.stat().st_size for file in files if file.exists())
        return Disk(free=shutil.disk_usage(path.absolute().parent).free, database=taken)
    except OSError:
        return None
