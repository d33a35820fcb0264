"""What several tests of the domain begin with."""

from __future__ import annotations

import pytest

from bot.database import Database
from tests.domain.planning import Office


@pytest.fixture
def office(database: Database) -> Office:
    """Two teams with their coaches and reps, on both kinds of database."""
    return Office(database)
