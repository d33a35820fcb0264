"""Databases without anything in them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.database import Database


@pytest.fixture
def empty_sqlite(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/empty.db"


@pytest.fixture
def empty_postgresql(postgresql_server: str) -> Iterator[str]:
    url = sa.make_url(postgresql_server)
    admin = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql("CREATE DATABASE empty")
    yield url.set(database="empty").render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.exec_driver_sql("DROP DATABASE empty WITH (FORCE)")
    admin.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def empty_url(request: pytest.FixtureRequest) -> str:
    """The address of a database with nothing in it, on both kinds."""
    url: str = request.getfixturevalue(f"empty_{request.param}")
    return url


@pytest.fixture
def opened(empty_url: str) -> Iterator[Callable[[], Database]]:
    """Opens the empty database as one more process would."""
    databases: list[Database] = []

    def open_it() -> Database:
        databases.append(Database(empty_url))
        return databases[-1]

    yield open_it
    for database in databases:
        database.close()


@pytest.fixture
def empty(opened: Callable[[], Database]) -> Database:
    return opened()
