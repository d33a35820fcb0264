"""Which surfaces a use case marks to be shown anew: what the outbox wants before it, and after."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from sqlmodel import Session, col, select

from bot.database import Database
from bot.domain.access import Caller
from bot.domain.homes import homes
from bot.domain.outbox import outbox
from bot.domain.tables import Member, OutboxItem


def open_homes(database: Database, users: Iterable[str], *, now: datetime) -> None:
    """These people of the first workspace have opened their Home, so that it is kept true."""
    for user in users:
        database.write_now(homes.opened, caller=Caller(1, user), now=now)


def marked(database: Database, use_case: Callable[[], object]) -> set[str]:
    """What the use case marks: `home U0PRIYA` for a Home, `check_in 7` for a message by its subject's id."""
    before = database.read_now(_wanted)
    use_case()
    after = database.read_now(_wanted)
    return {name for name, version in after.items() if before.get(name) != version}


def _wanted(session: Session) -> dict[str, int]:
    people = {member.id: member.slack_user_id for member in session.exec(select(Member))}
    return {
        f"{item.surface} {people[item.subject_id] if item.surface == outbox.HOME else item.subject_id}": (
            item.desired_version
        )
        for item in session.exec(select(OutboxItem).order_by(col(OutboxItem.id)))
    }
