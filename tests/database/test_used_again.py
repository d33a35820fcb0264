"""A database of PostgreSQL that one test is done with is for the next one as good as new."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from bot.database import Database
from bot.domain.setup import workspaces
from bot.domain.tables import Workspace
from tests.postgresql import Databases

pytestmark = pytest.mark.postgresql

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


@pytest.fixture
def databases(postgresql_server: str) -> Iterator[Databases]:
    databases = Databases(postgresql_server, prefix=f"again_{uuid.uuid4().hex}")
    yield databases
    databases.close()


def install(session: Session) -> int:
    return workspaces.install(session, slack_team_id="T1", name="Harbor", bot_user_id="UB", now=NOW)


def names(session: Session) -> list[str]:
    return list(session.exec(select(Workspace.name)))


def test_it_has_no_rows_and_its_ids_begin_anew(databases: Databases) -> None:
    address = databases.take()
    first = Database(address)
    first_id = first.write_now(install)
    first.close()
    databases.give_back(address)
    assert databases.take() == address
    second = Database(address)
    assert second.read_now(names) == []
    assert second.write_now(install) == first_id
    second.close()


def test_two_at_a_time_are_two(databases: Databases) -> None:
    assert databases.take() != databases.take()


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE member ADD COLUMN mood text",
        "CREATE TABLE mood (id integer)",
        "DROP TABLE answer_edit",
        "CREATE INDEX mood ON member (name)",
        "ALTER TABLE member ALTER COLUMN name DROP NOT NULL",
        "UPDATE alembic_version SET version_num = '9999'",
        "ALTER DATABASE {name} SET default_transaction_read_only = on",
    ],
)
def test_one_that_was_changed_is_not_used_again(databases: Databases, change: str) -> None:
    address = databases.take()
    url = sa.make_url(address)
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(change.format(name=url.database))
    engine.dispose()
    databases.give_back(address)
    assert databases.take() != address


def test_who_is_still_connected_is_cut_off(databases: Databases) -> None:
    address = databases.take()
    engine = sa.create_engine(address)
    with engine.connect() as connection:
        connection.exec_driver_sql("LOCK TABLE member")
        databases.give_back(address)
        with pytest.raises(DBAPIError):
            connection.exec_driver_sql("SELECT 1")
    engine.dispose()
