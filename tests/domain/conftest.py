"""What several tests of the domain begin with."""

from __future__ import annotations

import pytest

from bot.database import Database
from tests.domain.enrolling import make_workspace
from tests.domain.mondays import Mondays
from tests.domain.planning import Office
from tests.domain.setting_up import Setup
from tests.seeding import seed_once


@pytest.fixture
def office(database: Database) -> Office:
    """Two teams with their coaches and reps, on both kinds of database."""
    return Office(database)


@pytest.fixture
def mondays(database: Database) -> Mondays:
    """Two teams whose reps have targets and are asked on Mondays, on both kinds of database."""
    return Mondays(database)


@pytest.fixture
def setup(database: Database) -> Setup:
    """A workspace without a team, and the use cases of setting up, on both kinds of database."""
    return Setup(database)


@pytest.fixture
def workspace_id(database: Database) -> int:
    """A workspace with an admin UA, coaches UC and UD, and people U1, U2, on both kinds of database."""
    return seed_once(database, make_workspace)
