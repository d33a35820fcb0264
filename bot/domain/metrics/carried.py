"""Numbers that hold: where an answer and the log differ, and which weeks the log carries.

An answer is never corrected and nobody is accused: both numbers stand side by side, and a coach can nod a week
through.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple, Protocol

import sqlalchemy as sa
from sqlmodel import Session

from bot.database import any_of, columns, rows, table
from bot.domain.access import Caller, coaches_rep, deny, known_member, locked
from bot.domain.metrics import metrics
from bot.domain.outbox import briefs, surfaces
from bot.domain.refusals import Refusal
from bot.domain.shown.loop import Difference
from bot.domain.tables import Answer, CheckIn, Member, Metric, Source


class _Answered(NamedTuple):
    """An answer about a metric that is logged."""

    check_in_id: int
    member_id: int
    week: date
    is_nodded: bool
    name: str
    unit: str
    number: Decimal
    target: Decimal
    id: int
    key: str
    source: str


class Given(Protocol):
    """An answer to a question of a check-in."""

    @property
    def name(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def number(self) -> Decimal | None: ...
    @property
    def target(self) -> Decimal: ...


def difference(answer: Given, logged: Decimal | None) -> Difference | None:
    """Return where the answer is not what the log says; None where they agree, or where one of them is missing."""
    if answer.number is None or logged is None or answer.number == logged:
        return None
    return Difference(answer.name, answer.unit, answer.number, logged)


def carries(answer: Given, logged: Decimal | None) -> bool:
    """Return whether the log carries the goal; one without an answer, or that nobody logs, can't fail."""
    return answer.number is None or logged is None or logged >= answer.target


def differences(session: Session, check_in_ids: Collection[int]) -> dict[int, list[Difference]]:
    """Return the answers of these check-ins that are not what the log says now, whatever their verdict."""
    answered = _answered(session, check_ins=list(check_in_ids))
    logged = _logged(session, answered)
    found: dict[int, list[Difference]] = defaultdict(list)
    for one in answered:
        if unlike := difference(one, logged.get((one.member_id, one.week, one.id))):
            found[one.check_in_id].append(unlike)
    return found


def held(session: Session, *, member_id: int, weeks: Collection[date]) -> set[date]:
    """Return those of the rep's answered weeks whose targets the log carries, or that a coach nodded through."""
    answered = _answered(session, members=[member_id], weeks=list(weeks))
    logged = _logged(session, [one for one in answered if not one.is_nodded])
    broken = {
        one.week
        for one in answered
        if not (one.is_nodded or carries(one, logged.get((one.member_id, one.week, one.id))))
    }
    return set(weeks) - broken


def accepted(
    session: Session, *, member_id: int, weeks: Collection[date]
) -> dict[date, list[Difference]]:
    """Return where answers and the log differ in those of the rep's weeks that a coach nodded through."""
    answered = _answered(session, members=[member_id], weeks=list(weeks))
    logged = _logged(session, [one for one in answered if one.is_nodded])
    found: dict[date, list[Difference]] = defaultdict(list)
    for one in answered:
        if unlike := difference(one, logged.get((one.member_id, one.week, one.id))):
            found[one.week].append(unlike)
    return found


def nod(session: Session, *, caller: Caller, check_in_id: int, now: datetime) -> None:
    """Record that a coach accepts the answers of a check-in as they are; the same again changes nothing."""
    coach = known_member(session, caller)
    check_in = locked(session, CheckIn, check_in_id, caller=caller)
    if check_in is None:
        raise Refusal("This check-in is no longer there. Open Basecoach's Home to see your reps.")
    if check_in.member_id == coach.id or not coaches_rep(session, coach, check_in.member_id):
        deny(coach, "nod through", "check-in", check_in.id)
        raise Refusal("Only the coaches of this rep can accept the numbers.")
    if check_in.nodded_at is None:
        check_in.nodded_by, check_in.nodded_at = coach.id, now
        session.flush()
        briefs.changed(session, check_in_ids=[check_in.id], now=now)
        surfaces.homes_changed(session, member=session.get_one(Member, check_in.member_id), now=now)


def _answered(session: Session, **wanted: list[int] | list[date]) -> list[_Answered]:
    if not all(wanted.values()):
        return []
    statement = _OF_CHECK_INS if "check_ins" in wanted else _OF_WEEKS
    return [_Answered(*row) for row in rows(session, statement, **wanted)]


def _logged(
    session: Session, answered: Collection[_Answered]
) -> Mapping[tuple[int, date, int], Decimal]:
    by_week: dict[tuple[int, date], list[_Answered]] = defaultdict(list)
    for one in answered:
        by_week[one.member_id, one.week].append(one)
    return metrics.numbers_of(session, by_week)


_CHECK_IN, _ANSWER, _METRIC = columns(CheckIn), columns(Answer), columns(Metric)

_ANSWERED = (
    sa.select(
        _CHECK_IN.id,
        _CHECK_IN.member_id,
        _CHECK_IN.week,
        _CHECK_IN.nodded_at.is_not(None),
        _ANSWER.name,
        _ANSWER.unit,
        _ANSWER.number,
        _ANSWER.target,
        _METRIC.id,
        _METRIC.key,
        _METRIC.source,
    )
    .join_from(table(CheckIn), table(Answer), _ANSWER.check_in_id == _CHECK_IN.id)
    .join(table(Metric), _METRIC.id == _ANSWER.metric_id)
    .where(_ANSWER.number.is_not(None), _ANSWER.source != Source.ASKED.value)
    .order_by(_ANSWER.position)
)
_OF_CHECK_INS = _ANSWERED.where(_CHECK_IN.id.in_(any_of("check_ins")))
_OF_WEEKS = _ANSWERED.where(
    _CHECK_IN.member_id.in_(any_of("members")), _CHECK_IN.week.in_(any_of("weeks"))
)
