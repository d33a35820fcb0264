"""The message budget: how many messages that ask for a rep's attention may reach that rep in one week.

A workspace sets the number. Reminders, the mid-week line, praise, word of what was agreed and a plan's events
share it: `outbox.PINGS` has them. The check-in always goes, and so does what answers something that the person
did: a reminder that the rep asked for, the decision about their plan, a reply in the direct messages. The welcome
and the news of who sees a rep's numbers go as well, because a rep has to know both.

What has no room is never lost in silence: a reminder or a mid-week line is dropped, and Home says so; everything
else waits for the first week with room. A week is the rep's own, by their clock. Messages are counted where they
are: in the outbox.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session

from bot.database import any_of, columns, rows, table
from bot.domain.outbox import outbox
from bot.domain.shown.budget import Spent
from bot.domain.tables import (
    Agreement,
    CheckIn,
    Member,
    MidweekLine,
    OutboxItem,
    Plan,
    Praise,
    Reminder,
    Workspace,
)
from bot.rules import weeks
from bot.rules.weeks import WEEK

_LONGEST_WEEK = timedelta(days=8)
"""A week is longer than seven days where clocks are put back."""


@dataclass(frozen=True)
class Limit:
    """The workspace's number, and the rep's zone, in which weeks begin."""

    most: int
    zone: ZoneInfo


class Budget:
    """What some reps have had, and have coming, by week. What is taken from it in this transaction counts."""

    def __init__(
        self,
        limits: Mapping[int, Limit],
        pings: Mapping[int, Collection[datetime]],
        dropped: Mapping[int, Collection[datetime]],
    ) -> None:
        self._limits = limits
        self._pings = self._by_week(pings)
        self._dropped = self._by_week(dropped)

    def spent(self, member_id: int, at: datetime) -> Spent:
        """Return what the rep has had of the week that holds this moment, and what they may have."""
        limit = self._limits[member_id]
        key = member_id, weeks.week_of(at, limit.zone)
        return Spent(self._pings[key], limit.most, dropped=self._dropped[key])

    def take(self, member_id: int, at: datetime) -> bool:
        """Count one more message at that moment, and return True; return False if its week has no room."""
        spent = self.spent(member_id, at)
        if spent.is_all:
            return False
        self._pings[member_id, weeks.week_of(at, self._limits[member_id].zone)] += 1
        return True

    def take_first(self, member_id: int, at: datetime) -> datetime:
        """Count one more message, and return when it may go: then, or when the next week with room begins."""
        while not self.take(member_id, at):
            zone = self._limits[member_id].zone
            at, _ = weeks.bounds(weeks.week_of(at, zone) + WEEK, zone)
        return at

    def _by_week(self, moments: Mapping[int, Collection[datetime]]) -> dict[tuple[int, date], int]:
        found: dict[tuple[int, date], int] = defaultdict(int)
        for member_id, of_member in moments.items():
            for moment in of_member:
                found[member_id, weeks.week_of(moment, self._limits[member_id].zone)] += 1
        return found


def read(
    session: Session, member_ids: Collection[int], *, now: datetime, to_take: bool = False
) -> Budget:
    """Return the reps' budgets of this week and of later ones; two statements, or none where there is nobody.

    With `to_take` the rows of the reps are locked, so that two processes never both take the last message.
    """
    if not member_ids:
        return Budget({}, {}, {})
    asked = {"members": sorted(member_ids)}
    limits = {
        member_id: Limit(most, ZoneInfo(timezone))
        for member_id, timezone, most in rows(
            session, _LIMITS_TO_TAKE if to_take else _LIMITS, **asked
        )
    }
    pings: dict[int, list[datetime]] = defaultdict(list)
    dropped: dict[int, list[datetime]] = defaultdict(list)
    for member_id, posted_at, due_at, dropped_at in rows(
        session, _PINGS, **asked, since=now - _LONGEST_WEEK
    ):
        if dropped_at is not None:
            dropped[member_id].append(dropped_at)
        else:  # one that is overdue, because Slack takes no messages, arrives now at the earliest
            pings[member_id].append(posted_at or max(due_at, now))
    return Budget(limits, pings, dropped)


_MEMBER, _WORKSPACE, _ITEM = columns(Member), columns(Workspace), columns(OutboxItem)
_CHECK_IN, _REMINDER = columns(CheckIn), columns(Reminder)
_MIDWEEK = columns(MidweekLine)
_AGREEMENT, _PLAN, _PRAISE = columns(Agreement), columns(Plan), columns(Praise)

_LIMITS = (
    sa.select(_MEMBER.id, _MEMBER.timezone, _WORKSPACE.weekly_messages)
    .join_from(table(Member), table(Workspace), _WORKSPACE.id == _MEMBER.workspace_id)
    .where(_MEMBER.id.in_(any_of("members")))
    .order_by(_MEMBER.id)
)
_LIMITS_TO_TAKE = _LIMITS.with_for_update(of=table(Member), key_share=True)

_SINCE = sa.bindparam("since", type_=_ITEM.posted_at.type)
_COUNTS = (_ITEM.posted_at >= _SINCE) | (_ITEM.posted_at.is_(None) & _ITEM.due_at.is_not(None))
"""Whether a message was posted since then, or is on its way. One that was given up is neither."""

_NEVER = sa.null().cast(_ITEM.posted_at.type)

_PINGS = sa.union_all(
    sa.select(_CHECK_IN.member_id, _ITEM.posted_at, _ITEM.due_at, _NEVER)
    .join_from(table(CheckIn), table(Reminder), _REMINDER.check_in_id == _CHECK_IN.id)
    .join(table(OutboxItem), outbox.is_row_of(outbox.REMINDER, _REMINDER))
    .where(
        _CHECK_IN.member_id.in_(any_of("members")),
        _REMINDER.sent_at >= _SINCE,
        _REMINDER.asked_for.is_(False),
        _COUNTS,
    ),
    sa.select(_CHECK_IN.member_id, _NEVER, _NEVER, _REMINDER.dropped_at)
    .join_from(table(CheckIn), table(Reminder), _REMINDER.check_in_id == _CHECK_IN.id)
    .where(_CHECK_IN.member_id.in_(any_of("members")), _REMINDER.dropped_at >= _SINCE),
    sa.select(_MIDWEEK.member_id, _ITEM.posted_at, _ITEM.due_at, _NEVER)
    .join_from(table(MidweekLine), table(OutboxItem), outbox.is_row_of(outbox.MIDWEEK, _MIDWEEK))
    .where(_MIDWEEK.member_id.in_(any_of("members")), _MIDWEEK.sent_at >= _SINCE, _COUNTS),
    sa.select(_MIDWEEK.member_id, _NEVER, _NEVER, _MIDWEEK.dropped_at).where(
        _MIDWEEK.member_id.in_(any_of("members")), _MIDWEEK.dropped_at >= _SINCE
    ),
    sa.select(_CHECK_IN.member_id, _ITEM.posted_at, _ITEM.due_at, _NEVER)
    .join_from(table(CheckIn), table(Praise), _PRAISE.check_in_id == _CHECK_IN.id)
    .join(table(OutboxItem), outbox.is_row_of(outbox.PRAISE, _PRAISE))
    .where(_CHECK_IN.member_id.in_(any_of("members")), _COUNTS),
    sa.select(_AGREEMENT.member_id, _ITEM.posted_at, _ITEM.due_at, _NEVER)
    .join_from(table(Agreement), table(OutboxItem), outbox.is_row_of(outbox.AGREEMENT, _AGREEMENT))
    .where(_AGREEMENT.member_id.in_(any_of("members")), _COUNTS),
    *(
        sa.select(_PLAN.member_id, _ITEM.posted_at, _ITEM.due_at, _NEVER)
        .join_from(table(Plan), table(OutboxItem), outbox.is_row_of(surface, _PLAN))
        .where(_PLAN.member_id.in_(any_of("members")), _COUNTS)
        for surface in (outbox.PLAN_ENDED_REPLY, outbox.PLAN_REACHED_REPLY)
    ),
)
"""Selects the messages that count, each with its rep, and those that were dropped."""
