"""A rep's wish for advice: at any time, open until a coach has talked with the rep or the rep takes it back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from bot.database import columns, rows, run, table
from bot.domain import access
from bot.domain.access import Caller, coaches_rep, deny, known_member, locked
from bot.domain.coaching import hours
from bot.domain.metrics.records import reader_of
from bot.domain.outbox import briefs, outbox, surfaces
from bot.domain.refusals import Refusal
from bot.domain.shown.addressee import Addressee
from bot.domain.shown.agreements import AdviceShown
from bot.domain.shown.places import NOWHERE, Place, place_of
from bot.domain.tables import Advice, Alert, CheckIn, Member, Team

WORDS_LIMIT = 500


def ask(session: Session, *, caller: Caller, words: str, now: datetime, field: str) -> None:
    """Have the coaches told that the rep would like advice; asking again replaces the rep's line about it."""
    words = " ".join(words.split())
    if len(words) > WORDS_LIMIT:
        raise Refusal(
            f"The line has {len(words)} characters. Shorten it to {WORDS_LIMIT}.", field=field
        )
    member, _, team = access.rep(session, caller, lock=True)
    wish = open_of(session, member.id)
    if wish is not None:
        wish.words = words or None
        session.flush()
        _mark(session, wish, now)
    else:
        wish = Advice(
            workspace_id=member.workspace_id,
            member_id=member.id,
            team_id=team.id,
            words=words or None,
            created_at=now,
        )
        session.add(wish)
        session.flush()
        due_at = hours.of_coach(team, session.get_one(Member, team.coach_id), now=now)
        new = outbox.New(wish.workspace_id, outbox.ADVICE, wish.id, due_at)
        outbox.add_all(session, [new], now=now)
    _show(session, member, now)


def take_back(session: Session, *, caller: Caller, now: datetime) -> None:
    """Record that the rep does not want advice any more; without an open wish nothing changes."""
    member, _, _ = access.rep(session, caller, lock=True)
    close(session, member_id=member.id, by=member, now=now)
    _show(session, member, now)


def done(session: Session, *, caller: Caller, advice_id: int, now: datetime) -> None:
    """Record that a coach has talked with the rep. The same call again changes nothing."""
    coach = known_member(session, caller)
    wish = locked(session, Advice, advice_id, caller=caller)
    if wish is None:
        raise Refusal("This is no longer there. Open Basecoach's Home to see your reps.")
    if not coaches_rep(session, coach, wish.member_id):
        deny(coach, "act on", "advice", wish.id)
        raise Refusal("Only the coaches of this rep can act on it.")
    close(session, member_id=wish.member_id, by=coach, now=now)
    _show(session, session.get_one(Member, wish.member_id), now)


def open_of(session: Session, member_id: int) -> Advice | None:
    """Return the rep's open wish."""
    return session.exec(
        select(Advice).where(Advice.member_id == member_id, col(Advice.closed_at).is_(None))
    ).one_or_none()


def close(session: Session, *, member_id: int, by: Member, now: datetime) -> None:
    """Close the rep's open wish, if there is one; its message says so."""
    wish = open_of(session, member_id)
    if wish is not None:
        wish.closed_by, wish.closed_at = by.id, now
        session.flush()
        _mark(session, wish, now)


def _mark(session: Session, wish: Advice, now: datetime) -> None:
    """Mark the wish's message stale if it was posted; one that waits for a working hour waits on."""
    subject = wish.workspace_id, wish.id
    if outbox.versions(session, surface=outbox.ADVICE, subjects=[subject]):
        outbox.mark_stale(
            session,
            workspace_id=wish.workspace_id,
            surface=outbox.ADVICE,
            subject_id=wish.id,
            now=now,
        )


def _show(session: Session, member: Member, now: datetime) -> None:
    """Mark the alerts that are open about the rep, the rep's newest check-in, and the Homes."""
    found = rows(session, _OPEN_ALERTS, of_member=member.id)
    briefs.changed(session, check_in_ids=[check_in_id for _, check_in_id in found], now=now)
    for alert_id, check_in_id in found:
        for surface, subject_id in ((outbox.ALERT, alert_id), (outbox.CHECK_IN, check_in_id)):
            if subject_id is not None:
                outbox.mark_stale_if_known(
                    session,
                    workspace_id=member.workspace_id,
                    surface=surface,
                    subject_id=subject_id,
                    now=now,
                )
    surfaces.homes_changed(session, member=member, now=now)
    session.flush()


@dataclass(frozen=True)
class Showing:
    """A wish for advice as the coaches read it, with the place where it belongs."""

    shown: AdviceShown
    place: Place
    is_open: bool


def show(session: Session, advice_id: int) -> Showing:
    """Return the wish in its current state."""
    wish = session.get_one(Advice, advice_id)
    team, rep = session.get_one(Team, wish.team_id), session.get_one(Member, wish.member_id)
    enrolment = access.enrolment_of(session, rep.id)
    is_rep = enrolment is not None and enrolment.team_id == team.id
    coaches = [
        session.get_one(Member, member_id)
        for member_id in (team.coach_id, team.second_coach_id)
        if member_id is not None
    ]
    place = NOWHERE
    if is_rep:
        place = place_of(
            [Addressee.of(one) for one in coaches], team.coach_channel, team.channel_problem
        )
    closed_by = session.get(Member, wish.closed_by) if wish.closed_by is not None else None
    shown = AdviceShown(
        advice_id=wish.id,
        rep=rep.slack_user_id,
        rep_name=rep.name,
        words=wish.words,
        created_at=wish.created_at,
        closed_by=closed_by.slack_user_id if closed_by is not None else None,
        closed_at=wish.closed_at,
        coach=place.acting or coaches[0].slack_user_id,
        reader=reader_of(coaches[0], team),
    )
    return Showing(shown, place, is_open=is_rep and wish.closed_at is None)


def moved(session: Session, *, member_ids: list[int], team_id: int) -> None:
    """Give the open wishes of these reps to the team in which they are now."""
    run(session, _MOVE, reps=member_ids, team=team_id)


_ALERT, _CHECK_IN, _ADVICE = columns(Alert), columns(CheckIn), columns(Advice)

_NEWEST = (
    sa.select(sa.func.max(_CHECK_IN.id))
    .where(_CHECK_IN.member_id == sa.bindparam("of_member"))
    .scalar_subquery()
)

_OPEN_ALERTS = (
    sa.select(_ALERT.id, _CHECK_IN.id)
    .select_from(table(CheckIn))
    .outerjoin(table(Alert), (_ALERT.check_in_id == _CHECK_IN.id) & _ALERT.done_at.is_(None))
    .where(
        _CHECK_IN.member_id == sa.bindparam("of_member"),
        _ALERT.id.is_not(None) | (_CHECK_IN.id == _NEWEST),
    )
)
"""Selects the rep's check-ins whose alert is open, and the newest one."""

_MOVE = (
    sa.update(table(Advice))
    .where(_ADVICE.member_id.in_(sa.bindparam("reps", expanding=True)), _ADVICE.closed_at.is_(None))
    .values(team_id=sa.bindparam("team"))
)
