"""A rep's record, week by week, for the rep and for whoever coaches the rep now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session

from bot.database import any_of, columns, rows, table
from bot.domain.access import Caller, may_see_record
from bot.domain.calendars import days_off
from bot.domain.checkins.lifecycle import is_closed_for_good
from bot.domain.metrics import records
from bot.domain.shown.record import (
    AlertOfWeek,
    Correction,
    Earlier,
    GoalOfWeek,
    RecordPage,
    WeekOfRecord,
)
from bot.domain.tables import (
    Alert,
    Answer,
    AnswerCorrection,
    AnswerEdit,
    CheckIn,
    CheckInState,
    Member,
)

WEEKS = 6
"""How many weeks stand on one page."""


def page(
    session: Session,
    *,
    caller: Caller,
    slack_user_id: str | None = None,
    number: int = 0,
    now: datetime,
) -> RecordPage:
    """Return a page of a rep's weeks, by default of the caller's own; the last page for one too far.

    Raises Refusal for everybody but the rep and the rep's present coaches.
    """
    seen = may_see_record(session, caller, slack_user_id)
    found = [_Week(*row) for row in rows(session, _WEEKS, member=seen.rep.id)]
    pages = max(1, -(-len(found) // WEEKS))
    number = min(max(number, 0), pages - 1)
    shown = found[number * WEEKS : (number + 1) * WEEKS]
    goals = goals_of(session, [week.id for week in shown])
    return RecordPage(
        rep=seen.rep.slack_user_id,
        name=seen.rep.name,
        own=seen.own,
        weeks=tuple(_week(one, goals.get(one.id, ()), own=seen.own, now=now) for one in shown),
        page=number,
        pages=pages,
        reader=records.reader_of(seen.viewer, seen.team),
    )


def goals_of(session: Session, check_in_ids: Collection[int]) -> dict[int, tuple[GoalOfWeek, ...]]:
    """Return the goals of these check-ins with their answers and the trail of each, by check-in id."""
    answers = [_Answer(*row) for row in rows(session, _ANSWERS, check_ins=list(check_in_ids))]
    ids = [answer.id for answer in answers]
    edits: dict[int, list[Earlier]] = defaultdict(list)
    for answer_id, *edit in rows(session, _EDITS, answers=ids):
        edits[answer_id].append(Earlier(*edit))
    corrections: dict[int, list[Correction]] = defaultdict(list)
    for answer_id, *correction in rows(session, _CORRECTIONS, answers=ids):
        corrections[answer_id].append(Correction(*correction))
    found: dict[int, list[GoalOfWeek]] = defaultdict(list)
    for answer in answers:
        found[answer.check_in_id].append(
            GoalOfWeek(
                answer_id=answer.id,
                name=answer.name,
                unit=answer.unit,
                target=answer.target,
                full_target=answer.full_target,
                number=answer.number,
                logged=answer.logged,
                verdict=answer.verdict,
                late=answer.late,
                earlier=tuple(edits[answer.id][:-1]),  # the last one is what counts
                corrections=tuple(corrections[answer.id]),
            )
        )
    return {check_in_id: tuple(goals) for check_in_id, goals in found.items()}


def _week(week: _Week, goals: tuple[GoalOfWeek, ...], *, own: bool, now: datetime) -> WeekOfRecord:
    alert = None
    if not own and week.raised_at is not None:
        alert = AlertOfWeek(
            week.raised_at, week.taken_by, week.done_by, week.done_at, week.alert_note
        )
    answered = any(goal.number is not None for goal in goals)
    return WeekOfRecord(
        check_in_id=week.id,
        week=week.week,
        result=records.result_of(week, goals),
        not_asked_because=week.skipped_because if week.state == CheckInState.SKIPPED else None,
        completed_at=week.completed_at,
        late=week.late,
        work=days_off.work_of(week),
        goals=goals if week.state != CheckInState.SKIPPED or answered else (),
        alert=alert,
        correctable=not own and answered and is_closed_for_good(week.state, week.deadline_at, now),
    )


class _Week(NamedTuple):
    """A check-in with its alert."""

    id: int
    week: date
    state: str
    skipped_because: str | None
    completed_at: datetime | None
    deadline_at: datetime | None
    late: bool
    work_days: int | None
    days_off: int
    holidays: int
    joined_on: date | None
    raised_at: datetime | None
    taken_by: str | None
    done_by: str | None
    done_at: datetime | None
    alert_note: str | None


class _Answer(NamedTuple):
    check_in_id: int
    id: int
    name: str
    unit: str
    target: Decimal
    full_target: Decimal | None
    number: Decimal | None
    logged: Decimal | None
    verdict: str | None
    late: bool


_CHECK_IN, _ALERT, _ANSWER = columns(CheckIn), columns(Alert), columns(Answer)
_EDIT, _CORRECTION, _MEMBER = columns(AnswerEdit), columns(AnswerCorrection), columns(Member)
_TAKER, _FINISHER = table(Member).alias(), table(Member).alias()

_WEEKS = (
    sa.select(
        *(_CHECK_IN[name] for name in _Week._fields[:11]),
        _ALERT.created_at,
        _TAKER.c.slack_user_id,
        _FINISHER.c.slack_user_id,
        _ALERT.done_at,
        _ALERT.note,
    )
    .join_from(table(CheckIn), table(Alert), _ALERT.check_in_id == _CHECK_IN.id, isouter=True)
    .outerjoin(_TAKER, _TAKER.c.id == _ALERT.taken_by)
    .outerjoin(_FINISHER, _FINISHER.c.id == _ALERT.done_by)
    .where(_CHECK_IN.member_id == sa.bindparam("member"))
    .order_by(_CHECK_IN.week.desc())
)

_ANSWERS = (
    sa.select(*(_ANSWER[name] for name in _Answer._fields))
    .where(_ANSWER.check_in_id.in_(any_of("check_ins")))
    .order_by(_ANSWER.check_in_id, _ANSWER.position)
)

_EDITS = (
    sa.select(_EDIT.answer_id, _EDIT.number, _EDIT.given_at, _EDIT.late)
    .where(_EDIT.answer_id.in_(any_of("answers")))
    .order_by(_EDIT.id)
)

_CORRECTIONS = (
    sa.select(
        _CORRECTION.answer_id,
        _CORRECTION.number,
        _CORRECTION.reason,
        _MEMBER.slack_user_id,
        _CORRECTION.noted_at,
    )
    .join_from(table(AnswerCorrection), table(Member), _MEMBER.id == _CORRECTION.noted_by)
    .where(_CORRECTION.answer_id.in_(any_of("answers")))
    .order_by(_CORRECTION.id)
)
