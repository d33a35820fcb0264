"""The outbox: which version of each surface Slack should show, and which one it shows.

A row names a surface and its subject ("check-in 81", "alert 12", "home of member 7"). `mark_stale` records, in the
same transaction as the change itself, that the surface no longer shows what the database holds. The sender claims
such rows, renders them from current state and posts or updates them (`bot.domain.outbox.sending`). Ten changes in
quick succession cause one update, and a crash in between loses nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from bot.database import any_of, insert_all, rows, run, signal, table
from bot.domain.tables import OutboxItem

SIGNAL = "outbox"

CHECK_IN = "check_in"
REMINDER = "reminder"
ALERT = "alert"
HOME = "home"
WELCOME = "welcome"
PLAN = "plan"
"""One version of a plan, as its coach reads it."""
PLAN_REPLY = "plan_reply"
"""The reply to the rep about that version: the decision, or the question that the rep has to answer."""
PLAN_ENDED = "plan_ended"
PLAN_REACHED = "plan_reached"
"""The end of a plan's period, and a goal that was reached before it, as the rep's coach reads them."""
PLAN_ENDED_REPLY = "plan_ended_reply"
PLAN_REACHED_REPLY = "plan_reached_reply"
"""The same, as the rep reads them."""
PLAN_EVENTS = (PLAN_ENDED, PLAN_REACHED, PLAN_ENDED_REPLY, PLAN_REACHED_REPLY)

NOTICE = "notice"
"""A line to one member about a change of who coaches whom."""
WITHDRAWN = "withdrawn"
"""A message about an alert or a plan where it no longer belongs: it is only ever redrawn."""
AGREEMENT = "agreement"
"""What a coach did about a missed week and what was agreed, as the rep reads it."""
PASSED_ON = "passed_on"
"""A line to the second coach about an alert that nobody took."""
ADVICE = "advice"
"""A rep's wish for advice, as the coaches read it."""
BRIEF = "brief"
"""The weekly brief about one team, as its coaches read it."""
PRAISE = "praise"
"""A coach's *Well done*, as the rep reads it."""
MIDWEEK = "midweek"
"""Where a rep's goals stand on Thursday, for a rep who chose to be told."""
DIRECT_REPLY = "direct_reply"
"""The answer to a line that a member typed into the direct messages."""
PINGS = frozenset({REMINDER, MIDWEEK, AGREEMENT, PRAISE, PLAN_ENDED_REPLY, PLAN_REACHED_REPLY})
"""The messages to reps that share the message budget: see `bot.domain.outbox.budget`."""
EXPORT = "export"
"""Files that somebody asked for, or a message that says why there are none. When files are sent, the row ends."""
ERASED_MESSAGE = "erased_message"
"""A message that has to go from Slack because what it shows was deleted; `channel` says where it is or may be."""
ERASED_HOME = "erased_home"
"""A Home that has to show nothing any more; `channel` is the Slack id of the person whose it is."""
ERASED_FILE = "erased_file"
"""A file that has to go from Slack; `channel` is the file's Slack id."""
ERASED = frozenset({ERASED_MESSAGE, ERASED_HOME, ERASED_FILE})
"""The surfaces of which Slack should show nothing. Their rows end once that is so."""
NOTHING_TO_SHOW = "nothing to show"
"""The reason of a row whose subject has nobody to be shown to (any more)."""
TOO_LATE = "too late"
"""The reason of a row whose window ended before Slack was ever asked about it."""


NEWS = timedelta(days=28)
"""What was decided or done so long ago is no news: a message about it is neither posted nor handed on any more."""


class Lane(StrEnum):
    """The kind of Slack call that a row needs next. Each lane has its own pace."""

    POST = "post"
    UPDATE = "update"
    PUBLISH = "publish"


RESPONSE_FIRST = timedelta(seconds=3)
"""How long the sender waits for the press's own response_url, which has no rate limit tier, to update first."""

_OUTBOX = table(OutboxItem)


@dataclass(frozen=True)
class New:
    """A surface that Slack should show for the first time."""

    workspace_id: int
    surface: str
    subject_id: int
    due_at: datetime


def add_all(session: Session, new: Collection[New], *, now: datetime) -> None:
    """Add rows for subjects that are new in this transaction; `mark_stale` serves those that may have a row."""
    if not new:
        return
    insert_all(
        session,
        _OUTBOX,
        [
            {
                "workspace_id": one.workspace_id,
                "surface": one.surface,
                "subject_id": one.subject_id,
                "lane": (Lane.PUBLISH if one.surface == HOME else Lane.POST).value,
                "desired_version": 1,
                "rendered_version": 0,
                "due_at": one.due_at,
                "lookbacks": 0,
                "redraws_in_flight": 0,
                "attempts": 0,
                "token": secrets.token_hex(16),
                "created_at": now,
            }
            for one in new
        ],
    )
    signal(session, SIGNAL)


def mark_stale(
    session: Session,
    *,
    workspace_id: int,
    surface: str,
    subject_id: int,
    now: datetime,
    not_before: datetime | None = None,
) -> None:
    """Mark the surface stale: the sender renders it again from current state.

    `not_before`: a response_url is about to update the message, and the sender waits until this moment. The
    response_url's call counts as one that may still arrive until its outcome is reported (`mark_redrawn`).
    """
    known = mark_many_stale(
        session,
        workspace_id=workspace_id,
        surface=surface,
        subject_ids=[subject_id],
        now=now,
        not_before=not_before,
    )
    if not known:
        add_all(session, [New(workspace_id, surface, subject_id, not_before or now)], now=now)


def mark_stale_if_known(
    session: Session,
    *,
    workspace_id: int,
    surface: str,
    subject_id: int,
    now: datetime,
    not_before: datetime | None = None,
) -> None:
    """Mark the surface stale if it has a row; a surface that Slack never had to show stays without one."""
    mark_many_stale(
        session,
        workspace_id=workspace_id,
        surface=surface,
        subject_ids=[subject_id],
        now=now,
        not_before=not_before,
    )


def mark_many_stale(
    session: Session,
    *,
    workspace_id: int,
    surface: str,
    subject_ids: Collection[int],
    now: datetime,
    not_before: datetime | None = None,
) -> int:
    """Mark many subjects of a surface stale by one statement, where they have rows; return how many have one."""
    pressed = {} if not_before is None else {"pressed_at": now}
    changed = run(
        session,
        _MARK_STALE if not_before is None else _MARK_STALE_BY_PRESS,
        of_workspace=workspace_id,
        of_surface=surface,
        subjects=list(subject_ids),
        at=not_before or now,
        **pressed,
    )
    if changed.rowcount:
        signal(session, SIGNAL)
    return changed.rowcount


def versions(
    session: Session, *, surface: str, subjects: Collection[tuple[int, int]]
) -> dict[tuple[int, int], int]:
    """Return the desired versions of messages that exist in Slack, by the (workspace, subject) asked for.

    A message that was not posted yet is left out: it can't be updated.
    """
    asked = set(subjects)
    found = rows(
        session,
        _VERSIONS,
        of_workspaces=sorted({workspace_id for workspace_id, _ in asked}),
        of_surface=surface,
        subjects=[subject_id for _, subject_id in asked],
    )
    return {
        (workspace_id, subject_id): version
        for workspace_id, subject_id, version in found
        if (workspace_id, subject_id) in asked
    }


def make_due_now(
    session: Session, *, surface: str, subject_ids: Collection[int], now: datetime
) -> None:
    """Make the stale messages due at once, because their channel accepts messages again."""
    made_due = run(session, _MAKE_DUE, of_surface=surface, subjects=list(subject_ids), at=now)
    if made_due.rowcount:
        signal(session, SIGNAL)


def undelivered(session: Session, workspace_id: int) -> list[OutboxItem]:
    """Return the rows that were given up or that Slack refuses, oldest first, for `doctor`."""
    return list(
        session.exec(
            select(OutboxItem)
            .where(
                OutboxItem.workspace_id == workspace_id,
                sa.or_(
                    col(OutboxItem.failed_reason).is_not(None),
                    col(OutboxItem.refused_because).is_not(None)
                    & col(OutboxItem.due_at).is_not(None),
                    col(OutboxItem.attempts) > 3,
                ),
            )
            .order_by(col(OutboxItem.id))
        )
    )


_ITEM = _OUTBOX.c


def is_row_of(surface: str, subject: Any) -> sa.ColumnElement[bool]:
    """Return the condition that joins subjects, by their table's columns, with their rows in the outbox."""
    return sa.and_(
        _ITEM.workspace_id == subject.workspace_id,
        _ITEM.surface == surface,
        _ITEM.subject_id == subject.id,
    )


THESE = (
    (_ITEM.workspace_id == sa.bindparam("of_workspace"))
    & (_ITEM.surface == sa.bindparam("of_surface"))
    & _ITEM.subject_id.in_(any_of("subjects"))
)
"""Selects the rows of some subjects of one surface, by `of_workspace`, `of_surface` and `subjects`."""

IN_WORKSPACES = (
    _ITEM.workspace_id.in_(any_of("of_workspaces"))
    & (_ITEM.surface == sa.bindparam("of_surface"))
    & _ITEM.subject_id.in_(any_of("subjects"))
)
"""Selects the same for several workspaces, by `of_workspaces`; it may also match pairs nobody asked for."""

STANDS = _ITEM.lane != Lane.POST.value
_HAS_FAILED = _ITEM.failed_reason.is_not(None)
_IS_FREE = _ITEM.claimed_by.is_(None) & (_ITEM.unknown_since.is_(None) | STANDS)

_HAS_ITS_TIME = ~STANDS & _ITEM.surface.in_(sorted(PINGS))

COMES_DUE = (_IS_FREE & ~_HAS_ITS_TIME) | _HAS_FAILED
"""Whether a row that is marked stale comes due by that.

Another one comes due when its sender reports, or, if the message budget has given it a time, at that time.
"""

STALE = sa.update(_OUTBOX).values(
    desired_version=_ITEM.desired_version + 1,
    due_at=sa.case(
        (COMES_DUE, sa.bindparam("at", type_=_ITEM.due_at.type)),
        else_=_ITEM.due_at,
    ),
    attempts=sa.case((_HAS_FAILED, 0), else_=_ITEM.attempts),
    failed_reason=None,
)
"""Marks rows stale, due `at` a moment; the caller says which rows."""

_MARK_STALE = STALE.where(THESE)

_MARK_STALE_BY_PRESS = _MARK_STALE.values(
    unknown_since=sa.case(
        (STANDS, sa.bindparam("pressed_at", type_=_ITEM.unknown_since.type)),
        else_=_ITEM.unknown_since,
    ),
    redraws_in_flight=sa.case((STANDS, _ITEM.redraws_in_flight + 1), else_=_ITEM.redraws_in_flight),
)

_MAKE_DUE = (
    sa.update(_OUTBOX)
    .where(
        _ITEM.surface == sa.bindparam("of_surface"),
        _ITEM.subject_id.in_(any_of("subjects")),
        _ITEM.due_at > sa.bindparam("at", type_=_ITEM.due_at.type),
        _ITEM.claimed_by.is_(None),
    )
    .values(due_at=sa.bindparam("at", type_=_ITEM.due_at.type))
)

_VERSIONS = sa.select(_ITEM.workspace_id, _ITEM.subject_id, _ITEM.desired_version).where(
    IN_WORKSPACES, _ITEM.ts.is_not(None)
)
