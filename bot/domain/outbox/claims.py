"""Finds the rows of a lane that are due, in their order, and notes who claims them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from bot.database import any_of, columns, rows, run, table
from bot.domain.outbox.outbox import Lane
from bot.domain.tables import OutboxItem, Workspace

_OUTBOX = table(OutboxItem)
_ITEM = _OUTBOX.c


def take(
    session: Session, *, lane: Lane, now: datetime, limit: int, by: str, until: datetime
) -> list[tuple[Any, ...]]:
    """Note that `by` claims up to `limit` due rows of workspaces that Slack lets in, until the moment `until`.

    Returns the columns of `_DUE` as they were before, the row that has been due for longest first.
    """
    wanted = {"of_lane": lane.value, "now": now, "most": limit}
    changes = {"by": by, "until": until}
    if session.connection().dialect.name == "postgresql":
        due = rows(session, _CLAIM_DUE, **wanted, **changes)
    elif due := rows(session, _DUE, **wanted):
        run(session, _CLAIM, ids=[row[0] for row in due], **changes)
    return sorted(due, key=lambda row: (row[-1], row[0]))  # an UPDATE returns its rows in any order


_DUE = (
    sa.select(
        _ITEM.id,
        _ITEM.workspace_id,
        _ITEM.surface,
        _ITEM.subject_id,
        _ITEM.desired_version,
        _ITEM.token,
        _ITEM.channel,
        _ITEM.ts,
        _ITEM.attempts,
        _ITEM.unknown_since,
        _ITEM.lookbacks,
        _ITEM.refused_because,
        _ITEM.claimed_by,
        _ITEM.due_at,
    )
    .where(
        _ITEM.lane == sa.bindparam("of_lane"),
        _ITEM.due_at.is_not(None),
        _ITEM.due_at <= sa.bindparam("now"),
        _ITEM.workspace_id.in_(
            sa.select(columns(Workspace).id).where(columns(Workspace).disconnected_reason.is_(None))
        ),
    )
    .order_by(_ITEM.due_at, _ITEM.id)
    .limit(sa.bindparam("most", type_=sa.Integer))
    .with_for_update(skip_locked=True)
)

_CLAIM = (
    sa.update(_OUTBOX)
    .where(_ITEM.id.in_(any_of("ids")))
    .values(claimed_by=sa.bindparam("by"), due_at=sa.bindparam("until"))
)

_DUE_NOW = _DUE.cte("due_now")

_CLAIM_DUE = (
    sa.update(_OUTBOX)
    .where(_ITEM.id == _DUE_NOW.c.id)
    .values(claimed_by=sa.bindparam("by"), due_at=sa.bindparam("until"))
    .returning(*_DUE_NOW.c)
)
"""Does what `_DUE` and `_CLAIM` do together. SQLite can return only what a row has become, not what it was."""
