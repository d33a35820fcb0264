"""What a coach did about a missed week and what was agreed: the rep reads it, and can say that it is otherwise.

`bot.domain.checkins.follow_ups` asks the rep afterwards whether they talked, whether it helped, and whether the
step was done.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from bot.database import any_of, columns, rows, table
from bot.domain.access import Caller, deny, enrolment_of, known_member, locked
from bot.domain.coaching import hours
from bot.domain.metrics.records import reader_of
from bot.domain.outbox import briefs, outbox, surfaces
from bot.domain.refusals import FieldProblems, Refusal
from bot.domain.shown.addressee import Addressee
from bot.domain.shown.agreements import AgreementMessage, AgreementShown, DoneTyped
from bot.domain.tables import Agreement, Alert, CheckIn, Member, Team
from bot.rules.acts import Act

NOTE_LIMIT = 1000
STEP_LIMIT = 200
WORDS_LIMIT = 500
FURTHEST = timedelta(weeks=8)
"""How far ahead the day of a step may lie."""

STILL_OPEN = timedelta(weeks=4)
"""For how long after its day a step without an answer counts as open."""


@dataclass(frozen=True)
class Done:
    """What a coach did, and the step that was agreed."""

    act: Act
    note: str
    step: str | None
    due_on: date | None


def read(form: DoneTyped, *, today: date) -> Done:
    """Return what the coach typed; raises FieldProblems, which names every field that can't be taken.

    `today` is the date in the rep's zone.
    """
    problems: dict[str, str] = {}
    note, step = form.note.strip(), " ".join(form.step.split())
    if form.act not in set(Act):
        problems[form.act_field] = "Choose one of the four acts."
    if not note:
        problems[form.note_field] = "Say in a few words what you did or agreed on."
    elif len(note) > NOTE_LIMIT:
        problems[form.note_field] = (
            f"The note has {len(note)} characters. Shorten it to {NOTE_LIMIT}."
        )
    if len(step) > STEP_LIMIT:
        problems[form.step_field] = (
            f"The step has {len(step)} characters. Shorten it to {STEP_LIMIT}."
        )
    due_on = _day(form, step, today, problems)
    if problems:
        raise FieldProblems(problems)
    return Done(Act(form.act), note, step or None, due_on)


def _day(form: DoneTyped, step: str, today: date, problems: dict[str, str]) -> date | None:
    if not form.due_on:
        if step:
            problems[form.due_field] = "Choose the day by which it will be done."
        return None
    if not step:
        problems[form.step_field] = "Say what will be done by that day, or take the day out."
        return None
    try:
        due_on = date.fromisoformat(form.due_on)
    except ValueError:
        problems[form.due_field] = "Choose the day from the calendar."
        return None
    if due_on < today:
        problems[form.due_field] = "That day has passed. Choose today or a later one."
    elif due_on > today + FURTHEST:
        problems[form.due_field] = "That is far away. Choose a day within eight weeks."
    return due_on


def add(
    session: Session, *, alert: Alert, rep: Member, coach: Member, done: Done, now: datetime
) -> None:
    """Keep what was agreed, and have the rep told in their next working hour.

    Where the week's message budget has no room, the rep is told in the first week that has.
    """
    agreement = Agreement(
        workspace_id=alert.workspace_id,
        alert_id=alert.id,
        member_id=rep.id,
        coach_id=coach.id,
        act=done.act.value,
        step=done.step,
        due_on=done.due_on,
        agreed_at=now,
    )
    session.add(agreement)
    session.flush()
    team = session.get_one(Team, alert.team_id)
    due_at = hours.with_room(session, rep, team, now=now).at
    new = outbox.New(agreement.workspace_id, outbox.AGREEMENT, agreement.id, due_at)
    outbox.add_all(session, [new], now=now)


def otherwise_form(session: Session, *, caller: Caller, agreement_id: int) -> str | None:
    """Return what the rep said before; raises Refusal unless it is the caller's own agreement."""
    return own(session, caller, agreement_id).otherwise


def say_otherwise(
    session: Session, *, caller: Caller, agreement_id: int, words: str, now: datetime, field: str
) -> None:
    """Keep what the rep says where it was agreed otherwise; the alert and the Homes show it."""
    agreement = own(session, caller, agreement_id)
    words = " ".join(words.split())
    if not words:
        raise Refusal("Say in a line how it was agreed.", field=field)
    if len(words) > WORDS_LIMIT:
        raise Refusal(
            f"The line has {len(words)} characters. Shorten it to {WORDS_LIMIT}.", field=field
        )
    if agreement.otherwise == words:
        return
    agreement.otherwise, agreement.otherwise_at = words, now
    changed(session, agreement, now)


def own(session: Session, caller: Caller, agreement_id: int) -> Agreement:
    """Return the caller's own agreement, locked; raises Refusal for somebody else's."""
    member = known_member(session, caller)
    agreement = locked(session, Agreement, agreement_id, caller=caller)
    if agreement is None:
        raise Refusal("This is no longer there. Open Basecoach's Home to go on.")
    if agreement.member_id != member.id:
        deny(member, "answer", "agreement", agreement.id)
        raise Refusal("This belongs to somebody else, so only they can answer it.")
    return agreement


def changed(session: Session, agreement: Agreement, now: datetime) -> None:
    """Mark all that shows the agreement: the rep's message, the alert, the briefs and the Homes."""
    session.flush()
    for surface, subject_id in (
        (outbox.AGREEMENT, agreement.id),
        (outbox.ALERT, agreement.alert_id),
    ):
        outbox.mark_stale_if_known(
            session,
            workspace_id=agreement.workspace_id,
            surface=surface,
            subject_id=subject_id,
            now=now,
        )
    about = session.get_one(Alert, agreement.alert_id).check_in_id
    shown_in = {about, agreement.step_asked_in or about}
    briefs.changed(session, check_in_ids=shown_in, now=now)
    surfaces.homes_changed(session, member=session.get_one(Member, agreement.member_id), now=now)
    session.flush()


def asked_in(session: Session, check_in_ids: Collection[int]) -> dict[int, list[AgreementShown]]:
    """Return the agreements that these check-ins ask about, by check-in id, the oldest first; one statement."""
    wanted = set(check_in_ids)
    found: dict[int, list[AgreementShown]] = defaultdict(list)
    for asks_talk, asks_step, *facts in rows(session, _ASKED_IN, check_ins=list(wanted)):
        for check_in_id in sorted({asks_talk, asks_step} & wanted):
            found[check_in_id].append(
                _shown(
                    facts,
                    asks_talk=asks_talk == check_in_id,
                    asks_step=asks_step == check_in_id,
                )
            )
    return found


def since(
    session: Session, member_ids: Collection[int], *, since: datetime
) -> dict[int, list[AgreementShown]]:
    """Return the agreements of these reps from a moment on, by member id, the oldest first; one statement."""
    found: dict[int, list[AgreementShown]] = defaultdict(list)
    if member_ids:
        for member_id, *facts in rows(session, _SINCE, members=list(member_ids), since=since):
            found[member_id].append(_shown(facts))
    return found


def open_steps(agreed: Iterable[AgreementShown], now: datetime) -> tuple[AgreementShown, ...]:
    """Return the agreements whose step counts as open and has no answer yet, the earliest day first."""
    since = (now - STILL_OPEN).date()
    waiting = [
        (one.due_on, one)
        for one in agreed
        if one.kept is None and one.due_on is not None and one.due_on >= since
    ]
    return tuple(one for _, one in sorted(waiting, key=lambda pair: pair[0]))


def _shown(facts: Any, *, asks_talk: bool = False, asks_step: bool = False) -> AgreementShown:
    return replace(AgreementShown(*facts), asks_step=asks_step, asks_talk=asks_talk)


@dataclass(frozen=True)
class Showing:
    """What was agreed, with the rep to whom it is sent."""

    shown: AgreementMessage
    rep: Addressee


def show(session: Session, agreement_id: int) -> Showing:
    """Return the agreement in its current state, as its rep reads it."""
    agreement = session.get_one(Agreement, agreement_id)
    ((facts),) = rows(session, _ONE, agreement=agreement_id)
    rep = session.get_one(Member, agreement.member_id)
    enrolment = enrolment_of(session, rep.id)
    team = session.get_one(Team, enrolment.team_id) if enrolment is not None else None
    coach = session.get_one(Member, team.coach_id).slack_user_id if team is not None else None
    return Showing(
        AgreementMessage(
            _shown(facts), reader_of(rep, team), now_coached_by=coach, is_open=coach is not None
        ),
        Addressee.of(rep),
    )


_AGREEMENT, _ALERT, _CHECK_IN = columns(Agreement), columns(Alert), columns(CheckIn)
_REP, _COACH = table(Member).alias(), table(Member).alias()

_FACTS = (
    _AGREEMENT.id,
    _REP.c.slack_user_id,
    _COACH.c.slack_user_id,
    _CHECK_IN.week,
    _AGREEMENT.act,
    _ALERT.note,
    _AGREEMENT.step,
    _AGREEMENT.due_on,
    _AGREEMENT.agreed_at,
    _AGREEMENT.otherwise,
    _AGREEMENT.talked,
    _AGREEMENT.helped,
    _AGREEMENT.kept,
)
"""The fields of AgreementShown."""


def _select(*more: Any) -> sa.Select[Any]:
    return (
        sa.select(*more, *_FACTS)
        .join_from(table(Agreement), table(Alert), _ALERT.id == _AGREEMENT.alert_id)
        .join(table(CheckIn), _CHECK_IN.id == _ALERT.check_in_id)
        .join(_REP, _REP.c.id == _AGREEMENT.member_id)
        .join(_COACH, _COACH.c.id == _AGREEMENT.coach_id)
    )


_ASKED_IN = (
    _select(_AGREEMENT.asked_in, _AGREEMENT.step_asked_in)
    .where(
        _AGREEMENT.asked_in.in_(any_of("check_ins"))
        | _AGREEMENT.step_asked_in.in_(any_of("check_ins"))
    )
    .order_by(_AGREEMENT.id)
)

_SINCE = (
    _select(_AGREEMENT.member_id)
    .where(
        _AGREEMENT.member_id.in_(any_of("members")),
        _AGREEMENT.agreed_at >= sa.bindparam("since"),
    )
    .order_by(_AGREEMENT.id)
)
_ONE = _select().where(_AGREEMENT.id == sa.bindparam("agreement"))
