"""The outbox in three numbers."""

from __future__ import annotations

from bot.database import Database
from bot.domain.outbox.backlog import Backlog, backlog
from bot.domain.outbox.outbox import Lane
from tests.domain.outbox.outbox_rows import STANDS, WAITS, OutboxRows
from tests.domain.outbox.posted import moment

NOW = moment(100)

NAMED = (("alert", "invalid_blocks", 1), ("alert", "x", 1))


def test_an_outbox_without_rows_has_no_backlog(database: Database) -> None:
    assert database.read_now(backlog, now=NOW) == Backlog(due=0, oldest_due_at=None, given_up=0)


def test_rows_that_are_due_count_in_every_lane_and_every_workspace(database: Database) -> None:
    rows = OutboxRows(database)
    rows.add(1, **{**WAITS, "due_at": moment(40)})
    rows.add(2, **{**STANDS, "due_at": moment(30)})
    rows.add(3, lane=Lane.PUBLISH.value, due_at=NOW)
    rows.add(4, **WAITS, workspace_id=rows.elsewhere)
    rows.add(5, **{**WAITS, "due_at": moment(101)})
    rows.add(6, **STANDS)
    rows.add(7, **STANDS, failed_reason="invalid_blocks")
    rows.add(8, **STANDS, failed_reason="x", workspace_id=rows.elsewhere)
    found = database.read_now(backlog, now=NOW)
    assert found == Backlog(due=4, oldest_due_at=moment(0), given_up=2, reasons=NAMED)
