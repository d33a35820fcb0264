"""What the sender reports about rows that Slack does not show as desired: put back, in doubt, or given up.

Trouble comes to many rows at once, so each use case takes a list of reports: it reads their rows by one statement
and writes them by one. A report about a row that its sender has lost changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import TypeVar

import sqlalchemy as sa
from sqlmodel import Session

from bot.database import any_of, rows, signal, table, update_all
from bot.domain.outbox import surfaces
from bot.domain.outbox.outbox import NOTHING_TO_SHOW, SIGNAL, Lane
from bot.domain.outbox.sending import Claimed
from bot.domain.tables import OutboxItem

_OUTBOX = table(OutboxItem)
_ITEM = _OUTBOX.c


@dataclass(frozen=True, kw_only=True)
class PutBack:
    """A report that a call certainly failed, or can be repeated: the row is due again at `due_at`."""

    claimed: Claimed
    sender: str
    due_at: datetime
    counts: bool
    """Whether this was an attempt."""
    refused_because: str | None = None
    """What the call failed with; None if no call was made."""
    may_arrive_since: datetime | None = None
    """When a call began that may still arrive."""


@dataclass(frozen=True, kw_only=True)
class Unknown:
    """A report that a message may or may not have been posted: the sender looks for it again at `due_at`."""

    claimed: Claimed
    sender: str
    since: datetime
    due_at: datetime
    looked: bool
    """Whether the sender has just looked for the message; else it has just tried to post it."""
    refused_because: str | None = None
    """What the call failed with."""


@dataclass(frozen=True, kw_only=True)
class Ended:
    """A report that the row's window is over, or its person gone: it is not tried again."""

    claimed: Claimed
    sender: str
    because: str
    now: datetime


def put_back(session: Session, reports: Sequence[PutBack]) -> list[None]:
    """Return the rows to the outbox. However often a row is put back, that never gives it up."""
    held = _held(session, reports)
    for report, row in held:
        row.due_at = report.due_at
        if row.lane == Lane.POST:
            row.unknown_since = report.claimed.unknown_since
            row.lookbacks = report.claimed.lookbacks
        elif report.may_arrive_since is not None:
            began = report.may_arrive_since
            row.unknown_since = max(row.unknown_since or began, began)
            row.redraws_in_flight += 1
        row.attempts += report.counts
        row.refused_because = report.refused_because or row.refused_because
    _save(session, held)
    if held:
        signal(session, SIGNAL)  # the rows are due before their leases would have ended
    return [None] * len(reports)


def mark_unknown(session: Session, reports: Sequence[Unknown]) -> list[None]:
    """Record that the messages may or may not have been posted."""
    held = _held(session, reports)
    for report, row in held:
        row.due_at = report.due_at
        row.unknown_since = row.unknown_since or report.since
        row.lookbacks = row.lookbacks + 1 if report.looked else 0  # a new attempt starts from none
        row.refused_because = report.refused_because or row.refused_because
    _save(session, held)
    if held:
        signal(session, SIGNAL)
    return [None] * len(reports)


def give_up(session: Session, reports: Sequence[Ended]) -> list[None]:
    """Give the rows up. `doctor`, Home and a metric name each that had somebody to go to."""
    held = _held(session, reports)
    to_be_named: dict[int, datetime] = {}
    for report, row in held:
        row.due_at, row.failed_reason = None, report.because
        row.unknown_since, row.lookbacks, row.redraws_in_flight = None, 0, 0
        row.rendered_version = max(row.rendered_version, report.claimed.desired_version)
        if report.because != NOTHING_TO_SHOW:
            to_be_named[row.workspace_id] = report.now
    _save(session, held)
    for workspace_id, now in to_be_named.items():
        surfaces.workspace_homes_changed(session, workspace_id=workspace_id, now=now)
    return [None] * len(reports)


@dataclass
class _Row:
    """The columns of a row that these reports read or change."""

    id: int
    workspace_id: int
    lane: str
    claimed_by: str | None
    due_at: datetime | None
    unknown_since: datetime | None
    lookbacks: int
    redraws_in_flight: int
    attempts: int
    refused_because: str | None
    failed_reason: str | None
    rendered_version: int


_CHANGED = tuple(f.name for f in fields(_Row) if f.name not in {"workspace_id", "lane"})


Told = TypeVar("Told", PutBack, Unknown, Ended)


def _held(session: Session, reports: Sequence[Told]) -> list[tuple[Told, _Row]]:
    """Return the reports whose senders still have their rows, each with its row, which is locked."""
    found = rows(session, _FOR_REPORTS, ids=[report.claimed.id for report in reports])
    known = {row[0]: _Row(*row) for row in found}
    held = []
    for report in reports:
        row = known.get(report.claimed.id)
        if row is not None and row.claimed_by == report.sender:
            row.claimed_by = None  # so a second report about the row changes nothing
            held.append((report, row))
    return held


def _save(session: Session, held: Sequence[tuple[Told, _Row]]) -> None:
    update_all(
        session, _OUTBOX, [{name: getattr(row, name) for name in _CHANGED} for _, row in held]
    )


_FOR_REPORTS = (
    sa.select(*(_ITEM[f.name] for f in fields(_Row)))
    .where(_ITEM.id.in_(any_of("ids")))
    .order_by(_ITEM.id)  # all processes lock rows in this order, so two can't deadlock
    .with_for_update()
)
