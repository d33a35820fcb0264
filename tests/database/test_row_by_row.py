"""One row that can't be handled holds up no other row, and is tried again after a while."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col, select

from bot.database import Database, among
from bot.database.row_by_row import ASIDE_FOR, RowByRow
from bot.domain.tables import Workspace
from tests.database.workspaces import NOON, add_workspace

BATCH = 4
DUE, DONE, BROKEN = "due", "done", "broken"


def due_rows(
    session: Session, only: Collection[int] | None, without: Collection[int], limit: int
) -> Sequence[Workspace]:
    wanted = col(Workspace.name).in_([DUE, BROKEN])
    chosen = among(col(Workspace.id), only, without)
    return session.exec(
        select(Workspace).where(wanted, *chosen).order_by(col(Workspace.id)).limit(limit)
    ).all()


def step(
    session: Session,
    *,
    now: datetime,
    only: Collection[int] | None = None,
    without: Collection[int] = (),
) -> int:
    found = due_rows(session, only, without, BATCH)
    for row in found:
        if row.name == BROKEN:
            raise ValueError(row.slack_team_id)
        row.name = DONE
    session.flush()
    return len(found)


def due_ids(session: Session, *, now: datetime, without: Collection[int]) -> list[int]:
    return [row.id for row in due_rows(session, None, without, 100)]


def names(session: Session) -> list[str]:
    return list(session.exec(select(Workspace.name).order_by(col(Workspace.id))))


@pytest.fixture
def fill(database: Database) -> Callable[[Sequence[str]], None]:
    def fill(wanted: Sequence[str]) -> None:
        def add(session: Session) -> None:
            for number, name in enumerate(wanted):
                row = session.get_one(Workspace, add_workspace(session, f"T{number:02}"))
                row.name = name

        database.write_now(add)

    return fill


async def test_every_other_row_is_handled_and_the_bad_ones_are_named(
    database: Database, fill: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    rows = [BROKEN, *[DUE] * 9, BROKEN, DUE]
    fill(rows)
    runner = RowByRow(database)
    await runner.run(step, due_ids, now=NOON)
    expected = [BROKEN if name == BROKEN else DONE for name in rows]
    assert database.read_now(names) == expected
    logged = [vars(record) for record in caplog.records if record.levelno == logging.ERROR]
    assert [(line["msg"], line["step"], line["row"]) for line in logged] == [
        ("a row could not be handled", "step", 1),
        ("a row could not be handled", "step", 11),
    ]
    caplog.clear()
    await runner.run(step, due_ids, now=NOON + ASIDE_FOR - timedelta(seconds=1))
    assert caplog.records == []


async def test_a_row_that_was_mended_is_handled_after_a_while(
    database: Database, fill: Callable[..., None]
) -> None:
    fill([BROKEN, DUE])
    runner = RowByRow(database)
    await runner.run(step, due_ids, now=NOON)

    def mend(session: Session) -> None:
        session.get_one(Workspace, 1).name = DUE

    database.write_now(mend)
    await runner.run(step, due_ids, now=NOON)
    assert database.read_now(names) == [DUE, DONE]
    await runner.run(step, due_ids, now=NOON + ASIDE_FOR)
    assert database.read_now(names) == [DONE, DONE]


async def test_an_error_of_the_database_is_blamed_on_no_row(
    database: Database, fill: Callable[..., None]
) -> None:
    fill([DUE, DUE])
    calls: list[Collection[int] | None] = []

    def away(
        session: Session,
        *,
        now: datetime,
        only: Collection[int] | None = None,
        without: Collection[int] = (),
    ) -> int:
        calls.append(only)
        raise OperationalError("SELECT 1", {}, OSError("the server went away"))

    with pytest.raises((OperationalError, ExceptionGroup)):
        await RowByRow(database).run(away, due_ids, now=NOON)
    assert set(calls) == {None}
