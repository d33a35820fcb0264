"""One memory of compiled statements for all tests of a worker.

An engine compiles each statement once and remembers it. A running bot has one engine for months, while
every test has engines of its own, which would compile everything anew: a third of a test's time.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy import event


class Statements(dict[tuple[Any, ...], Any]):
    """Compiled statements, by the key that SQLAlchemy looks them up with.

    The key begins with the engine's dialect. Here its name stands for it, because the engines of
    one kind of database are all made alike.
    """

    def get(self, key: tuple[Any, ...], default: Any = None) -> Any:
        return super().get(self._shared(key), default)

    def __setitem__(self, key: tuple[Any, ...], compiled: Any) -> None:
        super().__setitem__(self._shared(key), compiled)

    @staticmethod
    def _shared(key: tuple[Any, ...]) -> tuple[Any, ...]:
        dialect, *rest = key
        return (dialect.name, *rest)


def share_statements() -> None:
    """Let every engine that this process makes remember its statements in one place."""
    statements = Statements()

    @event.listens_for(sa.Engine, "engine_connect")
    def remember(connection: sa.Connection) -> None:
        connection.execution_options(compiled_cache=statements)
