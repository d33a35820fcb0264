"""Reads the database's address, and makes engines whose transactions begin in the right way."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError

from bot import private_files
from bot.database import postgresql
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


def create_engine(url: URL, *, writes: bool, pool_size: int = 4, pooler: str = "auto") -> Engine:
    """Return an engine: on SQLite, writers begin with BEGIN IMMEDIATE; on PostgreSQL, transactions use UTC.

    `pooler` is one of `postgresql.POOLERS`.
    """
    if url.get_backend_name() == "postgresql":
        return postgresql.create_engine(url, pool_size=pool_size, pooler=pooler)
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
                _use_write_ahead_log(cursor)
                # What a row held before it was changed is overwritten too: it may be of somebody who is deleted.
                cursor.execute("PRAGMA secure_delete=FAST")
            cursor.execute("PRAGMA synchronous=FULL")
            cursor.execute("PRAGMA foreign_keys=ON")
            cursor.execute(f"PRAGMA query_only={'OFF' if writes else 'ON'}")
        finally:
            cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _use_write_ahead_log(cursor: sqlite3.Cursor) -> None:
    """Have readers and the writer work side by side, once a process that writes to a new file has finished.

    SQLite refuses this at once while another connection may write, however long it waits for locks otherwise:
    both could wait for each other (seen on SQLite 3.40).
    """
    refused_from = time.monotonic() + SQLITE_BUSY_TIMEOUT_MS / 1_000
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() >= refused_from:
                raise
            time.sleep(0.01)
        else:
            return
