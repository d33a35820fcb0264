"""What a claim costs: statements that don't grow with it, and an index that has due rows in their order."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlmodel import Session

from bot.database import Database
from bot.domain.outbox import outbox, sending
from bot.domain.outbox.outbox import WELCOME, Lane, New
from bot.domain.outbox.sending import LEASE, Claimed, Report
from tests.counting import counted
from tests.domain.outbox.posted import moment
from tests.domain.outbox.senders import LATER, NOW, Senders
from tests.explained import plans_of


@pytest.fixture
def rows(database: Database) -> Senders:
    return Senders(database)


def add_due(rows: Senders, count: int, *, due_at: datetime = NOW) -> None:
    """So many welcomes that have to be posted at the same moment."""

    def add(session: Session) -> None:
        new = [New(rows.workspace_id, WELCOME, number, due_at) for number in range(count)]
        outbox.add_all(session, new, now=NOW)

    rows.database.write_now(add)


def report(rows: Senders, claimed: list[Claimed]) -> list[bool]:
    return rows.report(
        *(Report(one, "s", LATER, channel="C7", ts=f"{one.id}.0") for one in claimed)
    )


def test_a_claim_of_fifty_takes_as_many_statements_as_one_of_five(rows: Senders) -> None:
    add_due(rows, 60)
    with counted(rows.database) as few:
        assert len(rows.claim(limit=5)) == 5
    with counted(rows.database) as many:
        assert len(rows.claim(limit=50)) == 50
    assert len(many) == len(few)


def test_so_does_one_of_rows_whose_sender_died(rows: Senders) -> None:
    add_due(rows, 60)
    rows.claim(limit=60, sender="died")
    with counted(rows.database) as few:
        assert len(rows.claim(NOW + LEASE, limit=5)) == 5
    with counted(rows.database) as many:
        claimed = rows.claim(NOW + LEASE, limit=50)
    assert {one.unknown_since for one in claimed} == {NOW}
    assert len(many) == len(few)


def test_fifty_reports_take_as_many_statements_as_five(rows: Senders) -> None:
    add_due(rows, 60)
    five, fifty = rows.claim(limit=5), rows.claim(limit=50)
    with counted(rows.database) as few:
        assert all(report(rows, five))
    with counted(rows.database) as many:
        assert all(report(rows, fifty))
    assert len(many) == len(few)


def test_a_claim_of_many_that_are_due_at_one_moment_sorts_nothing(rows: Senders) -> None:
    add_due(rows, 3_000)
    with rows.database.engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE")
    plans = plans_of(
        rows.database, sending.claim, sender="s", lane=Lane.POST, now=moment(101), limit=100
    )
    look = next(plan for plan in plans.values() if "ix_outbox_lane_due_at_id" in plan)
    assert "Sort" not in look  # PostgreSQL
    assert "TEMP B-TREE" not in look  # SQLite
