"""Metrics, which are counted by the week, and their numbers in the log."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal
from typing import Protocol, TypeAlias

import sqlalchemy as sa
from sqlmodel import Session, col, or_, select

from bot.database import any_of, columns, rows
from bot.domain.tables import Conversation, Metric, MetricEntry, OpportunityStatus, Source, Team

SALES = "sales"
BASE_MOVES = "base_moves"
CONVERSATIONS = "conversations"

ZERO = Decimal(0)

_BUILT_IN = (
    # Questions follow the order of the funnel: the number that a rep controls most directly comes first.
    (CONVERSATIONS, "Conversations", "count", "Did you meet your conversation goal?"),
    (BASE_MOVES, "Base moves", "count", "Did you meet your base-move goal?"),
    (SALES, "Sales", "money", "Did you meet your sales goal?"),
)


def add_built_in_metrics(session: Session, workspace_id: int) -> None:
    """Give a new workspace the three metrics that every team has; repeating it changes nothing."""
    known = set(
        session.exec(
            select(Metric.key).where(
                Metric.workspace_id == workspace_id, col(Metric.team_id).is_(None)
            )
        )
    )
    for position, (key, name, unit, question) in enumerate(_BUILT_IN):
        if key not in known:
            session.add(
                Metric(
                    workspace_id=workspace_id,
                    key=key,
                    name=name,
                    unit=unit,
                    question=question,
                    source=Source.CONVERSATIONS,
                    position=position,
                )
            )
    session.flush()


def metrics_for(session: Session, team: Team) -> list[Metric]:
    """Return the metrics that the team can set targets for: built-in ones first, without archived ones."""
    return list(
        session.exec(
            select(Metric)
            .where(
                Metric.workspace_id == team.workspace_id,
                or_(col(Metric.team_id).is_(None), Metric.team_id == team.id),
                col(Metric.archived_at).is_(None),
            )
            .order_by(col(Metric.position), col(Metric.id))
        )
    )


Logged: TypeAlias = dict[tuple[int, date, int], Decimal]
"""The log's numbers, by member id, week and metric id."""


class Counted(Protocol):
    """The columns of a Metric that are needed to compute its number."""

    @property
    def id(self) -> int: ...
    @property
    def key(self) -> str: ...
    @property
    def source(self) -> str: ...


def logged_numbers(
    session: Session, member_ids: Collection[int], weeks: Iterable[date], metrics: Iterable[Counted]
) -> Logged:
    """Return the log's numbers, by (member id, week, metric id), for metrics that are logged.

    A week without an entry counts as zero. Metrics that are only asked for at the check-in are left out.
    """
    weeks, metrics = list(weeks), list(metrics)
    numbers: Logged = {}
    counted = {m.key: m.id for m in metrics if m.source == Source.CONVERSATIONS}
    by_hand = [m.id for m in metrics if m.source == Source.HAND]
    for member_id in member_ids:
        for week in weeks:
            for metric_id in (*counted.values(), *by_hand):
                numbers[member_id, week, metric_id] = ZERO
    if counted:
        for (member_id, week), by_key in _from_conversations(session, member_ids, weeks).items():
            for key, metric_id in counted.items():
                numbers[member_id, week, metric_id] = by_key[key]
    if by_hand:
        entry = columns(MetricEntry)
        entries = (
            sa.select(entry.member_id, entry.week, entry.metric_id, sa.func.sum(entry.amount))
            .where(
                entry.member_id.in_(member_ids),
                entry.week.in_(weeks),
                entry.metric_id.in_(by_hand),
                entry.undone_at.is_(None),
            )
            .group_by(entry.member_id, entry.week, entry.metric_id)
        )
        for member_id, week, metric_id, amount in rows(session, entries):
            numbers[member_id, week, metric_id] = amount
    return numbers


def _from_conversations(
    session: Session, member_ids: Collection[int], weeks: list[date]
) -> dict[tuple[int, date], dict[str, Decimal]]:
    numbers: dict[tuple[int, date], dict[str, Decimal]] = defaultdict(dict)
    for member_id, week, conversations, moves, sales in rows(
        session, _COUNTS, members=list(member_ids), weeks=weeks
    ):
        numbers[member_id, week] = {
            CONVERSATIONS: Decimal(conversations),
            BASE_MOVES: Decimal(moves or 0),
            SALES: sales if sales is not None else ZERO,
        }
    return numbers


_CONVERSATION = columns(Conversation)

_COUNTS = (
    sa.select(
        _CONVERSATION.member_id,
        _CONVERSATION.week,
        sa.func.count(),
        sa.func.sum(_CONVERSATION.moves),
        sa.func.sum(
            sa.case((_CONVERSATION.outcome == OpportunityStatus.WON.value, _CONVERSATION.amount)),
            type_=_CONVERSATION.amount.type,
        ),
    )
    .where(
        _CONVERSATION.member_id.in_(any_of("members")),
        _CONVERSATION.week.in_(any_of("weeks")),
        _CONVERSATION.undone_at.is_(None),
    )
    .group_by(_CONVERSATION.member_id, _CONVERSATION.week)
)
