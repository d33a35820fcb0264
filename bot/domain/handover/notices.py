"""Lines to people about a change of who coaches whom. Each shows one entry of the audit log to one member."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, func, select

from bot.database import any_of, columns, insert_all, rows, table
from bot.domain.handover import audit
from bot.domain.outbox import outbox
from bot.domain.shown.addressee import Addressee
from bot.domain.shown.audit import Change, NoticeShown
from bot.domain.shown.places import Place, place_of
from bot.domain.shown.reader import Reader
from bot.domain.tables import Alert, AuditEntry, Enrolment, Member, Notice, Plan, PlanState, Team

BECOMES_COACH = (Change.COACH, Change.SECOND_COACH)

GIVES_WORK = (
    Change.COACH,
    Change.CHANNEL,
    Change.CHANNEL_OPENED,
    Change.REP_MOVED,
    Change.COACH_LOST,
    Change.COACH_BACK,
    Change.SUBSTITUTE,
    Change.SUBSTITUTE_OVER,
)
"""The changes whose line tells a coach what is open, and where; so does becoming second coach."""


@dataclass(frozen=True)
class Showing:
    """A line, with the member to whom it is sent."""

    shown: NoticeShown
    to: Addressee


@dataclass(frozen=True)
class Line:
    """An entry of the audit log, and the members who are told about it."""

    audit_id: int
    people: Collection[int | None]


def add(
    session: Session,
    lines: Collection[Line],
    *,
    workspace_id: int,
    by_id: int | None,
    now: datetime,
) -> None:
    """Have the members told about each entry, once each; not the one who made the change, `by_id`."""
    new = [
        {"workspace_id": workspace_id, "audit_id": line.audit_id, "member_id": member_id}
        for line in lines
        for member_id in sorted({one for one in line.people if one is not None and one != by_id})
    ]
    if not new:
        return
    insert_all(session, table(Notice), new)
    found = rows(session, _OF_ENTRIES, entries=[line.audit_id for line in lines])
    outbox.add_all(
        session,
        [outbox.New(workspace_id, outbox.NOTICE, notice_id, now) for (notice_id,) in found],
        now=now,
    )


def tell(
    session: Session,
    entry: AuditEntry,
    *,
    team: Team,
    also: Collection[int | None] = (),
    now: datetime,
    tells_author: bool = False,
) -> None:
    """Tell these people and the team's coaches, and its reps unless only the channel is another.

    Whoever made the change is told only with `tells_author`.
    """
    people = {team.coach_id, team.second_coach_id, *also}
    if entry.what not in {Change.CHANNEL, Change.CHANNEL_OPENED}:
        people |= set(reps_of(session, team))
    add(
        session,
        [Line(entry.id, people)],
        workspace_id=team.workspace_id,
        by_id=None if tells_author else entry.by_id,
        now=now,
    )


def reps_of(session: Session, team: Team) -> Collection[int]:
    """Return the ids of the members who are reps of the team now."""
    return session.exec(
        select(Enrolment.member_id).where(
            Enrolment.team_id == team.id, col(Enrolment.ended_on).is_(None)
        )
    ).all()


def show(session: Session, notice_id: int) -> Showing:
    """Return one line in its current state."""
    notice = session.get_one(Notice, notice_id)
    row = session.get_one(AuditEntry, notice.audit_id)
    team, to = session.get_one(Team, row.team_id), session.get_one(Member, notice.member_id)
    (entry,) = audit.entries_of(session, [row])
    place = place_of_team(session, team)
    is_coach = to.id in {team.coach_id, team.second_coach_id}
    says_what_waits = is_coach and _is_last(session, notice, row)
    shown = NoticeShown(
        entry=entry,
        to=to.slack_user_id,
        is_rep=not is_coach and to.id in reps_of(session, team),
        coach=place.acting,
        open_alerts=_open_alerts(session, team) if says_what_waits else 0,
        waiting_plans=_waiting_plans(session, team) if says_what_waits else 0,
        channel=place.channel,
        reader=Reader(to.timezone, to.locale, team.currency),
        channel_name=team.coach_channel_name if place.channel is not None else None,
        welcomes=is_coach and row.whom_id == to.id and _is_first(session, notice, row),
    )
    return Showing(shown, Addressee.of(to))


def _is_last(session: Session, notice: Notice, row: AuditEntry) -> bool:
    """Return whether this is the last line of a change that gives this person's work another place or owner."""
    gives = col(AuditEntry.what).in_(GIVES_WORK) | (
        (col(AuditEntry.what) == Change.SECOND_COACH)
        & (col(AuditEntry.whom_id) == notice.member_id)
    )
    last = (
        select(func.max(Notice.id))
        .join(AuditEntry, col(AuditEntry.id) == col(Notice.audit_id))
        .where(
            Notice.member_id == notice.member_id,
            AuditEntry.team_id == row.team_id,
            AuditEntry.at == row.at,
            gives,
        )
    )
    return session.exec(last).one() == notice.id


def _is_first(session: Session, notice: Notice, row: AuditEntry) -> bool:
    """Return whether no earlier line made this person a coach of any team."""
    if row.what not in BECOMES_COACH:
        return False
    earlier = (
        select(Notice.id)
        .join(AuditEntry, col(AuditEntry.id) == col(Notice.audit_id))
        .where(
            Notice.member_id == notice.member_id,
            col(Notice.id) < notice.id,
            AuditEntry.whom_id == notice.member_id,
            col(AuditEntry.what).in_(BECOMES_COACH),
        )
    )
    return session.exec(earlier.limit(1)).first() is None


def place_of_team(session: Session, team: Team) -> Place:
    """Return where what belongs to the team's coaches is shown now."""
    coaches = [
        Addressee.of(session.get_one(Member, member_id))
        for member_id in (team.coach_id, team.second_coach_id)
        if member_id is not None
    ]
    return place_of(coaches, team.coach_channel, team.channel_problem)


def _open_alerts(session: Session, team: Team) -> int:
    return session.exec(
        select(func.count())
        .select_from(Alert)
        .where(Alert.team_id == team.id, col(Alert.done_at).is_(None))
    ).one()


def _waiting_plans(session: Session, team: Team) -> int:
    waiting = (PlanState.PROPOSED, PlanState.OFFERED)
    return session.exec(
        select(func.count())
        .select_from(Plan)
        .where(Plan.team_id == team.id, col(Plan.state).in_(waiting))
    ).one()


_NOTICE = columns(Notice)

_OF_ENTRIES = (
    sa.select(_NOTICE.id).where(_NOTICE.audit_id.in_(any_of("entries"))).order_by(_NOTICE.id)
)
