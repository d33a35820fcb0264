"""Many rows at once: the same rows as one by one, on both kinds of database and on both sides of FEW."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from bot.database import (
    Database,
    ExactDecimal,
    UtcDateTime,
    insert_all,
    padded,
    update_all,
)
from bot.database.bulk import FEW, Row

AWKWARD = ("plain", "", "a\tb\nc\\.", "\\N", "“Grüße” 'and' \"more\"", "NULL", "{}")
BEGIN = datetime(2026, 3, 29, 1, 30, 0, 123_456, tzinfo=UTC)

TABLE = sa.Table(
    "bulk",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("order", sa.Integer, nullable=False),
    sa.Column("words", sa.String),
    sa.Column("at", UtcDateTime),
    sa.Column("amount", ExactDecimal),
    sa.Column("done", sa.Boolean, nullable=False),
)


@pytest.fixture
def bulk(database: Database) -> Database:
    """A database with a table of every kind of column."""
    with database.engine.begin() as connection:
        TABLE.create(connection)
    return database


def rows_of(count: int) -> list[dict[str, Any]]:
    return [
        {
            "id": number,
            "order": count - number,
            "words": AWKWARD[number % len(AWKWARD)] if number % 5 else None,
            "at": BEGIN + timedelta(hours=number) if number % 3 else None,
            "amount": Decimal(number) / 8 if number % 4 else None,
            "done": number % 2 == 0,
        }
        for number in range(1, count + 1)
    ]


def stored(database: Database) -> list[dict[str, Any]]:
    def read(session: Session) -> list[dict[str, Any]]:
        found = session.connection().execute(sa.select(TABLE).order_by(TABLE.c.id))
        return [dict(row) for row in found.mappings()]

    return database.read_now(read)


@pytest.mark.parametrize("count", [0, 1, FEW, FEW + 1, 300])
def test_what_is_inserted_is_there(bulk: Database, count: int) -> None:
    bulk.write_now(insert_all, TABLE, rows_of(count))
    assert stored(bulk) == rows_of(count)


@pytest.mark.parametrize("count", [0, 1, FEW, FEW + 1, 300])
def test_what_is_updated_changes_and_nothing_else(bulk: Database, count: int) -> None:
    bulk.write_now(insert_all, TABLE, rows_of(400))
    changed = [
        {"id": row["id"], "words": row["at"] and row["words"], "at": None, "done": not row["done"]}
        for row in rows_of(count)
    ]
    changed += [{"id": 1_000, "words": "nobody's", "at": BEGIN, "done": True}] * bool(count)
    bulk.write_now(update_all, TABLE, changed)
    assert stored(bulk) == [*_merged(rows_of(400), changed)]


def _merged(old: Sequence[Row], new: Sequence[Row]) -> list[dict[str, Any]]:
    by_id = {row["id"]: row for row in new}
    return [{**row, **by_id.get(row["id"], {})} for row in old]


def test_moments_and_amounts_are_updated_exactly(bulk: Database) -> None:
    bulk.write_now(insert_all, TABLE, rows_of(40))
    shifted = [
        {
            "id": row["id"],
            "at": row["at"] and row["at"].astimezone() + timedelta(microseconds=1),
            "amount": row["amount"] and row["amount"] + Decimal("0.0001"),
            "words": AWKWARD[row["id"] % len(AWKWARD)],
        }
        for row in rows_of(40)
    ]
    bulk.write_now(update_all, TABLE, shifted)
    assert stored(bulk) == _merged(rows_of(40), shifted)


def test_work_that_is_taken_back_takes_its_rows_along(bulk: Database) -> None:
    def insert_and_fail(session: Session) -> None:
        insert_all(session, TABLE, rows_of(20))
        raise LookupError("on purpose")

    with pytest.raises(LookupError):
        bulk.write_now(insert_and_fail)
    assert stored(bulk) == []


def test_lists_have_few_lengths_and_the_same_values() -> None:
    lengths = set()
    for count in range(130):
        given = {"ids": list(range(count)), "other": "abc"}
        made = padded(given)
        assert set(made["ids"]) == set(given["ids"])
        assert made["other"] == "abc"
        lengths.add(len(made["ids"]))
    assert lengths == {0, 1, 2, 4, 8, 16, 32, 64, 128, 256}
