"""Presses of Yes and No, recorded in batches: on Monday morning many reps answer in the same minute.

Most presses are alike: the check-in is open, the question has no answer yet, and the press agrees with the log.
All such presses of a batch are recorded by one statement of each kind. Every other press (the number must be asked
for, something is refused, the last answer makes a miss) goes through `answers.press`, inside a savepoint of its
own. Both ways write the same rows; the tests compare them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from bot.database import any_of, columns, insert_all, rows, run, table, update_all
from bot.domain.access import Caller
from bot.domain.checkins import answers
from bot.domain.checkins import lifecycle as checkins
from bot.domain.metrics import metrics
from bot.domain.outbox import outbox, surfaces
from bot.domain.shown.checkins import NumberQuestion, Recorded
from bot.domain.tables import (
    Answer,
    AnswerEdit,
    CheckIn,
    CheckInState,
    Member,
    Metric,
    OutboxItem,
    Reminder,
    Source,
    Verdict,
)
from bot.rules.verdicts import verdict as verdict_of


@dataclass(frozen=True)
class PressedMessage:
    """The message that contains the pressed button, by Slack's channel and `ts`."""

    token: str
    channel: str
    ts: str


@dataclass(frozen=True)
class Press:
    """One press of Yes or No to one question, as Slack sent it."""

    caller: Caller
    answer_id: int
    pressed: str
    now: datetime
    posted: PressedMessage | None = None
    redraws: bool = False
    """The caller updates the message through the press's response_url."""


def press_many(
    session: Session, presses: Sequence[Press]
) -> list[Recorded | NumberQuestion | Exception]:
    """Record the presses and return the outcome of each; an error of one press rolls back that press only."""
    plain = _plain(session, presses)
    if plain:
        _record(session, plain)
        _settle(session, plain)
    recorded = {id(case.press): Recorded(case.question.check_in_id) for case in plain}
    return [recorded.get(id(press)) or _by_itself(session, press) for press in presses]


class _Question(NamedTuple):
    """The facts about a pressed question that decide whether the press is a plain case."""

    answer_id: int
    workspace_id: int
    check_in_id: int
    member_id: int
    slack_user_id: str
    week: date
    state: str
    deadline_at: datetime | None
    target: Decimal
    verdict: str | None
    metric_id: int
    metric_key: str
    source: str
    ts: str | None


class _CountedMetric(NamedTuple):
    id: int
    key: str
    source: str


@dataclass(frozen=True)
class _Case:
    press: Press
    question: _Question
    logged: Decimal
    completes: bool
    """The press answers the check-in's last question, and every goal was met."""


def _by_itself(session: Session, press: Press) -> Recorded | NumberQuestion | Exception:
    try:
        with session.begin_nested():
            return _pressed(session, press)
    except DBAPIError:  # a deadlock, for example: the database layer decides what to repeat
        raise
    except Exception as error:
        return error


def _pressed(session: Session, press: Press) -> Recorded | NumberQuestion:
    if press.posted is not None:
        checkins.found(
            session,
            answer_id=press.answer_id,
            token=press.posted.token,
            channel=press.posted.channel,
            ts=press.posted.ts,
            now=press.now,
        )
    return answers.press(
        session,
        caller=press.caller,
        answer_id=press.answer_id,
        pressed=press.pressed,
        now=press.now,
        redraws=press.redraws,
    )


def _plain(session: Session, presses: Sequence[Press]) -> list[_Case]:
    """Return the presses that can be recorded in one batch: at most one of each check-in."""
    found = {q.answer_id: q for q in _questions(session, [press.answer_id for press in presses])}
    candidates: dict[int, tuple[Press, _Question]] = {}
    for press in presses:
        question = found.get(press.answer_id)
        if question is not None and _may_be_plain(press, question, presses[0].caller):
            candidates.setdefault(question.check_in_id, (press, question))
    if not candidates:
        return []
    questions = [question for _, question in candidates.values()]
    logged, others = _logged(session, questions), _others(session, questions)
    cases = []
    for press, question in candidates.values():
        number = logged[question.answer_id]
        given = {press.pressed, *others[question.check_in_id]}
        misses = None not in given and Verdict.NO in given
        if verdict_of(number, question.target) == press.pressed and not misses:
            cases.append(_Case(press, question, number, completes=None not in given))
    return cases


def _may_be_plain(press: Press, question: _Question, first: Caller) -> bool:
    return (
        question.state == CheckInState.OPEN
        and question.verdict is None
        and question.source != Source.ASKED
        and question.ts is not None
        and question.deadline_at is not None
        and press.now <= question.deadline_at
        and press.caller == Caller(question.workspace_id, question.slack_user_id)
        and press.caller.workspace_id == first.workspace_id
    )


def _questions(session: Session, answer_ids: Sequence[int]) -> list[_Question]:
    return [_Question(*row) for row in rows(session, _QUESTIONS, answers=list(answer_ids))]


def _others(session: Session, questions: Sequence[_Question]) -> dict[int, set[str | None]]:
    """Return the verdicts of each check-in's other questions, by check-in id."""
    verdicts: dict[int, set[str | None]] = {q.check_in_id: set() for q in questions}
    pressed = [q.answer_id for q in questions]
    for check_in_id, given in rows(session, _OTHERS, check_ins=list(verdicts), pressed=pressed):
        verdicts[check_in_id].add(given)
    return verdicts


def _logged(session: Session, questions: Sequence[_Question]) -> dict[int, Decimal]:
    """Return the log's current numbers, by answer id."""
    counted = {_CountedMetric(q.metric_id, q.metric_key, q.source) for q in questions}
    numbers = metrics.logged_numbers(
        session,
        {q.member_id for q in questions},
        {q.week for q in questions},
        counted,
    )
    return {q.answer_id: numbers[q.member_id, q.week, q.metric_id] for q in questions}


def _record(session: Session, cases: Sequence[_Case]) -> None:
    update_all(
        session,
        table(Answer),
        [
            {
                "id": case.question.answer_id,
                "number": case.logged,
                "logged": case.logged,
                "verdict": case.press.pressed,
                "note": None,
                "answered_at": case.press.now,
                "late": False,
                "edited": False,
            }
            for case in cases
        ],
    )
    insert_all(
        session,
        table(AnswerEdit),
        [
            {
                "workspace_id": case.question.workspace_id,
                "answer_id": case.question.answer_id,
                "number": case.logged,
                "logged": case.logged,
                "verdict": case.press.pressed,
                "given_by": case.question.member_id,
                "given_at": case.press.now,
                "late": False,
            }
            for case in cases
        ],
    )


def _settle(session: Session, cases: Sequence[_Case]) -> None:
    """Update the states and the surfaces of all cases, as `answers.press` does for one."""
    complete = [case for case in cases if case.completes]
    if complete:
        update_all(
            session,
            table(CheckIn),
            [
                {
                    "id": case.question.check_in_id,
                    "state": CheckInState.ANSWERED.value,
                    "completed_at": case.press.now,
                }
                for case in complete
            ],
        )
        check_ins = [case.question.check_in_id for case in complete]
        run(session, _REMIND_NO_MORE, check_ins=check_ins)
    now = max(case.press.now for case in cases)
    workspace_id = cases[0].question.workspace_id
    surfaces.check_ins_changed(
        session,
        workspace_id=workspace_id,
        check_ins={case.question.check_in_id: case.press.redraws for case in cases},
        now=now,
    )
    surfaces.reps_homes_changed(
        session,
        workspace_id=workspace_id,
        member_ids=[case.question.member_id for case in cases],
        now=now,
    )


_ANSWER, _CHECK_IN, _MEMBER = columns(Answer), columns(CheckIn), columns(Member)
_METRIC, _ITEM = columns(Metric), columns(OutboxItem)

_QUESTIONS = (
    sa.select(
        _ANSWER.id,
        _ANSWER.workspace_id,
        _CHECK_IN.id,
        _MEMBER.id,
        _MEMBER.slack_user_id,
        _CHECK_IN.week,
        _CHECK_IN.state,
        _CHECK_IN.deadline_at,
        _ANSWER.target,
        _ANSWER.verdict,
        _METRIC.id,
        _METRIC.key,
        _METRIC.source,
        _ITEM.ts,
    )
    .join_from(table(Answer), table(CheckIn), _CHECK_IN.id == _ANSWER.check_in_id)
    .join(table(Member), _MEMBER.id == _CHECK_IN.member_id)
    .join(table(Metric), _METRIC.id == _ANSWER.metric_id)
    .join(
        table(OutboxItem),
        (_ITEM.workspace_id == _ANSWER.workspace_id)
        & (_ITEM.surface == outbox.CHECK_IN)
        & (_ITEM.subject_id == _CHECK_IN.id),
    )
    .where(_ANSWER.id.in_(any_of("answers")))
    .order_by(_CHECK_IN.id)  # all processes lock rows in this order, so two can't deadlock
    .with_for_update(of=[table(CheckIn), table(Answer)])
)

_OTHERS = sa.select(_ANSWER.check_in_id, _ANSWER.verdict).where(
    _ANSWER.check_in_id.in_(any_of("check_ins")), _ANSWER.id.not_in(any_of("pressed"))
)

_REMIND_NO_MORE = (
    sa.update(table(Reminder))
    .where(columns(Reminder).check_in_id.in_(any_of("check_ins")))
    .values(due_at=None)
)
