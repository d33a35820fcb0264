"""Reads the rows of weekly briefs: the reps, their answers beside the log, earlier bests, and steps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session

from bot.database import any_of, columns, rows, table
from bot.domain.coaching import agreements
from bot.domain.metrics import metrics
from bot.domain.metrics.metrics import CountedMetric, Logged
from bot.domain.shown.briefs import Number, Step
from bot.domain.tables import (
    Agreement,
    Alert,
    Answer,
    Brief,
    CheckIn,
    Enrolment,
    Member,
    Metric,
    Praise,
    Source,
    Verdict,
)


class RepRow(NamedTuple):
    """A rep of a brief's team, with the check-in about its week, if there is one."""

    brief_id: int
    week: date
    member_id: int
    slack_user_id: str
    name: str
    check_in_id: int | None
    state: str | None
    late: bool | None
    is_nodded: bool
    alert_id: int | None
    praise: str | None
    praised_at: datetime | None
    praised_by: str | None
    praise_waits_until: datetime | None


class NumberRow(NamedTuple):
    """A question of a check-in."""

    check_in_id: int
    name: str
    unit: str
    target: Decimal
    number: Decimal | None
    verdict: str | None
    source: str
    metric: CountedMetric


class Earlier(NamedTuple):
    """The highest number that a rep answered before a week, and in how many weeks one was answered."""

    number: Decimal
    weeks: int


@dataclass(frozen=True)
class Rows:
    """What briefs are made of."""

    reps: Sequence[RepRow]
    numbers: Mapping[int, Sequence[NumberRow]]
    """The questions of each check-in, by its id, in the order in which they are asked."""
    logged: Logged
    """What the log says now."""
    bests: Mapping[tuple[int, date, int], Earlier]
    """By member id, week and metric id."""
    steps: Mapping[tuple[int, date], Sequence[Step]]
    """By member id and week: the open ones, and those that the week's check-in asked about."""

    @classmethod
    def of(cls, session: Session, brief_ids: Collection[int]) -> Rows:
        """Read what these briefs are made of; five statements."""
        ids = list(brief_ids)
        reps = [RepRow(*row) for row in rows(session, _REPS, briefs=ids)]
        of_check_in = {rep.check_in_id: rep for rep in reps if rep.check_in_id is not None}
        numbers: dict[int, list[NumberRow]] = defaultdict(list)
        wanted: dict[tuple[int, date], list[CountedMetric]] = defaultdict(list)
        for *facts, id_, key, source in rows(session, _ANSWERS, check_ins=list(of_check_in)):
            one = NumberRow._make([*facts, CountedMetric(id_, key, source)])
            numbers[one.check_in_id].append(one)
            rep = of_check_in[one.check_in_id]
            if one.source != Source.ASKED:
                wanted[rep.member_id, rep.week].append(one.metric)
        bests = {
            (member_id, week, metric_id): Earlier(number, weeks)
            for member_id, week, metric_id, number, weeks in rows(
                session, _BESTS, check_ins=list(of_check_in)
            )
        }
        return cls(reps, numbers, metrics.numbers_of(session, wanted), bests, _steps(session, reps))

    def logged_of(self, rep: RepRow, row: NumberRow) -> Decimal | None:
        """Return what the log says of the question; None for a number that nobody logs."""
        return self.logged.get((rep.member_id, rep.week, row.metric.id))

    def compared(self, rep: RepRow, row: NumberRow) -> Number:
        """Return the question with its answer, and with the log's number where that is another one."""
        logged = self.logged_of(rep, row)
        return Number(
            row.name,
            row.unit,
            row.target,
            row.number,
            None if logged == row.number else logged,
            met=row.verdict == Verdict.YES,
        )


def _steps(session: Session, reps: Sequence[RepRow]) -> dict[tuple[int, date], list[Step]]:
    """Return what reps had agreed on by each week, or agreed on about it; one statement."""
    found: dict[tuple[int, date], list[Step]] = defaultdict(list)
    members = list({rep.member_id for rep in reps})
    agreed: dict[int, list[_StepRow]] = defaultdict(list)
    for row in rows(session, _STEPS, members=members):
        agreed[row[0]].append(_StepRow(*row))
    for rep in reps:
        for one in agreed[rep.member_id]:
            is_open = one.kept is None and one.due_on + agreements.STILL_OPEN >= rep.week
            is_told = one.asked_in is not None and one.asked_in == rep.check_in_id
            if one.about == rep.week or (one.about < rep.week and (is_open or is_told)):
                found[rep.member_id, rep.week].append(Step(one.step, one.due_on, one.kept, is_told))
    return found


class _StepRow(NamedTuple):
    """A step, the week that it is about, and the check-in that asked whether it was done."""

    member_id: int
    about: date
    asked_in: int | None
    step: str
    due_on: date
    kept: str | None


_BRIEF, _MEMBER, _ENROLMENT = columns(Brief), columns(Member), columns(Enrolment)
_CHECK_IN, _ANSWER, _METRIC = columns(CheckIn), columns(Answer), columns(Metric)
_ALERT, _PRAISE, _AGREEMENT = columns(Alert), columns(Praise), columns(Agreement)
_PRAISER = table(Member).alias()
_EARLIER, _OLD, _ABOUT = table(CheckIn).alias(), table(Answer).alias(), table(CheckIn).alias()

_REPS = (
    sa.select(
        _BRIEF.id,
        _BRIEF.week,
        _MEMBER.id,
        _MEMBER.slack_user_id,
        _MEMBER.name,
        _CHECK_IN.id,
        _CHECK_IN.state,
        _CHECK_IN.late,
        _CHECK_IN.nodded_at.is_not(None),
        _ALERT.id,
        _PRAISE.because,
        _PRAISE.given_at,
        _PRAISER.c.slack_user_id,
        _PRAISE.waits_until,
    )
    .join_from(
        table(Brief),
        table(Enrolment),
        (_ENROLMENT.team_id == _BRIEF.team_id) & _ENROLMENT.ended_on.is_(None),
    )
    .join(table(Member), _MEMBER.id == _ENROLMENT.member_id)
    .outerjoin(
        table(CheckIn), (_CHECK_IN.member_id == _MEMBER.id) & (_CHECK_IN.week == _BRIEF.week)
    )
    .outerjoin(table(Alert), _ALERT.check_in_id == _CHECK_IN.id)
    .outerjoin(table(Praise), _PRAISE.check_in_id == _CHECK_IN.id)
    .outerjoin(_PRAISER, _PRAISER.c.id == _PRAISE.given_by)
    .where(_BRIEF.id.in_(any_of("briefs")))
    .order_by(_BRIEF.id, _MEMBER.name, _MEMBER.id)
)

_ANSWERS = (
    sa.select(
        _ANSWER.check_in_id,
        _ANSWER.name,
        _ANSWER.unit,
        _ANSWER.target,
        _ANSWER.number,
        _ANSWER.verdict,
        _ANSWER.source,
        _METRIC.id,
        _METRIC.key,
        _METRIC.source,
    )
    .join_from(table(Answer), table(Metric), _METRIC.id == _ANSWER.metric_id)
    .where(_ANSWER.check_in_id.in_(any_of("check_ins")))
    .order_by(_ANSWER.position, _METRIC.id)
)

_BESTS = (
    sa.select(
        _CHECK_IN.member_id,
        _CHECK_IN.week,
        _OLD.c.metric_id,
        sa.func.max(_OLD.c.number, type_=_OLD.c.number.type),
        sa.func.count(),
    )
    .join_from(
        table(CheckIn),
        _EARLIER,
        (_EARLIER.c.member_id == _CHECK_IN.member_id) & (_EARLIER.c.week < _CHECK_IN.week),
    )
    .join(_OLD, _OLD.c.check_in_id == _EARLIER.c.id)
    .where(_CHECK_IN.id.in_(any_of("check_ins")), _OLD.c.number.is_not(None))
    .group_by(_CHECK_IN.member_id, _CHECK_IN.week, _OLD.c.metric_id)
)

_STEPS = (
    sa.select(
        _AGREEMENT.member_id,
        _ABOUT.c.week,
        _AGREEMENT.step_asked_in,
        _AGREEMENT.step,
        _AGREEMENT.due_on,
        _AGREEMENT.kept,
    )
    .join_from(table(Agreement), table(Alert), _ALERT.id == _AGREEMENT.alert_id)
    .join(_ABOUT, _ABOUT.c.id == _ALERT.check_in_id)
    .where(
        _AGREEMENT.member_id.in_(any_of("members")),
        _AGREEMENT.step.is_not(None),
        _AGREEMENT.due_on.is_not(None),
    )
    .order_by(_AGREEMENT.due_on, _AGREEMENT.id)
)
"""Selects the steps of these reps, the earliest day first."""
