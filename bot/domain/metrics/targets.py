"""Targets: which number counts for which week. Rows are added, never changed, so past weeks stay the same."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlmodel import Session, col, select

from bot.database import columns, rows
from bot.domain.outbox import surfaces
from bot.domain.tables import Member, Metric, Target


def in_force(
    session: Session, member_ids: Collection[int], week: date
) -> dict[int, list[tuple[Metric, Decimal]]]:
    """Return each member's targets for one week, as (metric, amount) in the order they are asked.

    Members without targets, and metrics whose target was removed, are left out.
    """
    target = columns(Target)
    history = (
        sa.select(target.member_id, target.metric_id, target.amount)
        .where(target.member_id.in_(member_ids), target.from_week <= week)
        .order_by(target.from_week, target.id)
    )
    last = {
        (member_id, metric_id): amount for member_id, metric_id, amount in rows(session, history)
    }
    metrics = {
        metric.id: metric
        for metric in session.exec(
            select(Metric).where(
                col(Metric.id).in_({metric_id for _, metric_id in last}),
                col(Metric.archived_at).is_(None),
            )
        )
    }
    found: dict[int, list[tuple[Metric, Decimal]]] = {}
    for (member_id, metric_id), amount in last.items():
        if amount is not None and metric_id in metrics:
            found.setdefault(member_id, []).append((metrics[metric_id], amount))
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
    changed = False
    for metric_id, amount in amounts.items():
        later = {
            target.from_week
            for target in session.exec(
                select(Target).where(
                    Target.member_id == member.id,
                    Target.metric_id == metric_id,
                    col(Target.from_week) > from_week,
                )
            )
        }
        for week in (from_week, *sorted(later)):
            changed |= set_target(
                session,
                workspace_id=member.workspace_id,
                member_id=member.id,
                metric_id=metric_id,
                from_week=week,
                amount=amount,
                set_by=set_by,
                now=now,
            )
    if changed:
        surfaces.week_changed(session, member=member, week=from_week, now=now)
        surfaces.workspace_homes_changed(session, workspace_id=member.workspace_id, now=now)
    return changed
