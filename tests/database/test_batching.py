"""Requests that wait at one moment are handled together, and each has its own outcome."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from sqlmodel import Session

from bot.database import Database
from tests.database.workspaces import PATIENCE, add_together, add_workspace, teams


async def test_many_together_have_an_outcome_each(database: Database) -> None:
    told: list[int] = []
    database.subscribe("outbox", lambda: told.append(1))
    outcomes = await asyncio.gather(
        *(database.write_batched(add_together, team) for team in ("T1", "x", "T2", "T3", "T4")),
        return_exceptions=True,
    )
    assert [type(outcome) for outcome in outcomes] == [int, LookupError, int, int, int]
    assert await database.read(teams) == ["T1", "T2", "T3", "T4"]


@pytest.mark.parametrize("way", ["write_batched", "read_batched"])
async def test_an_outcome_too_few_is_an_error_for_each_and_nothing_is_written(
    database: Database, way: str
) -> None:
    def forgets(session: Session, asked: Sequence[str]) -> list[int]:
        if way == "write_batched":
            add_together(session, asked)
        return []

    calls = [getattr(database, way)(forgets, team) for team in ("T1", "T2", "T3")]
    async with asyncio.timeout(PATIENCE):
        outcomes = await asyncio.gather(*calls, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [ValueError] * 3
    assert await database.read(teams) == []


async def test_many_read_together_and_have_an_outcome_each(database: Database) -> None:
    crowds: list[int] = []

    def count(session: Session, asked: Sequence[str]) -> list[int | Exception]:
        crowds.append(len(asked))
        if "broken" in asked:
            raise ValueError
        known = teams(session)
        return [known.count(team) if team[0] != "x" else LookupError(team) for team in asked]

    await database.write(add_workspace, "T1")
    asked = ["T1", "x", *(f"U{n:02}" for n in range(40)), "broken", "T1"]
    outcomes = await asyncio.gather(
        *(database.read_batched(count, team) for team in asked), return_exceptions=True
    )
    assert [type(one) for one in outcomes] == [int, LookupError, *[int] * 40, ValueError, int]
    assert (outcomes[0], outcomes[2], outcomes[-1]) == (1, 0, 1)
    assert max(crowds) > 1
