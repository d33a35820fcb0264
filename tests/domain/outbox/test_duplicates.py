"""Messages that had to be posted again: each is looked after until there is one copy only."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.database import Database
from bot.domain.outbox import duplicates
from bot.domain.outbox.duplicates import PossibleDuplicate
from bot.domain.outbox.outbox import ALERT
from tests.domain.outbox.outbox_rows import STANDS, OutboxRows
from tests.domain.outbox.posted import moment

NOW = moment(100)


@pytest.fixture
def rows(database: Database) -> OutboxRows:
    return OutboxRows(database)


def test_second_copies_are_looked_for_when_it_is_time_and_until_there_are_none(
    rows: OutboxRows,
) -> None:
    due = [
        rows.add(n, **STANDS, duplicate_check_at=moment(seconds))
        for n, seconds in ((1, 90), (2, 80), (3, 101), (4, 100))
    ]
    rows.add(5, **STANDS)

    def look(now: object, limit: int = 9) -> list[PossibleDuplicate]:
        return rows.database.write_now(duplicates.possible_duplicates, now=now, limit=limit)

    first, second = look(NOW, limit=2)
    assert first == PossibleDuplicate(
        id=due[1],
        surface=ALERT,
        subject_id=2,
        token="token 2",
        channel="C1",
        ts="1.0",
        posted_at=STANDS["posted_at"],
    )
    assert second.subject_id == 1
    assert [one.subject_id for one in look(NOW)] == [4]
    assert look(NOW) == []
    rows.database.write_now(duplicates.duplicates_removed, item_id=due[1])
    again = NOW + timedelta(minutes=5)
    assert {one.subject_id for one in look(again)} == {1, 3, 4}
    assert rows.row(due[1])["duplicate_check_at"] is None


@pytest.mark.parametrize("missing", ["channel", "ts", "posted_at"])
def test_what_does_not_stand_any_more_has_no_second_copy(rows: OutboxRows, missing: str) -> None:
    rows.add(1, **{**STANDS, missing: None}, duplicate_check_at=NOW)
    assert rows.database.write_now(duplicates.possible_duplicates, now=NOW, limit=9) == []
