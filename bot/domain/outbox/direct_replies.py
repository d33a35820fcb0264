"""Keeps the answers in direct messages true when the conversation that they are about changes."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, select

from bot.domain.outbox import outbox
from bot.domain.tables import DirectMessage

KEY = "dm:"
"""The request keys of lines that were typed into the direct messages begin with this."""


def conversation_logged(
    session: Session, *, workspace_id: int, key: str, conversation_id: int, now: datetime
) -> None:
    """Have the answer to the line with this key show the conversation, if the line was a direct message."""
    if not key.startswith(KEY):
        return
    row = session.exec(
        select(DirectMessage).where(
            DirectMessage.workspace_id == workspace_id, DirectMessage.key == key
        )
    ).one_or_none()
    if row is not None and row.conversation_id is None:
        row.conversation_id, row.text = conversation_id, None
        session.add(row)
        session.flush()
        _mark(session, row, now)


def conversation_changed(session: Session, *, conversation_id: int, now: datetime) -> None:
    """Have the answers that show the conversation redrawn."""
    for row in session.exec(
        select(DirectMessage).where(DirectMessage.conversation_id == conversation_id)
    ).all():
        _mark(session, row, now)


def _mark(session: Session, row: DirectMessage, now: datetime) -> None:
    outbox.mark_stale_if_known(
        session,
        workspace_id=row.workspace_id,
        surface=outbox.DIRECT_REPLY,
        subject_id=row.id,
        now=now,
    )
