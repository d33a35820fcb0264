"""What the tests of absences begin with."""

from __future__ import annotations

import pytest

from bot.database import Database
from tests.domain.absences.away import Office, seed
from tests.seeding import seed_once


@pytest.fixture
def office(database: Database) -> Office:
    """A team with one rep whose clock is moved by saying when something is done."""
    seed_once(database, seed, reps=1)
    return Office(database)
