"""Columns keep moments aware and numbers exact."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest
from sqlalchemy.exc import StatementError
from sqlmodel import Session, select

from bot.database import Database
from bot.domain.tables import Metric, Target, Workspace
from tests.database.workspaces import NOON, add_workspace


async def test_moments_come_back_aware_and_naive_ones_are_refused(database: Database) -> None:
    local = datetime(2026, 11, 23, 14, 0, tzinfo=timezone(timedelta(hours=2)))
    await database.write(add_workspace, "T1", created_at=local)

    def created(session: Session) -> datetime:
        return session.exec(select(Workspace.created_at)).one()

    back = await database.read(created)
    assert back == NOON
    assert back.utcoffset() == timedelta(0)
    with pytest.raises(StatementError, match="naive"):
        await database.write(add_workspace, "T2", created_at=datetime(2026, 1, 1))  # noqa: DTZ001


@pytest.mark.parametrize("text", ["0", "17", "12500.50", "999999999999", "0.0001", "12345678901.1"])
async def test_numbers_are_stored_exactly(database: Database, text: str) -> None:
    def store(session: Session) -> None:
        workspace_id = add_workspace(session, "T1")
        from bot.domain.tables import Member

        member = Member(
            workspace_id=workspace_id,
            slack_user_id="U1",
            name="Priya",
            timezone="UTC",
            profile_read_at=NOON,
            created_at=NOON,
        )
        metric = Metric(
            workspace_id=workspace_id,
            key="k",
            name="n",
            unit="count",
            question="?",
            source="asked",
            position=0,
        )
        session.add_all([member, metric])
        session.flush()
        session.add(
            Target(
                workspace_id=workspace_id,
                member_id=member.id,
                metric_id=metric.id,
                from_week=NOON.date(),
                amount=Decimal(text),
                set_at=NOON,
            )
        )

    await database.write(store)
    amount = await database.read(lambda session: session.exec(select(Target.amount)).one())
    assert amount == Decimal(text)
