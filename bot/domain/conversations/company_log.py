"""Reads what a rep's log has of companies: each company's opportunities and conversations, by one statement."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

import sqlalchemy as sa
from sqlmodel import Session

from bot.database import any_of, columns, rows, run, table
from bot.domain.tables import Conversation, Opportunity


class Held(Protocol):
    """A new Conversation, or one in the log, with the columns that a replay reads and computes."""

    id: int
    opportunity_id: int
    held_on: date
    week: date
    base: int | None
    outcome: str
    moves: int
    skipped_second: bool
    went_back: bool
    logged_at: datetime


@dataclass
class LoggedConversation:
    """A conversation in the log."""

    id: int
    opportunity_id: int
    held_on: date
    week: date
    base: int | None
    outcome: str
    moves: int
    skipped_second: bool
    went_back: bool
    logged_at: datetime


@dataclass
class Deal:
    """An opportunity in the log."""

    id: int
    company: str
    base: int
    status: str


@dataclass
class CompanyLog:
    """One company in a rep's log: its opportunities, oldest first, and its conversations, in order."""

    opportunities: list[Deal] = field(default_factory=list)
    live: list[Held] = field(default_factory=list)
    """Those that were not undone."""

    def take_out(self, conversation_id: int) -> None:
        """Leave a conversation out of the log, because it is undone or goes to another place."""
        self.live = [one for one in self.live if one.id != conversation_id]


@dataclass
class Arrived:
    """Conversations with one company that are put into its log together, in the order they were held."""

    company: str
    conversations: list[Held] = field(default_factory=list)


def known_companies(
    session: Session, member_id: int, *, without: int | None = None
) -> dict[str, str]:
    """Return the rep's companies as key → the name first logged; `without` leaves one conversation out."""
    names: dict[str, str] = {}
    for key, name in rows(session, _COMPANIES, member=member_id, without=without or 0):
        names.setdefault(key, name)
    return names


def read_companies(
    session: Session, member_id: int, company_keys: Collection[str]
) -> dict[str, CompanyLog]:
    """Return the rep's log with each of these companies, by key."""
    found = {key: CompanyLog() for key in company_keys}
    for row in run(session, _LOG, member=member_id, companies=list(company_keys)):
        log = found[row.company_key]
        if not log.opportunities or log.opportunities[-1].id != row.opportunity_id:
            log.opportunities.append(
                Deal(row.opportunity_id, row.company, row.deal_base, row.status)
            )
        if row.id is not None:
            log.live.append(
                LoggedConversation(
                    id=row.id,
                    opportunity_id=row.opportunity_id,
                    held_on=row.held_on,
                    week=row.week,
                    base=row.base,
                    outcome=row.outcome,
                    moves=row.moves,
                    skipped_second=row.skipped_second,
                    went_back=row.went_back,
                    logged_at=row.logged_at,
                )
            )
    for log in found.values():
        log.live.sort(key=place)
    return found


def read_deal(session: Session, opportunity_id: int) -> list[LoggedConversation]:
    """Return the conversations of one opportunity that were not undone, in order."""
    return [LoggedConversation(*row) for row in rows(session, _DEAL, opportunity=opportunity_id)]


def place(conversation: Held) -> tuple[date, datetime, bool, int]:
    """Return the sort key of a company's log; of a moment, conversations that are not stored yet come last."""
    return (
        conversation.held_on,
        conversation.logged_at,
        not conversation.id,
        conversation.id or 0,
    )


_DEAL_ROW, _HELD = columns(Opportunity), columns(Conversation)

_COMPANIES = (
    sa.select(_DEAL_ROW.company_key, _DEAL_ROW.company)
    .where(
        _DEAL_ROW.member_id == sa.bindparam("member"),
        sa.exists().where(
            _HELD.opportunity_id == _DEAL_ROW.id,
            _HELD.undone_at.is_(None),
            _HELD.id != sa.bindparam("without"),
        ),
    )
    .order_by(_DEAL_ROW.id)
)

_LOGGED = (
    _HELD.id,
    _HELD.opportunity_id,
    _HELD.held_on,
    _HELD.week,
    _HELD.base,
    _HELD.outcome,
    _HELD.moves,
    _HELD.skipped_second,
    _HELD.went_back,
    _HELD.logged_at,
)
"""The columns of `LoggedConversation`, in its order."""

_LOG = (
    sa.select(
        _DEAL_ROW.id.label("opportunity_id"),
        _DEAL_ROW.company_key,
        _DEAL_ROW.company,
        _DEAL_ROW.base.label("deal_base"),
        _DEAL_ROW.status,
        *(column for column in _LOGGED if column is not _HELD.opportunity_id),
    )
    .join_from(
        table(Opportunity),
        table(Conversation),
        (_HELD.opportunity_id == _DEAL_ROW.id) & _HELD.undone_at.is_(None),
        isouter=True,
    )
    .where(
        _DEAL_ROW.member_id == sa.bindparam("member"),
        _DEAL_ROW.company_key.in_(any_of("companies")),
    )
    .order_by(_DEAL_ROW.id)
)

_DEAL = (
    sa.select(*_LOGGED)
    .where(_HELD.opportunity_id == sa.bindparam("opportunity"), _HELD.undone_at.is_(None))
    .order_by(_HELD.held_on, _HELD.logged_at, _HELD.id)
)
