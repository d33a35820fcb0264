"""Targets: which number counts for which week. A row is added, never changed, so past weeks stay as they were."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal

from sqlmodel import Session, col, select

from bot.domain.tables import Metric, Target


def in_force(
    session: Session, member_ids: Collection[int], week: date
) -> dict[int, list[tuple[Metric, Decimal]]]:
    """Each member's targets for one week, as (metric, amount) in the order they are asked.

    A member without a target is missing from the answer, as is a metric whose target was taken away.
    """
    rows = session.exec(
        select(Target, Metric)
        .join(Metric, col(Metric.id) == col(Target.metric_id))
        .where(
            col(Target.member_id).in_(member_ids),
            Target.from_week <= week,
            col(Metric.archived_at).is_(None),
        )
        .order_by(col(Target.from_week), col(Target.id))
    )
    last: dict[tuple[int, int], tuple[Metric, Decimal | None]] = {}
    for target, metric in rows:
        last[target.member_id, target.metric_id] = (metric, target.amount)
    found: dict[int, list[tuple[Metric, Decimal]]] = {}
    for (member_id, _), (metric, amount) in last.items():
        if amount is not None:
            found.setdefault(member_id, []).append((metric, amount))
    for targets in found.values():
        targets.sort(key=lambda pair: (pair[0].position, pair[0].id))
    return found


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
    """Let `amount` count from `from_week` on (None: no longer asked); False if that is already so.

    The caller has checked that `from_week` was not asked about yet and who is asking.
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
