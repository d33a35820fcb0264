"""Shows how the database runs the statements of a use case, so that a test can hold them to their indexes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import event
from sqlmodel import Session

from bot.database import Database


def plans_of(database: Database, use_case: Callable[..., object], **given: Any) -> dict[str, str]:
    """Run the use case; return, by its text, the plan of each statement that reads or changes rows of a table.

    A plan has a line for each step, in the words of the database.
    """
    executed: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        executed.append((statement, parameters))

    def explain(session: Session) -> dict[str, str]:
        connection = session.connection()
        how = "EXPLAIN QUERY PLAN" if database.is_sqlite else "EXPLAIN (COSTS OFF)"
        plans = {}
        for statement, parameters in dict(executed_once(executed)).items():
            found = connection.exec_driver_sql(f"{how} {statement}", parameters).all()
            plans[statement] = "\n".join(row[-1] for row in found)
        return plans

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        database.write_now(use_case, **given)
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
    return database.write_now(explain)


def executed_once(executed: list[tuple[str, Any]]) -> Iterator[tuple[str, Any]]:
    """Leave out what has no plan (BEGIN), and give one example of what is executed for many rows."""
    for statement, parameters in executed:
        if statement.split()[0] in {"SELECT", "UPDATE", "INSERT", "DELETE", "WITH"}:
            yield statement, parameters[0] if isinstance(parameters, list) else parameters
