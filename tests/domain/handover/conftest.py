"""Mondays at a desk where every message is kept."""

from __future__ import annotations

import pytest

from bot.database import Database
from tests.domain.handover.desk import Desk


@pytest.fixture
def desk(database: Database) -> Desk:
    """Two teams whose coach channels are known to be private, and people who have opened their Homes."""
    desk = Desk(database)
    desk.open_homes("U1", "UC", "UD", "UN")
    for name in ("Harbor", "Quay"):
        desk.change(desk.team(name), public_channel=False)
    return desk
