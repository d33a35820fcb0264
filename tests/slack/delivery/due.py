"""Messages that are due, made by hand."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from bot.domain.outbox import outbox
from bot.domain.tables import Alert, CheckIn, Enrolment, OutboxItem


def only_alerts(session: Session, *, count: int, now: datetime) -> None:
    """Make so many alerts about the first rep's weeks due now, and nothing else."""
    for item in session.exec(select(OutboxItem)):
        session.delete(item)
    enrolment = session.exec(select(Enrolment).order_by(col(Enrolment.id)).limit(1)).one()
    for number in range(count):
        check_in = CheckIn(
            workspace_id=enrolment.workspace_id,
            member_id=enrolment.member_id,
            team_id=enrolment.team_id,
            week=now.date() - timedelta(days=now.weekday(), weeks=number + 1),
            state="unanswered",
            due_at=now,
            delivered_at=now,
            deadline_at=now,
        )
        session.add(check_in)
        session.flush()
        alert = Alert(
            workspace_id=check_in.workspace_id,
            check_in_id=check_in.id,
            team_id=check_in.team_id,
            created_at=now,
        )
        session.add(alert)
        session.flush()
        new = outbox.New(check_in.workspace_id, outbox.ALERT, alert.id, now)
        outbox.add_all(session, [new], now=now)
