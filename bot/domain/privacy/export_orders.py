"""Requests for files, kept from the acknowledgement until the files are there.

The process that acknowledges a request carries it out at once, as if it had claimed the request's row of the
outbox. If it dies, its lease ends, and a sender carries the request out: it first looks for the files in the
conversation.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from bot.database import signal
from bot.domain.access import Caller, known_member
from bot.domain.outbox.outbox import EXPORT, SIGNAL, Lane
from bot.domain.outbox.sending import LEASE
from bot.domain.privacy import export
from bot.domain.privacy.sheets import File, as_csv
from bot.domain.shown.addressee import Addressee
from bot.domain.tables import ExportOrder, Member, OutboxItem


@dataclass(frozen=True)
class Order:
    """A request for files, with the person who asked."""

    id: int
    kind: str
    team: str
    caller: Caller
    to: Addressee
    slack_file_ids: frozenset[str]
    """The files that may have been sent already."""
    failed_because: str | None


@dataclass(frozen=True)
class Made:
    """The files of a request."""

    files: tuple[File, ...]
    about: frozenset[int]
    """The members whose records they hold."""
    has_answers: bool


def begin(
    session: Session, *, caller: Caller, kind: str, team: str = "", by: str, now: datetime
) -> int | None:
    """Note a request that `by` carries out now, and return its id; None if the same request is under way."""
    member = known_member(session, caller)
    session.refresh(member, with_for_update=True)
    same = select(ExportOrder.id).where(
        ExportOrder.member_id == member.id,
        ExportOrder.kind == kind,
        ExportOrder.team == team,
        col(ExportOrder.failed_because).is_(None),
    )
    if session.exec(same).first() is not None:
        return None
    order = ExportOrder(
        workspace_id=member.workspace_id, member_id=member.id, kind=kind, team=team, asked_at=now
    )
    session.add(order)
    session.flush()
    session.add(
        OutboxItem(
            workspace_id=member.workspace_id,
            surface=EXPORT,
            subject_id=order.id,
            lane=Lane.POST,
            due_at=now + LEASE,
            claimed_by=by,
            token=secrets.token_hex(16),
            created_at=now,
        )
    )
    session.flush()
    return order.id


def find(session: Session, order_id: int) -> Order | None:
    """Return the request; None if it was deleted with its person."""
    order = session.get(ExportOrder, order_id)
    if order is None:
        return None
    member = session.get_one(Member, order.member_id)
    return Order(
        id=order.id,
        kind=order.kind,
        team=order.team,
        caller=Caller(order.workspace_id, member.slack_user_id),
        to=Addressee.of(member),
        slack_file_ids=frozenset(order.slack_file_ids.split()),
        failed_because=order.failed_because,
    )


def make(session: Session, *, caller: Caller, kind: str, team: str, now: datetime) -> Made:
    """Make the files that somebody may have now; raises Refusal as `export.own_record` and `coached_weeks` do."""
    if kind == export.RECORD:
        record = export.own_record(session, caller=caller)
        return Made(tuple(record.files(now=now)), frozenset({record.member_id}), True)
    weeks = export.coached_weeks(session, caller=caller, team=team)
    return Made((as_csv(weeks.sheet),), weeks.about, weeks.has_answers)


def done(session: Session, *, order_id: int, by: str) -> None:
    """End a request that was carried out by `by`; a request that somebody else has taken over is left to them."""
    item = _held(session, order_id, by)
    if item is None:
        return
    session.delete(item)
    session.delete(session.get_one(ExportOrder, order_id))
    session.flush()


def failed(session: Session, *, order_id: int, by: str, because: str, now: datetime) -> None:
    """Have the person told that there are no files, and why: a Slack code, or a sentence."""
    item = _held(session, order_id, by)
    if item is None:
        return
    session.get_one(ExportOrder, order_id).failed_because = because
    item.claimed_by, item.due_at = None, now
    item.unknown_since, item.lookbacks, item.attempts = None, 0, 0
    session.flush()
    signal(session, SIGNAL)


def _held(session: Session, order_id: int, by: str) -> OutboxItem | None:
    item = session.exec(
        select(OutboxItem)
        .where(OutboxItem.surface == EXPORT, OutboxItem.subject_id == order_id)
        .with_for_update()
    ).one_or_none()
    return item if item is not None and item.claimed_by == by else None
