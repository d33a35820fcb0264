"""Whose turn it is: a run of CI takes a fifth of the tests that repeat other tests; its commit says which fifth.

A test repeats another one where it is the same test on PostgreSQL after SQLite, or the same story over HTTP after
Socket Mode. The rooms whose matter is the database itself are taken whole each time. Without TEST_TURN, as in
`make test`, everything runs.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import PurePath
from zlib import crc32

import pytest

TURNS = 5

WHOLE = ("database", "migrations")
"""Rooms of tests of which none waits for its turn."""

OVER_HTTP = PurePath("http", "test_scenarios.py")
"""The scenarios once more, over HTTP."""

HERE = PurePath(__file__).parent


def turn() -> int | None:
    """Return whose turn it is, by the number in TEST_TURN (that of a commit, say); None where everything runs."""
    number = os.environ.get("TEST_TURN")
    return None if number is None else int(number, 16) % TURNS


def is_due(name: str, turn: int | None) -> bool:
    """Return whether what has this name is taken in this turn; each name is, in exactly one of them."""
    return turn is None or crc32(name.encode()) % TURNS == turn


def is_repetition(place: PurePath, parameters: Mapping[str, object]) -> bool:
    """Return whether a test of this file below tests/, with these parameters, repeats another one."""
    on_second = parameters.get("database_url") == "postgresql" and place.parts[0] not in WHOLE
    return on_second or place == OVER_HTTP


def leave_to_others(items: list[pytest.Item], turn: int | None) -> list[pytest.Item]:
    """Take out of the list, and return, the repeating tests of which it is not the turn."""
    others = [item for item in items if _repeats(item) and not is_due(item.nodeid, turn)]
    gone = set(others)
    items[:] = [item for item in items if item not in gone]
    return others


def _repeats(item: pytest.Item) -> bool:
    parameters = item.callspec.params if hasattr(item, "callspec") else {}
    return is_repetition(PurePath(item.path).relative_to(HERE), parameters)
