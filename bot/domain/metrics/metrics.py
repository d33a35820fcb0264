"""Metrics, which are counted by the week, and their numbers in the log."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple, Protocol, TypeAlias

import sqlalchemy as sa
from sqlmodel import Session, col, or_, select

from bot.database import any_of, columns, rows
from bot.domain.tables import Conversation, Metric, MetricEntry, OpportunityStatus, Source, Team

SALES = "sales"
BASE_MOVES = "base_moves"
CONVERSATIONS = "conversations"

MONEY = "money"
"""The unit of amounts in the team's currency."""

ZERO = Decimal(0)

_BUILT_IN = (
    # Questions follow the order of the funnel: the number that a rep controls most directly comes first.
    (CONVERSATIONS, "Conversations", "count", "Did you meet your conversation goal?"),
    (BASE_MOVES, "Base moves", "count", "Did you meet your base-move goal?"),
    (SALES, "Sales", MONEY, "Did you meet your sales goal?"),
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


class CountedMetric(NamedTuple):
    """These columns alone, as a row."""

    id: int
    key: str
    source: str


def logged_numbers(
    session: Session, member_ids: Collection[int], weeks: Iterable[date], metrics: Iterable[Counted]
) -> Logged:
    """Return the log's numbers, by (member id, week, metric id), for metrics that are logged.

    A week without an entry counts as zero. Metrics that are only asked for at the check-in are left out.
    """
    weeks, metrics = list(weeks), list(metrics)
    return numbers_of(session, {(member, week): metrics for member in member_ids for week in weeks})


def numbers_of(session: Session, wanted: Mapping[tuple[int, date], Collection[Counted]]) -> Logged:
    """Do what `logged_numbers` does, for metrics of each member's and week's own, with one statement."""
    by_key: dict[tuple[int, date], list[tuple[str, int]]] = {}
    by_hand: dict[tuple[int, date], list[int]] = {}
    for key, metrics in wanted.items():
        for metric in metrics:
            if metric.source == Source.CONVERSATIONS:
                by_key.setdefault(key, []).append((metric.key, metric.id))
            elif metric.source == Source.HAND:
                by_hand.setdefault(key, []).append(metric.id)
    counts, entered = _logged(session, by_key, by_hand)
    numbers: Logged = {}
    for key, metrics_of in by_key.items():
        found = counts.get(key)
        for name, metric_id in metrics_of:
            numbers[*key, metric_id] = found[name] if found is not None else ZERO
    for key, ids in by_hand.items():
        for metric_id in ids:
            numbers[*key, metric_id] = entered.get((*key, metric_id), ZERO)
    return numbers


def _logged(
    session: Session,
    by_key: Collection[tuple[int, date]],
    by_hand: Mapping[tuple[int, date], Collection[int]],
) -> tuple[dict[tuple[int, date], dict[str, Decimal]], Logged]:
    """Return what the conversations add up to, by metric key, and what was entered by hand."""
    counts: dict[tuple[int, date], dict[str, Decimal]] = {}
    entered: Logged = {}
    asked = {*by_key, *by_hand}
    if not asked:
        return counts, entered
    given: dict[str, Any] = {
        "members": list({member_id for member_id, _ in asked}),
        "weeks": list({week for _, week in asked}),
    }
    statement: sa.Executable = _COUNTS
    if by_hand:
        given["metrics"] = list({metric_id for ids in by_hand.values() for metric_id in ids})
        statement = _COUNTS_AND_ENTERED if by_key else _ENTERED
    for member_id, week, metric_id, conversations, moves, amount in rows(
        session, statement, **given
    ):
        if metric_id is not None:
            entered[member_id, week, metric_id] = amount
        else:
            counts[member_id, week] = {
                CONVERSATIONS: Decimal(conversations),
                BASE_MOVES: Decimal(moves or 0),
                SALES: amount if amount is not None else ZERO,
            }
    return counts, entered


_CONVERSATION, _ENTRY = columns(Conversation), columns(MetricEntry)

_COUNTS = (
    sa.select(
        _CONVERSATION.member_id,
        _CONVERSATION.week,
        sa.cast(None, _ENTRY.metric_id.type),
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

_ENTERED = (
    sa.select(
        _ENTRY.member_id,
        _ENTRY.week,
        _ENTRY.metric_id,
        sa.cast(None, sa.BigInteger),
        sa.cast(None, sa.BigInteger),
        sa.func.sum(_ENTRY.amount),
    )
    .where(
        _ENTRY.member_id.in_(any_of("members")),
        _ENTRY.week.in_(any_of("weeks")),
        _ENTRY.metric_id.in_(any_of("metrics")),
        _ENTRY.undone_at.is_(None),
    )
    .group_by(_ENTRY.member_id, _ENTRY.week, _ENTRY.metric_id)
)

_COUNTS_AND_ENTERED = sa.union_all(_COUNTS, _ENTERED)
