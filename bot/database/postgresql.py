"""Makes engines for PostgreSQL, and sees to it that every transaction has its time limits, behind a pooler too.

A pooler (PgBouncer in transaction mode, and others like it) gives each transaction whatever connection to the
server is free. What a session keeps there, the next transaction doesn't find: prepared statements, and the
settings of the start-up packet, which most poolers refuse or drop. So behind a pooler nothing is prepared on the
server, and every transaction begins by setting its own limits.

A pooler is found by what it can't hide: it refuses the start-up settings, it loses them, or the process that the
server announced is not the one that works. BASECOACH_DATABASE_POOLER=yes is for a pooler that hides all of that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL, Connection, Engine

from bot.problems import DatabaseProblem

if TYPE_CHECKING:
    import psycopg

POOLERS = ("auto", "yes")
"""What is known about a pooler: nothing, so that each connection is looked at, or that there is one."""

LIMITS: Mapping[str, str] = {
    "statement_timeout": "10s",
    "lock_timeout": "5s",
    "idle_in_transaction_session_timeout": "30s",
}
"""The time limits of every transaction, as `current_setting` writes them."""

SETTINGS = {"timezone": "UTC", **LIMITS}
STARTUP_OPTIONS = " ".join(f"-c {name}={value}" for name, value in SETTINGS.items())
BEGIN = "; ".join(["BEGIN", *(f"SET LOCAL {name} = '{value}'" for name, value in SETTINGS.items())])
"""How a transaction begins behind a pooler: in one message, as long a way as a BEGIN alone."""

REFUSED_OPTIONS = ("startup parameter", "command-line options")
"""The words with which PgBouncer and Amazon's RDS Proxy refuse start-up settings."""

POOLED = "pooled"
"""The key, in a connection's `info`, of whether a pooler stands before the server."""


@dataclass(frozen=True)
class TransactionSettings:
    """Whether a pooler stands before the server, and the time limits that a transaction has, by their names."""

    pooled: bool
    limits: Mapping[str, str]


def create_engine(url: URL, *, pool_size: int, pooler: str = "auto") -> Engine:
    """Return an engine whose transactions use UTC and have LIMITS; `pooler` is one of POOLERS.

    A connection to a database that is not UTF-8 ends with a DatabaseProblem.
    """
    engine = sa.create_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=5,
        pool_pre_ping=True,
        hide_parameters=True,  # keeps texts of people out of tracebacks
        # The server's own choice, or one of the environment's, may be an encoding that lacks letters.
        connect_args={"connect_timeout": 5, "client_encoding": "UTF8"},
    )
    event.listen(engine, "do_connect", _Connector(found=pooler == "yes"))
    event.listen(engine, "begin", _begin)
    return engine


def transaction_settings(engine: Engine) -> TransactionSettings:
    """Return the facts about a transaction that begins now."""
    with engine.connect() as connection:
        values = connection.execute(
            sa.select(*(sa.func.current_setting(name).label(name) for name in LIMITS))
        ).one()
        return TransactionSettings(bool(connection.info.get(POOLED)), dict(values._mapping))


class _Connector:
    """Makes an engine's connections. Once it has found a pooler, it looks for none any more."""

    def __init__(self, *, found: bool) -> None:
        self._found = found

    def __call__(
        self, dialect: sa.Dialect, record: Any, arguments: Any, parameters: dict[str, Any]
    ) -> psycopg.Connection:
        connection: psycopg.Connection = self._connected(dialect, arguments, parameters)
        try:
            _require_utf8(connection)
            self._found = self._found or _is_pooled(connection)
        except BaseException:
            connection.close()
            raise
        if self._found:
            connection.prepare_threshold = None
        # Behind a pooler the driver sends no BEGIN: ours does more.
        connection.autocommit = self._found
        record.info[POOLED] = self._found
        return connection

    def _connected(self, dialect: sa.Dialect, arguments: Any, parameters: dict[str, Any]) -> Any:
        if not self._found:
            # Ours come last, so they hold where DATABASE_URL has options of its own.
            options = f"{parameters.get('options', '')} {STARTUP_OPTIONS}"
            try:
                return dialect.connect(*arguments, **{**parameters, "options": options})
            except dialect.loaded_dbapi.OperationalError as error:
                if not any(words in str(error) for words in REFUSED_OPTIONS):
                    raise
            self._found = True
        return dialect.connect(*arguments, **parameters)


def _require_utf8(connection: psycopg.Connection) -> None:
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        name = connection.info.dbname
        raise DatabaseProblem(
            f"The database {name} has the encoding {encoding}, which does not hold every name and text. "
            f"Make one that is UTF-8 (createdb --encoding=UTF8 --template=template0 {name}_utf8) and name "
            "it in DATABASE_URL."
        )


def _is_pooled(connection: psycopg.Connection) -> bool:
    """Return whether the start-up settings were lost, or another process works than the one that was announced."""
    connection.autocommit = True
    row = connection.execute(
        "SELECT pg_backend_pid(), current_setting('statement_timeout')"
    ).fetchone()
    return row != (connection.info.backend_pid, LIMITS["statement_timeout"])


def _begin(connection: Connection) -> None:
    if connection.info.get(POOLED):
        connection.exec_driver_sql(BEGIN)
