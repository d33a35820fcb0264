"""Requests of several workspaces in one batch: each is about its own workspace's messages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from bot.database import Database
from bot.domain.outbox import outbox, sending
from bot.domain.outbox.outbox import CHECK_IN, REMINDER, Lane
from bot.domain.outbox.sending import Redrawn
from bot.domain.tables import OutboxItem, Workspace

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SUBJECT = 7


@pytest.fixture
def two(database: Database) -> list[int]:
    """Two workspaces, each with a message about a subject of the same number, at version 3 and 5."""

    def add(session: Session) -> list[int]:
        found = []
        for version in (3, 5):
            workspace = Workspace(
                slack_team_id=f"T{version}", name="Harbor", bot_user_id="U1", created_at=NOON
            )
            session.add(workspace)
            session.flush()
            for surface in (CHECK_IN, REMINDER):
                outbox.add_all(
                    session, [outbox.New(workspace.id, surface, SUBJECT, NOON)], now=NOON
                )
                item = session.exec(select(OutboxItem).order_by(col(OutboxItem.id).desc())).first()
                assert item is not None
                item.lane, item.channel, item.ts = Lane.UPDATE, "D1", "1.1"
                item.desired_version = version
            found.append(workspace.id)
        return found

    return database.write_now(add)


def rendered(session: Session) -> dict[tuple[int, str], int]:
    items = session.exec(select(OutboxItem)).all()
    return {(item.workspace_id, item.surface): item.rendered_version for item in items}


def test_versions_are_told_apart_by_workspace(database: Database, two: list[int]) -> None:
    first, second = two
    asked = [(second, SUBJECT), (first, SUBJECT), (first, SUBJECT + 1)]
    found = database.read_now(outbox.versions, surface=CHECK_IN, subjects=asked)
    assert found == {(first, SUBJECT): 3, (second, SUBJECT): 5}
    assert database.read_now(outbox.versions, surface=CHECK_IN, subjects=asked[:1]) == {
        (second, SUBJECT): 5
    }


def test_what_was_redrawn_is_noted_at_its_own_workspace_and_surface(
    database: Database, two: list[int]
) -> None:
    first, second = two
    now = NOON + timedelta(minutes=1)
    told = [
        Redrawn(second, CHECK_IN, SUBJECT, version=5, now=now),
        Redrawn(first, REMINDER, SUBJECT, version=3, now=now),
    ]
    database.write_now(sending.mark_redrawn, told)
    assert database.read_now(rendered) == {
        (first, CHECK_IN): 0,
        (first, REMINDER): 3,
        (second, CHECK_IN): 5,
        (second, REMINDER): 0,
    }
