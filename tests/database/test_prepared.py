"""Prepared statements return what SQLAlchemy returns, in the same transaction, with the same errors and events."""

from __future__ import annotations

import enum
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from bot.database import Database, ExactDecimal, UtcDateTime, any_of, rows


class Colour(enum.Enum):
    RED = "r"
    BLUE = "b"


TABLE = sa.Table(
    "kinds",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("words", sa.String, unique=True),
    sa.Column("at", UtcDateTime),
    sa.Column("amount", ExactDecimal),
    sa.Column("day", sa.Date),
    sa.Column("clock", sa.Time),
    sa.Column("done", sa.Boolean),
    sa.Column("facts", sa.JSON),
    sa.Column("colour", sa.Enum(Colour)),
)
AT = datetime(2026, 3, 29, 1, 30, 0, 123_456, tzinfo=UTC)
FULL = {
    "words": "50 % “Grüße”",
    "at": AT,
    "amount": Decimal("12.3456"),
    "day": date(2026, 3, 29),
    "clock": time(9, 30),
    "done": True,
    "facts": {"a": [1, None, "x"]},
    "colour": Colour.BLUE,
}
ROWS = [
    {"id": 1, **FULL},
    {"id": 2, **dict.fromkeys(FULL)},
    {"id": 3, **FULL, "words": "3", "amount": Decimal(-7), "done": False},
]

C = TABLE.c
BY_IDS = sa.select(TABLE).where(C.id.in_(any_of("ids"))).order_by(C.id)
BY_ALL = (
    sa.select(
        C.id, sa.literal(AT, UtcDateTime), (C.amount + C.amount).label("twice"), sa.func.count()
    )
    .where(
        C.at == sa.bindparam("at"),
        C.amount > sa.bindparam("amount"),
        C.day == sa.bindparam("day"),
        C.colour == sa.bindparam("colour"),
        C.words.like("%"),
        C.amount.in_([Decimal("12.3456"), Decimal(5)]),
        C.done.in_([]).is_(False),
        C.id.in_(any_of("ids")),
    )
    .group_by(C.id, C.amount)
    .order_by(C.id)
)
BOTH = sa.union_all(
    sa.select(sa.literal("one"), C.amount).where(C.id == sa.bindparam("number")),
    sa.select(sa.literal("two"), C.amount).where(C.id.in_(any_of("ids"))),
)
CHANGE = (
    sa.update(TABLE)
    .where(C.id.in_(any_of("ids")))
    .values(at=sa.bindparam("new_at"), amount=C.amount + sa.literal(Decimal("1.5"), ExactDecimal))
    .returning(C.id, C.at, C.amount)
)
TWICE = sa.select(C.id, C.id, C.amount).where(C.id.in_(any_of("ids"))).order_by(C.id)
ADD = sa.insert(TABLE).values(id=sa.bindparam("new"), words=sa.bindparam("said")).returning(C.id)


@pytest.fixture
def kinds(database: Database) -> Database:
    """A database with a table of every kind of column."""
    with database.engine.begin() as connection:
        TABLE.create(connection)
        connection.execute(sa.insert(TABLE), ROWS)
    return database


def as_sqlalchemy_does(
    session: Session, statement: sa.Executable, **given: Any
) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in session.connection().execute(statement, given)]


LISTS: list[list[int]] = [[], [1], [1, 2, 3], [3, 1, 2, 9, 10], [2]]
ABOUT: dict[str, Any] = {
    "at": AT.astimezone(timezone(timedelta(hours=5))),
    "amount": Decimal("-50.5"),
    "day": date(2026, 3, 29),
    "colour": Colour.BLUE,
}


@pytest.mark.parametrize(
    ("statement", "given"),
    [
        (BY_IDS, {}),
        (BY_ALL, ABOUT),
        (BOTH, {"number": 3}),
        (TWICE, {}),
        (CHANGE, {"new_at": AT + timedelta(days=1)}),
    ],
    ids=[
        "every kind of column",
        "every kind of parameter",
        "a union",
        "a column twice",
        "an update",
    ],
)
def test_each_time_it_returns_what_sqlalchemy_does(
    kinds: Database, statement: sa.Executable, given: dict[str, Any]
) -> None:
    def found(session: Session, read: Callable[..., Any], ids: list[int]) -> Any:
        with session.begin_nested() as savepoint:
            result = read(session, statement, ids=ids, **given)
            savepoint.rollback()
        return result

    def compare(session: Session) -> int:
        expected = [found(session, as_sqlalchemy_does, ids) for ids in LISTS]
        for _ in range(3):
            got = [found(session, rows, ids) for ids in LISTS]
            assert got == expected
            assert [[list(map(type, row)) for row in each] for each in got] == [
                [list(map(type, row)) for row in each] for each in expected
            ]
        return sum(map(len, expected))

    assert kinds.write_now(compare) > 0


def test_what_it_changes_is_taken_back_with_the_transaction(kinds: Database) -> None:
    def change_and_fail(session: Session) -> None:
        for _ in range(2):
            assert len(rows(session, CHANGE, ids=[1], new_at=AT + timedelta(days=2))) == 1
        raise LookupError("on purpose")

    with pytest.raises(LookupError):
        kinds.write_now(change_and_fail)
    ((_, _, at, *_),) = kinds.read_now(rows, BY_IDS, ids=[1])
    assert at == AT


def test_an_error_is_sqlalchemys_and_tells_nothing_of_the_parameters(kinds: Database) -> None:
    for number in (11, 12):
        assert kinds.write_now(rows, ADD, new=number, said=f"said {number}") == [(number,)]
    with pytest.raises(sa.exc.IntegrityError) as raised:
        kinds.write_now(rows, ADD, new=13, said="said 12")
    assert kinds.write_now(rows, ADD, new=13, said="said 13") == [(13,)]
    assert "INSERT INTO kinds" in str(raised.value)
    assert raised.value.statement is not None
    assert raised.value.params is None
    if not kinds.is_sqlite:
        assert getattr(raised.value.orig, "sqlstate", None) == "23505"


def test_a_parameter_that_is_missing_is_an_error_each_time(kinds: Database) -> None:
    kinds.read_now(rows, BOTH, number=1, ids=[1])
    for _ in range(3):
        with pytest.raises(sa.exc.SQLAlchemyError):
            kinds.read_now(rows, BOTH, number=1)


def test_a_value_that_a_column_refuses_never_gets_there(kinds: Database) -> None:
    given = {**ABOUT, "ids": [1]}
    for _ in range(2):
        assert len(kinds.read_now(rows, BY_ALL, **given)) == 1
    with pytest.raises(sa.exc.StatementError) as raised:
        kinds.read_now(rows, BY_ALL, **{**given, "at": datetime(2026, 1, 5)})  # noqa: DTZ001
    assert isinstance(raised.value.orig, ValueError)


def test_who_listens_to_statements_is_told_of_each(kinds: Database) -> None:
    told: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        told.append(statement)

    def three_times(session: Session) -> None:
        for _ in range(3):
            rows(session, BY_IDS, ids=[1, 2])

    kinds.write_now(three_times)
    sa.event.listen(kinds.engine, "before_cursor_execute", note)
    kinds.write_now(three_times)
    assert sum("FROM kinds" in statement for statement in told) == 3
