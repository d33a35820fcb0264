"""A rep's own log to look through: the conversations of two weeks, and the open deals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple, TypeVar

import sqlalchemy as sa
from sqlmodel import Session

from bot.database import columns, rows, table
from bot.domain import access
from bot.domain.access import Caller
from bot.domain.calendars.open_weeks import open_weeks_of
from bot.domain.calendars.schedules import zone_of
from bot.domain.conversations.forms import logging_rep
from bot.domain.metrics.records import reader_of
from bot.domain.shown.log import ConversationLine, DealPage, LogPage, OpenDeal, RepLog, WeekOfLog
from bot.domain.tables import Conversation, Opportunity, OpportunityStatus
from bot.rules import base_moves
from bot.rules.conversation import Base, Close, DealOutcome
from bot.rules.weeks import WEEK, week_of

WEEKS = 4
"""How many weeks of a rep's log stand on one page."""

LINES = 40
"""How many conversations, or deals, stand on one page."""

ZERO = Decimal(0)

T = TypeVar("T")


def my_week(session: Session, *, caller: Caller, now: datetime, page: int = 0) -> LogPage:
    """Return a page of the caller's conversations of this week and the one before; the last page for one too far.

    Raises Refusal for anybody who is not a rep.
    """
    member, team = logging_rep(session, caller, lock=False)
    open_weeks = open_weeks_of(session, member, now)
    this_week = week_of(now, zone_of(member))
    lines = of_weeks(session, member.id, this_week - WEEK, this_week)
    page, pages, shown = paged(lines, page, LINES)
    return LogPage(
        weeks=tuple(
            in_short(week, lines, editable=week >= open_weeks.first_day)
            for week in (this_week, this_week - WEEK)
        ),
        lines=tuple(shown),
        page=page,
        pages=pages,
        reader=reader_of(member, team),
    )


def log_of(
    session: Session, *, caller: Caller, slack_user_id: str, now: datetime, page: int = 0
) -> RepLog:
    """Return some weeks of a rep's log, the newest first; the last page for one too far.

    Raises Refusal for everybody but the rep and the rep's present coaches.
    """
    seen = access.may_see_record(session, caller, slack_user_id)
    this_week = week_of(now, zone_of(seen.rep))
    ((first,),) = rows(session, _FIRST_WEEK, member=seen.rep.id)
    behind = max((this_week - first) // WEEK, 0) if first is not None else 0
    pages = behind // WEEKS + 1
    page = min(max(page, 0), pages - 1)
    shown = [this_week - (page * WEEKS + n) * WEEK for n in range(WEEKS)]
    lines = of_weeks(session, seen.rep.id, shown[-1], shown[0])
    return RepLog(
        rep=seen.rep.slack_user_id,
        weeks=tuple(in_short(week, lines, editable=False) for week in shown),
        lines=tuple(lines),
        page=page,
        pages=pages,
        reader=reader_of(seen.viewer, seen.team),
    )


def of_weeks(session: Session, member_id: int, first: date, last: date) -> list[ConversationLine]:
    """Return the member's conversations from one week to another that are in the log, the newest first."""
    return [
        ConversationLine(
            conversation_id=row.id,
            company=row.company,
            held_on=row.held_on,
            week=row.week,
            base=None if row.base is None else Base(row.base),
            moves=row.moves,
            close=None if row.close is None else Close(row.close),
            outcome=DealOutcome(row.outcome),
            amount=row.amount,
            late=row.late,
            edited=row.edited_at is not None,
        )
        for row in (
            _Line(*found)
            for found in rows(session, _LINES, member=member_id, first=first, last=last)
        )
    ]


def in_short(week: date, lines: Sequence[ConversationLine], *, editable: bool) -> WeekOfLog:
    """Return the week's numbers, counted from its conversations among the lines."""
    own = [line for line in lines if line.week == week]
    won = [
        line.amount for line in own if line.outcome is DealOutcome.WON and line.amount is not None
    ]
    return WeekOfLog(week, len(own), sum(line.moves for line in own), sum(won, ZERO), editable)


def my_deals(session: Session, *, caller: Caller, now: datetime, page: int = 0) -> DealPage:
    """Return a page of the caller's open deals; the last page for one too far. Raises Refusal for non-reps."""
    member, team = logging_rep(session, caller, lock=False)
    today = open_weeks_of(session, member, now).today
    found = [_Held(*row) for row in rows(session, _OPEN, member=member.id)]
    deals = [_deal(list(of_deal)) for _, of_deal in groupby(found, key=lambda one: one.deal_id)]
    deals.sort(key=lambda deal: (-deal.base, deal.on_base_since, deal.company.casefold()))
    page, pages, shown = paged(deals, page, LINES)
    counts = Counter(deal.base for deal in deals)
    return DealPage(
        deals=tuple(shown),
        counts=tuple(sorted(counts.items(), reverse=True)),
        today=today,
        page=page,
        pages=pages,
        reader=reader_of(member, team),
    )


def paged(found: Sequence[T], page: int, size: int) -> tuple[int, int, Sequence[T]]:
    """Return the number of the page that there is, how many there are, and what stands on it."""
    pages = max(1, -(-len(found) // size))
    page = min(max(page, 0), pages - 1)
    return page, pages, found[page * size : (page + 1) * size]


def _deal(held: Sequence[_Held]) -> OpenDeal:
    """Return an open deal from its conversations, which are in order."""
    moved = base_moves.replay(
        base_moves.Step(None if one.base is None else Base(one.base)) for one in held
    )
    base, since = moved[-1].base_after, held[-1].held_on
    for one, step in zip(reversed(held), reversed(moved), strict=True):
        if step.base_after != base:
            break
        since = one.held_on
    return OpenDeal(held[0].company, base, since, held[-1].held_on)


class _Line(NamedTuple):
    id: int
    company: str
    held_on: date
    week: date
    base: int | None
    moves: int
    close: str | None
    outcome: str
    amount: Decimal | None
    late: bool
    edited_at: datetime | None


class _Held(NamedTuple):
    """A conversation of an open deal."""

    deal_id: int
    company: str
    held_on: date
    base: int | None


_DEAL, _CONVERSATION = columns(Opportunity), columns(Conversation)

_IN_LOG = table(Conversation).join(table(Opportunity), _DEAL.id == _CONVERSATION.opportunity_id)

_LINES = (
    sa.select(
        _CONVERSATION.id,
        _DEAL.company,
        *(_CONVERSATION[name] for name in _Line._fields[2:]),
    )
    .select_from(_IN_LOG)
    .where(
        _CONVERSATION.member_id == sa.bindparam("member"),
        _CONVERSATION.week.between(sa.bindparam("first"), sa.bindparam("last")),
        _CONVERSATION.undone_at.is_(None),
    )
    .order_by(_CONVERSATION.held_on.desc(), _CONVERSATION.logged_at.desc(), _CONVERSATION.id.desc())
)

_FIRST_WEEK = sa.select(sa.func.min(_CONVERSATION.week)).where(
    _CONVERSATION.member_id == sa.bindparam("member"), _CONVERSATION.undone_at.is_(None)
)

_OPEN = (
    sa.select(_DEAL.id, _DEAL.company, _CONVERSATION.held_on, _CONVERSATION.base)
    .select_from(_IN_LOG)
    .where(
        _CONVERSATION.member_id == sa.bindparam("member"),
        _DEAL.status == OpportunityStatus.OPEN.value,
        _CONVERSATION.undone_at.is_(None),
    )
    .order_by(_DEAL.id, _CONVERSATION.held_on, _CONVERSATION.logged_at, _CONVERSATION.id)
)
