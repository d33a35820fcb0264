"""Reads the last weeks of reps, their record and their log, for many reps at once.

The history is bounded: twelve weeks. So a Monday of a whole company takes two statements, and old reps take no
longer than new ones.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session

from bot.database import any_of, columns, rows, table
from bot.domain.metrics import metrics, records
from bot.domain.shown.alerts import TrendWeek
from bot.domain.tables import Answer, CheckIn, Conversation, Metric, Verdict
from bot.rules.acts import Counted
from bot.rules.leaks import WEEKS, Log, Moved, Talked
from bot.rules.weeks import WEEK


class Asked(NamedTuple):
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


@dataclass(frozen=True)
class PastWeek:
    """One week of a rep's record: its result (see `TrendWeek.result`) and its questions in order."""

    week: date
    result: str
    asked: Sequence[Asked] = ()

    def goal(self, key: str) -> Counted | None:
        """Return the goal with this key; None if it was not asked about."""
        return next((one.counted for one in self.asked if one.key == key), None)

    @property
    def conversations(self) -> Counted | None:
        return self.goal(metrics.CONVERSATIONS)

    @property
    def base_moves(self) -> Counted | None:
        return self.goal(metrics.BASE_MOVES)

    @property
    def shown(self) -> TrendWeek:
        """The week as a trend shows it."""
        numbers = tuple((one.name, one.number, one.target) for one in self.asked)
        return TrendWeek(self.week, self.result, numbers)


@dataclass(frozen=True)
class History:
    """A rep's last weeks up to and including one week, the oldest first, and what was logged in them."""

    weeks: Sequence[PastWeek]
    log: Log

    @property
    def last(self) -> PastWeek:
        return self.weeks[-1]

    @property
    def trend(self) -> tuple[TrendWeek, ...]:
        return tuple(week.shown for week in self.weeks)


Key = tuple[int, date]
"""A rep's member id, and the Monday of the last week that is looked at."""


def read(session: Session, lasts: Collection[Key]) -> dict[Key, History]:
    """Return the histories of many reps, with two statements, or none for nobody."""
    if not lasts:
        return {}
    span: Mapping[str, Any] = {
        "members": list({member_id for member_id, _ in lasts}),
        "since": min(week for _, week in lasts) - (WEEKS - 1) * WEEK,
        "until": max(week for _, week in lasts),
    }
    records_of, logs = _records(session, lasts, span), _logs(session, lasts, span)
    return {key: History(records_of[key], logs[key]) for key in lasts}


def _records(
    session: Session, lasts: Collection[Key], span: Mapping[str, Any]
) -> dict[Key, Sequence[PastWeek]]:
    known: dict[Key, tuple[str, list[Asked]]] = {}
    for member_id, week, state, *question in rows(session, _WEEKS, **span):
        _, asked = known.setdefault((member_id, week), (state, []))
        if question[1] is not None:  # a check-in without a question has a row without an answer
            asked.append(Asked(*question))
    return {
        (member_id, last): [
            _week(week, known.get((member_id, week)))
            for week in (last - n * WEEK for n in range(WEEKS - 1, -1, -1))
        ]
        for member_id, last in lasts
    }


def _week(week: date, found: tuple[str, list[Asked]] | None) -> PastWeek:
    if found is None:
        return PastWeek(week, "none")
    state, asked = found
    met_all = all(question.verdict == Verdict.YES for question in asked)
    return PastWeek(week, records.result_from(state, met_all), asked)


def _logs(session: Session, lasts: Collection[Key], span: Mapping[str, Any]) -> dict[Key, Log]:
    moved: dict[int, list[Moved]] = defaultdict(list)
    talked: dict[int, dict[date, Talked]] = defaultdict(dict)
    for entry, member_id, week, opportunity_id, base, *counts in rows(session, _LOG, **span):
        if entry is not None:
            moved[member_id].append(Moved(opportunity_id, week, base, counts[1]))
        else:
            talked[member_id][week] = Talked(*counts)
    logs = {}
    for member_id, last in lasts:
        since = last - (WEEKS - 1) * WEEK
        logs[member_id, last] = Log(
            last,
            tuple(one for one in moved[member_id] if since <= one.week <= last),
            {week: of for week, of in talked[member_id].items() if since <= week <= last},
        )
    return logs


_CHECK_IN, _ANSWER, _METRIC = columns(CheckIn), columns(Answer), columns(Metric)
_CONVERSATION = columns(Conversation)

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
