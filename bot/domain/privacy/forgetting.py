"""Removes rows with all that belongs to them, and takes what showed them out of Slack."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from bot.database import columns, rows, run, table
from bot.domain.handover import messages as moving
from bot.domain.outbox import erased, outbox
from bot.domain.privacy.belonging import below, parent_of, points_to
from bot.domain.privacy.registry import BY_MODEL, SUBJECTS, Condition
from bot.domain.tables import (
    Member,
    OutboxItem,
    Row,
    SentFile,
    Team,
    Withdrawal,
)

MAY_COME = timedelta(minutes=2)
"""How long after a file was registered its upload may still complete."""


ABOUT_PLANS = frozenset({outbox.PLAN, outbox.PLAN_ENDED, outbox.PLAN_REACHED})
TO_COACHES = frozenset({outbox.ALERT, outbox.PASSED_ON, outbox.ADVICE, outbox.BRIEF, *ABOUT_PLANS})
"""The surfaces that coaches are shown, in their channel or in direct messages."""


@dataclass(frozen=True)
class Count:
    """How many rows of one table, or values of one column, something happens to."""

    name: str
    """The table, or `table.column`."""
    what: str
    """In words."""
    rows: int


def count(session: Session, root: type[Row], chosen: Condition) -> tuple[Count, ...]:
    """Count the rows that `forget` would remove, by table; tables without any are left out."""
    found = []
    for model, condition in below(root, chosen):
        held = BY_MODEL[model]
        ((number,),) = rows(
            session, sa.select(sa.func.count()).select_from(table(model)).where(condition)
        )
        if number:
            found.append(Count(held.name, held.what, number))
    return tuple(found)


def messages(session: Session, root: type[Row], chosen: Condition) -> list[OutboxItem]:
    """Return the rows of all messages and Homes that show the chosen rows, or what belongs to them; locked."""
    found: list[OutboxItem] = []
    for model, condition in below(root, chosen):
        ids = sa.select(columns(model).id).where(condition)
        for surface, subject in SUBJECTS.items():
            if subject is model:
                found += erased.of_subjects(session, surface, ids)
        withdrawn = _withdrawals_of(model, ids)
        if withdrawn is not None:
            of_those = sa.select(columns(Withdrawal).id).where(withdrawn)
            found += erased.of_subjects(session, outbox.WITHDRAWN, of_those)
    return found


def forget(session: Session, root: type[Row], chosen: Condition, *, now: datetime) -> int:
    """Remove the chosen rows of `root` and what belongs to them, and take it out of Slack.

    Returns how many messages have to go there. The number of statements depends on the messages, not on the rows.
    """
    shown = messages(session, root, chosen)
    in_slack = 0
    for item in shown:
        in_slack += erased.take_out(session, [item], places=_places(session, item), now=now)
    in_slack += _forget_files(session, root, chosen, now=now)
    with _overwritten(session):
        for model, condition in below(root, chosen):
            withdrawn = _withdrawals_of(model, sa.select(columns(model).id).where(condition))
            if withdrawn is not None:
                run(session, sa.delete(table(Withdrawal)).where(withdrawn))
            if model is not Member:
                _let_go(session, model, condition)
            run(session, sa.delete(table(model)).where(condition))
    session.expire_all()
    return in_slack


def _let_go(session: Session, model: type[Row], condition: Condition) -> None:
    """Clear what rows that stay, such as a later version of a plan, say of rows that go."""
    going = sa.select(columns(model).id).where(condition)
    for other, name in points_to(model):
        points = columns(other)[name].in_(going)
        run(session, sa.update(table(other)).where(points).values({name: None}))


def _forget_files(session: Session, root: type[Row], chosen: Condition, *, now: datetime) -> int:
    """Have the files deleted that hold the record of somebody who goes; others' rows about them go too."""
    condition = next((where for model, where in below(root, chosen) if model is SentFile), None)
    if condition is None:
        return 0
    file = columns(SentFile)
    found = rows(
        session,
        sa.select(file.workspace_id, file.slack_file_id, sa.func.max(file.sent_at))
        .where(condition)
        .group_by(file.workspace_id, file.slack_file_id)
        .order_by(file.slack_file_id),
    )
    for workspace_id, slack_file_id, sent_at in found:
        erased.take_out_file(
            session,
            workspace_id=workspace_id,
            slack_file_id=slack_file_id,
            due_at=max(now, sent_at + MAY_COME),
            now=now,
        )
    these = [slack_file_id for _, slack_file_id, _ in found]
    run(session, sa.delete(table(SentFile)).where(file.slack_file_id.in_(these)))
    return len(found)


def _withdrawals_of(model: type[Row], ids: sa.Select[tuple[int]]) -> Condition | None:
    surfaces = [surface for surface, subject in SUBJECTS.items() if subject is model]
    if model is Member or not surfaces:
        return None
    withdrawal = columns(Withdrawal)
    found: Condition = withdrawal.surface.in_(surfaces) & withdrawal.subject_id.in_(ids)
    return found


def _places(session: Session, item: OutboxItem) -> Sequence[str]:
    """Return where a message may have been posted that is not known to be; for a Home, whose it is."""
    if item.surface == outbox.HOME:
        return [session.get_one(Member, item.subject_id).slack_user_id]
    if item.ts is not None or (item.claimed_by is None and item.unknown_since is None):
        return []
    if item.surface in TO_COACHES:
        return _places_of_coaches(session, item)
    owner = _owner_of(session, item)
    return [owner.dm_channel or owner.slack_user_id]


def _places_of_coaches(session: Session, item: OutboxItem) -> list[str]:
    model: type[Row] = SUBJECTS[item.surface]
    about = columns(model)
    of_team = sa.select(about.team_id).where(about.id == item.subject_id)
    ((team_id,),) = rows(session, of_team)
    team = session.get_one(Team, team_id)
    found = [team.coach_channel]
    if item.surface in {outbox.ALERT, *ABOUT_PLANS}:
        channels, people = moving.earlier_places(
            session, surface=item.surface, subject_id=item.subject_id
        )
        found += [*channels, *(one.dm_channel or one.slack_user_id for one in people)]
    for member in session.exec(
        select(Member).where(col(Member.id).in_({team.coach_id, team.second_coach_id} - {None}))
    ):
        found.append(member.dm_channel or member.slack_user_id)
    return list(dict.fromkeys(place for place in found if place is not None))


def _owner_of(session: Session, item: OutboxItem) -> Member:
    """Return the person in whose direct messages the row is shown."""
    model: type[Row] = SUBJECTS[item.surface]
    held, subject = BY_MODEL[model], item.subject_id
    while model is not Member:
        owner = columns(model)[held.owner or "id"]
        ((subject,),) = rows(session, sa.select(owner).where(columns(model).id == subject))
        model = parent_of(owner)
        held = BY_MODEL[model]
    return session.get_one(Member, subject)


@contextmanager
def _overwritten(session: Session) -> Iterator[None]:
    """Have SQLite overwrite pages that become free within the block, too, instead of leaving them as they are."""
    connection = session.connection()
    if connection.dialect.name != "sqlite":
        yield
        return
    connection.exec_driver_sql("PRAGMA secure_delete = ON")
    try:
        yield
    finally:
        connection.exec_driver_sql("PRAGMA secure_delete = FAST")
