"""The scenarios' world with the bot behind signed HTTP requests, on SQLite: PostgreSQL changes nothing here."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.scenarios.conftest import empty_world, world

__all__ = ["empty_world", "world"]


@pytest.fixture
def transport() -> str:
    return "http"


@pytest.fixture
def database_url(new_sqlite: Callable[[], str]) -> str:
    return new_sqlite()
