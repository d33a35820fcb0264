"""The alert: the one message to the coach about a missed week.

A miss raises it, later changes update it, and a coach takes it and marks it done.
"""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, select

from bot.domain.access import Caller, coaches, deny, known_member
from bot.domain.outbox import outbox, surfaces
from bot.domain.refusals import Refusal
from bot.domain.tables import Alert, CheckIn, Member, Team

NOTE_LIMIT = 1000


def ensure(session: Session, *, check_in: CheckIn, now: datetime) -> None:
    """Raise the alert about this missed week, once; later calls only mark it stale."""
    alert = session.exec(select(Alert).where(Alert.check_in_id == check_in.id)).one_or_none()
    if alert is None:
        alert = Alert(
            workspace_id=check_in.workspace_id,
            check_in_id=check_in.id,
            team_id=check_in.team_id,
            created_at=now,
        )
        session.add(alert)
        session.flush()
    outbox.mark_stale(
        session,
        workspace_id=alert.workspace_id,
        surface=outbox.ALERT,
        subject_id=alert.id,
        now=now,
    )


def take(session: Session, *, caller: Caller, alert_id: int, now: datetime) -> None:
    """Record that the coach takes the alert.

    Taking it again changes nothing; an alert that another coach took is refused.
    """
    coach, alert = _coached(session, caller, alert_id)
    if alert.done_at is not None:
        raise Refusal(f"{_who(session, coach, alert.done_by)} already marked this as done.")
    if alert.taken_by == coach.id:
        return
    if alert.taken_by is not None:
        raise Refusal(
            f"{_who(session, coach, alert.taken_by)} took this first. "
            "Talk to them, or press Done when it is done."
        )
    alert.taken_by, alert.taken_at = coach.id, now
    _changed(session, alert, now)


def done_form(session: Session, *, caller: Caller, alert_id: int) -> str:
    """Return the rep's name for the modal that asks for the note; raises Refusal if the caller may not do so."""
    coach, alert = _coached(session, caller, alert_id)
    if alert.done_at is not None:
        raise Refusal(f"{_who(session, coach, alert.done_by)} already marked this as done.")
    check_in = session.get_one(CheckIn, alert.check_in_id)
    return session.get_one(Member, check_in.member_id).name


def finish(
    session: Session, *, caller: Caller, alert_id: int, note: str, now: datetime, field: str
) -> None:
    """Record that the coach has acted, with a note on what was agreed. The same call again changes nothing."""
    coach, alert = _coached(session, caller, alert_id)
    note = note.strip()
    if not note:
        raise Refusal("Say in a few words what you did or agreed on.", field=field)
    if len(note) > NOTE_LIMIT:
        raise Refusal(
            f"The note has {len(note)} characters. Shorten it to {NOTE_LIMIT}.", field=field
        )
    if alert.done_at is not None:
        if alert.done_by == coach.id and alert.note == note:
            return
        raise Refusal(
            f"{_who(session, coach, alert.done_by)} already marked this as done.", field=field
        )
    if alert.taken_by is None:
        alert.taken_by, alert.taken_at = coach.id, now
    alert.done_by, alert.done_at, alert.note = coach.id, now, note
    _changed(session, alert, now)


def _coached(session: Session, caller: Caller, alert_id: int) -> tuple[Member, Alert]:
    """Return the caller and the locked alert; raises Refusal unless the caller coaches its team now."""
    member = known_member(session, caller)
    alert = session.exec(
        select(Alert)
        .where(Alert.id == alert_id, Alert.workspace_id == caller.workspace_id)
        .with_for_update()
    ).one_or_none()
    if alert is None:
        raise Refusal("This alert is no longer there. Open Basecoach's Home to see your reps.")
    team = session.get_one(Team, alert.team_id)
    if not coaches(session, member, team):
        deny(member, "act on", "alert", alert.id)
        raise Refusal(f"Only the coaches of {team.name} can act on this alert.")
    return member, alert


def _changed(session: Session, alert: Alert, now: datetime) -> None:
    outbox.mark_stale(
        session,
        workspace_id=alert.workspace_id,
        surface=outbox.ALERT,
        subject_id=alert.id,
        now=now,
    )
    check_in = session.get_one(CheckIn, alert.check_in_id)
    surfaces.homes_changed(session, member=session.get_one(Member, check_in.member_id), now=now)
    session.flush()


def _who(session: Session, viewer: Member, member_id: int | None) -> str:
    if member_id == viewer.id:
        return "You"
    return session.get_one(Member, member_id).name if member_id else "Somebody"
