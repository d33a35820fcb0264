"""Knows which surfaces show which facts; every use case calls it, in its own transaction, to mark them stale."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from bot.database import any_of, columns, rows, run, signal, table
from bot.domain.outbox import briefs, outbox
from bot.domain.tables import (
    Alert,
    CheckIn,
    CheckInState,
    Enrolment,
    Member,
    OutboxItem,
    Reminder,
    Team,
)


def week_changed(session: Session, *, member: Member, week: date, now: datetime) -> None:
    """Mark what shows the rep's week after a change of it: a logged conversation, a target, an answer.

    Marks stale the check-in about that week while it is open, its alert, and the Homes of the rep and the coaches.
    """
    check_in = session.exec(
        select(CheckIn).where(CheckIn.member_id == member.id, CheckIn.week == week)
    ).one_or_none()
    if check_in is not None:
        check_in_changed(session, check_in=check_in, now=now)
    homes_changed(session, member=member, now=now)


def check_in_changed(session: Session, *, check_in: CheckIn, now: datetime) -> None:
    """Mark the check-in's message, its reminders and its alert stale, where they were ever sent."""
    if check_in.state in {CheckInState.SKIPPED, CheckInState.SCHEDULED}:
        return
    if check_in.state == CheckInState.AWAY and check_in.delivered_at is None:
        return
    _mark_messages(session, check_in=check_in, now=now)
    alert_id = session.exec(select(Alert.id).where(Alert.check_in_id == check_in.id)).one_or_none()
    if alert_id is not None:
        outbox.mark_stale_if_known(
            session,
            workspace_id=check_in.workspace_id,
            surface=outbox.ALERT,
            subject_id=alert_id,
            now=now,
        )
    briefs.changed(session, check_in_ids=[check_in.id], now=now)


def check_in_withdrawn(session: Session, *, check_in: CheckIn, now: datetime) -> None:
    """The check-in is no longer asked: mark its message, one that is being posted included, and its reminders."""
    _mark_messages(session, check_in=check_in, now=now)


def check_ins_stale(session: Session, *, check_ins: Mapping[int, int], now: datetime) -> None:
    """Mark only the check-ins' messages stale, because reps pressed buttons that they should not show any more.

    `check_ins` says of each how many response_urls are about to update its message.
    """
    _mark_check_ins(session, _MESSAGES, _MESSAGES_BY_PRESS, check_ins, now)


def check_ins_changed(session: Session, *, check_ins: Mapping[int, int], now: datetime) -> None:
    """Do what `check_in_changed` does for many check-ins that are open or just answered.

    `check_ins` says of each how many response_urls are about to update its message.
    """
    _mark_check_ins(session, _CHANGED, _CHANGED_BY_PRESS, check_ins, now)


def _mark_check_ins(
    session: Session,
    marked: sa.Update,
    by_press: sa.Update,
    check_ins: Mapping[int, int],
    now: datetime,
) -> None:
    alike: dict[int, list[int]] = defaultdict(list)
    for check_in_id, redraws in check_ins.items():
        alike[redraws].append(check_in_id)
    for redraws, ids in alike.items():
        if redraws:
            later = now + outbox.RESPONSE_FIRST
            run(session, by_press, check_ins=ids, at=now, redraws=redraws, not_before=later)
        else:
            run(session, marked, check_ins=ids, at=now)
    if check_ins:
        signal(session, outbox.SIGNAL)


def reps_homes_changed(
    session: Session, *, workspace_id: int, member_ids: Collection[int], now: datetime
) -> None:
    """Mark the Homes of many reps and of their coaches stale."""
    viewers = {viewer for (viewer,) in rows(session, _VIEWERS, reps=list(member_ids))}
    _mark_homes(session, workspace_id=workspace_id, viewers=viewers, now=now)


def homes_changed(session: Session, *, member: Member, now: datetime) -> None:
    """Mark the Homes that show this rep stale: the rep's own and the coaches'."""
    viewers = {member.id}
    team = session.exec(
        select(Team)
        .join(Enrolment, col(Enrolment.team_id) == col(Team.id))
        .where(Enrolment.member_id == member.id, col(Enrolment.ended_on).is_(None))
    ).one_or_none()
    if team is not None:
        viewers |= {team.coach_id, team.second_coach_id or team.coach_id}
    opened = session.exec(
        select(Member).where(col(Member.id).in_(viewers), col(Member.home_opened_at).is_not(None))
    )
    for viewer in opened.all():
        home_changed(session, member=viewer, now=now)


def team_homes_changed(session: Session, *, team: Team, now: datetime) -> None:
    """Mark the Homes of the team's reps and of its coaches: what they show of the team changed."""
    reps = session.exec(
        select(Enrolment.member_id).where(
            Enrolment.team_id == team.id, col(Enrolment.ended_on).is_(None)
        )
    ).all()
    reps_homes_changed(session, workspace_id=team.workspace_id, member_ids=reps, now=now)


def readers_changed(session: Session, *, team: Team, now: datetime) -> None:
    """Mark what says who reads a miss stale, because others are in the coach channel, or it takes none any more.

    These are the Homes of the team's reps and coaches, and its check-ins that are open.
    """
    team_homes_changed(session, team=team, now=now)
    still_open = session.exec(
        select(CheckIn.id).where(
            CheckIn.team_id == team.id, col(CheckIn.state) == CheckInState.OPEN
        )
    )
    check_ins_stale(session, check_ins=dict.fromkeys(still_open.all(), 0), now=now)


def home_changed(session: Session, *, member: Member, now: datetime) -> None:
    """Mark one person's Home stale, if they ever opened it."""
    if member.home_opened_at is not None:
        outbox.mark_stale(
            session,
            workspace_id=member.workspace_id,
            surface=outbox.HOME,
            subject_id=member.id,
            now=now,
        )


def own_homes_changed(
    session: Session, *, members_of: Mapping[int, Collection[int]], now: datetime
) -> None:
    """Mark the Homes of members stale, by their workspaces, where they were ever opened."""
    for workspace_id, member_ids in members_of.items():
        outbox.mark_many_stale(
            session,
            workspace_id=workspace_id,
            surface=outbox.HOME,
            subject_ids=member_ids,
            now=now,
        )


def workspace_homes_changed(session: Session, *, workspace_id: int, now: datetime) -> None:
    """Mark every opened Home of admins and coaches stale, because the set-up changed."""
    viewers = {viewer for (viewer,) in rows(session, _SETTING_UP, of_workspace=workspace_id)}
    _mark_homes(session, workspace_id=workspace_id, viewers=viewers, now=now)


def _mark_homes(
    session: Session, *, workspace_id: int, viewers: Collection[int], now: datetime
) -> None:
    if not viewers:
        return
    known = outbox.mark_many_stale(
        session, workspace_id=workspace_id, surface=outbox.HOME, subject_ids=viewers, now=now
    )
    if known < len(viewers):  # a Home that was opened but has no row yet
        for viewer in viewers:
            outbox.mark_stale(
                session,
                workspace_id=workspace_id,
                surface=outbox.HOME,
                subject_id=viewer,
                now=now,
            )


def _mark_messages(session: Session, *, check_in: CheckIn, now: datetime) -> None:
    """Mark the check-in's message and its reminders."""
    outbox.mark_stale_if_known(
        session,
        workspace_id=check_in.workspace_id,
        surface=outbox.CHECK_IN,
        subject_id=check_in.id,
        now=now,
    )
    for reminder_id in session.exec(
        select(Reminder.id).where(
            Reminder.check_in_id == check_in.id, col(Reminder.sent_at).is_not(None)
        )
    ).all():
        outbox.mark_stale_if_known(
            session,
            workspace_id=check_in.workspace_id,
            surface=outbox.REMINDER,
            subject_id=reminder_id,
            now=now,
        )


_CHECK_IN, _ITEM = columns(CheckIn), columns(OutboxItem)
_REMINDER, _ALERT = columns(Reminder), columns(Alert)
_MEMBER, _TEAM, _ENROLMENT = columns(Member), columns(Team), columns(Enrolment)

_MESSAGES_OF = (
    sa.select(_ITEM.id)
    .join_from(
        table(CheckIn),
        table(OutboxItem),
        outbox.is_row_of(outbox.CHECK_IN, _CHECK_IN),
    )
    .where(_CHECK_IN.id.in_(any_of("check_ins")))
)

_SENT_ABOUT = sa.union_all(
    _MESSAGES_OF,
    sa.select(_ITEM.id)
    .join_from(
        table(Reminder),
        table(OutboxItem),
        outbox.is_row_of(outbox.REMINDER, _REMINDER),
    )
    .where(_REMINDER.check_in_id.in_(any_of("check_ins")), _REMINDER.sent_at.is_not(None)),
    sa.select(_ITEM.id)
    .join_from(
        table(Alert),
        table(OutboxItem),
        outbox.is_row_of(outbox.ALERT, _ALERT),
    )
    .where(_ALERT.check_in_id.in_(any_of("check_ins"))),
    briefs.OF_CHECK_INS,
)
"""Selects the outbox rows of the check-ins' messages, of their reminders that were sent, of their alerts, and of
the briefs that show them.
"""

_IS_REDRAWN = (_ITEM.surface == outbox.CHECK_IN) & outbox.STANDS
_NOW = sa.bindparam("at", type_=_ITEM.due_at.type)

_BY_PRESS = {
    "due_at": sa.case(
        (~outbox.COMES_DUE, _ITEM.due_at),
        (
            _ITEM.surface == outbox.CHECK_IN,
            sa.bindparam("not_before", type_=_ITEM.due_at.type),
        ),
        else_=_NOW,
    ),
    "unknown_since": sa.case((_IS_REDRAWN, _NOW), else_=_ITEM.unknown_since),
    "redraws_in_flight": sa.case(
        (_IS_REDRAWN, _ITEM.redraws_in_flight + sa.bindparam("redraws", type_=sa.Integer)),
        else_=_ITEM.redraws_in_flight,
    ),
}
"""What differs for a message that a response_url is about to update."""

_MESSAGES = outbox.STALE.where(_ITEM.id.in_(_MESSAGES_OF))
_MESSAGES_BY_PRESS = _MESSAGES.values(_BY_PRESS)
_CHANGED = outbox.STALE.where(_ITEM.id.in_(_SENT_ABOUT))
_CHANGED_BY_PRESS = _CHANGED.values(_BY_PRESS)

_VIEWERS = sa.union(
    sa.select(_MEMBER.id).where(
        _MEMBER.id.in_(any_of("reps")), _MEMBER.home_opened_at.is_not(None)
    ),
    sa.select(_MEMBER.id)
    .join(Team, sa.or_(_TEAM.coach_id == _MEMBER.id, _TEAM.second_coach_id == _MEMBER.id))
    .join(Enrolment, _ENROLMENT.team_id == _TEAM.id)
    .where(
        _ENROLMENT.member_id.in_(any_of("reps")),
        _ENROLMENT.ended_on.is_(None),
        _MEMBER.home_opened_at.is_not(None),
    ),
)
"""Selects the members whose opened Home shows one of these reps: the reps themselves and their coaches."""

_SETTING_UP = sa.select(_MEMBER.id).where(
    _MEMBER.workspace_id == sa.bindparam("of_workspace"),
    _MEMBER.home_opened_at.is_not(None),
    sa.or_(
        _MEMBER.is_admin.is_(True),
        _MEMBER.id.in_(
            sa.select(_TEAM.coach_id).where(_TEAM.workspace_id == sa.bindparam("of_workspace"))
        ),
        _MEMBER.id.in_(
            sa.select(_TEAM.second_coach_id).where(
                _TEAM.workspace_id == sa.bindparam("of_workspace"),
                _TEAM.second_coach_id.is_not(None),
            )
        ),
    ),
)
"""Selects the admins and coaches of a workspace who ever opened their Home."""
