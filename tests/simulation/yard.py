"""What the runs of one machine process share."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from bot import migrations
from bot.database import Database
from tests.simulation.replicas import Engines


class Yard:
    """What the runs of one machine process share: a migrated database to copy, and the engines."""

    def __init__(self) -> None:
        shm = Path("/dev/shm")  # noqa: S108 - a folder in memory, where there is one
        self._folder = tempfile.TemporaryDirectory(
            prefix="basecoach-simulation-", dir=shm if shm.is_dir() else None
        )
        self.path = Path(self._folder.name) / "world.db"
        self._template = Path(self._folder.name) / "template.db"
        database = Database(f"sqlite:///{self._template}")
        migrations.upgrade(database)
        database.close()
        self.engines = Engines()

    @property
    def url(self) -> str:
        return f"sqlite:///{self.path}"

    def clear(self) -> None:
        """An empty, migrated database in the place of the last run's."""
        self.engines.dispose()
        for leftover in self.path.parent.glob("world.db*"):
            leftover.unlink()
        shutil.copy(self._template, self.path)
        self.engines.after_commit.clear()

    def close(self) -> None:
        self.engines.dispose()
        self._folder.cleanup()
