"""PostgreSQL directly and through a pooler: what each transaction is limited to, and that nothing fails."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from bot.database import Database, columns, rows
from bot.database.postgresql import LIMITS
from bot.domain.tables import Workspace
from bot.problems import DatabaseProblem
from tests.database.workspaces import add_workspace, teams
from tests.pgbouncer import CONNECTIONS, new_pooled, pgbouncer, required

__all__ = ["new_pooled"]

pytestmark = pytest.mark.postgresql

WRITES = 400

BY_NAME = sa.select(columns(Workspace).id).where(
    columns(Workspace).slack_team_id == sa.bindparam("name")
)


def limits(session: Session) -> dict[str, str]:
    names = list(LIMITS)
    found = session.connection().execute(sa.select(*map(sa.func.current_setting, names))).one()
    return dict(zip(names, found, strict=True))


FACTS = sa.select(sa.func.pg_backend_pid(), *map(sa.func.current_setting, ["timezone", *LIMITS]))


def add_and_read(session: Session, name: str) -> tuple[int, str, tuple[str, ...]]:
    """A write and a statement that is run again and again; the process that worked, its zone and its limits."""
    added = add_workspace(session, name)
    assert rows(session, BY_NAME, name=name) == [(added,)]
    process, zone, *found = session.connection().execute(FACTS).one()
    return process, zone, tuple(found)


@pytest.fixture
def open_database() -> Iterator[Callable[..., Database]]:
    """Opens databases, and closes them at the end."""
    opened: list[Database] = []

    def make(url: str, *, pooler: str = "auto") -> Database:
        opened.append(Database(url, pooler=pooler))
        return opened[-1]

    yield make
    for database in opened:
        database.close()


OpenDatabase = Callable[..., Database]


async def write_much(databases: list[Database]) -> list[tuple[int, str, tuple[str, ...]]]:
    """Write WRITES times at once, shared between the databases; raises what fails."""
    return await asyncio.gather(
        *(
            databases[number % len(databases)].write(add_and_read, f"T{number:03}")
            for number in range(WRITES)
        )
    )


async def test_hundreds_of_writes_at_once_through_a_pooler(
    new_pooled: Callable[[], str], open_database: OpenDatabase
) -> None:
    address = new_pooled()
    databases = [open_database(address), open_database(address)]
    seen = await write_much(databases)
    assert len(databases[0].read_now(teams)) == WRITES
    assert {zone for _, zone, _ in seen} == {"UTC"}
    assert {found for _, _, found in seen} == {tuple(LIMITS.values())}
    assert len({process for process, _, _ in seen}) <= CONNECTIONS, "the connections were shared"
    assert databases[0].transaction_settings().pooled


@pytest.mark.parametrize("mode", ["transaction", "session"])
async def test_a_pooler_that_drops_the_limits_is_found_too(
    postgresql_server: str,
    new_postgresql: Callable[[], str],
    open_database: OpenDatabase,
    mode: str,
) -> None:
    required()
    settings = ["ignore_startup_parameters = options", f"pool_mode = {mode}"]
    with pgbouncer(postgresql_server, *settings) as through:
        database = open_database(through(new_postgresql()))
        assert database.read_now(limits) == LIMITS
        assert database.transaction_settings().pooled
        database.close()


def test_a_limit_ends_a_statement_through_a_pooler(
    new_pooled: Callable[[], str], open_database: OpenDatabase
) -> None:
    database = open_database(new_pooled())

    def waits_long(session: Session) -> None:
        add_workspace(session, "T1")
        session.connection().exec_driver_sql("SET LOCAL statement_timeout = 50")
        session.connection().exec_driver_sql("SELECT pg_sleep(60)")

    with pytest.raises(sa.exc.OperationalError, match="statement timeout"):
        database.write_now(waits_long)
    assert database.read_now(limits) == LIMITS, "the next transaction has its own"
    assert database.read_now(teams) == [], "what failed is rolled back as a whole"


async def test_the_server_itself_is_no_pooler(
    new_postgresql: Callable[[], str], open_database: OpenDatabase
) -> None:
    database = open_database(new_postgresql())
    assert database.read_now(limits) == LIMITS
    found = database.transaction_settings()
    assert (found.pooled, found.limits) == (False, LIMITS)


def test_options_in_the_address_are_kept_beside_the_limits(
    new_postgresql: Callable[[], str], open_database: OpenDatabase
) -> None:
    options = "-c work_mem=9MB -c statement_timeout=1h"
    address = sa.make_url(new_postgresql()).update_query_dict({"options": options})
    database = open_database(address.render_as_string(hide_password=False))
    assert database.read_now(limits) == LIMITS
    assert (
        database.read_now(
            lambda session: session.connection().exec_driver_sql("SHOW work_mem").scalar_one()
        )
        == "9MB"
    )


def test_a_pooler_that_can_not_be_told_is_one_by_the_setting(
    new_postgresql: Callable[[], str], open_database: OpenDatabase
) -> None:
    database = open_database(new_postgresql(), pooler="yes")
    assert database.read_now(limits) == LIMITS
    assert database.transaction_settings().pooled


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
def test_a_database_that_is_not_utf8_is_refused_in_words(
    postgresql_server: str, open_database: OpenDatabase, encoding: str
) -> None:
    url, name = sa.make_url(postgresql_server), f"in_{encoding.lower()}"
    admin = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with admin.connect() as connection:
        connection.exec_driver_sql(
            f"CREATE DATABASE {name} TEMPLATE template0 LOCALE 'C' ENCODING '{encoding}'"
        )
        try:
            address = url.set(database=name).render_as_string(hide_password=False)
            with pytest.raises(
                DatabaseProblem, match=f"has the encoding {encoding}, which"
            ) as refused:
                open_database(address).check()
            assert "createdb --encoding=UTF8" in str(refused.value)
        finally:
            connection.exec_driver_sql(f"DROP DATABASE {name}")
