"""Takes out of Slack what was deleted here: turns rows of the outbox into orders to delete their messages.

The order carries the message's place, `ts` and token, and nothing else of what it showed. It ends when Slack has
no such message any more. A message whose post is in the air, or may have a second copy, is looked for by its token
wherever it may have been posted.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from bot.database import columns, rows, signal
from bot.domain.outbox.outbox import (
    ERASED,
    ERASED_FILE,
    ERASED_HOME,
    ERASED_MESSAGE,
    HOME,
    SIGNAL,
    Lane,
)
from bot.domain.outbox.sending import LEASE, Claimed, mine
from bot.domain.tables import OutboxItem

LOOK_AFTER = timedelta(seconds=60)
"""When a message whose post is in doubt is looked for first: Slack shows an accepted post by then."""


def take_out(
    session: Session, items: Collection[OutboxItem], *, places: Sequence[str], now: datetime
) -> int:
    """Have these rows' messages deleted from Slack; return how many there may be.

    `places` are the conversations, or people, to which a message of theirs that is not known to be posted may have
    gone; a Home is that of the first of them. A row that never came to a call is deleted at once.
    """
    in_slack = 0
    for item in items:
        if item.surface == HOME:
            _order(item, ERASED_HOME, now)
            item.channel = places[0]
        elif item.ts is not None:
            doubled = item.duplicate_check_at is not None
            if doubled and item.channel is not None and item.posted_at is not None:
                _look_for(session, item, item.channel, since=item.posted_at, now=now)
            _order(item, ERASED_MESSAGE, now)
        elif item.claimed_by is None and item.unknown_since is None:
            session.delete(item)
            continue
        else:
            since = item.unknown_since or (item.due_at or now) - LEASE
            for place in places[1:]:
                _look_for(session, item, place, since=since, now=now)
            _order(item, ERASED_MESSAGE, now)
            item.channel = places[0] if places else None
        in_slack += 1
    session.flush()
    signal(session, SIGNAL)
    return in_slack


def take_out_file(
    session: Session, *, workspace_id: int, slack_file_id: str, due_at: datetime, now: datetime
) -> None:
    """Have a file deleted from Slack, at `due_at`."""
    _add(
        session,
        OutboxItem(
            workspace_id=workspace_id,
            surface=ERASED_FILE,
            subject_id=0,
            lane=Lane.UPDATE,
            due_at=due_at,
            token=secrets.token_hex(16),
            channel=slack_file_id,
            created_at=now,
        ),
    )
    signal(session, SIGNAL)


def done(session: Session, *, claimed: Claimed, sender: str) -> None:
    """End an order: Slack shows nothing of it any more."""
    item = mine(session, claimed, sender)
    if item is not None and item.surface in ERASED:
        session.delete(item)
        session.flush()


def was_taken_out(session: Session, item_id: int) -> bool:
    """Return whether the row has become an order to delete its message, or is gone."""
    found = session.exec(select(OutboxItem.surface).where(OutboxItem.id == item_id)).one_or_none()
    return found is None or found in ERASED


def waiting(session: Session) -> int:
    """Return how many orders wait."""
    ((found,),) = rows(session, _WAITING)
    return int(found)


def of_subjects(
    session: Session, surface: str, subjects: sa.Select[tuple[int]]
) -> Sequence[OutboxItem]:
    """Return the rows of a surface's subjects, locked."""
    return session.exec(
        select(OutboxItem)
        .where(OutboxItem.surface == surface, col(OutboxItem.subject_id).in_(subjects))
        .order_by(col(OutboxItem.id))
        .with_for_update()
    ).all()


def _order(item: OutboxItem, surface: str, now: datetime) -> None:
    """Turn a row into an order. One that its sender has in hand comes due when that reports."""
    item.surface, item.subject_id = surface, item.id
    item.desired_version += 1
    item.duplicate_check_at, item.failed_reason, item.refused_because = None, None, None
    item.attempts = 0
    if item.claimed_by is not None:
        return
    item.due_at = max(now, item.due_at or now) if item.lane == Lane.POST else now


def _look_for(
    session: Session, item: OutboxItem, place: str, *, since: datetime, now: datetime
) -> None:
    """Add an order to look for the row's message in one more place."""
    _add(
        session,
        OutboxItem(
            workspace_id=item.workspace_id,
            surface=ERASED_MESSAGE,
            subject_id=0,
            lane=Lane.POST,
            due_at=now + LOOK_AFTER,
            unknown_since=since,
            token=item.token,
            channel=place,
            created_at=item.created_at,
        ),
    )


def _add(session: Session, item: OutboxItem) -> None:
    """Add an order; its subject is its own id, because what it was about is gone."""
    session.add(item)
    session.flush()
    item.subject_id = item.id
    session.flush()


_WAITING = sa.select(sa.func.count()).where(
    columns(OutboxItem).surface.in_(sorted(ERASED)), columns(OutboxItem).due_at.is_not(None)
)
