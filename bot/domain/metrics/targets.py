"""Targets: which number counts for which week. Rows are added, never changed, so past weeks stay the same."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple, TypeAlias

import sqlalchemy as sa
from sqlmodel import Session, col, select

from bot.database import any_of, columns, rows, table
from bot.domain.metrics.target_changes import read_targets
from bot.domain.tables import Member, Metric, Target


class TargetMetric(NamedTuple):
    """The columns of a metric that has a target."""

    id: int
    key: str
    name: str
    unit: str
    question: str
    source: str
    position: int


InForce: TypeAlias = dict[int, list[tuple[TargetMetric, Decimal]]]
"""Members' targets, by member id, in the order in which they are asked."""


def in_force(session: Session, member_ids: Collection[int], week: date) -> InForce:
    """Return each member's targets for one week, as (metric, amount) in the order they are asked.

    Members without targets, and metrics whose target was removed, are left out.
    """
    return in_weeks(session, dict.fromkeys(member_ids, week))


def in_weeks(session: Session, week_of: Mapping[int, date]) -> InForce:
    """Do what `in_force` does, for a week of each member's own, with one statement; `week_of` is by member id."""
    return read(session, [week_of]).in_weeks(week_of)


@dataclass(frozen=True)
class Targets:
    """Targets of some members, as they change in some weeks."""

    rows: Sequence[tuple[int, date, Decimal | None, TargetMetric]]
    """The member id, the week from which the amount counts, the amount and its metric, by week."""

    def in_weeks(self, week_of: Mapping[int, date]) -> InForce:
        """Do what `in_force` does, for a week of each member's own; `week_of` is among what was read."""
        metrics: dict[int, TargetMetric] = {}
        last: dict[int, dict[int, Decimal | None]] = {}
        for member_id, from_week, amount, metric in self.rows:
            if member_id in week_of and from_week <= week_of[member_id]:
                metrics.setdefault(metric.id, metric)
                last.setdefault(member_id, {})[metric.id] = amount
        order = sorted(metrics.values(), key=lambda metric: (metric.position, metric.id))
        found: InForce = {}
        for member_id, amounts in last.items():
            asked = [(metric, amounts.get(metric.id)) for metric in order]
            targets = [(metric, amount) for metric, amount in asked if amount is not None]
            if targets:
                found[member_id] = targets
        return found


def read(session: Session, weeks: Collection[Mapping[int, date]]) -> Targets:
    """Return the targets that count in these weeks, which are by member id; one statement, none for nobody."""
    asked = [week for of in weeks for week in of.values()]
    if not asked:
        return Targets(())
    metrics: dict[int, TargetMetric] = {}
    found = []
    for member_id, from_week, amount, *metric in rows(
        session,
        _IN_FORCE,
        members=list({member_id for of in weeks for member_id in of}),
        since=min(asked),
        until=max(asked),
    ):
        known = metrics.setdefault(metric[0], TargetMetric._make(metric))
        found.append((member_id, from_week, amount, known))
    return Targets(found)


_TARGET, _METRIC = columns(Target), columns(Metric)

_SINCE, _UNTIL = sa.bindparam("since", type_=sa.Date), sa.bindparam("until", type_=sa.Date)

_HISTORY = (
    sa.select(
        _TARGET.member_id,
        _TARGET.metric_id,
        _TARGET.from_week,
        _TARGET.amount,
        sa.func.row_number()
        .over(
            partition_by=(
                _TARGET.member_id,
                _TARGET.metric_id,
                sa.case((_TARGET.from_week <= _SINCE, _SINCE), else_=_TARGET.from_week),
            ),
            order_by=(_TARGET.from_week.desc(), _TARGET.id.desc()),
        )
        .label("newness"),
    )
    .where(_TARGET.member_id.in_(any_of("members")), _TARGET.from_week <= _UNTIL)
    .subquery()
)
"""Numbers the targets of which only one can count: all those up to `since`, and those of each later week."""

_IN_FORCE = (
    sa.select(
        _HISTORY.c.member_id,
        _HISTORY.c.from_week,
        _HISTORY.c.amount,
        *(_METRIC[name] for name in TargetMetric._fields),
    )
    .join_from(_HISTORY, table(Metric), _METRIC.id == _HISTORY.c.metric_id)
    .where(_HISTORY.c.newness == 1, _METRIC.archived_at.is_(None))
    .order_by(_HISTORY.c.from_week)
)


def set_target(
    session: Session,
    *,
    workspace_id: int,
    member_id: int,
    metric_id: int,
    from_week: date,
    amount: Decimal | None,
    set_by: int | None,
    now: datetime,
) -> bool:
    """Set the target from `from_week` on (None: no longer asked); return False if it is set already.

    The caller has checked that `from_week` was not asked about yet, and that the person may set targets.
    """
    current = session.exec(
        select(Target)
        .where(
            Target.member_id == member_id,
            Target.metric_id == metric_id,
            Target.from_week <= from_week,
        )
        .order_by(col(Target.from_week).desc(), col(Target.id).desc())
        .limit(1)
    ).first()
    if (current.amount if current else None) == amount:
        return False
    session.add(
        Target(
            workspace_id=workspace_id,
            member_id=member_id,
            metric_id=metric_id,
            from_week=from_week,
            amount=amount,
            set_by=set_by,
            set_at=now,
        )
    )
    session.flush()
    return True


def save_targets(
    session: Session,
    *,
    member: Member,
    amounts: Mapping[int, Decimal | None],
    from_week: date,
    set_by: int | None,
    now: datetime,
) -> bool:
    """Set the targets from `from_week` on, also for weeks with later targets; return False if nothing changes."""
    changes = read_targets(session, [member.id])
    changes.save(member.id, amounts, from_week)
    return changes.write(session, workspace_id=member.workspace_id, set_by=set_by, now=now)
