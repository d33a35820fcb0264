"""Counts the outbox rows that still have to reach Slack, and those that were given up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col

from bot.database import rows
from bot.domain.outbox.outbox import Lane
from bot.domain.tables import OutboxItem


@dataclass(frozen=True)
class Backlog:
    """The outbox rows that wait for the sender, and the rows that were given up."""

    due: int
    oldest_due_at: datetime | None
    given_up: int
    reasons: tuple[tuple[str, str, int], ...] = ()
    """The rows that were given up: the surface, the reason, and how many."""


def backlog(session: Session, *, now: datetime) -> Backlog:
    """Count the rows of all workspaces."""
    due_at = col(OutboxItem.due_at)
    waiting = sa.select(sa.func.count(), sa.func.min(due_at)).where(
        col(OutboxItem.lane).in_([lane.value for lane in Lane]),  # the index begins with `lane`
        due_at <= now,
    )
    surface, reason = col(OutboxItem.surface), col(OutboxItem.failed_reason)
    given_up = (
        sa.select(surface, reason, sa.func.count())
        .where(reason.is_not(None))
        .group_by(surface, reason)
        .order_by(surface, reason)
    )
    ((due, oldest),) = rows(session, waiting)
    reasons = tuple((row[0], row[1], row[2]) for row in rows(session, given_up))
    return Backlog(
        due=due,
        oldest_due_at=oldest,
        given_up=sum(count for _, _, count in reasons),
        reasons=reasons,
    )
