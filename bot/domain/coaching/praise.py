"""*Well done*: a coach's word of praise about a rep's week. It reaches the rep in a direct message, once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, select

from bot.database import columns, rows, table
from bot.domain.access import Caller, enrolment_of
from bot.domain.coaching import brief_showing, briefs, hours
from bot.domain.metrics.records import reader_of
from bot.domain.outbox import outbox
from bot.domain.refusals import Refusal
from bot.domain.shown.addressee import Addressee
from bot.domain.shown.briefs import PraiseShown, RepShown
from bot.domain.tables import CheckIn, Member, Praise, Team


def give(
    session: Session, *, caller: Caller, brief_id: int, check_in_id: int, now: datetime
) -> None:
    """Have the rep told that the coach says *Well done*; a rep who was told already is not told again.

    Raises Refusal unless the caller coaches the brief's team, and the brief still has something to praise.
    """
    coach, brief = briefs.coached(session, caller, brief_id)
    if session.exec(select(Praise.id).where(Praise.check_in_id == check_in_id)).first() is not None:
        return
    shown = brief_showing.show_all(session, [brief.id], now=now)[brief.id].shown
    rep = next((rep for rep in shown.reps if rep.check_in_id == check_in_id), None)
    if rep is None:
        raise Refusal("This rep is no longer in the team.")
    if rep.rep == coach.slack_user_id:
        raise Refusal("That is your own week. Leave the praise to the other coach.")
    if not rep.praise:
        briefs.changed(session, brief, now)
        raise Refusal("The numbers have changed since, and what you were about to praise is gone.")
    team = session.get_one(Team, brief.team_id)
    _send(session, rep, check_in_id=check_in_id, team=team, coach=coach, now=now)
    briefs.changed(session, brief, now)


def _send(
    session: Session, rep: RepShown, *, check_in_id: int, team: Team, coach: Member, now: datetime
) -> None:
    """Keep the word of praise, and have it posted. Every ping of this kind goes through here.

    Where the week's message budget has no room, it waits for the first week that has, and the brief says so.
    """
    member = session.get_one(Member, session.get_one(CheckIn, check_in_id).member_id)
    room = hours.with_room(session, member, team, now=now)
    praise = Praise(
        workspace_id=coach.workspace_id,
        check_in_id=check_in_id,
        given_by=coach.id,
        because="; ".join(rep.praise),
        given_at=now,
        waits_until=room.at if room.is_put_off else None,
    )
    session.add(praise)
    session.flush()
    outbox.add_all(
        session, [outbox.New(praise.workspace_id, outbox.PRAISE, praise.id, room.at)], now=now
    )


@dataclass(frozen=True)
class Showing:
    """A word of praise, with the rep to whom it is sent."""

    shown: PraiseShown
    to: Addressee
    earliest: datetime
    """When it may be posted: in the rep's working hours."""


def show(session: Session, praise_id: int, *, now: datetime) -> Showing | None:
    """Return the word of praise as the rep reads it; None for somebody who is no rep any more."""
    ((member_id, given_by, week, because),) = rows(session, _ONE, praise=praise_id)
    rep, coach = session.get_one(Member, member_id), session.get_one(Member, given_by)
    enrolment = enrolment_of(session, rep.id)
    if enrolment is None:
        return None
    team = session.get_one(Team, enrolment.team_id)
    return Showing(
        PraiseShown(coach.slack_user_id, coach.name, week, because, reader_of(rep, team)),
        Addressee.of(rep),
        hours.of_rep(session, rep, team, now=now),
    )


_PRAISE, _CHECK_IN = columns(Praise), columns(CheckIn)

_ONE = (
    sa.select(_CHECK_IN.member_id, _PRAISE.given_by, _CHECK_IN.week, _PRAISE.because)
    .join_from(table(Praise), table(CheckIn), _CHECK_IN.id == _PRAISE.check_in_id)
    .where(_PRAISE.id == sa.bindparam("praise"))
)
