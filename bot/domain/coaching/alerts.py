"""The alert: the one message to the coach about a missed week.

A miss raises it, later changes update it, and a coach takes it and marks it done.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Protocol

import sqlalchemy as sa
from sqlmodel import Session

from bot.database import any_of, columns, rows, table
from bot.domain.access import Caller, coaches, deny, enrolment_of, known_member, locked
from bot.domain.calendars.schedules import zone_of
from bot.domain.coaching import advice, agreements, guides, showing
from bot.domain.outbox import briefs, outbox, surfaces
from bot.domain.refusals import Refusal
from bot.domain.shown.agreements import DoneForm, DoneTyped
from bot.domain.tables import Alert, CheckIn, Enrolment, Member, OutboxItem, Team
from bot.rules.acts import Act

FIRST_LOOK = timedelta(hours=24)
"""When it is first looked whether somebody took an alert; in working hours it can't be due earlier."""


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
    raised = rows(session, _RAISE, check_ins=ids, at=now, look_at=now + FIRST_LOOK)
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
    """Record that the coach takes the alert, and with it the suggested act if no act was chosen yet.

    Taking it again changes nothing; an alert that another coach took is refused.
    """
    coach, alert = coached(session, caller, alert_id)
    _must_be_open(session, coach, alert)
    if alert.taken_by == coach.id:
        return
    _keep_suggestion(session, alert)
    alert.act = alert.act or alert.suggested_act
    alert.taken_by, alert.taken_at = coach.id, now
    changed(session, alert, now)


def choose(session: Session, *, caller: Caller, alert_id: int, act: str, now: datetime) -> None:
    """Record that the coach takes the alert and does this act; what was suggested is kept beside it."""
    coach, alert = coached(session, caller, alert_id)
    _must_be_open(session, coach, alert)
    chosen = act_of(act)
    if alert.taken_by == coach.id and alert.act == chosen:
        return
    _keep_suggestion(session, alert)
    alert.act = chosen
    if alert.taken_by is None:
        alert.taken_by, alert.taken_at = coach.id, now
    changed(session, alert, now)


def act_of(text: str, *, field: str | None = None) -> Act:
    """Return the act of this name; raises Refusal for another text."""
    if text not in set(Act):
        raise Refusal("Choose one of the four acts.", field=field)
    return Act(text)


def how(session: Session, *, caller: Caller, alert_id: int) -> tuple[Act, Sequence[str]]:
    """Return the act that is chosen or suggested, and the lines on how it is done, for a coach of the rep."""
    _, alert = coached(session, caller, alert_id)
    act = alert.act or alert.suggested_act
    if act is None:
        suggestion = showing.suggestion(session, alert.id)
        if suggestion is None:
            raise Refusal("That week is no miss any more, so there is nothing to do about it.")
        act = suggestion.act.value
    return Act(act), guides.of_workspace(session, alert.workspace_id)[Act(act)]


def done_form(session: Session, *, caller: Caller, alert_id: int) -> DoneForm:
    """Return what the modal says that asks what was done; raises Refusal if the caller may not do so."""
    coach, alert = coached(session, caller, alert_id)
    _must_not_be_done(session, coach, alert)
    check_in = session.get_one(CheckIn, alert.check_in_id)
    suggested = alert.act or alert.suggested_act
    if suggested is None:
        suggestion = showing.suggestion(session, alert.id)
        suggested = suggestion.act if suggestion is not None else None
    return DoneForm(alert.id, session.get_one(Member, check_in.member_id).name, suggested)


def finish(
    session: Session, *, caller: Caller, alert_id: int, form: DoneTyped, now: datetime
) -> None:
    """Record that the coach has acted, how, and what was agreed. The same call again changes nothing."""
    coach, alert = coached(session, caller, alert_id)
    rep_id = session.get_one(CheckIn, alert.check_in_id).member_id
    rep = session.get_one(Member, rep_id)
    done = agreements.read(form, today=now.astimezone(zone_of(rep)).date())
    if alert.done_at is not None and (alert.done_by, alert.note) == (coach.id, done.note):
        return
    _must_not_be_done(session, coach, alert, field=form.note_field)
    _keep_suggestion(session, alert)
    if alert.taken_by is None:
        alert.taken_by, alert.taken_at = coach.id, now
    alert.act = done.act
    alert.done_by, alert.done_at, alert.note = coach.id, now, done.note
    agreements.add(session, alert=alert, rep=rep, coach=coach, done=done, now=now)
    advice.close(session, member_id=rep.id, by=coach, now=now)
    changed(session, alert, now)


def _keep_suggestion(session: Session, alert: Alert) -> None:
    """Store what is suggested at this moment: from now on the act is the coach's."""
    if alert.suggested_act is None and alert.act is None:
        suggestion = showing.suggestion(session, alert.id)
        if suggestion is not None:
            alert.suggested_act = suggestion.act.value
            alert.suggested_because = suggestion.reason


def _must_be_open(session: Session, coach: Member, alert: Alert) -> None:
    """Raise Refusal if the alert is done, or if another coach took it."""
    _must_not_be_done(session, coach, alert)
    if alert.taken_by not in {None, coach.id}:
        raise Refusal(
            f"{_who(session, coach, alert.taken_by)} took this first. "
            "Talk to them, or press Done when it is done."
        )


def _must_not_be_done(
    session: Session, coach: Member, alert: Alert, *, field: str | None = None
) -> None:
    if alert.done_at is not None:
        raise Refusal(
            f"{_who(session, coach, alert.done_by)} already marked this as done.", field=field
        )


def coached(session: Session, caller: Caller, alert_id: int) -> tuple[Member, Alert]:
    """Return the caller and the locked alert; raises Refusal unless the caller coaches its team now."""
    member = known_member(session, caller)
    alert = locked(session, Alert, alert_id, caller=caller)
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


def changed(session: Session, alert: Alert, now: datetime) -> None:
    """Mark all that shows the alert: its message, the line to the second coach, the brief, and Homes."""
    outbox.mark_stale(
        session,
        workspace_id=alert.workspace_id,
        surface=outbox.ALERT,
        subject_id=alert.id,
        now=now,
    )
    if alert.passed_on_at is not None:
        outbox.mark_stale_if_known(
            session,
            workspace_id=alert.workspace_id,
            surface=outbox.PASSED_ON,
            subject_id=alert.id,
            now=now,
        )
    check_in = session.get_one(CheckIn, alert.check_in_id)
    briefs.changed(session, check_in_ids=[check_in.id], now=now)
    surfaces.homes_changed(session, member=session.get_one(Member, check_in.member_id), now=now)
    if alert.left_at is not None:
        surfaces.workspace_homes_changed(session, workspace_id=alert.workspace_id, now=now)
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
        ["workspace_id", "check_in_id", "team_id", "created_at", "next_look_at"],
        sa.select(
            _CHECK_IN.workspace_id,
            _CHECK_IN.id,
            sa.func.coalesce(_PRESENT_TEAM, _CHECK_IN.team_id),
            sa.bindparam("at", type_=_ALERT.created_at.type),
            sa.bindparam("look_at", type_=_ALERT.next_look_at.type),
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
