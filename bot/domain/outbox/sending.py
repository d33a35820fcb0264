"""The rows that the sender claims from the outbox, and the results that it reports back.

A post has three outcomes. *Posted*: `rendered_version` becomes the claimed version. *Certainly not posted*: the
sender tries again later. *Unknown* (time-out, lost answer, 5xx, a crash between sending and marking): the row
keeps `unknown_since`, waits out its lease, and the conversation is read back by `token` before anything is sent
again.

A redraw can be repeated, so after an unknown outcome the sender just tries again. But a call that the sender gave
up may still arrive and overwrite a newer version: the surface is rendered once more when no such call can arrive
any longer.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, select

from bot.database import any_of, rows, run, signal, table, update_all
from bot.domain.outbox import claims, undoubted
from bot.domain.outbox.outbox import (
    IN_WORKSPACES,
    SIGNAL,
    STANDS,
    THESE,
    Lane,
)
from bot.domain.tables import OutboxItem

_OUTBOX = table(OutboxItem)
_ITEM = _OUTBOX.c

LEASE = timedelta(seconds=180)
"""A lease is longer than the longest wait before a post plus the HTTP time-out plus Slack's own delay."""

SETTLES_AFTER = timedelta(seconds=90)
"""How long after its start a redraw may still arrive: the HTTP time-out plus Slack's own delay."""

DUPLICATE_CHECK_AFTER = timedelta(minutes=5)
"""How long after a message was posted again the sender looks for a second copy."""


@dataclass(frozen=True)
class Claimed:
    """A row that this sender may work on until its lease ends."""

    id: int
    workspace_id: int
    surface: str
    subject_id: int
    desired_version: int
    token: str
    channel: str | None
    ts: str | None
    attempts: int
    unknown_since: datetime | None
    lookbacks: int
    refused_because: str | None = None
    """What the last try failed with, if it failed."""


def next_due_at(session: Session, lane: Lane) -> datetime | None:
    """Return when the lane's next row is due; None while Slack shows everything in the lane."""
    found: datetime | None = session.connection().scalar(_NEXT_DUE, {"of_lane": lane.value})
    return found


def claim(session: Session, *, sender: str, lane: Lane, now: datetime, limit: int) -> list[Claimed]:
    """Claim up to `limit` stale rows of a lane; no other sender gets them before the lease ends.

    A row whose sender died during a post is returned again with `unknown_since` set.
    """
    claimed, in_doubt = [], []
    due = claims.take(session, lane=lane, now=now, limit=limit, by=sender, until=now + LEASE)
    for *facts, claimed_by, due_at in due:
        one = Claimed(*facts)
        if claimed_by is not None and lane is Lane.POST:
            # Its sender never reported, so it may have posted after the last look for the message.
            one = replace(one, unknown_since=one.unknown_since or due_at - LEASE, lookbacks=0)
            in_doubt.append({"id": one.id, "unknown_since": one.unknown_since, "lookbacks": 0})
        claimed.append(one)
    update_all(session, _OUTBOX, in_doubt)
    return claimed


def mine(session: Session, claimed: Claimed, sender: str) -> OutboxItem | None:
    """Return the row, locked, if this sender still has it; else None."""
    item = session.exec(
        select(OutboxItem).where(OutboxItem.id == claimed.id).with_for_update()
    ).one_or_none()
    return item if item is not None and item.claimed_by == sender else None


@dataclass(frozen=True)
class Report:
    """A sender's report that the surface shows the claimed version; a new message has the timestamp `ts`."""

    claimed: Claimed
    sender: str
    now: datetime
    channel: str | None = None
    ts: str | None = None


def mark_shown(session: Session, reports: Sequence[Report]) -> list[bool]:
    """Record that each surface shows the claimed version; if a newer one is desired, the row is due at once.

    Returns False for a report whose row already names another message, or is gone: `ts` is then a message to
    delete.
    """
    due_at = _undoubted(session, reports)
    doubted = [report for report in reports if report.claimed.id not in due_at]
    found = _shown(session, {report.claimed.id for report in doubted}) if doubted else {}
    taken = {
        id(report): row is not None and row.take(report)
        for report in doubted
        for row in [found.get(report.claimed.id)]
    }
    update_all(session, _OUTBOX, [row.values() for row in found.values()])
    due_at |= {row.id: row.due_at for row in found.values() if row.claimed_by is None}
    if any(moment is not None for moment in due_at.values()):
        signal(session, SIGNAL)
    return [taken.get(id(report), True) for report in reports]


def _undoubted(session: Session, reports: Sequence[Report]) -> dict[int, datetime | None]:
    """Take the reports that leave no doubt; return when their rows are due again, by id."""
    of_row = Counter(report.claimed.id for report in reports)
    return undoubted.take(
        session,
        [
            undoubted.Shown(
                id=report.claimed.id,
                claimed_by=report.sender,
                desired_version=report.claimed.desired_version,
                channel=report.channel if report.ts is not None else None,
                ts=report.ts,
                posted_at=report.now,
            )
            for report in reports
            if report.claimed.unknown_since is None and of_row[report.claimed.id] == 1
        ],
    )


@dataclass
class _Shown:
    """The columns of a row that change when Slack shows a version of it."""

    id: int
    desired_version: int
    rendered_version: int
    lane: str
    due_at: datetime | None
    claimed_by: str | None
    unknown_since: datetime | None
    lookbacks: int
    redraws_in_flight: int
    attempts: int
    refused_because: str | None
    channel: str | None
    ts: str | None
    posted_at: datetime | None
    duplicate_check_at: datetime | None

    def take(self, report: Report) -> bool:
        """Apply the report to the row; return False for a second copy, which changes nothing."""
        if report.ts is not None and self.ts is not None and self.ts != report.ts:
            return False
        if self.ts is None and report.ts is not None:
            self.channel, self.ts, self.posted_at = report.channel, report.ts, report.now
            self.lane = Lane.UPDATE.value
            if report.claimed.unknown_since is not None:
                self.duplicate_check_at = report.now + DUPLICATE_CHECK_AFTER
            self.unknown_since, self.lookbacks = None, 0
        self.rendered_version = max(self.rendered_version, report.claimed.desired_version)
        self.attempts, self.refused_because = 0, None
        if self.claimed_by != report.sender:
            # The lease ended during the call: this call may have overwritten what another sender rendered since.
            self.desired_version += 1
        if self.claimed_by in {report.sender, None}:
            self.claimed_by = None
            self.due_at = (
                report.now
                if self.desired_version > self.rendered_version
                else _settles_at(self, report.now)
            )
        return True

    def redraw(self, redrawn: Redrawn) -> bool:
        """Record the version that a response_url has shown; return False where a newer version is desired."""
        self.redraws_in_flight = max(self.redraws_in_flight - redrawn.presses, 0)
        if self.redraws_in_flight == 0:  # no other call may still arrive
            self.unknown_since = None
        if self.desired_version != redrawn.version:
            self.due_at = redrawn.now
            return False
        self.rendered_version, self.due_at = redrawn.version, _settles_at(self, redrawn.now)
        return True

    def values(self) -> dict[str, Any]:
        """Return the values by column name."""
        return {name: getattr(self, name) for name in _NOTED}


_NOTED = tuple(f.name for f in fields(_Shown))


def _shown(session: Session, ids: Collection[int]) -> dict[int, _Shown]:
    found = rows(session, _FOR_MARKING, ids=list(ids))
    return {row[0]: _Shown(*row) for row in found}


@dataclass(frozen=True)
class Redrawn:
    """A response_url has shown this version of a subject."""

    workspace_id: int
    surface: str
    subject_id: int
    version: int
    now: datetime
    presses: int = 1
    """How many presses this one redraw answered."""


def mark_redrawn(session: Session, redrawn: Sequence[Redrawn]) -> list[None]:
    """Record the versions that response_urls have shown, each for the surface and workspace that it names.

    Where a newer version is desired, the row is due at once: the calls of two presses may have arrived in the
    wrong order, and the sender's call comes last.
    """
    found: dict[tuple[int, str, int], _Shown] = {}
    for surface in sorted({one.surface for one in redrawn}):
        of_surface = [one for one in redrawn if one.surface == surface]
        for workspace_id, subject_id, *facts in rows(
            session,
            _FOR_REDRAWN,
            of_workspaces=sorted({one.workspace_id for one in of_surface}),
            of_surface=surface,
            subjects=[one.subject_id for one in of_surface],
        ):
            found[workspace_id, surface, subject_id] = _Shown(*facts)
    shown = [(one, found.get((one.workspace_id, one.surface, one.subject_id))) for one in redrawn]
    taken = {row.id: row for _, row in shown if row is not None}
    overtaken = [one for one, row in shown if row is not None and not row.redraw(one)]
    update_all(session, _OUTBOX, [row.values() for row in taken.values()])
    if overtaken:
        signal(session, SIGNAL)
    return [None] * len(redrawn)


def not_redrawn(
    session: Session, *, workspace_id: int, surface: str, subject_id: int, began: datetime
) -> None:
    """Record that a response_url's call, begun at `began`, may have changed the message or may still do so."""
    run(
        session,
        _NOT_REDRAWN,
        of_workspace=workspace_id,
        of_surface=surface,
        subjects=[subject_id],
        began=began,
        settles_at=began + SETTLES_AFTER,
    )


def _settles_at(item: OutboxItem | _Shown, now: datetime) -> datetime | None:
    """Return when a surface that is up to date has to be rendered once more.

    Returns None, and clears `unknown_since`, where no call may still arrive.
    """
    if item.unknown_since is None or item.unknown_since + SETTLES_AFTER <= now:
        item.unknown_since, item.redraws_in_flight = None, 0
        return None
    return item.unknown_since + SETTLES_AFTER


def forget_post(session: Session, *, claimed: Claimed, sender: str, now: datetime) -> None:
    """Have a new message posted, under a new token, because the surface's message is gone from Slack."""
    item = mine(session, claimed, sender)
    if item is None:
        return
    item.claimed_by, item.channel, item.ts, item.posted_at = None, None, None, None
    item.unknown_since, item.lookbacks, item.redraws_in_flight = None, 0, 0
    item.lane = Lane.POST
    item.token, item.due_at = secrets.token_hex(16), now
    session.flush()


_NEXT_DUE = (
    sa.select(_ITEM.due_at)
    .where(_ITEM.lane == sa.bindparam("of_lane"), _ITEM.due_at.is_not(None))
    .order_by(_ITEM.due_at)
    .limit(1)
)

_FOR_MARKING = (
    sa.select(*(_ITEM[name] for name in _NOTED))
    .where(_ITEM.id.in_(any_of("ids")))
    .order_by(_ITEM.id)  # all processes lock rows in this order, so two can't deadlock
    .with_for_update()
)

_NOT_REDRAWN = (
    sa.update(_OUTBOX)
    .where(THESE, STANDS)
    .values(
        unknown_since=sa.case(
            (
                _ITEM.unknown_since > sa.bindparam("began", type_=_ITEM.unknown_since.type),
                _ITEM.unknown_since,
            ),
            else_=sa.bindparam("began", type_=_ITEM.unknown_since.type),
        ),
        redraws_in_flight=_ITEM.redraws_in_flight + 1,
        due_at=sa.func.coalesce(_ITEM.due_at, sa.bindparam("settles_at", type_=_ITEM.due_at.type)),
    )
)

_FOR_REDRAWN = (
    sa.select(_ITEM.workspace_id, _ITEM.subject_id, *(_ITEM[f.name] for f in fields(_Shown)))
    .where(IN_WORKSPACES, _ITEM.claimed_by.is_(None), STANDS)
    .order_by(_ITEM.id)
    .with_for_update()
)
