"""Finds the reps whose top of the funnel has dried up, and says when it will be felt.

Nothing is stored: an alarm belongs to the week that made it two weeks of zero, so a late answer or a late entry
in the log takes it back, and no other week can raise the same one again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Protocol

import sqlalchemy as sa
from sqlmodel import Session

from bot.database import any_of, columns, rows
from bot.domain.coaching.history import History, Key, PastWeek
from bot.domain.shown.momentum import MomentumShown
from bot.domain.tables import Conversation, OpportunityStatus
from bot.rules import measures, momentum
from bot.rules.conversation import Base
from bot.rules.measures import Deal, SalesCycle
from bot.rules.momentum import Alarm
from bot.rules.ratios import Provenance

DAY = timedelta(days=1)

ASKED = frozenset({"met", "missed", "silent"})
"""The results of weeks that count: a week away, skipped or still open is none of them."""


class Wanted(Protocol):
    """A row about a rep and a week."""

    @property
    def member_id(self) -> int: ...
    @property
    def week(self) -> date: ...
    @property
    def cycle_days(self) -> int:
        """The sales cycle that the rep's team assumes."""


def _key(one: Wanted) -> Key:
    return one.member_id, one.week


def raised(
    session: Session, wanted: Collection[Wanted], histories: Mapping[Key, History]
) -> dict[Key, MomentumShown]:
    """Return the alarms that exactly these weeks raise; one statement if there is any, else none."""
    return _shown(
        session,
        wanted,
        {_key(one): momentum.raised_in(alarm_of(histories[_key(one)]), one.week) for one in wanted},
    )


def standing(
    session: Session, wanted: Collection[Wanted], histories: Mapping[Key, History]
) -> dict[Key, MomentumShown]:
    """Return the alarms that stand after these weeks, whichever week raised them."""
    return _shown(session, wanted, {_key(one): alarm_of(histories[_key(one)]) for one in wanted})


def alarm_of(history: History) -> Alarm | None:
    """Return the alarm that stands after a history; None if there is none."""
    return momentum.standing(
        [
            momentum.counts(
                week.week,
                conversations=_number(week, "conversations"),
                base_moves=_number(week, "base_moves"),
                log=history.log,
            )
            for week in history.weeks
            if week.result in ASKED
        ]
    )


def cycles(session: Session, wanted: Collection[Wanted]) -> dict[Key, SalesCycle]:
    """Return the sales cycle of each rep as of that week, measured or the team's; one statement, or none."""
    if not wanted:
        return {}
    won: dict[int, list[Deal]] = defaultdict(list)
    for member_id, started_on, conversations, won_on in rows(
        session,
        _WON,
        members=list({one.member_id for one in wanted}),
        since=min(one.week for one in wanted) - measures.WINDOW,
    ):
        won[member_id].append(Deal(started_on, conversations, Base.HOME, won_on))
    return {
        _key(one): measures.sales_cycle(
            won[one.member_id], default=one.cycle_days, today=one.week + 6 * DAY
        )
        for one in wanted
    }


def _shown(
    session: Session, wanted: Collection[Wanted], alarms: Mapping[Key, Alarm | None]
) -> dict[Key, MomentumShown]:
    alarmed = [one for one in wanted if alarms[_key(one)] is not None]
    of = cycles(session, alarmed)
    found = {}
    for one in alarmed:
        alarm, cycle = alarms[_key(one)], of[_key(one)]
        assert alarm is not None  # noqa: S101 - those without one were left out
        found[_key(one)] = MomentumShown(
            kind=alarm.kind.label,
            weeks=alarm.weeks,
            felt_on=momentum.felt_on(alarm, cycle_days=cycle.days),
            cycle_days=cycle.days,
            wins=cycle.wins,
            is_measured=cycle.provenance is Provenance.MEASURED,
        )
    return found


def _number(week: PastWeek, key: str) -> Decimal | None:
    goal = week.goal(key)
    return goal.number if goal is not None else None


_CONVERSATION = columns(Conversation)

_WON_ON = sa.func.max(
    sa.case((_CONVERSATION.outcome == OpportunityStatus.WON.value, _CONVERSATION.held_on))
)

_WON = (
    sa.select(
        _CONVERSATION.member_id,
        sa.func.min(_CONVERSATION.held_on),
        sa.func.count(),
        _WON_ON,
    )
    .where(_CONVERSATION.member_id.in_(any_of("members")), _CONVERSATION.undone_at.is_(None))
    .group_by(_CONVERSATION.member_id, _CONVERSATION.opportunity_id)
    .having(sa.bindparam("since", type_=_CONVERSATION.held_on.type) < _WON_ON)
)
"""Selects the deals that were won since a day, each with the days of its first conversation and of the sale."""
