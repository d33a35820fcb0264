"""Opportunities: decides which conversations belong to one deal, and which base the deal is on.

Every column of an opportunity is computed from the log. After each change the conversations with one company are
replayed in the order they were held: a won or lost conversation closes an opportunity, and the next one starts
another. So the order in which they were logged, edited or undone makes no difference.

All of a company's log is read by one statement, and what a replay changes is written together, however long it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from bot.database import columns, insert_all, run, table, update_all
from bot.domain.conversations.company_log import (
    Arrived,
    CompanyLog,
    Deal,
    Held,
    place,
    read_companies,
    read_deal,
)
from bot.domain.tables import Conversation, Member, Opportunity, OpportunityStatus, Plan
from bot.rules import base_moves
from bot.rules.conversation import Base, DealOutcome


@dataclass(frozen=True)
class Standing:
    """The state of the opportunity that a conversation would belong to."""

    base: Base
    closed_as: DealOutcome | None
    """How the last opportunity ended, if none is open now; None if one is open or there never was one."""


@dataclass(frozen=True)
class Replayed:
    """What a replay computed: the weeks whose base moves changed, and each company's deals."""

    weeks: set[date]
    deals: Mapping[str, Sequence[Sequence[Held]]]

    def stood_after(self, conversation: Held) -> tuple[Base, bool]:
        """Return the base of the opportunity after a conversation, and whether that was its latest one."""
        for deals in self.deals.values():
            for deal in deals:
                if any(one is conversation for one in deal):
                    return _stood_after(deal, conversation)
        return Base.NONE, False


def standing(log: CompanyLog, *, held_on: date, editing: Conversation | None = None) -> Standing:
    """Return the state in which a conversation held on that day finds its opportunity.

    A new conversation comes last on its day; one that is being edited keeps its place among those of the day.
    """
    if editing is None:
        earlier = [other for other in log.live if other.held_on <= held_on]
    else:
        before = (held_on, editing.logged_at, editing.id)
        earlier = [
            other
            for other in log.live
            if other.id != editing.id and (other.held_on, other.logged_at, other.id) < before
        ]
    moved = base_moves.replay(_steps(earlier))
    if not moved:
        return Standing(Base.NONE, None)
    outcome = DealOutcome(earlier[-1].outcome)
    if outcome is not DealOutcome.OPEN:
        return Standing(Base.NONE, outcome)
    return Standing(moved[-1].base_after, None)


def add_and_replay(
    session: Session, *, member: Member, arrived: Mapping[str, Arrived], now: datetime
) -> set[date]:
    """Add conversations, logged `now`, to the log, with a few statements for all of them.

    `arrived` has them by the key of their company. A company that is in the log already keeps its name. Returns
    the weeks whose numbers changed.
    """
    logs = read_companies(session, member.id, arrived)
    replayed = replay(session, member=member, logs=logs, arrived=arrived, now=now)
    new = [one for company in arrived.values() for one in company.conversations]
    names = [column.name for column in table(Conversation).columns if not column.primary_key]
    insert_all(
        session,
        table(Conversation),
        [{name: getattr(one, name) for name in names} for one in new],
    )
    return replayed.weeks | {one.week for one in new}


def replay(
    session: Session,
    *,
    member: Member,
    logs: Mapping[str, CompanyLog],
    arrived: Mapping[str, Arrived],
    now: datetime,
) -> Replayed:
    """Compute the opportunities with these companies again, with the conversations that arrive, and write them.

    A company of which nothing else is in the log takes the name of what arrives. Conversations that are new get
    the id of their opportunity, and the caller inserts them.
    """
    stored = {id(one): _computed(one) for log in logs.values() for one in log.live}
    before = {deal.id: _columns(deal) for log in logs.values() for deal in log.opportunities}
    weeks: set[date] = set()
    deals: dict[str, list[list[Held]]] = {}
    new: list[tuple[Opportunity, list[Held]]] = []
    for key, log in logs.items():
        company = arrived.get(key)
        if company is not None and company.conversations and not log.live:
            for opportunity in log.opportunities:
                opportunity.company = company.company
        held = sorted([*log.live, *(company.conversations if company else ())], key=place)
        deals[key] = _deals(held)
        for number, deal in enumerate(deals[key]):
            base, status, changed = _play(deal)
            weeks |= changed
            if number < len(log.opportunities):
                opportunity = log.opportunities[number]
                opportunity.base, opportunity.status = base, status
                for one in deal:
                    one.opportunity_id = opportunity.id
            else:
                name = log.opportunities[0].company if log.opportunities else None
                assert company is not None or name is not None  # noqa: S101 - a deal has a company
                row = _row(member, name or (company.company if company else ""), key, now)
                row.base, row.status = base, status
                new.append((row, deal))
        for unused in log.opportunities[len(deals[key]) :]:
            unused.base, unused.status = Base.NONE, OpportunityStatus.OPEN
    if new:
        session.add_all(row for row, _ in new)
        session.flush()  # gives them their ids
        for row, deal in new:
            for one in deal:
                one.opportunity_id = row.id
    held_before = [one for company in deals.values() for deal in company for one in deal]
    _write(session, logs, before, [one for one in held_before if one.id], stored)
    return Replayed(weeks, deals)


def _write(
    session: Session,
    logs: Mapping[str, CompanyLog],
    before: Mapping[int, dict[str, Any]],
    conversations: Sequence[Held],
    stored: Mapping[int, dict[str, Any]],
) -> None:
    """Write the opportunities and conversations of the log that were computed anew."""
    opportunities = [deal for log in logs.values() for deal in log.opportunities]
    update_all(
        session,
        table(Opportunity),
        [
            {"id": one.id, **_columns(one)}
            for one in opportunities
            if _columns(one) != before[one.id]
        ],
    )
    update_all(
        session,
        table(Conversation),
        [
            {"id": one.id, **_computed(one)}
            for one in conversations
            if _computed(one) != stored.get(id(one))
        ],
    )


def _play(deal: Sequence[Held]) -> tuple[int, str, set[date]]:
    """Compute a deal's conversations again; return its base and status, and the weeks whose moves changed."""
    weeks: set[date] = set()
    moved = base_moves.replay(_steps(deal))
    for conversation, step in zip(deal, moved, strict=True):
        if conversation.moves != step.moves:
            weeks.add(conversation.week)
        conversation.moves = step.moves
        conversation.skipped_second = step.skipped_second
        conversation.went_back = step.went_back
    return moved[-1].base_after, OpportunityStatus(deal[-1].outcome), weeks


def stood_after(session: Session, conversation: Conversation) -> tuple[Base, bool]:
    """Return the base of the opportunity after a stored conversation, and whether that was its latest one."""
    deal = read_deal(session, conversation.opportunity_id)
    own = next((one for one in deal if one.id == conversation.id), None)
    return _stood_after(deal, own) if own is not None else (Base.NONE, False)


def _stood_after(deal: Sequence[Held], conversation: Held) -> tuple[Base, bool]:
    position = next(place for place, one in enumerate(deal) if one is conversation)
    moved = base_moves.replay(_steps(deal))
    return moved[position].base_after, position == len(deal) - 1


def _computed(conversation: Held) -> dict[str, Any]:
    return {
        "opportunity_id": conversation.opportunity_id,
        "moves": conversation.moves,
        "skipped_second": conversation.skipped_second,
        "went_back": conversation.went_back,
    }


def _columns(deal: Deal) -> dict[str, Any]:
    return {"company": deal.company, "base": deal.base, "status": deal.status}


def _deals(conversations: Iterable[Held]) -> list[list[Held]]:
    """Split the conversations after each one that was won or lost."""
    deals: list[list[Held]] = []
    going_on = False
    for conversation in conversations:
        if not going_on:
            deals.append([])
        deals[-1].append(conversation)
        going_on = conversation.outcome == DealOutcome.OPEN
    return deals


def _steps(conversations: Iterable[Held]) -> list[base_moves.Step]:
    return [
        base_moves.Step(
            base_reached=None if conversation.base is None else Base(conversation.base),
            outcome=DealOutcome(conversation.outcome),
        )
        for conversation in conversations
    ]


def _row(member: Member, company: str, key: str, now: datetime) -> Opportunity:
    return Opportunity(
        workspace_id=member.workspace_id,
        member_id=member.id,
        company=company,
        company_key=key,
        created_at=now,
    )


def sale_logged(session: Session, *, member_id: int, now: datetime) -> None:
    """Have the rep's signed plan looked at by the next tick, because a sale may have reached its goal."""
    run(session, _LOOK_AT_PLAN, of_member=member_id, now=now)


_PLAN = columns(Plan)

_LOOK_AT_PLAN = (
    sa.update(table(Plan))
    .where(
        _PLAN.member_id == sa.bindparam("of_member"),
        _PLAN.account_due_at > sa.bindparam("now", type_=_PLAN.account_due_at.type),
    )
    .values(account_due_at=sa.bindparam("now", type_=_PLAN.account_due_at.type))
)
