"""What App Home shows of a rep, a coach's reps and an admin's checklist."""

from __future__ import annotations

import pytest

from bot.database import Database
from bot.domain import homes
from bot.domain.tables import (
    Member,
)
from tests.domain.absences.away import FRIDAY, SMALLER, Office, nov, seed


@pytest.fixture
def office(database: Database) -> Office:
    """A team with one rep whose clock is moved by saying when something is done."""
    database.write_now(seed, reps=1)
    return Office(database)


def test_homes_say_who_is_away_and_what_is_left(office: Office) -> None:
    office.record(19, 20, FRIDAY)
    shown = office.database.read_now(homes.show, member_id=office.rows(Member)[1].id, now=FRIDAY)
    assert shown.rep is not None
    assert shown.rep.away_until == nov(20)
    assert [(g.target, g.full_target) for g in shown.rep.goals] == SMALLER
    coach = office.database.read_now(homes.show, member_id=office.rows(Member)[0].id, now=FRIDAY)
    assert coach.coached[0].reps[0].away_until == nov(20)
