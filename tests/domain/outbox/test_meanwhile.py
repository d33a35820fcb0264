"""A row of the outbox that changes while somebody else holds it: nobody's change is lost."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from bot.database import Database, rows
from bot.domain.outbox import outbox, sending
from bot.domain.outbox.outbox import ALERT, Lane
from tests.conftest import FRIDAY
from tests.domain.outbox.outbox_rows import STANDS, OutboxRows
from tests.patience import PATIENCE

pytestmark = pytest.mark.postgresql
STALE = {**STANDS, "desired_version": 5, "due_at": FRIDAY}
BLOCKED = sa.text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE wait_event_type = 'Lock' AND datname = current_database()"
)


@pytest.fixture
def outbox_rows(new_postgresql: Callable[[], str]) -> Iterator[OutboxRows]:
    database = Database(new_postgresql())
    yield OutboxRows(database)
    database.close()


@pytest.fixture
def held(outbox_rows: OutboxRows) -> Iterator[Held]:
    with ThreadPoolExecutor(1) as threads, Session(outbox_rows.database.engine) as sender:
        yield Held(outbox_rows, threads, sender)


class Held:
    """A sender that has claimed a row, and whose report holds the row until it commits."""

    def __init__(
        self, outbox_rows: OutboxRows, threads: ThreadPoolExecutor, sender: Session
    ) -> None:
        self._rows, self._threads, self._sender = outbox_rows, threads, sender
        self.id = outbox_rows.add(1, **STALE)
        self._named = {"workspace_id": outbox_rows.workspace_id, "surface": ALERT}

    def report(self) -> None:
        database = self._rows.database
        (claimed,) = database.write_now(
            sending.claim, sender="s", lane=Lane.UPDATE, now=FRIDAY, limit=9
        )
        sending.mark_shown(self._sender, [sending.Report(claimed, "s", FRIDAY)])

    def meanwhile(self, change: Callable[..., object], **facts: object) -> None:
        """Begin the change in another transaction, which has to wait, and then commit the report."""
        database = self._rows.database
        waiting = self._threads.submit(
            database.write_now, change, **self._named, subject_id=1, **facts
        )
        gives_up = time.monotonic() + PATIENCE
        while database.read_now(rows, BLOCKED) != [(1,)]:
            assert time.monotonic() < gives_up
        self._sender.commit()
        waiting.result(PATIENCE)


@pytest.mark.parametrize("change", [outbox.mark_stale, outbox.mark_stale_if_known])
def test_a_change_while_the_sender_reports_is_shown_too(
    outbox_rows: OutboxRows, held: Held, change: Callable[..., object]
) -> None:
    now = FRIDAY + timedelta(seconds=1)
    held.report()
    held.meanwhile(change, now=now)
    row = outbox_rows.row(held.id)
    assert (row["desired_version"], row["rendered_version"], row["due_at"]) == (6, 5, now)


def test_a_response_url_that_failed_while_the_sender_reports_is_made_good(
    outbox_rows: OutboxRows, held: Held
) -> None:
    held.report()
    held.meanwhile(sending.not_redrawn, began=FRIDAY)
    row = outbox_rows.row(held.id)
    assert (row["redraws_in_flight"], row["due_at"]) == (1, FRIDAY + sending.SETTLES_AFTER)


def test_a_row_that_is_claimed_meanwhile_is_not_claimed_twice(outbox_rows: OutboxRows) -> None:
    database, later = outbox_rows.database, FRIDAY + timedelta(hours=1)
    id = outbox_rows.add(1, **{**STALE, "due_at": later})
    with ThreadPoolExecutor(1) as threads, Session(database.engine) as sender:
        (claimed,) = sending.claim(sender, sender="s", lane=Lane.UPDATE, now=later, limit=9)
        waiting = threads.submit(
            database.write_now, outbox.make_due_now, surface=ALERT, subject_ids=[1], now=FRIDAY
        )
        gives_up = time.monotonic() + PATIENCE
        while database.read_now(rows, BLOCKED) != [(1,)]:
            assert time.monotonic() < gives_up
        sender.commit()
        waiting.result(PATIENCE)
    assert claimed.id == id
    assert outbox_rows.row(id)["due_at"] == later + sending.LEASE
