"""The alert: the one message to the coach about a missed week.

A miss raises it, later changes update it, and a coach takes it and marks it done.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from typing import Protocol

import sqlalchemy as sa
from sqlmodel import Session, select

from bot.database import any_of, columns, rows, table
from bot.domain.access import Caller, coaches, deny, enrolment_of, known_member
from bot.domain.outbox import outbox, surfaces
from bot.domain.refusals import Refusal
from bot.domain.tables import Alert, CheckIn, Enrolment, Member, OutboxItem, Team

NOTE_LIMIT = 1000


class Missed(Protocol):
    """A CheckIn, or a row with its columns `id` and `workspace_id`."""

    @property
    def id(self) -> int: ...
    @property
    def workspace_id(self) -> int: ...


def ensure(session: Session, *, check_ins: Collection[Missed], now: datetime) -> None:
    """Raise an alert about each of these missed weeks, once; an alert that exists is only marked stale.

    The rows of the check-ins are locked.
    """
    ids = [check_in.id for check_in in check_ins]
    raised = rows(session, _RAISE, check_ins=ids, at=now)
    unknown = [outbox.New(of, outbox.ALERT, alert_id, now) for alert_id, of in raised]
    if len(raised) < len(ids):
        known: dict[int, list[int]] = defaultdict(list)
        unknown = []
        for alert_id, workspace_id, item_id in rows(session, _RAISED, check_ins=ids):
            if item_id is None:
                unknown.append(outbox.New(workspace_id, outbox.ALERT, alert_id, now))
            else:
                known[workspace_id].append(alert_id)
        for of, subject_ids in known.items():
            outbox.mark_many_stale(
                session, workspace_id=of, surface=outbox.ALERT, subject_ids=subject_ids, now=now
            )
    outbox.add_all(session, unknown, now=now)


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
    rep_id = session.get_one(CheckIn, alert.check_in_id).member_id
    if enrolment_of(session, rep_id) is None:
        name = session.get_one(Member, rep_id).name
        raise Refusal(f"{name} is in no team any more: there is nothing to act on.")
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


_ALERT, _CHECK_IN, _ITEM = columns(Alert), columns(CheckIn), columns(OutboxItem)
_ENROLMENT = columns(Enrolment)

_PRESENT_TEAM = (
    sa.select(_ENROLMENT.team_id)
    .where(_ENROLMENT.member_id == _CHECK_IN.member_id, _ENROLMENT.ended_on.is_(None))
    .scalar_subquery()
)
"""The team in which the rep is now: it may be another than the one that asked."""

_RAISE = (
    sa.insert(table(Alert))
    .from_select(
        ["workspace_id", "check_in_id", "team_id", "created_at"],
        sa.select(
            _CHECK_IN.workspace_id,
            _CHECK_IN.id,
            sa.func.coalesce(_PRESENT_TEAM, _CHECK_IN.team_id),
            sa.bindparam("at", type_=_ALERT.created_at.type),
        )
        .where(
            _CHECK_IN.id.in_(any_of("check_ins")),
            ~sa.exists().where(_ALERT.check_in_id == _CHECK_IN.id),
        )
        .order_by(_CHECK_IN.id),
    )
    .returning(_ALERT.id, _ALERT.workspace_id)
)

_RAISED = (
    sa.select(_ALERT.id, _ALERT.workspace_id, _ITEM.id)
    .outerjoin_from(
        table(Alert),
        table(OutboxItem),
        outbox.is_row_of(outbox.ALERT, _ALERT),
    )
    .where(_ALERT.check_in_id.in_(any_of("check_ins")))
    .order_by(_ALERT.id)
)
"""Selects the alerts about these check-ins, each with its row in the outbox, if there is one."""
