"""Mondays at a desk where every message is kept.

On SQLite every change of hands meets every thing that may be open. On PostgreSQL each meets a third of the others,
in turn, unless BASECOACH_EVERY_CASE is set: the rules are the same there, and so are most of their statements.
"""

from __future__ import annotations

import os

import pytest

from bot.database import Database
from tests.domain.handover.changes import ROWS
from tests.domain.handover.desk import Desk


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what PostgreSQL need not show once more."""
    if "BASECOACH_EVERY_CASE" in os.environ:
        return
    changes = list(ROWS)
    left_out = []
    open_things: dict[str, int] = {}
    for item in items:
        parameters = (
            item.callspec.params
            if isinstance(item, pytest.Function) and hasattr(item, "callspec")
            else {}
        )
        if item.path.name != "test_handover.py" or parameters.get("database_url") != "postgresql":
            continue
        if "name" in parameters:
            number = open_things.setdefault(item.function.__name__, len(open_things))
            if (changes.index(parameters["name"]) + number) % 3:
                left_out.append(item)
    config.hook.pytest_deselected(items=left_out)
    gone = set(left_out)
    items[:] = [item for item in items if item not in gone]


@pytest.fixture
def desk(database: Database) -> Desk:
    """Two teams whose coach channels are known to be private, and people who have opened their Homes."""
    desk = Desk(database)
    desk.open_homes("U1", "UC", "UD", "UN")
    for name in ("Harbor", "Quay"):
        desk.change(desk.team(name), public_channel=False)
    return desk
