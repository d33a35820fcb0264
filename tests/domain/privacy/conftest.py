"""What the tests of this room begin with: two teams, and everything that can be stored about one of their reps."""

from __future__ import annotations

import pytest

from bot.database import Database
from tests.domain.privacy.desk import PrivacyDesk


@pytest.fixture
def desk(database: Database) -> PrivacyDesk:
    """Two teams whose coach channels are known to be private, and people who have opened their Homes."""
    desk = PrivacyDesk(database)
    desk.open_homes("U1", "U2", "UC", "UD", "UN")
    for name in ("Harbor", "Quay"):
        desk.change(desk.team(name), public_channel=False)
    return desk
