"""A coach notes that an old number is wrong: the right one stands beside the answer, which stays as it is."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, select

from bot.domain.access import Caller, Seen, may_see_record, own_key
from bot.domain.checkins.lifecycle import is_closed_for_good
from bot.domain.homes.record import goals_of
from bot.domain.metrics.records import reader_of
from bot.domain.refusals import Refusal
from bot.domain.shown.record import NUMBER, REASON, REASON_LIMIT, WHICH, CorrectionForm
from bot.domain.tables import AnswerCorrection, CheckIn, Member
from bot.rules.companies import plain_text
from bot.rules.numbers import parse_number
from bot.rules.problems import NumberProblem


def form(session: Session, *, caller: Caller, check_in_id: int, now: datetime) -> CorrectionForm:
    """Return the form for a week's numbers; raises Refusal unless the caller coaches the rep now."""
    seen, check_in = _closed(session, caller, check_in_id, now)
    goals = goals_of(session, [check_in.id]).get(check_in.id, ())
    return CorrectionForm(
        check_in_id=check_in.id,
        name=seen.rep.name,
        week=check_in.week,
        goals=tuple(goal for goal in goals if goal.number is not None),
        reader=reader_of(seen.viewer, seen.team),
    )


def note(
    session: Session,
    *,
    caller: Caller,
    check_in_id: int,
    answer_id: int,
    number: str,
    reason: str,
    request_key: str,
    now: datetime,
) -> str:
    """Note another number beside an answer, and return the rep's Slack id; a repeated call changes nothing."""
    seen, check_in = _closed(session, caller, check_in_id, now)
    goals = {goal.answer_id: goal for goal in goals_of(session, [check_in.id]).get(check_in.id, ())}
    goal = goals.get(answer_id)
    if goal is None or goal.number is None:
        raise Refusal("Choose a number that was answered.", field=WHICH)
    reason = " ".join(plain_text(reason).split())
    if not reason:
        raise Refusal("Say in a few words why the number is wrong.", field=REASON)
    if len(reason) > REASON_LIMIT:
        raise Refusal(
            f"The reason has {len(reason)} characters. Shorten it to {REASON_LIMIT}.", field=REASON
        )
    try:
        reading = parse_number(
            plain_text(number),
            locale=seen.viewer.locale,
            unit=goal.unit,
            currency=seen.team.currency,
        )
    except NumberProblem as problem:
        raise Refusal(str(problem), field=NUMBER) from problem
    key = own_key(seen.viewer.id, request_key)
    known = session.exec(
        select(AnswerCorrection.id).where(
            AnswerCorrection.workspace_id == caller.workspace_id,
            AnswerCorrection.request_key == key,
        )
    ).first()
    if known is None:
        session.add(
            AnswerCorrection(
                workspace_id=caller.workspace_id,
                answer_id=answer_id,
                number=reading.value,
                reason=reason,
                noted_by=seen.viewer.id,
                noted_at=now,
                request_key=key,
            )
        )
        session.flush()
    return seen.rep.slack_user_id


def _closed(
    session: Session, caller: Caller, check_in_id: int, now: datetime
) -> tuple[Seen, CheckIn]:
    """Return the coach, and a check-in of a coached rep that takes no answers any more; else raise Refusal."""
    check_in = session.get(CheckIn, check_in_id)
    if check_in is None or check_in.workspace_id != caller.workspace_id:
        raise Refusal("That week is no longer there. Open the history again from Home.")
    rep = session.get_one(Member, check_in.member_id)
    seen = may_see_record(session, caller, rep.slack_user_id)
    if seen.own:
        raise Refusal("Ask your coach to note a correction of your own numbers.")
    if not is_closed_for_good(check_in.state, check_in.deadline_at, now):
        raise Refusal(f"{rep.name} can still change the answers of that week: ask them to do so.")
    return seen, check_in
