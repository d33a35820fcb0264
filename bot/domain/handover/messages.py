"""Moves a message that stands where it no longer belongs: the old one is withdrawn, what is open is posted anew.

The sender finds such a message when it renders it, so no change of hands can be missed: a message that was still
on its way when its place changed is moved once its sender has reported it.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session, col, select

from bot.database import signal
from bot.domain import access
from bot.domain.handover.notices import place_of_team
from bot.domain.outbox import outbox, sending
from bot.domain.outbox.sending import Claimed
from bot.domain.shown.addressee import Addressee
from bot.domain.shown.audit import Change, WithdrawnBrief, WithdrawnShown
from bot.domain.tables import (
    Advice,
    Alert,
    AuditEntry,
    Brief,
    CheckIn,
    Member,
    OutboxItem,
    Plan,
    Team,
    Withdrawal,
)


def move(session: Session, *, claimed: Claimed, sender: str, is_open: bool, now: datetime) -> None:
    """Withdraw the message of a claimed row; the row itself is posted anew if `is_open`, and else ends.

    The withdrawn message gets a row of its own, which carries its `ts`, its token, and every redraw that may still
    arrive: such a redraw would bring numbers back, so the message is drawn once more after it.
    """
    item = sending.mine(session, claimed, sender)
    if item is None or item.ts is None:
        return
    withdrawal = Withdrawal(
        workspace_id=item.workspace_id, surface=item.surface, subject_id=item.subject_id, at=now
    )
    session.add(withdrawal)
    session.flush()
    session.add(
        OutboxItem(
            workspace_id=item.workspace_id,
            surface=outbox.WITHDRAWN,
            subject_id=withdrawal.id,
            lane=outbox.Lane.UPDATE,
            due_at=now,
            unknown_since=item.unknown_since,
            redraws_in_flight=item.redraws_in_flight,
            token=item.token,
            channel=item.channel,
            ts=item.ts,
            duplicate_check_at=item.duplicate_check_at,
            created_at=item.created_at,
            posted_at=item.posted_at,
        )
    )
    if is_open:
        sending.forget_post(session, claimed=claimed, sender=sender, now=now)
        item.duplicate_check_at, item.attempts = None, 0
    else:
        session.delete(item)
    session.flush()
    signal(session, outbox.SIGNAL)


def show(session: Session, withdrawal_id: int) -> WithdrawnShown | WithdrawnBrief:
    """Return what stands in the old place of a message now."""
    withdrawal = session.get_one(Withdrawal, withdrawal_id)
    if withdrawal.surface == outbox.BRIEF:
        team = session.get_one(Team, session.get_one(Brief, withdrawal.subject_id).team_id)
        return WithdrawnBrief(team.name, place_of_team(session, team).acting)
    rep = _rep_of(session, withdrawal.surface, withdrawal.subject_id)
    enrolment = access.enrolment_of(session, rep.id)
    coach = None
    if enrolment is not None:
        coach = place_of_team(session, session.get_one(Team, enrolment.team_id)).acting
    return WithdrawnShown(withdrawal.surface, rep.slack_user_id, coach, enrolment is not None)


def earlier_places(
    session: Session, *, surface: str, subject_id: int
) -> tuple[Collection[str], Collection[Addressee]]:
    """Return the channels and the people to which the message may have been posted before hands changed.

    They are read from the audit log, so a post whose outcome is unknown is looked for where it was made.
    """
    found = _about(session, surface, subject_id)
    concerns = col(AuditEntry.team_id) == found.team_id
    if not isinstance(found, Brief):
        concerns |= col(AuditEntry.whom_id) == _rep_of(session, surface, subject_id).id
    changes = session.exec(
        select(AuditEntry).where(
            AuditEntry.workspace_id == found.workspace_id,
            AuditEntry.at >= found.created_at,
            concerns,
        )
    ).all()
    channels = {one.before for one in changes if one.what == Change.CHANNEL}
    people = {one.before for one in changes if one.what in _REPLACES_BEFORE}
    substitutes = {one.whom_id for one in changes if one.what == Change.SUBSTITUTE_OVER}
    for one in changes:
        is_about_rep = not isinstance(found, Brief)
        if is_about_rep and one.what == Change.REP_MOVED and one.before is not None:
            old = session.get_one(Team, int(one.before))
            channels.add(old.coach_channel)
            people |= {
                session.get_one(Member, member_id).slack_user_id
                for member_id in (old.coach_id, old.second_coach_id)
                if member_id is not None
            }
    members = session.exec(
        select(Member).where(
            Member.workspace_id == found.workspace_id,
            col(Member.slack_user_id).in_(people) | col(Member.id).in_(substitutes),
        )
    )
    return (
        sorted(channel for channel in channels if channel is not None),
        [Addressee.of(one) for one in members if one.dm_channel is not None],
    )


_REPLACES_BEFORE = {Change.COACH, Change.SECOND_COACH, Change.SUBSTITUTE}
"""The changes by which somebody else has the place of the person in `before`."""


def _about(session: Session, surface: str, subject_id: int) -> Alert | Plan | Advice | Brief:
    if surface in {outbox.ALERT, outbox.PASSED_ON}:
        return session.get_one(Alert, subject_id)
    if surface == outbox.ADVICE:
        return session.get_one(Advice, subject_id)
    if surface == outbox.BRIEF:
        return session.get_one(Brief, subject_id)
    return session.get_one(Plan, subject_id)


def _rep_of(session: Session, surface: str, subject_id: int) -> Member:
    about = _about(session, surface, subject_id)
    assert not isinstance(about, Brief)  # noqa: S101 - a brief is about a team
    if isinstance(about, Alert):
        return session.get_one(Member, session.get_one(CheckIn, about.check_in_id).member_id)
    return session.get_one(Member, about.member_id)
