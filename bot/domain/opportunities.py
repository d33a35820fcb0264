"""Opportunities: which conversations belong to one deal, and where it stands.

All that an opportunity is follows from the log. After each change the conversations with one company are
taken in the order they were held and played again: a won or lost one closes an opportunity, the next one
starts another. So it makes no difference in which order they were logged, edited or undone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from bot.domain.tables import Conversation, Member, Opportunity, OpportunityStatus
from bot.rules import base_moves, companies
from bot.rules.conversation import Base, Outcome


@dataclass(frozen=True)
class Standing:
    """Where the opportunity stands that a conversation would belong to."""

    base: Base
    closed_as: Outcome | None
    """How the last opportunity ended, when none is going on; None also when there never was one."""


def known_companies(
    session: Session, member_id: int, *, without: int | None = None
) -> dict[str, str]:
    """The rep's companies as key → the name first logged; `without` leaves one conversation out."""
    found = session.exec(
        select(Opportunity.company_key, Opportunity.company)
        .join(Conversation, col(Conversation.opportunity_id) == col(Opportunity.id))
        .where(
            Opportunity.member_id == member_id,
            col(Conversation.undone_at).is_(None),
            Conversation.id != (without or 0),
        )
        .order_by(col(Opportunity.id))
    )
    names: dict[str, str] = {}
    for key, name in found:
        names.setdefault(key, name)
    return names


def standing(
    session: Session,
    member_id: int,
    company: str,
    *,
    held_on: date,
    editing: Conversation | None = None,
) -> Standing:
    """Where a conversation held on that day finds its opportunity.

    A new one comes last on its day; one that is being edited keeps its place among those of the day.
    """
    others = _live(session, member_id, companies.key(company))
    if editing is None:
        earlier = [other for other in others if other.held_on <= held_on]
    else:
        place = (held_on, editing.logged_at, editing.id)
        earlier = [
            other
            for other in others
            if other.id != editing.id and (other.held_on, other.logged_at, other.id) < place
        ]
    moved = base_moves.replay(_steps(earlier))
    if not moved:
        return Standing(Base.NONE, None)
    outcome = Outcome(earlier[-1].outcome)
    if outcome is not Outcome.OPEN:
        return Standing(Base.NONE, outcome)
    return Standing(moved[-1].base_after, None)


def opportunity_for(
    session: Session, *, member: Member, company: str, now: datetime
) -> Opportunity:
    """A row that a conversation with the company can be filed under until `replay` puts it in place."""
    latest = _opportunities(session, member.id, companies.key(company))
    if latest:
        return latest[-1]
    return _new(session, member=member, company=company, now=now)


def rename(session: Session, *, member: Member, company: str) -> None:
    """Show the company by this name from now on."""
    for opportunity in _opportunities(session, member.id, companies.key(company)):
        opportunity.company = company


def replay(session: Session, *, member: Member, company: str, now: datetime) -> set[date]:
    """Work out anew the opportunities with one company; the weeks whose base moves changed."""
    session.flush()
    rows = _opportunities(session, member.id, companies.key(company))
    conversations = _live(session, member.id, companies.key(company))
    weeks: set[date] = set()
    for position, deal in enumerate(_deals(conversations)):
        if position == len(rows):
            rows.append(_new(session, member=member, company=rows[0].company, now=now))
        opportunity = rows[position]
        moved = base_moves.replay(_steps(deal))
        for conversation, step in zip(deal, moved, strict=True):
            if conversation.moves != step.moves:
                weeks.add(conversation.week)
            conversation.opportunity_id = opportunity.id
            conversation.moves = step.moves
            conversation.skipped_second = step.skipped_second
            conversation.went_back = step.went_back
        opportunity.base = moved[-1].base_after
        opportunity.status = OpportunityStatus(deal[-1].outcome)
    for unused in rows[len(_deals(conversations)) :]:
        unused.base, unused.status = Base.NONE, OpportunityStatus.OPEN
    session.flush()
    return weeks


def stood_after(session: Session, conversation: Conversation) -> tuple[Base, bool]:
    """Where the opportunity stood after a conversation, and whether that was its latest one."""
    deal = list(
        session.exec(
            select(Conversation)
            .where(
                Conversation.opportunity_id == conversation.opportunity_id,
                col(Conversation.undone_at).is_(None),
            )
            .order_by(col(Conversation.held_on), col(Conversation.logged_at), col(Conversation.id))
        )
    )
    if conversation not in deal:
        return Base.NONE, False
    position = deal.index(conversation)
    moved = base_moves.replay(_steps(deal))
    return moved[position].base_after, position == len(deal) - 1


def _opportunities(session: Session, member_id: int, company_key: str) -> list[Opportunity]:
    return list(
        session.exec(
            select(Opportunity)
            .where(Opportunity.member_id == member_id, Opportunity.company_key == company_key)
            .order_by(col(Opportunity.id))
        )
    )


def _live(session: Session, member_id: int, company_key: str) -> list[Conversation]:
    """All conversations with one company that were not undone, in the order they were held."""
    return list(
        session.exec(
            select(Conversation)
            .join(Opportunity, col(Opportunity.id) == col(Conversation.opportunity_id))
            .where(
                Opportunity.member_id == member_id,
                Opportunity.company_key == company_key,
                col(Conversation.undone_at).is_(None),
            )
            .order_by(col(Conversation.held_on), col(Conversation.logged_at), col(Conversation.id))
        )
    )


def _deals(conversations: Iterable[Conversation]) -> list[list[Conversation]]:
    """The conversations cut after each one that was won or lost."""
    deals: list[list[Conversation]] = []
    going_on = False
    for conversation in conversations:
        if not going_on:
            deals.append([])
        deals[-1].append(conversation)
        going_on = conversation.outcome == Outcome.OPEN
    return deals


def _steps(conversations: Iterable[Conversation]) -> list[base_moves.Step]:
    return [
        base_moves.Step(
            base_reached=None if conversation.base is None else Base(conversation.base),
            outcome=Outcome(conversation.outcome),
        )
        for conversation in conversations
    ]


def _new(session: Session, *, member: Member, company: str, now: datetime) -> Opportunity:
    opportunity = Opportunity(
        workspace_id=member.workspace_id,
        member_id=member.id,
        company=company,
        company_key=companies.key(company),
        created_at=now,
    )
    session.add(opportunity)
    session.flush()
    return opportunity
