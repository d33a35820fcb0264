"""The questions that people answer: reads all their facts with a few statements, and says who may answer which."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session

from bot.database import any_of, columns, rows, table
from bot.domain.access import NOT_ENROLLED, Caller, deny
from bot.domain.calendars import days_off
from bot.domain.checkins import lifecycle as checkins
from bot.domain.metrics import metrics
from bot.domain.outbox import outbox
from bot.domain.refusals import Refusal
from bot.domain.shown.checkins import NumberQuestion
from bot.domain.shown.reader import Reader
from bot.domain.tables import (
    Answer,
    CheckIn,
    CheckInState,
    Member,
    Metric,
    OutboxItem,
    Source,
    Team,
)

NOT_YOURS = "This check-in belongs to somebody else, so only they can answer it."
GONE = "This check-in is no longer there. Use /checkin to open the current one."
WAS_AWAY = (
    "You were away in that whole week, so nothing is asked about it. "
    "If that is wrong, take it back with /checkin away."
)
CLOSED_FOR_GOOD = (
    "This check-in is closed for good. Use /checkin to open the current one, "
    "or ask your coach to note the change."
)


@dataclass(slots=True)
class AskedCheckIn:
    """A check-in, as the answers of this transaction have left it so far."""

    id: int
    workspace_id: int
    team_id: int
    week: date
    state: str
    deadline_at: datetime | None
    completed_at: datetime | None
    late: bool
    work_days: int | None
    days_off: int
    holidays: int
    joined_on: date | None
    member_id: int
    slack_user_id: str
    timezone: str
    locale: str
    currency: str
    ts: str | None
    """The `ts` of its message; None while the outbox does not know that it was posted."""
    questions: list[AskedQuestion] = field(default_factory=list)

    def is_late(self, now: datetime) -> bool:
        """Return whether an answer at this moment comes after the deadline."""
        return self.deadline_at is not None and now > self.deadline_at

    def is_of(self, caller: Caller) -> bool:
        """Return whether it is the caller's own."""
        return (
            caller.slack_user_id == self.slack_user_id and caller.workspace_id == self.workspace_id
        )


@dataclass(slots=True)
class AskedQuestion:
    """A question, with the answer that it has so far."""

    id: int
    check_in: AskedCheckIn
    metric: metrics.CountedMetric
    name: str
    unit: str
    question: str
    source: str
    target: Decimal
    full_target: Decimal | None
    number: Decimal | None
    verdict: str | None
    logged: Decimal | None = None
    """The log's number now, where `read_log` was called for the question and its metric is logged."""


class _Stranger(NamedTuple):
    """A member who answers what is not theirs, or not there."""

    id: int
    workspace_id: int
    slack_user_id: str


class Asked:
    """The questions of one transaction; the rows of their check-ins and answers are locked until its end."""

    def __init__(self, session: Session, asked: Collection[tuple[Caller, int]]) -> None:
        """Read the questions with these answer ids, each with the person who answers it."""
        self._session = session
        self._questions = _questions(session, {answer_id for _, answer_id in asked})
        self._strangers = _strangers(
            session,
            {
                caller
                for caller, answer_id in asked
                if (question := self._questions.get(answer_id)) is None
                or not question.check_in.is_of(caller)
            },
        )
        scheduled = {
            question.check_in.id
            for question in self._questions.values()
            if question.check_in.state == CheckInState.SCHEDULED
        }
        self._windows = checkins.windows(session, scheduled)

    def get(self, answer_id: int) -> AskedQuestion | None:
        """Return the question if it exists, whosever it is."""
        return self._questions.get(answer_id)

    def own(
        self, caller: Caller, answer_id: int, *, now: datetime, delivered_at: datetime | None = None
    ) -> AskedQuestion:
        """Return the caller's own question; raise Refusal unless its check-in takes answers.

        `delivered_at` is given where it is known only now that, and when, the check-in was delivered.
        """
        question = self._questions.get(answer_id)
        if question is None or not question.check_in.is_of(caller):
            raise self._refusal(caller, question)
        check_in = question.check_in
        if check_in.state == CheckInState.AWAY:
            raise Refusal(WAS_AWAY)
        deadline = check_in.deadline_at
        if delivered_at is not None and check_in.state == CheckInState.SCHEDULED:
            deadline = self.deadline(check_in, delivered_at)
        if checkins.is_closed_for_good(check_in.state, deadline, now):
            raise Refusal(CLOSED_FOR_GOOD)
        return question

    def _refusal(self, caller: Caller, question: AskedQuestion | None) -> Refusal:
        stranger = self._strangers.get(caller)
        if stranger is None:
            return Refusal(NOT_ENROLLED)
        if question is None or question.check_in.workspace_id != caller.workspace_id:
            return Refusal(GONE)
        deny(stranger, "answer", "check-in", question.check_in.id)
        return Refusal(NOT_YOURS)

    def deadline(self, check_in: AskedCheckIn, delivered_at: datetime) -> datetime:
        """Return when a check-in closes that nobody knew to be delivered."""
        return self._windows.deadline(check_in.id, delivered_at)

    def read_log(self, questions: Iterable[AskedQuestion]) -> None:
        """Read what the log says of these questions now."""
        counted = [question for question in questions if question.source != Source.ASKED]
        if not counted:
            return
        numbers = metrics.logged_numbers(
            self._session,
            {question.check_in.member_id for question in counted},
            {question.check_in.week for question in counted},
            {question.metric for question in counted},
        )
        for question in counted:
            check_in = question.check_in
            key = (check_in.member_id, check_in.week, question.metric.id)
            question.logged = numbers.get(key)


def number_question(
    question: AskedQuestion, *, pressed: str | None, now: datetime
) -> NumberQuestion:
    """Return the form for the question's number; `read_log` was called for the question."""
    check_in, has_answer = question.check_in, question.verdict is not None
    initial = question.number if has_answer else question.logged
    return NumberQuestion(
        answer_id=question.id,
        name=question.name,
        unit=question.unit,
        question=question.question,
        target=question.target,
        full_target=question.full_target,
        work=days_off.work_of(check_in),
        initial=initial if question.source != Source.ASKED or has_answer else None,
        pressed=pressed,
        logged=question.logged,
        reader=Reader(check_in.timezone, check_in.locale, check_in.currency),
        week=check_in.week,
        late=check_in.is_late(now),
        deadline_at=check_in.deadline_at,
    )


def _questions(session: Session, answer_ids: Collection[int]) -> dict[int, AskedQuestion]:
    """Return all questions of the check-ins that one of the answers belongs to, by answer id."""
    check_ins: dict[int, AskedCheckIn] = {}
    questions: dict[int, AskedQuestion] = {}
    for row in rows(session, _QUESTIONS, answers=list(answer_ids)):
        check_in = check_ins.get(row[0])
        if check_in is None:
            check_in = check_ins[row[0]] = AskedCheckIn(*row[:18])
        metric = metrics.CountedMetric(*row[19:22])
        question = AskedQuestion(row[18], check_in, metric, *row[22:])
        check_in.questions.append(question)
        questions[question.id] = question
    return questions


def _strangers(
    session: Session, callers: Sequence[Caller] | set[Caller]
) -> dict[Caller, _Stranger]:
    if not callers:
        return {}
    found = rows(
        session,
        _STRANGERS,
        workspaces=list({caller.workspace_id for caller in callers}),
        users=list({caller.slack_user_id for caller in callers}),
    )
    members = [_Stranger(*row) for row in found]
    return {Caller(member.workspace_id, member.slack_user_id): member for member in members}


_ANSWER, _CHECK_IN, _MEMBER = columns(Answer), columns(CheckIn), columns(Member)
_METRIC, _ITEM, _WANTED = columns(Metric), columns(OutboxItem), table(Answer).alias()

_QUESTIONS = (
    sa.select(
        # The fields of AskedCheckIn.
        _CHECK_IN.id,
        _CHECK_IN.workspace_id,
        _CHECK_IN.team_id,
        _CHECK_IN.week,
        _CHECK_IN.state,
        _CHECK_IN.deadline_at,
        _CHECK_IN.completed_at,
        _CHECK_IN.late,
        _CHECK_IN.work_days,
        _CHECK_IN.days_off,
        _CHECK_IN.holidays,
        _CHECK_IN.joined_on,
        _MEMBER.id,
        _MEMBER.slack_user_id,
        _MEMBER.timezone,
        _MEMBER.locale,
        columns(Team).currency,
        _ITEM.ts,
        # The fields of AskedQuestion and of its metric.
        _ANSWER.id,
        _METRIC.id,
        _METRIC.key,
        _METRIC.source,
        _ANSWER.name,
        _ANSWER.unit,
        _ANSWER.question,
        _ANSWER.source,
        _ANSWER.target,
        _ANSWER.full_target,
        _ANSWER.number,
        _ANSWER.verdict,
    )
    .join_from(table(CheckIn), table(Answer), _ANSWER.check_in_id == _CHECK_IN.id)
    .join(table(Metric), _METRIC.id == _ANSWER.metric_id)
    .join(table(Member), _MEMBER.id == _CHECK_IN.member_id)
    .join(table(Team), columns(Team).id == _CHECK_IN.team_id)
    .outerjoin(
        table(OutboxItem),
        outbox.is_row_of(outbox.CHECK_IN, _CHECK_IN),
    )
    .where(
        _CHECK_IN.id.in_(
            sa.select(_WANTED.c.check_in_id).where(_WANTED.c.id.in_(any_of("answers")))
        )
    )
    # All processes lock rows in this order, so two can't deadlock. Answers are locked as well, because only locked
    # rows are read as they are after the wait for a lock.
    .order_by(_CHECK_IN.id, _ANSWER.id)
    .with_for_update(of=[table(CheckIn), table(Answer)])
)

_STRANGERS = sa.select(_MEMBER.id, _MEMBER.workspace_id, _MEMBER.slack_user_id).where(
    _MEMBER.workspace_id.in_(any_of("workspaces")), _MEMBER.slack_user_id.in_(any_of("users"))
)
