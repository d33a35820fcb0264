"""Answers to a check-in: yes or no, and the number that the answer stands for.

A press that agrees with the log is recorded at once with the log's number. A press that contradicts the log, or
whose metric is not logged, makes Basecoach ask for the number, and the number then decides. Every change of an
answer is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from sqlmodel import Session, col, select

from bot.domain.access import Caller, deny, known_member
from bot.domain.calendars import days_off
from bot.domain.checkins import lifecycle as checkins
from bot.domain.checkins import showing
from bot.domain.coaching import alerts
from bot.domain.metrics import records
from bot.domain.outbox import surfaces
from bot.domain.refusals import FieldProblems, Refusal, TooLate
from bot.domain.shown.checkins import CheckInShown, NumberQuestion, Recorded
from bot.domain.tables import (
    Answer,
    AnswerEdit,
    CheckIn,
    CheckInState,
    Member,
    Source,
    Team,
    Verdict,
)
from bot.rules.numbers import Reading, parse_number
from bot.rules.problems import NumberProblem
from bot.rules.verdicts import verdict as verdict_of

NOT_YOURS = "This check-in belongs to somebody else, so only they can answer it."
GONE = "This check-in is no longer there. Use /checkin to open the current one."


def press(
    session: Session,
    *,
    caller: Caller,
    answer_id: int,
    pressed: str,
    now: datetime,
    redraws: bool = False,
) -> Recorded | NumberQuestion:
    """Record a press of Yes or No where the log agrees with it, else return the question for the number.

    `redraws`: the caller updates the message through the press's response_url.
    """
    member, answer, check_in = _own(session, caller, answer_id, now)
    if answer.verdict == pressed:
        if redraws:  # a rep who presses again still sees the old buttons
            surfaces.check_in_stale(session, check_in=check_in, now=now)
        return Recorded(check_in.id)
    logged = checkins.logged_now(session, check_in, [answer]).get(answer.id)
    if logged is None or verdict_of(logged, answer.target) != pressed or answer.verdict is not None:
        return _number_question(session, member, answer, check_in, logged, pressed, now)
    _record(session, member, answer, check_in, Reading(logged, None), logged, now)
    _settle(session, member, check_in, now, by_press=redraws)
    return Recorded(check_in.id)


def change(session: Session, *, caller: Caller, answer_id: int, now: datetime) -> NumberQuestion:
    """Return the number question for an answer that the rep wants to change."""
    member, answer, check_in = _own(session, caller, answer_id, now)
    logged = checkins.logged_now(session, check_in, [answer]).get(answer.id)
    return _number_question(session, member, answer, check_in, logged, None, now)


def give_numbers(
    session: Session,
    *,
    caller: Caller,
    typed: Mapping[int, tuple[str, str]],
    late_accepted: bool,
    now: datetime,
    redraws: bool = False,
) -> Recorded:
    """Record the numbers for one or more questions of one check-in; each number decides its question's yes or no.

    `typed` maps an answer id to (field, the text typed there); an empty text leaves that question as it is. Raises
    FieldProblems, which names every field that can't be read, and TooLate when the deadline passed while the form
    was open and the person has not been told so yet. In both cases nothing is changed.
    """
    readings: list[tuple[Member, Answer, CheckIn, Reading]] = []
    problems: dict[str, str] = {}
    for answer_id, (field, text) in typed.items():
        member, answer, check_in = _own(session, caller, answer_id, now)
        if check_in.deadline_at is not None and now > check_in.deadline_at and not late_accepted:
            raise TooLate(check_in.id)
        if not text.strip():
            continue
        team = session.get_one(Team, check_in.team_id)
        try:
            reading = parse_number(
                text, locale=member.locale, unit=answer.unit, currency=team.currency
            )
        except NumberProblem as problem:
            problems[field] = str(problem)
            continue
        readings.append((member, answer, check_in, reading))
    if problems:
        raise FieldProblems(problems)
    if not readings:
        field = next(iter(typed.values()))[0]
        raise Refusal("Type a number, or close this to leave the question open.", field=field)
    for member, answer, check_in, reading in readings:
        logged = checkins.logged_now(session, check_in, [answer]).get(answer.id)
        _record(session, member, answer, check_in, reading, logged, now)
    member, _, check_in, _ = readings[0]
    _settle(session, member, check_in, now, by_press=redraws)
    return Recorded(check_in.id)


def open_current(session: Session, *, caller: Caller, now: datetime) -> CheckInShown:
    """Return the caller's open check-in, or the newest one that still takes late answers; else raise Refusal."""
    member = known_member(session, caller)
    check_in = session.exec(
        select(CheckIn)
        .where(
            CheckIn.member_id == member.id,
            col(CheckIn.state).in_(
                [
                    CheckInState.OPEN,
                    CheckInState.SCHEDULED,
                    CheckInState.ANSWERED,
                    CheckInState.UNANSWERED,
                ]
            ),
        )
        .order_by(col(CheckIn.week).desc())
        .limit(1)
    ).first()
    if check_in is None or checkins.is_closed_for_good(check_in.state, check_in.deadline_at, now):
        raise Refusal(checkins.nothing_open(session, member, now=now))
    return showing.show(session, check_in.id, now=now)


def _own(
    session: Session, caller: Caller, answer_id: int, now: datetime
) -> tuple[Member, Answer, CheckIn]:
    """Return the caller, the answer and its check-in, with their rows locked.

    Raises Refusal unless the check-in is the caller's own and still takes answers.
    """
    member = known_member(session, caller)
    answer = session.exec(
        select(Answer).where(Answer.id == answer_id, Answer.workspace_id == caller.workspace_id)
    ).one_or_none()
    if answer is None:
        raise Refusal(GONE)
    check_in = session.get_one(CheckIn, answer.check_in_id, with_for_update=True)
    if check_in.member_id != member.id:
        deny(member, "answer", "check-in", check_in.id)
        raise Refusal(NOT_YOURS)
    if check_in.state == CheckInState.AWAY:
        raise Refusal(
            "You were away in that whole week, so nothing is asked about it. "
            "If that is wrong, take it back with /checkin away."
        )
    if checkins.is_closed_for_good(check_in.state, check_in.deadline_at, now):
        raise Refusal(
            "This check-in is closed for good. Use /checkin to open the current one, "
            "or ask your coach to note the change."
        )
    return member, answer, check_in


def _number_question(
    session: Session,
    member: Member,
    answer: Answer,
    check_in: CheckIn,
    logged: Decimal | None,
    pressed: str | None,
    now: datetime,
) -> NumberQuestion:
    initial = answer.number if answer.verdict is not None else logged
    return NumberQuestion(
        answer_id=answer.id,
        name=answer.name,
        unit=answer.unit,
        question=answer.question,
        target=answer.target,
        full_target=answer.full_target,
        work=days_off.work_of(check_in),
        initial=initial if answer.source != Source.ASKED or answer.verdict else None,
        pressed=pressed,
        logged=logged,
        reader=records.reader_of(member, session.get_one(Team, check_in.team_id)),
        week=check_in.week,
        late=check_in.deadline_at is not None and now > check_in.deadline_at,
        deadline_at=check_in.deadline_at,
    )


def _record(
    session: Session,
    member: Member,
    answer: Answer,
    check_in: CheckIn,
    reading: Reading,
    logged: Decimal | None,
    now: datetime,
) -> None:
    given = verdict_of(reading.value, answer.target)
    if answer.verdict == given and answer.number == reading.value:
        return
    late = check_in.deadline_at is not None and now > check_in.deadline_at
    answer.edited = answer.verdict is not None
    answer.number, answer.logged, answer.verdict = reading.value, logged, given
    answer.note, answer.answered_at, answer.late = reading.note, now, late
    if late:
        check_in.late = True
    session.add(
        AnswerEdit(
            workspace_id=answer.workspace_id,
            answer_id=answer.id,
            number=reading.value,
            logged=logged,
            verdict=given,
            given_by=member.id,
            given_at=now,
            late=late,
        )
    )
    session.flush()


def _settle(
    session: Session, member: Member, check_in: CheckIn, now: datetime, *, by_press: bool
) -> None:
    """Update the check-in's state, its alert and every surface to match its answers."""
    # The sender may have died before it recorded the delivery; an answer proves that the message was delivered.
    checkins.delivered(session, check_in_id=check_in.id, at=now)
    verdicts = session.exec(select(Answer.verdict).where(Answer.check_in_id == check_in.id)).all()
    if all(verdicts):
        if check_in.state != CheckInState.ANSWERED:
            check_in.state, check_in.completed_at = CheckInState.ANSWERED, now
            checkins.cancel_reminders(session, check_in)
        if Verdict.NO in verdicts:
            alerts.ensure(session, check_in=check_in, now=now)
    surfaces.check_in_changed(session, check_in=check_in, now=now, by_press=by_press)
    surfaces.homes_changed(session, member=member, now=now)
    session.flush()
