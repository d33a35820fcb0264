"""The usual reports are taken by one statement, which comes to the same as judging them row by row."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from sqlmodel import Session

from bot.database import Database
from bot.domain.outbox import undoubted
from bot.domain.outbox.outbox import Lane
from bot.domain.outbox.sending import Claimed, Report
from bot.domain.tables import OutboxItem
from tests.conftest import FRIDAY
from tests.counting import counted
from tests.domain.outbox.outbox_rows import STANDS, WAITS
from tests.domain.outbox.posted import moment
from tests.domain.outbox.senders import LATER, Senders


@pytest.fixture
def rows(database: Database) -> Senders:
    return Senders(database)


def states() -> Iterator[dict[str, Any]]:
    """Rows that the sender `s` claimed in version 4, and what may have become of them since."""
    columns: dict[str, tuple[Any, ...]] = {
        "claimed_by": ("s", "other", None),
        "desired_version": (4, 5),
        "rendered_version": (3, 4, 5),
        "unknown_since": (None, moment(20), LATER),
        "redraws_in_flight": (0, 1),
    }
    for base in (WAITS, STANDS):
        for values in itertools.product(*columns.values()):
            changed = dict(zip(columns, values, strict=True))
            yield {**base, "due_at": moment(280), "attempts": 2, "lookbacks": 1, **changed}


def add_all(rows: Senders, *, first: int) -> list[OutboxItem]:
    """One row in each state."""

    def add(session: Session) -> list[OutboxItem]:
        items = [
            OutboxItem(
                workspace_id=rows.workspace_id,
                surface="alert",
                subject_id=first + number,
                token=f"token {number}",
                created_at=FRIDAY,
                **state,
            )
            for number, state in enumerate(states())
        ]
        session.add_all(items)
        session.flush()
        return [OutboxItem(**item.model_dump()) for item in items]

    return rows.database.write_now(add)


def reports(items: list[OutboxItem], ts: str | None) -> list[Report]:
    """The sender `s` reports about each row; it posted a message if there is a `ts`."""
    return [
        Report(
            Claimed(
                id=item.id,
                workspace_id=item.workspace_id,
                surface=item.surface,
                subject_id=item.subject_id,
                desired_version=4,
                token=item.token,
                channel=item.channel,
                ts=item.ts,
                attempts=item.attempts,
                unknown_since=None if item.unknown_since == LATER else item.unknown_since,
                lookbacks=item.lookbacks,
            ),
            "s",
            LATER,
            channel="C1",
            ts=ts,
        )
        for item in items
    ]


@pytest.mark.parametrize("ts", [None, "1.0", "2.0"])
def test_both_ways_come_to_the_same(
    rows: Senders, ts: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    one_way, other_way = add_all(rows, first=1), add_all(rows, first=1_001)
    outcomes = rows.report(*reports(one_way, ts))
    with monkeypatch.context() as patched:
        patched.setattr(undoubted, "take", lambda *_: {})
        assert rows.report(*reports(other_way, ts)) == outcomes
    found = {row["subject_id"]: row for row in rows.rows()}
    own = ("id", "subject_id")
    for item in one_way:
        one, other = (
            {name: value for name, value in found[subject].items() if name not in own}
            for subject in (item.subject_id, item.subject_id + 1_000)
        )
        assert one == other, item


def test_the_usual_report_is_one_statement(rows: Senders) -> None:
    for number in (1, 2):
        rows.add(number, **WAITS)
    claimed = rows.claim()
    with counted(rows.database) as statements:
        rows.report(*(Report(one, "s", LATER, channel="C7", ts=f"{one.id}.0") for one in claimed))
    assert len([one for one in statements if "outbox" in one]) == 1
    assert {row["lane"] for row in rows.rows()} == {Lane.UPDATE.value}


def test_two_reports_about_a_row_are_taken_one_after_the_other(rows: Senders) -> None:
    id = rows.add(1, **WAITS)
    claimed = rows.one()
    first, second = (Report(claimed, "s", LATER, channel="C7", ts=ts) for ts in ("7.0", "8.0"))
    assert rows.report(first, second) == [True, False]
    assert rows.row(id)["ts"] == "7.0"
