"""Reads the questions of check-ins with their answers, and what the log says of those that have none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple, Protocol

import sqlalchemy as sa
from sqlmodel import Session

from bot.database import any_of, columns, rows, table
from bot.domain.metrics import metrics
from bot.domain.metrics.metrics import CountedMetric, Logged
from bot.domain.shown.checkins import QuestionShown
from bot.domain.tables import Answer, Metric, Source


class Asking(Protocol):
    """A row about a check-in."""

    @property
    def check_in_id(self) -> int: ...
    @property
    def member_id(self) -> int: ...
    @property
    def week(self) -> date: ...


class _Answer(NamedTuple):
    check_in_id: int
    id: int
    name: str
    unit: str
    question: str
    target: Decimal
    full_target: Decimal | None
    number: Decimal | None
    logged: Decimal | None
    verdict: str | None
    note: str | None
    edited: bool
    late: bool
    source: str
    metric: CountedMetric

    @property
    def is_counted(self) -> bool:
        """Whether the question has no answer, and its metric is logged."""
        return self.verdict is None and self.source != Source.ASKED


def of_check_ins(session: Session, found: Collection[Asking]) -> dict[int, list[QuestionShown]]:
    """Return the questions by check-in id, in order; a check-in without a question has none."""
    answers: dict[int, list[_Answer]] = defaultdict(list)
    for row in rows(session, _ANSWERS, ids=[facts.check_in_id for facts in found]):
        answers[row[0]].append(_Answer._make([*row[:-3], CountedMetric(*row[-3:])]))
    logged = _logged(session, found, answers)
    return {
        facts.check_in_id: [
            _question(answer, facts, logged) for answer in answers[facts.check_in_id]
        ]
        for facts in found
    }


def _logged(
    session: Session, found: Collection[Asking], answers: Mapping[int, Sequence[_Answer]]
) -> Logged:
    """Return what the log says now of the questions without an answer."""
    wanted: dict[tuple[int, date], list[CountedMetric]] = defaultdict(list)
    for facts in found:
        for answer in answers[facts.check_in_id]:
            if answer.is_counted:
                wanted[facts.member_id, facts.week].append(answer.metric)
    return metrics.numbers_of(session, wanted)


def _question(answer: _Answer, facts: Asking, logged: Logged) -> QuestionShown:
    return QuestionShown(
        answer_id=answer.id,
        name=answer.name,
        unit=answer.unit,
        question=answer.question,
        target=answer.target,
        full_target=answer.full_target,
        logged=logged.get((facts.member_id, facts.week, answer.metric.id))
        if answer.is_counted
        else answer.logged,
        number=answer.number,
        verdict=answer.verdict,
        note=answer.note,
        edited=answer.edited,
        late=answer.late,
    )


_ANSWER, _METRIC = columns(Answer), columns(Metric)

_ANSWERS = (
    sa.select(
        _ANSWER.check_in_id,
        _ANSWER.id,
        _ANSWER.name,
        _ANSWER.unit,
        _ANSWER.question,
        _ANSWER.target,
        _ANSWER.full_target,
        _ANSWER.number,
        _ANSWER.logged,
        _ANSWER.verdict,
        _ANSWER.note,
        _ANSWER.edited,
        _ANSWER.late,
        _ANSWER.source,
        _METRIC.id,
        _METRIC.key,
        _METRIC.source,
    )
    .join_from(table(Answer), table(Metric), _METRIC.id == _ANSWER.metric_id)
    .where(_ANSWER.check_in_id.in_(any_of("ids")))
    .order_by(_ANSWER.position)
)
