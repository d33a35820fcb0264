"""What several tests of the domain begin with."""

from __future__ import annotations

import pytest

from bot.database import Database
from tests.domain.mondays import Mondays
from tests.domain.planning import Office


@pytest.fixture
def office(database: Database) -> Office:
    """Two teams with their coaches and reps, on both kinds of database."""
    return Office(database)


@pytest.fixture
def mondays(database: Database) -> Mondays:
    """Two teams whose reps have targets and are asked on Mondays, on both kinds of database."""
    return Mondays(database)
