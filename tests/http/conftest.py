"""The scenarios' world with the bot behind signed HTTP requests, on SQLite: PostgreSQL changes nothing here."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.scenarios.conftest import empty_world, world

__all__ = ["empty_world", "world"]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Every scenario comes over HTTP, once: its further examples are told apart behind the transport."""
    seen: set[str] = set()
    left_out = []
    for item in items:
        if item.path == Path(__file__).parent / "test_scenarios.py":
            name = item.nodeid.partition("[")[0]
            if name in seen:
                left_out.append(item)
            seen.add(name)
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in set(left_out)]


@pytest.fixture
def transport() -> str:
    return "http"


@pytest.fixture
def database_url(new_sqlite: Callable[[], str]) -> str:
    return new_sqlite()
