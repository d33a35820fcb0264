"""Why a database failed, in one word, from the drivers' own errors; and how many writes failed."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable

import psycopg
import pytest
from sqlalchemy.exc import InternalError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlmodel import Session

from bot.database import Database
from bot.database.failures import WORDS, cause_of
from bot.database.write_probe import write_probe
from tests.conftest import FRIDAY
from tests.full_disk import full_disk


def of_sqlite(code: int) -> Exception:
    driver = sqlite3.OperationalError("in words that nobody reads")
    driver.sqlite_errorcode = code
    return OperationalError("INSERT", None, driver)


def of_postgresql(state: str | None, kind: type[Exception] = OperationalError) -> Exception:
    driver = psycopg.errors.lookup(state)() if state else psycopg.OperationalError("no server")
    return kind("INSERT", None, driver)


CASES = [
    (of_sqlite(sqlite3.SQLITE_FULL), "disk_full"),
    (of_sqlite(sqlite3.SQLITE_IOERR | 3 << 8), "disk"),  # an extended code: IOERR_WRITE
    (of_sqlite(sqlite3.SQLITE_READONLY | 6 << 8), "read_only"),
    (of_sqlite(sqlite3.SQLITE_CANTOPEN), "disk"),
    (of_sqlite(sqlite3.SQLITE_CORRUPT), "damaged"),
    (of_sqlite(sqlite3.SQLITE_BUSY), "locked"),
    (of_sqlite(sqlite3.SQLITE_ERROR), "other"),
    (of_postgresql("53100"), "disk_full"),
    (of_postgresql("25006", InternalError), "read_only"),
    (of_postgresql("53300"), "crowded"),
    (of_postgresql("55P03"), "locked"),
    (of_postgresql("57014"), "slow"),
    (of_postgresql("57P01"), "away"),
    (of_postgresql("08006"), "away"),
    (of_postgresql(None), "away"),
    (of_postgresql("53200"), "other"),
    (PoolTimeout("QueuePool limit"), "crowded"),
    (of_postgresql("42P01", ProgrammingError), None),  # no such table: ours
    (ValueError("ours"), None),
    (ExceptionGroup("batches failed", [ValueError(), of_postgresql("53100")]), "disk_full"),
]


@pytest.mark.parametrize(("error", "cause"), CASES)
def test_the_cause_is_read_from_the_driver_s_code(error: Exception, cause: str | None) -> None:
    assert cause_of(error) == cause
    assert cause is None or cause in WORDS


def test_what_a_failure_brings_with_it_is_not_its_cause() -> None:
    later = of_sqlite(sqlite3.SQLITE_ERROR)  # no such savepoint, as a rollback meets it
    later.__context__ = of_sqlite(sqlite3.SQLITE_FULL)
    assert cause_of(later) == "disk_full"


def insert(session: Session) -> None:
    write_probe(session, now=FRIDAY)


def refused(session: Session) -> None:
    raise ValueError("a use case's own")


@pytest.mark.sqlite
async def test_a_full_disk_fails_every_job_of_a_group_with_its_cause(
    new_sqlite: Callable[[], str],
) -> None:
    """SQLite gives up the whole group's transaction, so that its savepoints are gone as well."""
    database = Database(new_sqlite())
    try:
        with full_disk(database):
            outcomes = await asyncio.gather(
                *(database.write(insert) for _ in range(20)), return_exceptions=True
            )
        assert [cause_of(outcome) for outcome in outcomes if outcome] == ["disk_full"] * 20
        assert database.write_failures() == {"disk_full": 20}
        await database.write(insert)
        assert database.write_failures() == {"disk_full": 20}
    finally:
        database.close()


async def test_only_the_database_s_failures_are_counted(database: Database) -> None:
    await database.write(insert)
    with pytest.raises(ValueError, match="a use case's own"):
        await database.write(refused)
    assert database.write_failures() == {}
