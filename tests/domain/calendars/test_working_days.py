"""When reps work."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from bot.database import Database
from bot.domain.checkins import scheduling
from bot.domain.tables import (
    CheckIn,
)
from tests.domain.absences.away import FRIDAY, Office, at, seed


@pytest.fixture
def office(database: Database) -> Office:
    """A team with one rep whose clock is moved by saying when something is done."""
    database.write_now(seed, reps=1)
    return Office(database)


def test_one_look_at_absences_serves_a_whole_batch(database: Database) -> None:
    database.write_now(seed, reps=7)
    office = Office(database)
    office.record(16, 17, FRIDAY, by="U3")
    looks: list[str] = []

    def notice(_c: object, _cursor: object, statement: str, *_more: object) -> None:
        if "FROM absence" in statement:
            looks.append(statement)

    event.listen(database.engine, "before_cursor_execute", notice)
    database.write_now(scheduling.schedule_due, now=at(23, 9))
    event.remove(database.engine, "before_cursor_execute", notice)
    assert len(looks) == 1
    check_ins = sorted(office.rows(CheckIn), key=lambda check_in: check_in.member_id)
    assert [check_in.days_off for check_in in check_ins] == [0, 0, 0, 2, 0, 0, 0]
