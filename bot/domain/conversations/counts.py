"""Counts a rep's week in the three built-in metrics, beside the targets of that week, by three statements."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from bot.database import columns, run, table
from bot.domain.calendars import working_days as calendars
from bot.domain.metrics import metrics
from bot.domain.shown.conversations import Count
from bot.domain.tables import Member, Metric, Target, Team


def week_counts(session: Session, member: Member, team: Team, week: date) -> dict[str, Count]:
    """Return the week's numbers of the three built-in metrics, by key, each with its target if there is one.

    Targets are reduced by days off; a week about which nothing is asked has none.
    """
    built_in: dict[int, Any] = {}
    full: dict[int, Decimal | None] = {}
    for row in run(
        session, _BUILT_IN, of_workspace=member.workspace_id, member=member.id, week=week
    ):
        built_in[row.id] = row
        full[row.id] = row.amount  # the last one for the week counts
    numbers = metrics.logged_numbers(session, [member.id], [week], built_in.values())
    work = calendars.of_rep(session, member.id, team, week).week(week)
    return {
        metric.key: Count(
            numbers[member.id, week, metric.id],
            calendars.goal_of(metric, amount, work).target
            if (amount := full[metric.id]) is not None and work.is_asked
            else None,
        )
        for metric in built_in.values()
    }


_METRIC, _TARGET = columns(Metric), columns(Target)

_BUILT_IN = (
    sa.select(_METRIC.id, _METRIC.key, _METRIC.unit, _METRIC.source, _TARGET.amount)
    .join_from(
        table(Metric),
        table(Target),
        (_TARGET.metric_id == _METRIC.id)
        & (_TARGET.member_id == sa.bindparam("member"))
        & (_TARGET.from_week <= sa.bindparam("week")),
        isouter=True,
    )
    .where(
        _METRIC.workspace_id == sa.bindparam("of_workspace"),
        _METRIC.team_id.is_(None),
        _METRIC.archived_at.is_(None),
    )
    .order_by(_METRIC.position, _METRIC.id, _TARGET.from_week, _TARGET.id)
)
"""Selects the built-in metrics in their order, each with all targets that were set for the week or before."""
