"""Messages that had to be posted again after an unknown outcome: each is checked later for a second copy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from bot.domain.outbox.sending import DUPLICATE_CHECK_AFTER
from bot.domain.tables import OutboxItem


@dataclass(frozen=True)
class PossibleDuplicate:
    """A message that was posted again after its outcome stayed unknown: there may be a second copy."""

    id: int
    surface: str
    subject_id: int
    token: str
    channel: str
    ts: str
    posted_at: datetime


def possible_duplicates(session: Session, *, now: datetime, limit: int) -> list[PossibleDuplicate]:
    """Take the messages whose check for a second copy is due.

    Each is due again later, unless `duplicates_removed` says that there is one copy only.
    """
    items = session.exec(
        select(OutboxItem)
        .where(
            col(OutboxItem.duplicate_check_at).is_not(None),
            col(OutboxItem.duplicate_check_at) <= now,
        )
        .order_by(col(OutboxItem.duplicate_check_at))
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for item in items:
        item.duplicate_check_at = now + DUPLICATE_CHECK_AFTER
    session.flush()
    return [
        PossibleDuplicate(
            item.id,
            item.surface,
            item.subject_id,
            item.token,
            item.channel,
            item.ts,
            item.posted_at,
        )
        for item in items
        if item.channel is not None and item.ts is not None and item.posted_at is not None
    ]


def duplicates_removed(session: Session, *, item_id: int) -> None:
    """Record that only one copy of the message is left, so it needs no further check."""
    item = session.get(OutboxItem, item_id)
    if item is not None:  # what it shows may have been deleted meanwhile
        item.duplicate_check_at = None
        session.flush()
