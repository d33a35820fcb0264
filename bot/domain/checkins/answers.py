"""The numbers behind answers, typed in a form, each deciding its own yes or no; and the current check-in.

Every change of an answer is kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from bot.domain.access import Caller, known_member
from bot.domain.checkins import lifecycle as checkins
from bot.domain.checkins import showing
from bot.domain.checkins.answering import Answering, each
from bot.domain.checkins.asked import Asked, AskedQuestion, number_question
from bot.domain.refusals import FieldProblems, Refusal, TooLate
from bot.domain.shown.checkins import CheckInShown, NumberQuestion, Recorded
from bot.domain.tables import CheckIn, CheckInState
from bot.rules.numbers import Reading, parse_number
from bot.rules.problems import NumberProblem


@dataclass(frozen=True)
class TypedNumbers:
    """A form with the numbers for one or more questions of one check-in, as a person sent it."""

    caller: Caller
    typed: Mapping[int, tuple[str, str]]
    """Maps an answer id to (field, the text typed there); an empty text leaves that question as it is."""
    late_accepted: bool
    """Whether the person was told that the deadline has passed."""
    now: datetime
    redraws: bool = False
    """The caller updates the message through a press's response_url."""


def change(session: Session, *, caller: Caller, answer_id: int, now: datetime) -> NumberQuestion:
    """Return the number question for an answer that the rep wants to change."""
    asked = Asked(session, [(caller, answer_id)])
    question = asked.own(caller, answer_id, now=now)
    asked.read_log([question])
    return number_question(question, pressed=None, now=now)


def give_numbers(session: Session, forms: Sequence[TypedNumbers]) -> list[Recorded | Exception]:
    """Record the numbers of each form and return its outcome; each number decides its question's yes or no.

    An outcome may be FieldProblems, which names every field that can't be read, or TooLate when the deadline
    passed while the form was open and the person was not told so yet. Then nothing of the form is recorded.
    """
    typed = [(form.caller, answer_id) for form in forms for answer_id in form.typed]
    asked = Asked(session, typed)
    questions = {answer_id: asked.get(answer_id) for _, answer_id in typed}
    asked.read_log([question for question in questions.values() if question is not None])
    answering = Answering(asked)
    outcomes = each(forms, lambda form: _give(asked, answering, form))
    answering.write(session)
    return outcomes


def _give(asked: Asked, answering: Answering, form: TypedNumbers) -> Recorded:
    readings = _read(asked, form)
    for question, reading in readings:
        answering.record(question, reading, form.now)
    check_in = readings[0][0].check_in
    answering.settle(check_in, form.now, redraws=form.redraws)
    return Recorded(check_in.id)


def _read(asked: Asked, form: TypedNumbers) -> list[tuple[AskedQuestion, Reading]]:
    """Return the number typed for each question, at least one; raise what is wrong with the form."""
    readings: list[tuple[AskedQuestion, Reading]] = []
    problems: dict[str, str] = {}
    for answer_id, (field, text) in form.typed.items():
        question = asked.own(form.caller, answer_id, now=form.now)
        check_in = question.check_in
        if check_in.is_late(form.now) and not form.late_accepted:
            raise TooLate(check_in.id)
        if not text.strip():
            continue
        try:
            reading = parse_number(
                text, locale=check_in.locale, unit=question.unit, currency=check_in.currency
            )
        except NumberProblem as problem:
            problems[field] = str(problem)
            continue
        readings.append((question, reading))
    if problems:
        raise FieldProblems(problems)
    if not readings:
        first = next((field for field, _ in form.typed.values()), None)
        raise Refusal("Type a number, or close this to leave the question open.", field=first)
    return readings


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
