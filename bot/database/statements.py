"""Runs Core statements inside a session's transaction, and collects signals to send after its commit."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, select

from bot.database.prepared import prepared

T = TypeVar("T", bound=SQLModel)


def rows(session: Session, statement: sa.Executable, **parameters: Any) -> list[tuple[Any, ...]]:
    """Execute a Core statement inside the session's transaction as `run` does, and return its rows as tuples."""
    session.flush()
    connection, given = session.connection(), padded(parameters)
    ready = prepared(connection, statement, given)
    if ready is not None:
        return ready.rows(connection, given)
    return [tuple(row) for row in connection.execute(statement, given)]


def run(session: Session, statement: sa.Executable, **parameters: Any) -> sa.CursorResult[Any]:
    """Execute a Core statement inside the session's transaction, after flushing the session's pending changes."""
    session.flush()
    return session.connection().execute(statement, padded(parameters))


def padded(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters with every list extended to a power of two by repeating its last value.

    `IN (…)` with a list of another length is another statement, which the database has to plan again.
    """
    return {
        name: _padded(value) if isinstance(value, list) and len(value) > 2 else value
        for name, value in parameters.items()
    }


def _padded(values: list[Any]) -> list[Any]:
    missing = (1 << (len(values) - 1).bit_length()) - len(values)
    return values + values[-1:] * missing


def any_of(name: str) -> sa.BindParameter[Any]:
    """Return a list parameter for `column.in_(…)` in a statement that is built only once.

    Building a statement again would take as long as running it.
    """
    return sa.bindparam(name, expanding=True)


def among(
    column: Any, only: Collection[int] | None, without: Collection[int]
) -> tuple[sa.ColumnElement[bool], ...]:
    """Return the conditions that a row is one of `only`, if that is given, and none of `without`."""
    chosen = () if only is None else (column.in_(only),)
    return (*chosen, column.not_in(without)) if without else chosen


def lock_due(
    session: Session,
    model: type[T],
    is_due: sa.ColumnElement[bool],
    *,
    by: Any,
    limit: int,
    now: datetime,
    only: Collection[int] | None = None,
    without: Collection[int] = (),
    key_share: bool = False,
) -> Sequence[T]:
    """Lock and return the rows that are due, at most `limit`, in the order of `by`; what others lock is left out.

    `is_due` has the parameter `now`; `only` and `without` narrow the rows down as in `among`. With `key_share`
    other transactions may still refer to a row that is locked here.
    """
    key = columns(model).id
    return session.exec(
        select(model)
        .where(is_due, *among(key, only, without))
        .order_by(by, key)
        .limit(limit)
        .with_for_update(skip_locked=True, key_share=key_share),
        params={"now": now},
    ).all()


def table(model: type[SQLModel]) -> sa.Table:
    """Return the model's table, for Core statements."""
    found: sa.Table = model.__table__  # type: ignore[attr-defined]
    return found


def columns(model: type[SQLModel]) -> Any:
    """Return the columns of the model's table, for Core statements."""
    return table(model).c


def signal(session: Session, name: str) -> None:
    """Have the subscribers of `name` called once the session's work is committed."""
    session.info.setdefault("signals", set()).add(name)


def signals_of(session: Session) -> frozenset[str]:
    """Return the names that `signal` was called with in this session."""
    return frozenset(session.info.get("signals", ()))
