"""Changes the targets of many reps: reads all that was ever set, decides in memory, and adds the new rows.

The number of statements does not depend on how many reps, metrics or weeks there are.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlmodel import Session

from bot.database import any_of, columns, insert_all, rows, table
from bot.domain.outbox import surfaces, week_surfaces
from bot.domain.tables import Target


@dataclass
class _History:
    """What was set for one metric of one rep, oldest week first; the last one of a week counts."""

    weeks: list[date] = field(default_factory=list)
    amounts: list[Decimal | None] = field(default_factory=list)

    def amount(self, week: date) -> Decimal | None:
        place = bisect_right(self.weeks, week)
        return self.amounts[place - 1] if place else None

    def add(self, week: date, amount: Decimal | None) -> None:
        place = bisect_right(self.weeks, week)
        self.weeks.insert(place, week)
        self.amounts.insert(place, amount)


class TargetChanges:
    """The targets of some reps, as they are stored and as they will be once `write` has added what is new."""

    def __init__(self, histories: defaultdict[tuple[int, int], _History]) -> None:
        self._histories = histories
        self._members = {member_id for member_id, _ in histories}
        self._new: list[tuple[int, int, date, Decimal | None]] = []
        self._weeks: defaultdict[int, set[date]] = defaultdict(set)

    def amount(self, member_id: int, metric_id: int, week: date) -> Decimal | None:
        """Return the rep's target for one week; None if the metric is not asked then."""
        return self._histories[member_id, metric_id].amount(week)

    def had_any(self, member_id: int) -> bool:
        """Return whether a target was ever set for the rep."""
        return member_id in self._members

    def differs(
        self, member_id: int, amounts: Mapping[int, Decimal | None], from_week: date
    ) -> bool:
        """Return whether `save` would change anything."""
        return any(
            history.amount(week) != amount
            for metric_id, amount in amounts.items()
            if (history := self._histories[member_id, metric_id])
            for week in (from_week, *(later for later in history.weeks if later > from_week))
        )

    def save(self, member_id: int, amounts: Mapping[int, Decimal | None], from_week: date) -> bool:
        """Set the rep's targets, by metric id, from `from_week` on, also for weeks with later targets.

        No amount means that the metric is no longer asked. Returns False if nothing changes.
        """
        changed = False
        for metric_id, amount in amounts.items():
            history = self._histories[member_id, metric_id]
            later = {week for week in history.weeks if week > from_week}
            for week in (from_week, *sorted(later)):
                if history.amount(week) != amount:
                    history.add(week, amount)
                    self._new.append((member_id, metric_id, week, amount))
                    changed = True
        if changed:
            self._weeks[member_id].add(from_week)
        return changed

    def write(
        self, session: Session, *, workspace_id: int, set_by: int | None, now: datetime
    ) -> bool:
        """Add the new rows, and mark what shows these weeks stale; return False if there was nothing to add."""
        if not self._new:
            return False
        insert_all(
            session,
            table(Target),
            [
                {
                    "workspace_id": workspace_id,
                    "member_id": member_id,
                    "metric_id": metric_id,
                    "from_week": from_week,
                    "amount": amount,
                    "set_by": set_by,
                    "set_at": now,
                }
                for member_id, metric_id, from_week, amount in self._new
            ],
        )
        week_surfaces.weeks_changed(session, workspace_id=workspace_id, weeks=self._weeks, now=now)
        surfaces.workspace_homes_changed(session, workspace_id=workspace_id, now=now)
        self._new.clear()
        self._weeks.clear()
        return True


def read_targets(session: Session, member_ids: Collection[int]) -> TargetChanges:
    """Return the targets of these reps, by one statement."""
    histories: defaultdict[tuple[int, int], _History] = defaultdict(_History)
    for member_id, metric_id, week, amount in rows(session, _EVER_SET, members=list(member_ids)):
        history = histories[member_id, metric_id]
        history.weeks.append(week)
        history.amounts.append(amount)
    return TargetChanges(histories)


_TARGET = columns(Target)

_EVER_SET = (
    sa.select(_TARGET.member_id, _TARGET.metric_id, _TARGET.from_week, _TARGET.amount)
    .where(_TARGET.member_id.in_(any_of("members")))
    .order_by(_TARGET.from_week, _TARGET.id)
)
