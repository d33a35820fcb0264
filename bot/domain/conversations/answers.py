"""What a rep is answered about one conversation: what it says, and where the week stands with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam
from sqlmodel import Session, select

from bot.domain.access import Caller, own_key
from bot.domain.calendars.open_weeks import OpenWeeks, open_weeks_of
from bot.domain.calendars.schedules import zone_of
from bot.domain.conversations import opportunities
from bot.domain.conversations.counts import week_counts
from bot.domain.conversations.forms import logging_rep
from bot.domain.metrics import metrics
from bot.domain.metrics.records import reader_of
from bot.domain.shown.conversations import Draft, Logged
from bot.domain.tables import Conversation, Member, Opportunity, Team
from bot.rules.conversation import Base, Close, DealOutcome
from bot.rules.weeks import week_of

UNDO_FOR = timedelta(minutes=10)


@dataclass(frozen=True)
class Rep:
    """The rep who logs, their team, and the weeks for which they can."""

    member: Member
    team: Team
    weeks: OpenWeeks


def rep_of(session: Session, caller: Caller, now: datetime) -> Rep:
    """Return the caller as a rep, locked; raises Refusal for anybody else."""
    member, team = logging_rep(session, caller)
    return Rep(member, team, open_weeks_of(session, member, now))


def logged_before(
    session: Session, rep: Rep, draft: Draft, *, request_key: str, now: datetime
) -> Logged | None:
    """Return the answer of a request that was logged already; None for a new one."""
    member = rep.member
    before = session.exec(
        _BY_KEY,
        params={
            "workspace": member.workspace_id,
            "member": member.id,
            "key": own_key(member.id, request_key),
        },
    ).one_or_none()
    if before is None:
        return None
    return logged_answer(session, rep, before, now=now, notes=draft.notes)


@dataclass(frozen=True)
class Kept:
    """What the log says of a conversation's opportunity."""

    company: str
    stands_on: Base
    latest: bool
    """Whether the conversation is the opportunity's latest."""


def logged_answer(
    session: Session,
    rep: Rep,
    conversation: Conversation,
    *,
    now: datetime,
    notes: tuple[str, ...] = (),
    kept: Kept | None = None,
) -> Logged:
    """Return the answer about a conversation; what is not known of it yet (`kept`) is read."""
    member, team = rep.member, rep.team
    counts = week_counts(session, member, team, conversation.week)
    if kept is None:
        opportunity = session.get_one(Opportunity, conversation.opportunity_id)
        kept = Kept(opportunity.company, *opportunities.stood_after(session, conversation))
    return Logged(
        conversation_id=conversation.id,
        company=kept.company,
        held_on=conversation.held_on,
        close=None if conversation.close is None else Close(conversation.close),
        week=conversation.week,
        this_week=week_of(now, zone_of(member)),
        conversations=counts[metrics.CONVERSATIONS],
        base_moves=counts[metrics.BASE_MOVES],
        sales=counts[metrics.SALES],
        base=None if conversation.base is None else Base(conversation.base),
        stands_on=kept.stands_on,
        latest=kept.latest,
        moves=conversation.moves,
        skipped_second=conversation.skipped_second,
        went_back=conversation.went_back,
        outcome=DealOutcome(conversation.outcome),
        amount=conversation.amount,
        reader=reader_of(member, team),
        undoable=conversation.undone_at is None and now <= conversation.logged_at + UNDO_FOR,
        edited=conversation.edited_at is not None,
        late=rep.weeks.is_late(conversation.week),
        undone=conversation.undone_at is not None,
        notes=notes,
    )


_BY_KEY = select(Conversation).where(
    Conversation.workspace_id == bindparam("workspace"),
    Conversation.member_id == bindparam("member"),
    Conversation.request_key == bindparam("key"),
)
