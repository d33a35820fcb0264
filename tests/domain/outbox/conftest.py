"""What several tests of the outbox begin with."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from bot.database import Database
from tests.domain.outbox.posted import Row, Story


@pytest.fixture
def tell(database: Database) -> Iterator[Callable[[Story], None]]:
    """Runs a story on a row that is posted and shown."""
    told: list[Story] = []

    def write(story: Story) -> None:
        told.append(story)
        database.write_now(lambda session: story(Row(session)))

    yield write
    assert told
