"""PostgreSQL goes away under a running bot and comes back: what is said meanwhile, and that the bot heals."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import aiohttp
import pytest
import sqlalchemy as sa

from bot.app import TICK, Basecoach
from tests.http.watching import metrics, ready
from tests.postgresql import TEMPLATE
from tests.scenarios.conftest import World, text_of

NAME = "restarted"

pytestmark = pytest.mark.postgresql


@pytest.fixture
def administrator(postgresql_server: str) -> Iterator[sa.Connection]:
    """A connection to the server that stays while the bot's database is away."""
    engine = sa.create_engine(
        postgresql_server, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool
    )
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {NAME} TEMPLATE {TEMPLATE}")
        yield connection
        connection.exec_driver_sql(f"DROP DATABASE {NAME} WITH (FORCE)")


@pytest.fixture
def database_url(postgresql_server: str, administrator: sa.Connection) -> str:
    """A database of the test's own, which it may take away."""
    return sa.make_url(postgresql_server).set(database=NAME).render_as_string(hide_password=False)


def take_away(administrator: sa.Connection) -> None:
    """Let nobody in any more and end every connection, as a server that is stopped does."""
    administrator.exec_driver_sql(f"ALTER DATABASE {NAME} ALLOW_CONNECTIONS false")
    administrator.execute(
        sa.text(
            "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity WHERE datname = :name"
        ),
        {"name": NAME},
    )


def give_back(administrator: sa.Connection) -> None:
    administrator.exec_driver_sql(f"ALTER DATABASE {NAME} ALLOW_CONNECTIONS true")


async def test_a_bot_says_so_and_heals_by_itself(
    world: World,
    watched: Basecoach,
    session: aiohttp.ClientSession,
    administrator: sa.Connection,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await ready(watched, session)
    take_away(administrator)
    async with session.get(f"{watched.health_url}/readyz") as answer:
        said = await answer.json()
    assert (answer.status, said["problems"]) == (503, ["The database does not answer."])
    _, seen = await metrics(watched, session)
    assert seen["basecoach_ready"] == 0
    typed = await world.priya.command("/log-conversation", "Acme 2nd")
    assert typed.acked
    answer_to_priya = world.last(world.priya)
    assert answer_to_priya.ephemeral_to == "U0PRIYA"
    assert "nothing was changed. Please try again" in text_of(answer_to_priya)
    assert world.bot is not None
    await world.bot.settle()
    failed = [record for record in caplog.records if record.getMessage() == "a beat failed"]
    assert [vars(record)["beat"] for record in failed] == [TICK]

    give_back(administrator)
    caplog.clear()
    assert (await ready(watched, session))["problems"] == []
    _, seen = await metrics(watched, session)
    assert seen["basecoach_ready"] == 1
    assert (await world.priya.command("/log-conversation", "Acme 2nd")).acked

    def asked() -> bool:
        return "how was your week" in text_of(world.last(world.priya))

    await world.monday()
    await world.workspace.until(asked)  # by the bot that comes first: each of the two may send it
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []
