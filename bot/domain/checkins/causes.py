"""What a rep says was in the way of a missed week: one tap, and one line if they like."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, select

from bot.domain.access import Caller, deny, known_member, locked
from bot.domain.checkins.asked import CLOSED_FOR_GOOD, GONE, NOT_YOURS
from bot.domain.checkins.lifecycle import is_closed_for_good
from bot.domain.outbox import surfaces
from bot.domain.refusals import Refusal
from bot.domain.shown.checkins import CauseForm
from bot.domain.tables import Answer, CheckIn, Verdict
from bot.rules.acts import Cause

WORDS_LIMIT = 500


def form(session: Session, *, caller: Caller, check_in_id: int, now: datetime) -> CauseForm:
    """Return what the rep has said so far; raises Refusal unless the check-in is the caller's and takes it."""
    check_in = _missed(session, caller, check_in_id, now)
    return CauseForm(check_in.id, check_in.cause, check_in.cause_words)


def give(
    session: Session,
    *,
    caller: Caller,
    check_in_id: int,
    cause: str,
    now: datetime,
    words: str | None = None,
    field: str | None = None,
    redraws: bool = False,
) -> None:
    """Keep what was in the way; the alert shows it, and it may change the suggested act.

    `words` is None for a tap, which keeps the line that stands. `redraws`: the caller updates the check-in's
    message through the press's response_url.
    """
    check_in = _missed(session, caller, check_in_id, now)
    if cause not in set(Cause):
        raise Refusal("Choose what was in the way.")
    line = check_in.cause_words if words is None else " ".join(words.split()) or None
    if line is not None and len(line) > WORDS_LIMIT:
        raise Refusal(
            f"The line has {len(line)} characters. Shorten it to {WORDS_LIMIT}.", field=field
        )
    if cause == Cause.SOMETHING_ELSE and line is None:
        raise Refusal("Say in a line what was in the way.", field=field)
    check_in.cause, check_in.cause_words = Cause(cause).value, line
    session.flush()
    surfaces.check_ins_changed(session, check_ins={check_in.id: int(redraws)}, now=now)


def _missed(session: Session, caller: Caller, check_in_id: int, now: datetime) -> CheckIn:
    """Return the caller's own check-in, locked, if a question in it was answered with No."""
    member = known_member(session, caller)
    check_in = locked(session, CheckIn, check_in_id, caller=caller)
    if check_in is None:
        raise Refusal(GONE)
    if check_in.member_id != member.id:
        deny(member, "answer", "check-in", check_in.id)
        raise Refusal(NOT_YOURS)
    if is_closed_for_good(check_in.state, check_in.deadline_at, now):
        raise Refusal(CLOSED_FOR_GOOD)
    answers = session.exec(select(Answer.verdict).where(Answer.check_in_id == check_in.id)).all()
    if Verdict.NO not in answers:
        raise Refusal("Nothing was missed in that week, so there is nothing to say about it.")
    return check_in
