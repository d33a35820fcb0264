"""Reads the database's address, and makes engines whose transactions begin in the right way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError

from bot import private_files
from bot.problems import DatabaseProblem

SQLITE_BUSY_TIMEOUT_MS = 5_000
"""How long a second process waits for the SQLite write lock."""


def parse_url(text: str) -> URL:
    """Read a `DATABASE_URL`; raises DatabaseProblem naming what is supported."""
    try:
        url = make_url(text)
    except ArgumentError:
        raise DatabaseProblem(
            "DATABASE_URL is not a database address. Use sqlite:///data/basecoach.db or "
            "postgresql://user:password@host/database."
        ) from None
    if url.drivername in {"postgres", "postgresql", "postgresql+psycopg"}:
        return url.set(drivername="postgresql+psycopg")
    if url.drivername in {"sqlite", "sqlite+pysqlite"}:
        if not url.database or url.database == ":memory:":
            raise DatabaseProblem(
                "DATABASE_URL names no SQLite file. Use sqlite:///data/basecoach.db."
            )
        return url.set(drivername="sqlite+pysqlite")
    raise DatabaseProblem(
        f"DATABASE_URL starts with {url.drivername}, which Basecoach does not speak. "
        "Use sqlite:///… or postgresql://…."
    )


def create_engine(url: URL, *, writes: bool, pool_size: int = 4) -> Engine:
    """Return an engine: on SQLite, writers begin with BEGIN IMMEDIATE; on PostgreSQL, sessions use UTC."""
    if url.get_backend_name() == "postgresql":
        return sa.create_engine(
            url,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=5,
            pool_pre_ping=True,
            hide_parameters=True,  # keeps texts of people out of tracebacks
            connect_args={
                "connect_timeout": 5,
                "options": "-c timezone=UTC -c statement_timeout=10000 -c lock_timeout=5000"
                " -c idle_in_transaction_session_timeout=30000",
            },
        )
    path = Path(url.database or "")
    if not path.exists() and not path.parent.exists():
        try:
            private_files.make_folder(path.parent)
        except OSError as error:
            raise DatabaseProblem(
                f"The folder of the database, {path.parent}, can't be made: {error.strerror}."
            ) from error
    if writes:
        private_files.make_database(path)
    engine = sa.create_engine(
        url,
        poolclass=sa.pool.QueuePool,
        pool_size=pool_size,
        max_overflow=0,
        hide_parameters=True,
        connect_args={"check_same_thread": False, "timeout": SQLITE_BUSY_TIMEOUT_MS / 1000},
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # our own BEGIN starts transactions, not the driver
        cursor = connection.cursor()
        try:
            if writes:
                cursor.execute("PRAGMA journal_mode=WAL")
            cursor.execute("PRAGMA synchronous=FULL")
            cursor.execute("PRAGMA foreign_keys=ON")
            cursor.execute(f"PRAGMA query_only={'OFF' if writes else 'ON'}")
        finally:
            cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def check(engine: Engine) -> None:
    """Open the database once and, on SQLite, write to it.

    Raises DatabaseProblem, whose text is for the operator.
    """
    url = engine.url
    is_sqlite = url.get_backend_name() == "sqlite"
    try:
        with engine.begin() as connection:
            if is_sqlite:
                connection.exec_driver_sql("SELECT count(*) FROM sqlite_master")
                connection.exec_driver_sql("CREATE TABLE _writable (x)")
                connection.exec_driver_sql("DROP TABLE _writable")
            else:
                connection.exec_driver_sql("SELECT 1")
    except OperationalError as error:
        if is_sqlite and "readonly" in str(error.orig):
            raise DatabaseProblem(
                f"The database {url.database} is read-only. "
                "Make the file and its folder writable for the user that runs Basecoach."
            ) from error
        if is_sqlite:
            raise DatabaseProblem(
                f"The database {url.database} can't be opened ({error.orig}). "
                "Check that DATABASE_URL names a file in a folder that Basecoach may write to."
            ) from error
        name = url.render_as_string(hide_password=True)
        raise DatabaseProblem(
            f"PostgreSQL does not answer at {name}. Check DATABASE_URL and that the server is up."
        ) from error
    except DatabaseError as error:
        raise DatabaseProblem(
            f"{url.database} is not an SQLite database. "
            "Point DATABASE_URL at another file, or restore this one from a backup."
        ) from error
