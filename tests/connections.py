"""Connections to PostgreSQL that a test is done with, kept for the next test that uses the same database.

A new process of the server has to read the catalogue before it plans its first statements, which takes longer
than most tests. A running bot has its connections for hours.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus

AT_MOST = 4
"""How many that were opened alike wait: the server takes a hundred in all."""


class Idle:
    """The connections that wait, by what they were opened with."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: set[str] = set()
        self._idle: dict[str, list[Kept]] = {}

    def keep(self, database: str) -> None:
        """Keep connections to this database, from now on."""
        self._kept.add(database)

    def forget(self, database: str) -> None:
        """Close those to this database, and keep none any more."""
        self._kept.discard(database)
        with self._lock:
            closing = [
                self._idle.pop(key)
                for key, (first, *_) in [*self._idle.items()]
                if first.info.dbname == database
            ]
        for connections in closing:
            for connection in connections:
                connection.really_close()

    def processes(self, database: str) -> list[int]:
        """The server's processes whose connections to this database wait."""
        with self._lock:
            return [
                connection.info.backend_pid
                for connections in self._idle.values()
                for connection in connections
                if connection.info.dbname == database
            ]

    def park(self, connection: Kept) -> bool:
        """Keep a connection; False if it is of no more use."""
        if connection.broken or connection.info.dbname not in self._kept:
            return False
        if connection.info.transaction_status is not TransactionStatus.IDLE:
            connection.rollback()
        with self._lock:
            idle = self._idle.setdefault(connection.opened_with, [])
            if len(idle) >= AT_MOST:
                return False
            idle.append(connection)
        return True

    def take(self, opened_with: str) -> Kept | None:
        """A connection that was opened like this, as if it were new."""
        while True:
            with self._lock:
                idle = self._idle.get(opened_with)
                if not idle:
                    self._idle.pop(opened_with, None)
                    return None
                connection = idle.pop()
                if not idle:
                    del self._idle[opened_with]
            try:
                connection.autocommit = True
                connection.execute("RESET ALL")
                connection.autocommit = False
            except psycopg.Error:  # the server ended it meanwhile
                connection.really_close()
                continue
            connection.prepare_threshold = 5
            return connection


IDLE = Idle()
"""Those of this process."""


class Kept(psycopg.Connection[Any]):
    """A connection that waits for the next test when it is closed."""

    opened_with = ""

    def close(self) -> None:
        """Hand the connection back."""
        if self.closed or not IDLE.park(self):
            self.really_close()

    def really_close(self) -> None:
        super().close()


def connecting(new: Callable[..., Any] = Kept.connect) -> Callable[..., Any]:
    """What stands in the place of `psycopg.connect`."""

    def connect(*arguments: Any, **parameters: Any) -> Any:
        plain = {name: value for name, value in parameters.items() if name != "context"}
        opened_with = repr((arguments, sorted(plain.items())))
        connection = IDLE.take(opened_with)
        if connection is None:
            connection = new(*arguments, **parameters)
            connection.opened_with = opened_with
        return connection

    return connect
