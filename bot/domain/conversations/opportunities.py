"""Opportunities: decides which conversations belong to one deal, and which base the deal is on.

Every column of an opportunity is computed from the log. After each change the conversations with one company are
replayed in the order they were held: a won or lost conversation closes an opportunity, and the next one starts
another. So the order in which they were logged, edited or undone makes no difference.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlmodel import Session, col, select

from bot.database import insert_all
from bot.domain.tables import Conversation, Member, Opportunity, OpportunityStatus
from bot.rules import base_moves, companies
from bot.rules.conversation import Base, DealOutcome


@dataclass(frozen=True)
class Standing:
    """The state of the opportunity that a conversation would belong to."""

    base: Base
    closed_as: DealOutcome | None
    """How the last opportunity ended, if none is open now; None if one is open or there never was one."""


def known_companies(
    session: Session, member_id: int, *, without: int | None = None
) -> dict[str, str]:
    """Return the rep's companies as key → the name first logged; `without` leaves one conversation out."""
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
    """Return the state in which a conversation held on that day finds its opportunity.

    A new conversation comes last on its day; one that is being edited keeps its place among those of the day.
    """
    others = [other for _, other in _live(session, member_id, [companies.key(company)])]
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
    outcome = DealOutcome(earlier[-1].outcome)
    if outcome is not DealOutcome.OPEN:
        return Standing(Base.NONE, outcome)
    return Standing(moved[-1].base_after, None)


def opportunity_for(
    session: Session, *, member: Member, company: str, now: datetime
) -> Opportunity:
    """Return a row that a conversation with the company can refer to until `replay` assigns the right one."""
    latest = _opportunities(session, member.id, companies.key(company))
    if latest:
        return latest[-1]
    return _new(session, member=member, company=company, now=now)


def rename(session: Session, *, member: Member, company: str) -> None:
    """Show the company by this name from now on."""
    for opportunity in _opportunities(session, member.id, companies.key(company)):
        opportunity.company = company


def replay(session: Session, *, member: Member, company: str, now: datetime) -> set[date]:
    """Compute the opportunities with one company again; return the weeks whose base moves changed."""
    return _replay(session, member, {companies.key(company): Arrived(company)}, now)


@dataclass
class Arrived:
    """Conversations with one company that are added to the log together, in the order they were held."""

    company: str
    conversations: list[Conversation] = field(default_factory=list)


def add_and_replay(
    session: Session, *, member: Member, arrived: Mapping[str, Arrived], now: datetime
) -> set[date]:
    """Add conversations, logged `now`, to the log, with a few statements for all of them.

    `arrived` has them by the key of their company. A company that is in the log already keeps its name. Returns
    the weeks whose numbers changed.
    """
    weeks = _replay(session, member, arrived, now)
    return weeks | {new.week for company in arrived.values() for new in company.conversations}


def _replay(
    session: Session, member: Member, arrived: Mapping[str, Arrived], now: datetime
) -> set[date]:
    session.flush()
    rows = _by_key(session, member.id, arrived)
    live: dict[str, list[Conversation]] = defaultdict(list)
    for key, conversation in _live(session, member.id, arrived):
        live[key].append(conversation)
    deals: dict[str, list[list[Conversation]]] = {}
    for key, company in arrived.items():
        if company.conversations and not live[key]:
            for opportunity in rows[key]:
                opportunity.company = company.company
        held = sorted(live[key] + company.conversations, key=lambda c: (c.held_on, c.logged_at))
        deals[key] = _deals(held)
        name = rows[key][0].company if rows[key] else company.company
        more = len(deals[key]) - len(rows[key])
        rows[key] += [_row(member, name, now) for _ in range(more)]
    weeks: set[date] = set()
    for key in arrived:
        for opportunity, deal in zip(rows[key], deals[key], strict=False):
            weeks |= _play(opportunity, deal)
        for unused in rows[key][len(deals[key]) :]:
            unused.base, unused.status = Base.NONE, OpportunityStatus.OPEN
    session.add_all(opportunity for key in arrived for opportunity in rows[key])
    session.flush()  # gives the new ones their ids
    for key in arrived:
        for opportunity, deal in zip(rows[key], deals[key], strict=False):
            for conversation in deal:
                conversation.opportunity_id = opportunity.id
    _insert(session, [new for company in arrived.values() for new in company.conversations])
    return weeks


def _insert(session: Session, new: Sequence[Conversation]) -> None:
    """Insert the conversations by one statement; their ids, which SQLite gives only row by row, are not needed."""
    session.flush()
    table = Conversation.__table__  # type: ignore[attr-defined]
    names = [column.name for column in table.columns if not column.primary_key]
    insert_all(session, table, [{name: getattr(row, name) for name in names} for row in new])


def _play(opportunity: Opportunity, deal: Sequence[Conversation]) -> set[date]:
    """Compute the opportunity and its conversations again; return the weeks whose base moves changed."""
    weeks: set[date] = set()
    moved = base_moves.replay(_steps(deal))
    for conversation, step in zip(deal, moved, strict=True):
        if conversation.moves != step.moves:
            weeks.add(conversation.week)
        conversation.moves = step.moves
        conversation.skipped_second = step.skipped_second
        conversation.went_back = step.went_back
    opportunity.base = moved[-1].base_after
    opportunity.status = OpportunityStatus(deal[-1].outcome)
    return weeks


def stood_after(session: Session, conversation: Conversation) -> tuple[Base, bool]:
    """Return the base of the opportunity after a conversation, and whether that was its latest conversation."""
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
    return _by_key(session, member_id, [company_key])[company_key]


def _by_key(
    session: Session, member_id: int, company_keys: Collection[str]
) -> dict[str, list[Opportunity]]:
    """Return the existing opportunities of each company, oldest first."""
    found: dict[str, list[Opportunity]] = {key: [] for key in company_keys}
    for opportunity in session.exec(
        select(Opportunity)
        .where(Opportunity.member_id == member_id, col(Opportunity.company_key).in_(company_keys))
        .order_by(col(Opportunity.id))
    ):
        found[opportunity.company_key].append(opportunity)
    return found


def _live(
    session: Session, member_id: int, company_keys: Collection[str]
) -> list[tuple[str, Conversation]]:
    """Return the conversations with these companies that were not undone, with their companies' keys, in order."""
    return list(
        session.exec(
            select(Opportunity.company_key, Conversation)
            .join(Conversation, col(Opportunity.id) == col(Conversation.opportunity_id))
            .where(
                Opportunity.member_id == member_id,
                col(Opportunity.company_key).in_(company_keys),
                col(Conversation.undone_at).is_(None),
            )
            .order_by(col(Conversation.held_on), col(Conversation.logged_at), col(Conversation.id))
        )
    )


def _deals(conversations: Iterable[Conversation]) -> list[list[Conversation]]:
    """Split the conversations after each one that was won or lost."""
    deals: list[list[Conversation]] = []
    going_on = False
    for conversation in conversations:
        if not going_on:
            deals.append([])
        deals[-1].append(conversation)
        going_on = conversation.outcome == DealOutcome.OPEN
    return deals


def _steps(conversations: Iterable[Conversation]) -> list[base_moves.Step]:
    return [
        base_moves.Step(
            base_reached=None if conversation.base is None else Base(conversation.base),
            outcome=DealOutcome(conversation.outcome),
        )
        for conversation in conversations
    ]


def _new(session: Session, *, member: Member, company: str, now: datetime) -> Opportunity:
    opportunity = _row(member, company, now)
    session.add(opportunity)
    session.flush()
    return opportunity


def _row(member: Member, company: str, now: datetime) -> Opportunity:
    return Opportunity(
        workspace_id=member.workspace_id,
        member_id=member.id,
        company=company,
        company_key=companies.key(company),
        created_at=now,
    )
