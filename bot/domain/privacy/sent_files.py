"""Remembers which files with records were sent in Slack, so that they are deleted there with the people."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session, col, select

from bot.database import insert_all, table
from bot.domain.access import Caller, known_member
from bot.domain.refusals import Refusal
from bot.domain.tables import ExportOrder, Member, SentFile


def register(
    session: Session,
    *,
    caller: Caller,
    about: Collection[int],
    slack_file_ids: Collection[str],
    now: datetime,
    order_id: int | None = None,
) -> None:
    """Note files that are about to be sent to the caller, before their content leaves.

    `about` has the ids of the members whose record they hold. Raises Refusal if one of them was deleted since the
    files were made: nothing may be sent then. `order_id`: the request that they answer.
    """
    caller_id = known_member(session, caller).id
    people = sorted({caller_id, *about})
    there = session.exec(
        select(Member.id)
        .where(col(Member.id).in_(people))
        .order_by(col(Member.id))
        .with_for_update(key_share=True)
    ).all()
    if list(there) != people:
        raise Refusal("Somebody in it was deleted a moment ago: export once more.")
    if order_id is not None:
        order = session.get_one(ExportOrder, order_id)
        order.slack_file_ids = " ".join([*order.slack_file_ids.split(), *slack_file_ids])
        session.flush()
    insert_all(
        session,
        table(SentFile),
        [
            {
                "workspace_id": caller.workspace_id,
                "slack_file_id": slack_file_id,
                "member_id": member_id,
                "sent_at": now,
            }
            for slack_file_id in slack_file_ids
            for member_id in people
        ],
    )
