"""The audit log of who sees whose numbers: every change of coach, channel, team and standing is one entry.

An entry says who changed what, of whom, and when. It never holds numbers, answers or words of people.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from bot.database import any_of, columns, insert_all, rows, table
from bot.domain.access import Caller, deny, known_member
from bot.domain.refusals import Refusal
from bot.domain.shown.audit import AuditLog, Change, Entry
from bot.domain.shown.reader import Reader
from bot.domain.tables import AuditEntry, Member, Team

ENTRIES_SHOWN = 40
"""How many entries an admin reads in Slack."""


def record(
    session: Session,
    what: Change,
    *,
    team: Team,
    now: datetime,
    by_id: int | None,
    whom_id: int | None = None,
    before: str | None = None,
    after: str | None = None,
) -> AuditEntry:
    """Add an entry to the log and return it, with its id."""
    entry = AuditEntry(
        workspace_id=team.workspace_id,
        at=now,
        by_id=by_id,
        what=what,
        whom_id=whom_id,
        team_id=team.id,
        before=before,
        after=after,
    )
    session.add(entry)
    session.flush()
    return entry


@dataclass(frozen=True)
class New:
    """An entry about one rep, which is added with many others."""

    whom_id: int
    team_id: int
    before: str | None = None
    after: str | None = None


def record_all(
    session: Session,
    what: Change,
    *,
    workspace_id: int,
    new: Collection[New],
    by_id: int | None,
    now: datetime,
) -> dict[int, int]:
    """Add an entry for each of these reps, with two statements for all; return the entries' ids by rep."""
    facts = {"workspace_id": workspace_id, "at": now, "by_id": by_id, "what": what.value}
    insert_all(session, table(AuditEntry), [{**facts, **asdict(one)} for one in new])
    found = rows(
        session,
        _NEWEST_OF,
        of_workspace=workspace_id,
        moment=now,
        of_what=what.value,
        reps=[one.whom_id for one in new],
    )
    return dict(found)


def log(session: Session, *, caller: Caller) -> AuditLog:
    """Return the newest entries of the caller's workspace; raises Refusal unless the caller is an admin."""
    admin = known_member(session, caller)
    if not admin.is_admin:
        deny(admin, "read", "audit log", admin.workspace_id)
        raise Refusal("Only a workspace admin can read the log of changes: ask one of them.")
    found = newest(session, admin.workspace_id, limit=ENTRIES_SHOWN + 1)
    return AuditLog(
        entries=entries_of(session, found[:ENTRIES_SHOWN]),
        more=len(found) > ENTRIES_SHOWN,
        reader=Reader(admin.timezone, admin.locale, "USD"),
    )


def newest(
    session: Session, workspace_id: int, *, limit: int | None = None, since: datetime | None = None
) -> list[AuditEntry]:
    """Return a workspace's entries, the newest first, from a moment on if one is given."""
    found = select(AuditEntry).where(AuditEntry.workspace_id == workspace_id)
    if since is not None:
        found = found.where(AuditEntry.at >= since)
    return list(session.exec(found.order_by(col(AuditEntry.id).desc()).limit(limit)))


def entries_of(session: Session, found: Collection[AuditEntry]) -> tuple[Entry, ...]:
    """Return rows of the log as their readers see them, with the names that people and teams have today."""
    people = {one.by_id for one in found} | {one.whom_id for one in found}
    members = {
        member.id: member
        for member in session.exec(select(Member).where(col(Member.id).in_(people - {None})))
    }
    workspaces = {one.workspace_id for one in found}
    teams = {
        str(team.id): team
        for team in session.exec(select(Team).where(col(Team.workspace_id).in_(workspaces)))
    }
    return tuple(_entry(one, members, teams) for one in found)


def _entry(one: AuditEntry, members: Mapping[int, Member], teams: Mapping[str, Team]) -> Entry:
    by = members[one.by_id] if one.by_id is not None else None
    whom = members[one.whom_id] if one.whom_id is not None else None
    before = one.before
    if one.what == Change.REP_MOVED and before is not None:
        before = teams[before].name if before in teams else before
    team = teams[str(one.team_id)]
    return Entry(
        at=one.at,
        what=one.what,
        team=team.name,
        by=by.slack_user_id if by is not None else None,
        by_name=by.name if by is not None else None,
        whom=whom.slack_user_id if whom is not None else None,
        whom_name=whom.name if whom is not None else None,
        before=before,
        after=one.after,
        channel_name=team.coach_channel_name
        if team.coach_channel in {one.before, one.after}
        else None,
    )


_ENTRY = columns(AuditEntry)

_NEWEST_OF = (
    sa.select(_ENTRY.whom_id, sa.func.max(_ENTRY.id))
    .where(
        _ENTRY.workspace_id == sa.bindparam("of_workspace"),
        _ENTRY.at == sa.bindparam("moment", type_=_ENTRY.at.type),
        _ENTRY.what == sa.bindparam("of_what"),
        _ENTRY.whom_id.in_(any_of("reps")),
    )
    .group_by(_ENTRY.whom_id)
)
"""Selects the newest entry about each of these reps at this moment."""
