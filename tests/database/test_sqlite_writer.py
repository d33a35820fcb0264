"""One thread writes on SQLite, and everybody gets through."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

import pytest
from sqlmodel import Session

from bot.database import Database
from tests.database.workspaces import PATIENCE, add_workspace, teams


async def test_many_writers_at_once_all_get_through(database: Database) -> None:
    await asyncio.gather(*(database.write(add_workspace, f"T{n:03}") for n in range(100)))
    assert len(await database.read(teams)) == 100


async def test_closing_finishes_what_waits(new_sqlite: Callable[[], str]) -> None:
    url = new_sqlite()
    database = Database(url)
    writes = [asyncio.create_task(database.write(add_workspace, f"T{n:02}")) for n in range(20)]
    await asyncio.sleep(0)  # all of them are handed in by now
    await asyncio.to_thread(database.close)
    await asyncio.gather(*writes)
    with pytest.raises(RuntimeError, match="the database is closed"):
        await database.write(add_workspace, "T99")
    again = Database(url)
    assert len(again.read_now(teams)) == 20
    again.close()


async def test_what_nobody_waits_for_any_more_is_not_begun(new_sqlite: Callable[[], str]) -> None:
    database = Database(new_sqlite())
    held, go_on = threading.Event(), threading.Event()

    def hold_up(session: Session) -> None:
        held.set()
        assert go_on.wait(PATIENCE)

    first = asyncio.create_task(database.write(hold_up))
    assert await asyncio.to_thread(held.wait, PATIENCE)
    given_up = asyncio.create_task(database.write(add_workspace, "T1"))
    kept = asyncio.create_task(database.write(add_workspace, "T2"))
    await asyncio.sleep(0)  # both are handed in by now
    given_up.cancel()
    await asyncio.gather(given_up, return_exceptions=True)
    go_on.set()
    await asyncio.gather(first, kept)
    assert await database.read(teams) == ["T2"]
    database.close()
