"""Marks the weekly briefs that show a rep's week. A brief that was not posted yet has no row, and needs none."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session

from bot.database import any_of, columns, run, signal, table
from bot.domain.outbox import outbox
from bot.domain.tables import Brief, CheckIn, Enrolment, OutboxItem


def changed(session: Session, *, check_in_ids: Collection[int], now: datetime) -> None:
    """Mark the briefs that show, or showed, these check-ins; one statement."""
    if not check_in_ids:
        return
    marked = run(session, _CHANGED, check_ins=list(check_in_ids), at=now)
    if marked.rowcount:
        signal(session, outbox.SIGNAL)


_BRIEF, _CHECK_IN, _ITEM = columns(Brief), columns(CheckIn), columns(OutboxItem)
_ENROLMENT = columns(Enrolment)

OF_CHECK_INS = (
    sa.select(_ITEM.id)
    .join_from(table(CheckIn), table(Brief), _BRIEF.week == _CHECK_IN.week)
    .join(table(OutboxItem), outbox.is_row_of(outbox.BRIEF, _BRIEF))
    .where(
        _CHECK_IN.id.in_(any_of("check_ins")),
        sa.or_(
            _BRIEF.team_id == _CHECK_IN.team_id,
            _BRIEF.team_id.in_(
                sa.select(_ENROLMENT.team_id).where(
                    _ENROLMENT.member_id == _CHECK_IN.member_id, _ENROLMENT.ended_on.is_(None)
                )
            ),
        ),
    )
)
"""Selects the rows of the briefs about these check-ins: of the team that asked, and of the rep's present one."""

_CHANGED = outbox.STALE.where(_ITEM.id.in_(OF_CHECK_INS))
