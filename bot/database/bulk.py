"""Inserts and updates many rows in the way that is cheapest for each kind of database.

With an `executemany`, SQLAlchemy binds every row by itself, and PostgreSQL is sent a statement for each: this
costs the bot more than the work itself. Where there are more than a few rows, the database gets one statement with
all of them: COPY, or a text of JSON that it reads as a table.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlmodel import Session

if TYPE_CHECKING:
    import psycopg

FEW = 8
"""Up to this many rows an `executemany` costs as little."""

Row = Mapping[str, Any]


def insert_all(session: Session, table: sa.Table, rows: Sequence[Row]) -> None:
    """Insert rows that all name the same columns; PostgreSQL gets them by COPY."""
    if not rows:
        return
    connection = session.connection()
    if len(rows) <= FEW:
        connection.execute(sa.insert(table), list(rows))
        return
    names = list(rows[0])
    if connection.dialect.name != "postgresql":
        parameter = as_parameter(table, rows, dialect=connection.dialect)
        connection.execute(_insert_many(table, tuple(names)), {"rows": parameter})
        return
    quote = connection.dialect.identifier_preparer.quote
    into = f"COPY {quote(table.name)} ({', '.join(map(quote, names))}) FROM STDIN"
    driver: psycopg.Connection = connection.connection.driver_connection  # type: ignore[assignment]
    with driver.cursor() as cursor, cursor.copy(into) as copy:
        for row in rows:
            copy.write_row([row[name] for name in names])


def update_all(session: Session, table: sa.Table, rows: Sequence[Row]) -> None:
    """Update the table's rows, found by `id`, with the values in `rows`, which all name the same columns."""
    if not rows:
        return
    connection, names = session.connection(), tuple(rows[0])
    if len(rows) <= FEW:
        connection.execute(
            _update_one(table, names),
            [{f"new_{name}": value for name, value in row.items()} for row in rows],
        )
        return
    dialect = connection.dialect
    parameter = as_parameter(table, rows, dialect=dialect)
    connection.execute(_update_many(table, names, dialect.name), {"rows": parameter})


@lru_cache
def _update_one(table: sa.Table, names: tuple[str, ...]) -> sa.Update:
    return (
        sa.update(table)
        .where(table.c.id == sa.bindparam("new_id"))
        .values(
            {
                name: sa.bindparam(f"new_{name}", type_=table.c[name].type)
                for name in names
                if name != "id"
            }
        )
    )


def given(table: sa.Table, names: Sequence[str], *, dialect: str) -> sa.FromClause:
    """Return the parameter `rows`, made by `as_parameter`, as a table `new` with these columns of `table`.

    The text of a statement that reads it is the same for any number of rows.
    """
    rows = sa.bindparam("rows", type_=sa.Text)
    if dialect == "postgresql":
        return (
            sa.func.json_to_recordset(sa.cast(rows, sa.JSON))
            .table_valued(*(sa.column(name, table.c[name].type) for name in names))
            .render_derived(name="new", with_types=True)
        )
    each = sa.func.json_each(rows).table_valued("value")
    found = (sa.func.json_extract(each.c.value, f"$.{name}").label(name) for name in names)
    return sa.select(*found).subquery("new")


def as_parameter(table: sa.Table, rows: Sequence[Row], *, dialect: sa.Dialect) -> str:
    """Return rows that all name the same columns as the parameter `rows` of a statement with `given`."""
    if dialect.name == "postgresql":
        # JSON has no form for moments and decimals: PostgreSQL reads them from text.
        return json.dumps(list(rows), default=str)
    stored = {
        name: table.c[name].type.dialect_impl(dialect).bind_processor(dialect) for name in rows[0]
    }
    values = [
        {
            name: value if (store := stored[name]) is None else store(value)
            for name, value in row.items()
        }
        for row in rows
    ]
    # A text that is no Unicode is refused, as it is in a parameter of its own.
    return json.dumps(values, ensure_ascii=False)


@lru_cache
def _insert_many(table: sa.Table, names: tuple[str, ...]) -> sa.Insert:
    new = given(table, names, dialect="sqlite")
    return sa.insert(table).from_select(list(names), sa.select(*new.c))


@lru_cache
def _update_many(table: sa.Table, names: tuple[str, ...], dialect: str) -> sa.Update:
    new = given(table, names, dialect=dialect)
    return (
        sa.update(table)
        .where(table.c.id == new.c.id)
        .values({name: new.c[name] for name in names if name != "id"})
    )
