"""Asks a rep, with their next check-in and in private, what became of a talk with their coach.

Once: *Did you two talk? Did it help?* And, with the first check-in after its day, whether the step was done. The
rows stand in the check-in's message, but the check-in is answered without them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session

from bot.database import any_of, columns, rows, table, update_all
from bot.domain.access import Caller
from bot.domain.checkins.asked import CLOSED_FOR_GOOD
from bot.domain.checkins.lifecycle import is_closed_for_good
from bot.domain.coaching import agreements
from bot.domain.outbox import surfaces
from bot.domain.refusals import Refusal
from bot.domain.tables import Agreement, CheckIn, CheckInState, Verdict

MOST = 3
"""How many agreements one check-in asks about; older ones come first, and the rest waits for the next one."""

ASKED_WITHIN = timedelta(weeks=12)
"""What was agreed longer ago is not asked about any more."""


class About(StrEnum):
    """What the rep is asked about an agreement."""

    TALKED = "talked"
    HELPED = "helped"
    KEPT = "kept"


class _Waiting(NamedTuple):
    """An agreement, and whether a check-in that was sent has asked about it."""

    id: int
    member_id: int
    due_on: date | None
    talk_is_asked: bool
    step_is_asked: bool


class NextCheckIn(NamedTuple):
    """A check-in that goes out to a rep, and the day on which it does so, in the rep's calendar."""

    check_in_id: int
    day: date


def ask(session: Session, check_ins: Mapping[int, NextCheckIn], *, now: datetime) -> None:
    """Have these new check-ins, by member id, ask about what was agreed; three statements at most."""
    if not check_ins:
        return
    since = now - ASKED_WITHIN
    talks: list[dict[str, Any]] = []
    steps: list[dict[str, Any]] = []
    asked: Counter[int] = Counter()
    for row in rows(session, _WAITING, members=list(check_ins), since=since, now=now):
        waiting = _Waiting(*row)
        check_in = check_ins[waiting.member_id]
        asks_step = (
            waiting.due_on is not None
            and waiting.due_on < check_in.day
            and not waiting.step_is_asked
        )
        if asked[waiting.member_id] == MOST or (waiting.talk_is_asked and not asks_step):
            continue
        asked[waiting.member_id] += 1
        if not waiting.talk_is_asked:
            talks.append({"id": waiting.id, "asked_in": check_in.check_in_id})
        if asks_step:
            steps.append({"id": waiting.id, "step_asked_in": check_in.check_in_id})
    update_all(session, table(Agreement), talks)
    update_all(session, table(Agreement), steps)


def answer(
    session: Session,
    *,
    caller: Caller,
    agreement_id: int,
    about: About,
    said: str,
    now: datetime,
    redraws: bool,
) -> int:
    """Record the rep's yes or no, and return the check-in that asked for it; the same again changes nothing.

    `redraws`: the caller updates the check-in's message through the press's response_url.
    """
    if said not in set(Verdict):
        raise Refusal("Press Yes or No.")
    agreement = agreements.own(session, caller, agreement_id)
    check_in_id = agreement.step_asked_in if about is About.KEPT else agreement.asked_in
    check_in = session.get(CheckIn, check_in_id) if check_in_id is not None else None
    if check_in is None or (about is About.HELPED and agreement.talked != Verdict.YES):
        raise Refusal("You were not asked this yet. Open the newest check-in with /checkin.")
    if is_closed_for_good(check_in.state, check_in.deadline_at, now):
        raise Refusal(CLOSED_FOR_GOOD)
    if getattr(agreement, about) != said:
        setattr(agreement, about, Verdict(said).value)
        setattr(agreement, f"{about}_at", now)
        if about is About.TALKED and said == Verdict.NO:
            agreement.helped = agreement.helped_at = None
        agreements.changed(session, agreement, now)
    surfaces.check_ins_stale(session, check_ins={check_in.id: int(redraws)}, now=now)
    return check_in.id


_AGREEMENT = columns(Agreement)
_TALK, _STEP = table(CheckIn).alias(), table(CheckIn).alias()
_UNSENT = [CheckInState.SKIPPED.value, CheckInState.AWAY.value]

_WAITING = (
    sa.select(
        _AGREEMENT.id,
        _AGREEMENT.member_id,
        _AGREEMENT.due_on,
        _TALK.c.id.is_not(None),
        _STEP.c.id.is_not(None),
    )
    .select_from(table(Agreement))
    # A check-in that was withdrawn, or whose rep was away, has asked nothing.
    .outerjoin(_TALK, (_TALK.c.id == _AGREEMENT.asked_in) & _TALK.c.state.not_in(_UNSENT))
    .outerjoin(_STEP, (_STEP.c.id == _AGREEMENT.step_asked_in) & _STEP.c.state.not_in(_UNSENT))
    .where(
        _AGREEMENT.member_id.in_(any_of("members")),
        _AGREEMENT.agreed_at.between(sa.bindparam("since"), sa.bindparam("now")),
        _TALK.c.id.is_(None) | (_AGREEMENT.due_on.is_not(None) & _STEP.c.id.is_(None)),
    )
    .order_by(_AGREEMENT.id)
)
