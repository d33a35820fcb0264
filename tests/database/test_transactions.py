"""A use case runs in a transaction: all of its work is there, or none."""

from __future__ import annotations

import asyncio

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from bot.database import Database, signal
from tests.database.workspaces import add_workspace, teams
from tests.patience import PATIENCE


async def test_what_a_use_case_wrote_is_there_when_write_returns(database: Database) -> None:
    identity = await database.write(add_workspace, "T1")
    assert isinstance(identity, int)
    assert await database.read(teams) == ["T1"]


async def test_a_use_case_that_raises_takes_back_its_own_work_only(database: Database) -> None:
    def add_and_raise(session: Session, team: str) -> None:
        add_workspace(session, team)
        raise LookupError(team)

    results = await asyncio.gather(
        database.write(add_workspace, "T1"),
        database.write(add_and_raise, "T2"),
        database.write(add_workspace, "T3"),
        database.write(add_workspace, "T1"),  # the unique key refuses it
        database.write(add_workspace, "T4"),
        return_exceptions=True,
    )
    assert isinstance(results[1], LookupError)
    assert isinstance(results[3], sa.exc.IntegrityError) or isinstance(
        results[0], sa.exc.IntegrityError
    )
    assert await database.read(teams) == ["T1", "T3", "T4"]


@pytest.mark.parametrize("way", ["write", "read"])
@pytest.mark.parametrize(
    "raised",
    [StopIteration, StopAsyncIteration, asyncio.CancelledError, GeneratorExit, SystemExit],
)
async def test_whatever_a_use_case_raises_ends_its_own_call_only(
    database: Database, way: str, raised: type[BaseException]
) -> None:
    """A future refuses StopIteration; a CancelledError would look like a wait that was given up."""

    def fails(session: Session) -> int:
        raise raised

    async with asyncio.timeout(PATIENCE):
        with pytest.raises((RuntimeError, StopAsyncIteration), match=rf"{raised.__name__}|^$"):
            await getattr(database, way)(fails)
    assert await database.read(teams) == []


async def test_a_subscriber_that_fails_holds_no_caller_up(database: Database) -> None:
    def fail() -> None:
        raise RuntimeError("the loop is closed")

    told: list[int] = []
    database.subscribe("here", fail)
    database.subscribe("here", lambda: told.append(1))

    def tells(session: Session) -> int:
        signal(session, "here")
        return 7

    async with asyncio.timeout(PATIENCE):
        assert await asyncio.gather(*(database.write(tells) for _ in range(3))) == [7, 7, 7]
    assert told
