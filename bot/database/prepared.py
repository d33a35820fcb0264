"""Runs a statement that is built once on the driver's cursor, with a text and converters that are made once.

For a statement that a module builds once, SQLAlchemy still makes its cache key, looks up its text and its
converters, and wraps the result and every row, at each call. Here all that is done once for each statement and
each length of its lists, by SQLAlchemy's public names, and the driver runs the text in the connection's
transaction. That takes about half of the processor time for one row. `exec_driver_sql` would save nothing: it
describes each result anew.

A statement is prepared when it is run for the second time, so one that is built for a single call costs nothing.
While somebody listens to the engine's statements, SQLAlchemy runs them, and tells the listener.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.selectable import ReturnsRows

REMEMBERED = 512
"""The largest number of statements, each with the lengths of its lists, that are kept."""

Convert = Callable[[Any], Any]
Lengths = tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class _Kind:
    """A kind of database. All engines of a kind are made alike, so they share what is prepared."""

    name: str
    dialect: sa.Dialect = field(compare=False)


class Prepared:
    """A statement's text for lists of certain lengths, and the converters of its parameters and columns."""

    def __init__(
        self,
        statement: sa.Executable,
        compiled: SQLCompiler,
        dialect: sa.Dialect,
        given: Mapping[str, Any],
    ) -> None:
        state = compiled.construct_expanded_state(dict(given))
        self._text = state.statement
        self._order = state.positiontup
        self._columns = _columns_of(statement)
        self._dialect = dialect
        self._constants: dict[str, Any] = {}
        self._values: list[tuple[str, str, Convert | None]] = []
        self._lists: list[tuple[str, Sequence[str], Convert | None]] = []
        for bind, name in compiled.bind_names.items():
            convert = bind.type.dialect_impl(dialect).bind_processor(dialect)
            key = compiled.escaped_bind_names.get(name, name)
            keys = state.parameter_expansion.get(name)
            if name in given or bind.required:
                if keys is not None:
                    self._lists.append((name, keys, convert))
                else:
                    self._values.append((name, key, convert))
            else:  # the statement was built with it: a value, or the list of an IN
                value: Any = bind.effective_value
                self._constants |= zip(
                    [key] if keys is None else keys,
                    map(convert or _as_it_is, [value] if keys is None else value),
                    strict=True,
                )
        self._converts: tuple[Convert | None, ...] | None = None
        """Made with the first result: some depend on the driver's types."""

    def bound(self, given: Mapping[str, Any]) -> dict[str, Any] | tuple[Any, ...]:
        """Return the parameters as the driver takes them."""
        bound = dict(self._constants)
        for name, key, convert in self._values:
            value = given[name]
            bound[key] = convert(value) if convert else value
        for name, keys, convert in self._lists:
            listed = given[name]
            bound |= zip(keys, map(convert, listed) if convert else listed, strict=True)
        return bound if self._order is None else tuple(bound[name] for name in self._order)

    def rows(self, connection: sa.Connection, given: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Run the statement, and return its rows with the values that SQLAlchemy would return.

        Raises SQLAlchemy's errors.
        """
        cursor = connection.connection.cursor()
        try:
            cursor.execute(self._text, self.bound(given))
            found, described = cursor.fetchall(), cursor.description
        except Exception as error:
            raise _in_its_words(error, self._text, self._dialect) from error
        finally:
            cursor.close()
        if self._converts is None:
            self._converts = tuple(
                column.type.dialect_impl(self._dialect).result_processor(self._dialect, facts[1])
                for column, facts in zip(self._columns, described, strict=True)
            )
        if not any(self._converts):
            return list(map(tuple, found))
        return [
            tuple(
                [
                    convert(value) if convert else value
                    for convert, value in zip(self._converts, row, strict=True)
                ]
            )
            for row in found
        ]


def prepared(
    connection: sa.Connection, statement: sa.Executable, given: Mapping[str, Any]
) -> Prepared | None:
    """Return the prepared statement; None where SQLAlchemy is to run it.

    `given` has a value for each of the parameters, and at least one: what is run without parameters was built with
    its values, for one call.
    """
    if not given or isinstance(statement, sa.TextClause):
        return None
    listeners = connection.dispatch
    if listeners.before_cursor_execute or listeners.after_cursor_execute:
        return None
    kind = _Kind(connection.dialect.name, connection.dialect)
    if not next(_runs(statement, kind)):
        return None
    lengths = tuple(
        (name, len(value) if type(value) is list else -1) for name, value in given.items()
    )
    remembered = _remembered(statement, kind, lengths)
    if not remembered:
        remembered.append(_prepare(statement, kind.dialect, given))
    return remembered[0]


def _prepare(
    statement: sa.Executable, dialect: sa.Dialect, given: Mapping[str, Any]
) -> Prepared | None:
    assert isinstance(statement, sa.ClauseElement)  # noqa: S101 - every statement is one
    compiled = statement.compile(dialect=dialect, column_keys=list(given))
    assert isinstance(compiled, SQLCompiler)  # noqa: S101 - what a statement compiles to
    if compiled.insert_prefetch or compiled.update_prefetch:
        return None  # a column's default is a function, which SQLAlchemy calls for each row
    return Prepared(statement, compiled, dialect, given)


def _in_its_words(error: Exception, text: str, dialect: sa.Dialect) -> BaseException:
    """Return the error as SQLAlchemy raises it, without the parameters in its text."""
    driver = dialect.dbapi
    assert driver is not None  # noqa: S101 - an engine has one
    return sa.exc.DBAPIError.instance(
        text, None, error, driver.Error, hide_parameters=True, dialect=dialect
    )


def _as_it_is(value: Any) -> Any:
    return value


@lru_cache(REMEMBERED)
def _runs(_statement: sa.Executable, _kind: _Kind) -> itertools.count[int]:
    """Count how often the statement was run."""
    return itertools.count()


@lru_cache(REMEMBERED)
def _remembered(
    _statement: sa.Executable, _kind: _Kind, _lengths: Lengths
) -> list[Prepared | None]:
    """Remember the statement for lists of these lengths, once it is put into the list."""
    return []


def _columns_of(statement: sa.Executable) -> tuple[Any, ...]:
    return tuple(statement.exported_columns) if isinstance(statement, ReturnsRows) else ()
