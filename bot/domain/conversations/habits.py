"""What stands out in how a week was logged; it is said to the rep's coaches, neutrally, and to nobody else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session

from bot.database import any_of, columns, rows, table
from bot.domain.shown.loop import Habit
from bot.domain.tables import Conversation, Opportunity
from bot.rules import weeks

MANY = 10
"""So many entries with one company on one day stand out."""

A_WEEK = 5
"""From so many conversations on it stands out if all of them were logged at the very end of the week."""

THE_END = timedelta(hours=6)
JUST_AFTER = timedelta(days=1)
"""The end of a week: from 18:00 on its Sunday to the end of Monday. What comes later was imported, or added."""


def of_weeks(
    session: Session, wanted: Mapping[int, tuple[date, ZoneInfo]]
) -> dict[int, list[Habit]]:
    """Return what stands out in one week of each rep, by member id, with one statement.

    `wanted` has the week and the rep's zone.
    """
    found: dict[int, list[Habit]] = defaultdict(list)
    if not wanted:
        return found
    asked: Mapping[str, Collection[object]] = {
        "members": list(wanted),
        "weeks": list({week for week, _ in wanted.values()}),
    }
    for member_id, week, company, day, entries, first in rows(session, _STANDS_OUT, **asked):
        of, zone = wanted[member_id]
        if of != week:
            continue
        if company is not None:
            found[member_id].append(Habit(company, day, entries))
        elif _is_at_the_end(first, week, zone):
            found[member_id].append(Habit(entries=entries))
    return found


def _is_at_the_end(first: datetime, week: date, zone: ZoneInfo) -> bool:
    _, ended = weeks.bounds(week, zone)
    return ended - THE_END <= first < ended + JUST_AFTER


_CONVERSATION, _OPPORTUNITY = columns(Conversation), columns(Opportunity)

_KEPT = (
    _CONVERSATION.member_id.in_(any_of("members")),
    _CONVERSATION.week.in_(any_of("weeks")),
    _CONVERSATION.undone_at.is_(None),
)

_ENTRIES = sa.func.count().label("entries")
_FIRST = sa.func.min(_CONVERSATION.logged_at, type_=_CONVERSATION.logged_at.type)

_MANY_OF_ONE = (
    sa.select(
        _CONVERSATION.member_id,
        _CONVERSATION.week,
        sa.func.min(_OPPORTUNITY.company),
        _CONVERSATION.held_on,
        _ENTRIES,
        _FIRST,
    )
    .join_from(
        table(Conversation), table(Opportunity), _OPPORTUNITY.id == _CONVERSATION.opportunity_id
    )
    .where(*_KEPT)
    .group_by(
        _CONVERSATION.member_id,
        _CONVERSATION.week,
        _OPPORTUNITY.company_key,
        _CONVERSATION.held_on,
    )
    .having(sa.func.count() >= MANY)
)

_WHOLE_WEEKS = (
    sa.select(
        _CONVERSATION.member_id,
        _CONVERSATION.week,
        sa.cast(None, _OPPORTUNITY.company.type),
        sa.cast(None, _CONVERSATION.held_on.type),
        _ENTRIES,
        _FIRST,
    )
    .where(*_KEPT)
    .group_by(_CONVERSATION.member_id, _CONVERSATION.week)
    .having(sa.func.count() >= A_WEEK)
)

_STANDS_OUT = sa.union_all(_MANY_OF_ONE, _WHOLE_WEEKS)
