"""What the tests of conversations begin with."""

from __future__ import annotations

import pytest

from bot.clock import SettableClock
from bot.database import Database
from tests.domain.conversations.rep import Rep, seed
from tests.seeding import seed_once


@pytest.fixture
def rep(database: Database, clock: SettableClock) -> Rep:
    """A rep of a team that logs conversations, on both kinds of database."""
    seed_once(database, seed)
    return Rep(database, clock)
