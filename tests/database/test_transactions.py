"""A use case runs in a transaction: all of its work is there, or none."""

from __future__ import annotations

import asyncio

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from bot.database import Database
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
async def test_a_use_case_that_raises_stop_iteration_is_an_error_of_its_own(
    database: Database, way: str
) -> None:
    """A future refuses StopIteration: the caller would wait for ever."""

    def runs_dry(session: Session) -> int:
        return next(iter([]))

    async with asyncio.timeout(PATIENCE):
        with pytest.raises(RuntimeError, match="StopIteration"):
            await getattr(database, way)(runs_dry)
    assert await database.read(teams) == []
