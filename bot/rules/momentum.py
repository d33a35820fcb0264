"""Momentum: two weeks with nothing at the top of the funnel, and the month in which that will be felt.

What is not done today is missing one sales cycle later, when nobody can mend it any more. So two weeks of zero in
conversations, base moves or first appointments raise one alarm. While it lasts there is no second one.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from bot.rules.leaks import Log

ZEROS = 2
"""So many weeks of zero in a row raise the alarm."""


class Kind(enum.StrEnum):
    """What was zero; the first of several says it all, because the others follow from it."""

    CONVERSATIONS = "conversations"
    BASE_MOVES = "base_moves"
    FIRSTS = "firsts"

    @property
    def label(self) -> str:
        """``conversation``, ``base move``, ``first appointment``."""
        return {"firsts": "first appointment"}.get(
            self.value, self.value.replace("_", " ").removesuffix("s")
        )


@dataclass(frozen=True)
class Counts:
    """The counts of one week that was asked about; None for what is not known."""

    week: date
    conversations: Decimal | None = None
    base_moves: Decimal | None = None
    firsts: Decimal | None = None

    def of(self, kind: Kind) -> Decimal | None:
        """Return the count of this kind."""
        found: Decimal | None = getattr(self, kind.value)
        return found


@dataclass(frozen=True)
class Alarm:
    """What has been zero, since the week with the Monday `since`, for so many weeks."""

    kind: Kind
    since: date
    weeks: int
    raised_by: date
    """The week that made it two weeks; it alone raises the alarm."""


def counts(
    week: date, *, conversations: Decimal | None, base_moves: Decimal | None, log: Log
) -> Counts:
    """Return the counts of a week that was asked about, from its answers and from the log.

    The larger of answer and log counts, and silence is no zero: without an answer only a log that has
    something in it is known. First appointments are nobody's target, so they come from the log; a week without
    any base move has none.
    """
    talked = log.weeks.get(week)
    held = Decimal(talked.conversations) if talked is not None else Decimal(0)
    moved = Decimal(talked.moves) if talked is not None else Decimal(0)
    all_talks, all_moves = _known(conversations, held), _known(base_moves, moved)
    if all_talks == 0 and all_moves is None:
        all_moves = Decimal(0)  # nothing moves without a conversation
    firsts = None
    if all_moves == 0:
        firsts = Decimal(0)
    elif held > 0:
        firsts = Decimal(sum(one.week == week and one.base == one.moves for one in log.moved))
    return Counts(week, all_talks, all_moves, firsts)


def standing(weeks: Sequence[Counts]) -> Alarm | None:
    """Return the alarm that stands after these weeks, oldest first; None if nothing is wrong, or no more.

    Weeks away and weeks that were not asked about are not among them, so they neither count nor end an alarm.
    """
    runs: dict[Kind, list[date]] = {kind: [] for kind in Kind}
    raised: tuple[Kind, ...] = ()
    raised_by = date.min
    for week in weeks:
        for kind in Kind:
            if (number := week.of(kind)) is not None:
                runs[kind] = [*runs[kind], week.week] if number == 0 else []
        raised = tuple(kind for kind in raised if runs[kind])
        if not raised:
            raised = tuple(kind for kind in Kind if len(runs[kind]) >= ZEROS)
            raised_by = week.week
    if not raised:
        return None
    run = runs[raised[0]]
    return Alarm(raised[0], since=run[0], weeks=len(run), raised_by=raised_by)


def felt_on(alarm: Alarm, *, cycle_days: int) -> date:
    """Return the day on which the first of those weeks will be missing: one sales cycle later."""
    return alarm.since + timedelta(days=cycle_days)


def raised_in(alarm: Alarm | None, week: date) -> Alarm | None:
    """Return the alarm if this week raised it; None if an earlier one did."""
    return alarm if alarm is not None and alarm.raised_by == week else None


def _known(answered: Decimal | None, logged: Decimal) -> Decimal | None:
    if answered is not None:
        return max(answered, logged)
    return logged if logged > 0 else None
