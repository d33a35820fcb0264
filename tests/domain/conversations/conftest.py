"""What the tests of conversations begin with."""

from __future__ import annotations

import pytest

from bot.clock import SettableClock
from bot.database import Database
from tests.domain.conversations.rep import Rep, seed


@pytest.fixture
def rep(database: Database, clock: SettableClock) -> Rep:
    """A rep of a team that logs conversations, on both kinds of database."""
    database.write_now(seed)
    return Rep(database, clock)
