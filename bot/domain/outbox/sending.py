"""What the sender claims of the outbox, and what it reports back.

A post has three outcomes. *Posted*: `rendered_version` catches up. *Certainly not*: it is tried again later.
*Unknown* (time-out, lost answer, 5xx, a crash between sending and marking): the row keeps `unknown_since`, waits
out its lease, and the conversation is read back by `token` before anything is sent again.

A redraw can be repeated, so an unknown outcome is simply tried again. But a call that was given up may still
arrive and overtake what was drawn after it: the surface is drawn once more when none can arrive any longer.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, select

from bot.database import any_of, columns, rows, run, signal, table, update_all
from bot.domain.outbox.outbox import IN_WORKSPACES, SIGNAL, STANDS, Lane, item_of
from bot.domain.tables import OutboxItem, Workspace

_OUTBOX = table(OutboxItem)
_ITEM = _OUTBOX.c

LEASE = timedelta(seconds=180)
"""Longer than the longest wait before a post, the HTTP time-out and Slack's own lateness together."""

SETTLES_AFTER = timedelta(seconds=90)
"""How long after its beginning a redraw of unknown outcome may still arrive: the HTTP time-out and Slack's own
lateness together.
"""

DUPLICATE_CHECK_AFTER = timedelta(minutes=5)
"""How long after a message had to be posted again a second copy is looked for."""

MAX_ATTEMPTS = 10
"""Certain failures after which a row is given up, named, and shown by `doctor`."""


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


def next_due_at(session: Session, lane: Lane) -> datetime | None:
    """When the lane has something to do next; None while everything in it is shown."""
    found: datetime | None = session.connection().scalar(_NEXT_DUE, {"of_lane": lane.value})
    return found


def claim(session: Session, *, sender: str, lane: Lane, now: datetime, limit: int) -> list[Claimed]:
    """Take up to `limit` rows of a lane that are behind; nobody else gets them before the lease ends.

    A row of a sender that died in mid-post comes back here with `unknown_since` set.
    """
    claimed = []
    for *facts, claimed_by, due_at in rows(session, _DUE, of_lane=lane.value, now=now, most=limit):
        one = Claimed(*facts)
        if claimed_by is not None and lane is Lane.POST:
            # Its sender never reported: whether it posted is not known, whatever was looked for before.
            one = replace(one, unknown_since=one.unknown_since or due_at - LEASE, lookbacks=0)
            session.connection().execute(
                sa.update(_OUTBOX)
                .where(_OUTBOX.c.id == one.id)
                .values(unknown_since=one.unknown_since, lookbacks=0)
            )
        claimed.append(one)
    if claimed:
        run(session, _CLAIM, ids=[one.id for one in claimed], by=sender, until=now + LEASE)
    return claimed


def _mine(session: Session, claimed: Claimed, sender: str) -> OutboxItem | None:
    item = session.exec(
        select(OutboxItem).where(OutboxItem.id == claimed.id).with_for_update()
    ).one_or_none()
    return item if item is not None and item.claimed_by == sender else None


@dataclass(frozen=True)
class Report:
    """What a sender reports: the surface shows the claimed version; a new message stands under `ts`."""

    claimed: Claimed
    sender: str
    now: datetime
    channel: str | None = None
    ts: str | None = None


def mark_shown(session: Session, reports: Sequence[Report]) -> list[bool]:
    """Each surface shows the claimed version; a newer one wanted meanwhile is due at once.

    False where another message had been noted already: then `ts` is a second copy, to be deleted.
    """
    found = _shown(session, {report.claimed.id for report in reports})
    outcomes = [found[report.claimed.id].take(report) for report in reports]
    update_all(session, _OUTBOX, [row.values() for row in found.values()])
    if any(row.due_at is not None and row.claimed_by is None for row in found.values()):
        signal(session, SIGNAL)
    return outcomes


@dataclass
class _Shown:
    """What of a row changes when it is shown."""

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
    channel: str | None
    ts: str | None
    posted_at: datetime | None
    duplicate_check_at: datetime | None

    def take(self, report: Report) -> bool:
        """Bring the row up to the report; False for a second copy, which changes nothing."""
        if report.ts is not None and self.ts is not None and self.ts != report.ts:
            return False
        if self.ts is None and report.ts is not None:
            self.channel, self.ts, self.posted_at = report.channel, report.ts, report.now
            self.lane = Lane.UPDATE.value
            if report.claimed.unknown_since is not None:
                self.duplicate_check_at = report.now + DUPLICATE_CHECK_AFTER
            self.unknown_since, self.lookbacks = None, 0
        self.rendered_version, self.attempts = (
            max(self.rendered_version, report.claimed.desired_version),
            0,
        )
        if self.claimed_by != report.sender:
            # The lease ended in mid-call: what somebody else drew since then may have been overtaken.
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
        """Note what a response_url has shown; False where a newer version is wanted."""
        self.redraws_in_flight = max(self.redraws_in_flight - redrawn.presses, 0)
        if self.redraws_in_flight == 0:  # no other one may still arrive
            self.unknown_since = None
        if self.desired_version != redrawn.version:
            self.due_at = redrawn.now
            return False
        self.rendered_version, self.due_at = redrawn.version, _settles_at(self, redrawn.now)
        return True

    def values(self) -> dict[str, Any]:
        """By column."""
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
    """How many presses this was the redrawing of."""


def mark_redrawn(session: Session, redrawn: Sequence[Redrawn]) -> list[None]:
    """Note what response_urls have shown, each for the surface and workspace that it names.

    Where a newer version is desired, the sender follows at once: two answers may have overtaken each other, and
    the sender's comes last.
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
    """A response_url that was called at `began` may have shown something, or may do so yet."""
    item = item_of(session, workspace_id, surface, subject_id)
    if item is None or item.lane == Lane.POST:
        return
    _may_arrive(item, began)
    item.due_at = item.due_at or began + SETTLES_AFTER
    session.flush()


def _may_arrive(item: OutboxItem, began: datetime) -> None:
    item.unknown_since = max(item.unknown_since or began, began)
    item.redraws_in_flight += 1


def _settles_at(item: OutboxItem | _Shown, now: datetime) -> datetime | None:
    """When a surface that is up to date has to be drawn once more; None, and no doubt, where it needn't be."""
    if item.unknown_since is None or item.unknown_since + SETTLES_AFTER <= now:
        item.unknown_since, item.redraws_in_flight = None, 0
        return None
    return item.unknown_since + SETTLES_AFTER


def put_back(
    session: Session,
    *,
    claimed: Claimed,
    sender: str,
    due_at: datetime,
    counts: bool,
    fails_with: str | None = None,
    may_arrive_since: datetime | None = None,
) -> None:
    """It was certainly not done: try again at `due_at`, a little later each time that `counts`.

    Or it can be repeated, and `may_arrive_since` says when a call began that may still arrive. Where the fault
    lies with the row itself, `fails_with` says which, and it is given up after MAX_ATTEMPTS. An outage of Slack's
    never ends a row, however long it lasts.
    """
    item = _mine(session, claimed, sender)
    if item is None:
        return
    item.claimed_by = None
    if item.lane == Lane.POST:
        item.unknown_since, item.lookbacks = claimed.unknown_since, claimed.lookbacks
    elif may_arrive_since is not None:
        _may_arrive(item, may_arrive_since)
    item.attempts += counts
    item.due_at = due_at
    if fails_with is not None and item.attempts >= MAX_ATTEMPTS:
        item.failed_reason, item.due_at, item.unknown_since = fails_with, None, None
    session.flush()
    signal(session, SIGNAL)  # it is due before its lease would have ended


def mark_unknown(
    session: Session,
    *,
    claimed: Claimed,
    sender: str,
    since: datetime,
    due_at: datetime,
    looked: bool,
) -> None:
    """Whether it was posted is not known; look again at `due_at`."""
    item = _mine(session, claimed, sender)
    if item is None:
        return
    item.claimed_by = None
    item.unknown_since = item.unknown_since or since
    item.lookbacks = item.lookbacks + 1 if looked else 0  # another attempt counts them anew
    item.due_at = due_at
    session.flush()
    signal(session, SIGNAL)


def give_up(session: Session, *, claimed: Claimed, sender: str, because: str) -> None:
    """It can't be shown and trying again would not help; `doctor` names it."""
    item = _mine(session, claimed, sender)
    if item is None:
        return
    item.claimed_by, item.due_at, item.failed_reason = None, None, because
    item.unknown_since, item.lookbacks, item.redraws_in_flight = None, 0, 0
    item.rendered_version = max(item.rendered_version, claimed.desired_version)
    session.flush()


def forget_post(session: Session, *, claimed: Claimed, sender: str, now: datetime) -> None:
    """The message that stood for this surface is gone: post a fresh one, under a fresh token."""
    item = _mine(session, claimed, sender)
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

_DUE = (
    sa.select(
        _ITEM.id,
        _ITEM.workspace_id,
        _ITEM.surface,
        _ITEM.subject_id,
        _ITEM.desired_version,
        _ITEM.token,
        _ITEM.channel,
        _ITEM.ts,
        _ITEM.attempts,
        _ITEM.unknown_since,
        _ITEM.lookbacks,
        _ITEM.claimed_by,
        _ITEM.due_at,
    )
    .where(
        _ITEM.lane == sa.bindparam("of_lane"),
        _ITEM.due_at.is_not(None),
        _ITEM.due_at <= sa.bindparam("now"),
        _ITEM.workspace_id.in_(
            sa.select(columns(Workspace).id).where(columns(Workspace).disconnected_reason.is_(None))
        ),
    )
    .order_by(_ITEM.due_at, _ITEM.id)
    .limit(sa.bindparam("most", type_=sa.Integer))
    .with_for_update(skip_locked=True)
)

_CLAIM = (
    sa.update(_OUTBOX)
    .where(_ITEM.id.in_(any_of("ids")))
    .values(claimed_by=sa.bindparam("by"), due_at=sa.bindparam("until"))
)

_FOR_MARKING = (
    sa.select(*(_ITEM[name] for name in _NOTED))
    .where(_ITEM.id.in_(any_of("ids")))
    .order_by(_ITEM.id)  # two processes must not wait for each other's
    .with_for_update()
)

_FOR_REDRAWN = (
    sa.select(_ITEM.workspace_id, _ITEM.subject_id, *(_ITEM[f.name] for f in fields(_Shown)))
    .where(IN_WORKSPACES, _ITEM.claimed_by.is_(None), STANDS)
    .order_by(_ITEM.id)
    .with_for_update()
)
