"""Reads what a suggested act depends on, for many alerts at once, and asks `bot.rules.acts`.

The history is bounded: twelve weeks of the record, and of the log where a row of the table needs it. So a Monday
of a whole company takes a few statements, and old reps take no longer than new ones.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple, Protocol

import sqlalchemy as sa
from sqlmodel import Session

from bot.database import any_of, columns, rows, table
from bot.domain.metrics import metrics, records
from bot.domain.tables import (
    Answer,
    CheckIn,
    Conversation,
    Metric,
    Plan,
    PlanState,
    Verdict,
)
from bot.rules.acts import LOG_WEEKS, Cause, Counted, Facts, OwnGoal, Suggestion, Week, needs_log
from bot.rules.acts import suggest as suggest_act
from bot.rules.leaks import Log, Moved, Talked
from bot.rules.weeks import WEEK


class Missed(Protocol):
    """A row about a missed week of one rep."""

    @property
    def id(self) -> int: ...
    @property
    def member_id(self) -> int: ...
    @property
    def week(self) -> date: ...
    @property
    def cause(self) -> str | None: ...
    @property
    def asked_advice(self) -> bool: ...
    @property
    def has_plan(self) -> bool:
        """Whether a signed plan set the week's targets."""

    @property
    def currency(self) -> str: ...
    @property
    def coach_locale(self) -> str: ...


class _Asked(NamedTuple):
    """A question of one week, with the key of its metric if it is one of the three."""

    key: str | None
    name: str
    unit: str
    number: Decimal | None
    target: Decimal
    verdict: str | None

    @property
    def counted(self) -> Counted:
        return Counted(self.number, self.target)


def suggest(session: Session, found: Collection[Missed]) -> dict[int, Suggestion]:
    """Return the suggested acts, by the id of what was `found`; a week that is no miss any more has none."""
    if not found:
        return {}
    record = _record(session, [(one.member_id, one.week) for one in found])
    facts = {one.id: _facts(one, record[one.member_id, one.week]) for one in found}
    looked_up = [one for one in found if needs_log(facts[one.id])]
    logs = _logs(session, [(one.member_id, one.week) for one in looked_up])
    suggestions = {}
    for one in found:
        known = facts[one.id]
        key = one.member_id, one.week
        if key in logs:
            known = replace(known, log=logs[key], has_plan=one.has_plan)
        suggestion = suggest_act(known)
        if suggestion is not None:
            suggestions[one.id] = suggestion
    return suggestions


_Record = Sequence[tuple[str, Sequence[_Asked]]]
"""The result and the questions of each week, oldest first."""


def _facts(one: Missed, record: _Record) -> Facts:
    _, asked = record[-1]
    by_key = {question.key: question for question in asked if question.key is not None}
    sales = by_key.get(metrics.SALES)
    return Facts(
        weeks=[_week(result, questions) for result, questions in record],
        sales=sales.counted if sales is not None else None,
        own_goals=[
            OwnGoal(question.name, question.unit, question.counted)
            for question in asked
            if question.key is None
        ],
        cause=Cause(one.cause) if one.cause in set(Cause) else None,
        asked_advice=one.asked_advice,
        currency=one.currency,
        locale=one.coach_locale,
    )


def _week(result: str, questions: Sequence[_Asked]) -> Week:
    of = {question.key: question.counted for question in questions}
    return Week(result, of.get(metrics.CONVERSATIONS), of.get(metrics.BASE_MOVES))


def _record(
    session: Session, lasts: Collection[tuple[int, date]]
) -> dict[tuple[int, date], _Record]:
    """Return the last weeks of each rep's record, up to and including the week of the miss."""
    known: dict[tuple[int, date], tuple[str, list[_Asked]]] = {}
    for member_id, week, state, *question in rows(
        session,
        _WEEKS,
        members=list({member_id for member_id, _ in lasts}),
        since=min(week for _, week in lasts) - (LOG_WEEKS - 1) * WEEK,
        until=max(week for _, week in lasts),
    ):
        _, asked = known.setdefault((member_id, week), (state, []))
        if question[1] is not None:
            asked.append(_Asked(*question))
    found: dict[tuple[int, date], _Record] = {}
    for member_id, last in lasts:
        weeks = [last - n * WEEK for n in range(LOG_WEEKS - 1, -1, -1)]
        found[member_id, last] = [_result(known.get((member_id, week))) for week in weeks]
    return found


def _result(found: tuple[str, list[_Asked]] | None) -> tuple[str, Sequence[_Asked]]:
    if found is None:
        return "none", ()
    state, asked = found
    met_all = all(question.verdict == Verdict.YES for question in asked)
    return records.result_from(state, met_all), asked


def _logs(session: Session, lasts: Collection[tuple[int, date]]) -> dict[tuple[int, date], Log]:
    """Return what each rep logged in the weeks up to and including the week of the miss."""
    if not lasts:
        return {}
    span: Mapping[str, Any] = {
        "members": list({member_id for member_id, _ in lasts}),
        "since": min(week for _, week in lasts) - (LOG_WEEKS - 1) * WEEK,
        "until": max(week for _, week in lasts),
    }
    moved: dict[int, list[Moved]] = defaultdict(list)
    talked: dict[int, dict[date, Talked]] = defaultdict(dict)
    for entry, member_id, week, opportunity_id, base, *counts in rows(session, _LOG, **span):
        if entry is not None:
            moved[member_id].append(Moved(opportunity_id, week, base, counts[1]))
        else:
            talked[member_id][week] = Talked(*counts)
    logs = {}
    for member_id, last in lasts:
        since = last - (LOG_WEEKS - 1) * WEEK
        logs[member_id, last] = Log(
            last,
            tuple(one for one in moved[member_id] if since <= one.week <= last),
            {week: of for week, of in talked[member_id].items() if since <= week <= last},
        )
    return logs


_CHECK_IN, _ANSWER, _METRIC = columns(CheckIn), columns(Answer), columns(Metric)
_CONVERSATION, _PLAN = columns(Conversation), columns(Plan)

HAS_PLAN = sa.exists().where(
    _PLAN.member_id == _CHECK_IN.member_id,
    _PLAN.state == PlanState.APPROVED.value,
    _CHECK_IN.week.between(_PLAN.from_week, _PLAN.ends_on),
)
"""A column: whether a signed plan set the targets of a check-in's week; one that was replaced later counts too."""

_OF_MEMBERS = (
    _CONVERSATION.member_id.in_(any_of("members")),
    _CONVERSATION.week.between(sa.bindparam("since"), sa.bindparam("until")),
    _CONVERSATION.undone_at.is_(None),
)

_WEEKS = (
    sa.select(
        _CHECK_IN.member_id,
        _CHECK_IN.week,
        _CHECK_IN.state,
        sa.case((_METRIC.team_id.is_(None), _METRIC.key)),
        _ANSWER.name,
        _ANSWER.unit,
        _ANSWER.number,
        _ANSWER.target,
        _ANSWER.verdict,
    )
    .join_from(table(CheckIn), table(Answer), _ANSWER.check_in_id == _CHECK_IN.id, isouter=True)
    .outerjoin(table(Metric), _METRIC.id == _ANSWER.metric_id)
    .where(
        _CHECK_IN.member_id.in_(any_of("members")),
        _CHECK_IN.week.between(sa.bindparam("since"), sa.bindparam("until")),
    )
    .order_by(_CHECK_IN.week, _ANSWER.position)
)

_MOVED = sa.select(
    _CONVERSATION.id.label("entry"),
    _CONVERSATION.member_id,
    _CONVERSATION.week,
    _CONVERSATION.opportunity_id,
    _CONVERSATION.base,
    sa.cast(None, sa.BigInteger),
    _CONVERSATION.moves,
    sa.cast(None, sa.BigInteger),
    sa.cast(None, sa.BigInteger),
).where(*_OF_MEMBERS, _CONVERSATION.moves > 0, _CONVERSATION.base.is_not(None))

_TALKED = (
    sa.select(
        sa.cast(None, _CONVERSATION.id.type),
        _CONVERSATION.member_id,
        _CONVERSATION.week,
        sa.cast(None, _CONVERSATION.opportunity_id.type),
        sa.cast(None, _CONVERSATION.base.type),
        sa.func.count(),
        sa.func.sum(_CONVERSATION.moves),
        sa.func.count(_CONVERSATION.close),
        sa.func.count(sa.case((_CONVERSATION.close == "not_asked", 1))),
    )
    .where(*_OF_MEMBERS)
    .group_by(_CONVERSATION.member_id, _CONVERSATION.week)
)

_LOG = sa.union_all(_MOVED, _TALKED).order_by("entry")
"""Selects each conversation with moves, in the order of ids, and the sums of each week, which have no id."""
