"""What many tests begin with is put together once, and its rows are copied into each test's database.

Seeding goes through the use cases, which takes far longer than most tests that need its outcome. Only the
first test of a worker pays for that; the others get the same rows, ids included.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Concatenate, NamedTuple, ParamSpec, TypeVar

import sqlalchemy as sa
from sqlmodel import Session, SQLModel

from bot.database import Database

if TYPE_CHECKING:
    import psycopg

T = TypeVar("T")
P = ParamSpec("P")

TAKEN = """
SELECT quote_literal(schemaname || '.' || sequencename), last_value FROM pg_sequences
WHERE last_value IS NOT NULL
"""


class Seed(NamedTuple):
    """What a seeding left behind."""

    outcome: Any
    rows: dict[str, Any]
    """By the table's name, in an order in which they can be inserted, in the driver's own form."""
    taken: list[tuple[str, int]]
    """The last id that each sequence of PostgreSQL gave."""


class Seeds(dict[tuple[object, ...], Seed]):
    """The seeds of this worker, by what was called for which kind of database."""


SEEDS = Seeds()


def seed_once(
    database: Database,
    use_case: Callable[Concatenate[Session, P], T],
    *args: P.args,
    **given: P.kwargs,
) -> T:
    """Do what `database.write_now(use_case, …)` does, from the second time on by copying the rows of the first.

    The outcome is that of the first time, so it must be a value that nobody changes. A database that holds a
    workspace already is written to by the use case itself. Raises ValueError for a nested function: what it sees
    of its surroundings can differ from call to call.
    """
    if "<locals>" in use_case.__qualname__:
        raise ValueError(
            "What a nested function sees can differ: seed with one of a module or class."
        )
    if database.read_now(_has_workspace):
        return database.write_now(use_case, *args, **given)
    owner = getattr(use_case, "__self__", None)
    key = (database.is_sqlite, _named(use_case), type(owner), repr(args), repr(given))
    if (seed := SEEDS.get(key)) is None:
        outcome = database.write_now(use_case, *args, **given)
        SEEDS[key] = database.read_now(_gathered, outcome)
        return outcome
    database.write_now(_planted, seed)
    found: T = seed.outcome
    return found


def reach_once(database: Database, steps: Callable[P, T], *args: P.args, **given: P.kwargs) -> T:
    """Do `steps(…)`, which may take many transactions; from the second time on put the rows that it led to there.

    That holds for a database that held the very same rows before; from other rows the steps are taken anew. What
    they return is copied, so that a test may change its own. They may not depend on anything but those rows and
    what is given, and nothing but the rows and the outcome remains of them: a subscriber is told only where they
    are taken. Raises ValueError for a nested function, as `seed_once` does.
    """
    if "<locals>" in steps.__qualname__:
        raise ValueError("What a nested function sees can differ: take the steps of a method.")
    before = database.read_now(_gathered, None)
    owner = type(getattr(steps, "__self__", None))
    key = (database.is_sqlite, _named(steps), owner, repr(args), repr(given), *_content(before))
    if (seed := SEEDS.get(key)) is None:
        outcome = steps(*args, **given)
        SEEDS[key] = database.read_now(_gathered, copy.deepcopy(outcome))
        return outcome
    database.write_now(_replaced, before, seed)
    found: T = copy.deepcopy(seed.outcome)
    return found


def _content(seed: Seed) -> list[str]:
    """What the tables hold, in whatever order: PostgreSQL gives rows as they happen to stand in its files."""
    rows = {
        name: sorted(map(repr, found.splitlines() if isinstance(found, bytes) else found))
        for name, found in seed.rows.items()
    }
    return [repr(rows), repr(sorted(seed.taken))]


def _named(use_case: Callable[..., object]) -> tuple[str, str]:
    return use_case.__module__, use_case.__qualname__


def _has_workspace(session: Session) -> bool:
    found = session.connection().exec_driver_sql("SELECT EXISTS (SELECT 1 FROM workspace)")
    return bool(found.scalar_one())


def _gathered(session: Session, outcome: object) -> Seed:
    connection = session.connection()
    tables = [table.name for table in SQLModel.metadata.sorted_tables]
    # Most tables are empty, and one statement tells which.
    each = (f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name in tables)  # noqa: S608
    filled = set(connection.exec_driver_sql(" UNION ALL ".join(each)).scalars())
    tables = [name for name in tables if name in filled]
    if connection.dialect.name == "sqlite":
        every = {
            name: [
                tuple(row)
                for row in connection.exec_driver_sql(f"SELECT * FROM {name}")  # noqa: S608
            ]
            for name in tables
        }
        return Seed(outcome, every, [])
    taken = [(str(name), int(last)) for name, last in connection.exec_driver_sql(TAKEN)]
    return Seed(outcome, {name: _copied(connection, name) for name in tables}, taken)


def _copied(connection: sa.Connection, name: str) -> bytes:
    with _driver(connection).cursor() as cursor, cursor.copy(f"COPY {name} TO STDOUT") as copy:  # type: ignore[arg-type]
        return b"".join(bytes(part) for part in copy)


def _replaced(session: Session, before: Seed, seed: Seed) -> None:
    connection = session.connection()
    for name in reversed(before.rows):
        connection.exec_driver_sql(f"DELETE FROM {name}")  # noqa: S608 - a name of ours
    _planted(session, seed)


def _planted(session: Session, seed: Seed) -> None:
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        for name, rows in seed.rows.items():
            places = ", ".join("?" * len(rows[0]))
            insert = f"INSERT INTO {name} VALUES ({places})"  # noqa: S608 - a name of ours
            connection.exec_driver_sql(insert, rows)
        return
    with _driver(connection).cursor() as cursor:
        for name, rows in seed.rows.items():
            with cursor.copy(f"COPY {name} FROM STDIN") as copy:  # type: ignore[arg-type]
                copy.write(rows)
        if seed.taken:
            last = ", ".join(f"setval({name}, {number})" for name, number in seed.taken)
            cursor.execute(f"SELECT {last}")  # type: ignore[arg-type]


def _driver(connection: sa.Connection) -> psycopg.Connection:
    driver: psycopg.Connection = connection.connection.driver_connection  # type: ignore[assignment]
    return driver
