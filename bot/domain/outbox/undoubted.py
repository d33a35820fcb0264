"""Takes the usual reports by one statement: of rows that are as their sender claimed them, with no call in doubt.

Every other report is judged row by row, by `mark_shown` in `bot.domain.outbox.sending`. Both come to the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import TypedDict

import sqlalchemy as sa
from sqlmodel import Session

from bot.database import as_parameter, given, rows, table
from bot.domain.outbox.outbox import Lane
from bot.domain.tables import OutboxItem

_OUTBOX = table(OutboxItem)
_ITEM = _OUTBOX.c


class Shown(TypedDict):
    """A report that Slack shows a version of a row; a new message has a `channel` and a `ts`."""

    id: int
    claimed_by: str
    """The sender that reports."""
    desired_version: int
    """The version that it claimed and that Slack shows."""
    channel: str | None
    ts: str | None
    posted_at: datetime
    """The moment of the report."""


def take(session: Session, shown: Sequence[Shown]) -> dict[int, datetime | None]:
    """Record the reports whose rows leave no doubt; return when each of these rows is due again, by its id.

    A row is left alone, and not returned, if it is no longer claimed by the sender, if a call for it may still
    arrive, or if a new message is reported while the row names one already. `shown` has one report for a row.
    """
    if not shown:
        return {}
    dialect = session.connection().dialect
    parameter = as_parameter(_OUTBOX, shown, dialect=dialect)
    return dict(rows(session, _take(dialect.name), rows=parameter))


@lru_cache
def _take(dialect: str) -> sa.Update:
    new = given(_OUTBOX, tuple(Shown.__annotations__), dialect=dialect).c
    is_post = new.ts.is_not(None)
    is_behind = (_ITEM.desired_version > new.desired_version) & (
        _ITEM.desired_version > _ITEM.rendered_version
    )
    return (
        sa.update(_OUTBOX)
        .where(
            _ITEM.id == new.id,
            _ITEM.claimed_by == new.claimed_by,
            _ITEM.unknown_since.is_(None),
            _ITEM.ts.is_(None) | new.ts.is_(None),
        )
        .values(
            lane=sa.case((is_post, Lane.UPDATE.value), else_=_ITEM.lane),
            channel=sa.func.coalesce(new.channel, _ITEM.channel),
            ts=sa.func.coalesce(new.ts, _ITEM.ts),
            posted_at=sa.case((is_post, new.posted_at), else_=_ITEM.posted_at),
            lookbacks=sa.case((is_post, 0), else_=_ITEM.lookbacks),
            rendered_version=sa.case(
                (new.desired_version > _ITEM.rendered_version, new.desired_version),
                else_=_ITEM.rendered_version,
            ),
            attempts=0,
            refused_because=None,
            claimed_by=None,
            due_at=sa.case((is_behind, new.posted_at), else_=None),
            redraws_in_flight=sa.case((is_behind, _ITEM.redraws_in_flight), else_=0),
        )
        .returning(_ITEM.id, _ITEM.due_at)
    )
