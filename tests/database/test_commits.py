"""How jobs become transactions: signals after the commit, and what fails is taken back alone."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from functools import partial

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from bot.database import Database, signal
from tests.database.workspaces import PATIENCE, add_together, add_workspace, teams


async def test_signals_are_told_after_the_commit_and_not_after_a_rollback(
    database: Database,
) -> None:
    told: list[list[str]] = []
    database.subscribe("outbox", lambda: told.append(database.read_now(teams)))

    def add_and_signal(session: Session, team: str, *, fail: bool) -> None:
        add_workspace(session, team)
        signal(session, "outbox")
        if fail:
            raise LookupError

    with pytest.raises(LookupError):
        await database.write(add_and_signal, "T1", fail=True)
    assert told == []
    await database.write(add_and_signal, "T2", fail=False)
    await database.write(add_workspace, "T3")
    assert told == [["T2"]]


async def test_those_who_share_a_commit_have_their_signals_told_and_a_failed_one_has_not(
    database: Database,
) -> None:
    told: list[str] = []
    for name in ("kept", "batched", "failed"):
        database.subscribe(name, partial(told.append, name))

    def add_and_signal(session: Session, team: str, name: str) -> None:
        add_workspace(session, team)
        signal(session, name)
        if name == "failed":
            raise LookupError(team)

    def add_batch(session: Session, asked: Sequence[str]) -> list[int | Exception]:
        signal(session, "batched")
        return [add_workspace(session, team) for team in asked]

    # While the first one holds the writer up, the others come to wait: on SQLite they share one commit.
    held, go_on = threading.Event(), threading.Event()

    def hold_up(session: Session) -> None:
        held.set()
        assert go_on.wait(PATIENCE)

    first = asyncio.create_task(database.write(hold_up))
    assert await asyncio.to_thread(held.wait, PATIENCE)
    waiting = asyncio.gather(
        database.write(add_and_signal, "T1", "failed"),
        database.write(add_and_signal, "T2", "kept"),
        database.write(add_workspace, "T3"),
        database.write_batched(add_batch, "T4"),
        database.write_batched(add_batch, "T5"),
        return_exceptions=True,
    )
    await asyncio.sleep(0)  # all of them are handed in by now
    go_on.set()
    outcomes = await waiting
    await first
    assert [isinstance(outcome, LookupError) for outcome in outcomes] == [True] + [False] * 4
    assert await database.read(teams) == ["T2", "T3", "T4", "T5"]
    assert set(told) == {"kept", "batched"}


async def test_a_crowd_that_fails_is_done_one_by_one(database: Database) -> None:
    crowds: list[int] = []

    def counted(session: Session, asked: Sequence[str]) -> list[int | Exception]:
        crowds.append(len(asked))
        return add_together(session, asked)

    wanted = [*(f"T{n:02}" for n in range(40)), "T07", *(f"U{n:02}" for n in range(40))]
    outcomes = await asyncio.gather(
        *(database.write_batched(counted, team) for team in wanted), return_exceptions=True
    )
    failed = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
    assert len(failed) == 1
    assert isinstance(failed[0], sa.exc.IntegrityError)
    assert await database.read(teams) == sorted(set(wanted))
    assert max(crowds) > 1


async def test_a_deadlock_repeats_the_whole_crowd(new_postgresql: Callable[[], str]) -> None:
    database = Database(new_postgresql())
    attempts: list[int] = []

    def unlucky_once(session: Session, asked: Sequence[str]) -> list[int | Exception]:
        attempts.append(len(asked))
        outcomes = add_together(session, asked)
        if len(attempts) == 1:
            session.connection().exec_driver_sql(
                "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40P01'; END $$"
            )
        return outcomes

    outcomes = await asyncio.gather(
        *(database.write_batched(unlucky_once, f"T{n}") for n in range(5))
    )
    assert len(set(outcomes)) == 5
    assert await database.read(teams) == [f"T{n}" for n in range(5)]
    assert attempts[0] == attempts[1]
    database.close()
