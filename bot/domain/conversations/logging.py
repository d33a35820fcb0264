"""Logs sales conversations, from a line of text or a form, and undoes and edits them.

Each use case answers with a `Logged`, or with a `Question` if the rep has to say something first (which company it
was, why it went back); nothing is recorded then. A repeated delivery has the same request key and gets the same
answer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam
from sqlmodel import Session, select

from bot.domain.access import Caller
from bot.domain.calendars.open_weeks import OpenWeeks, open_weeks_of
from bot.domain.calendars.schedules import zone_of
from bot.domain.conversations import opportunities
from bot.domain.conversations.company_log import (
    Arrived,
    CompanyLog,
    known_companies,
    read_companies,
)
from bot.domain.conversations.counts import week_counts
from bot.domain.conversations.forms import (
    consistent,
    logging_rep,
    must_be_editable,
    own_conversation,
    read_form,
)
from bot.domain.metrics import metrics
from bot.domain.metrics.records import reader_of
from bot.domain.outbox import week_surfaces
from bot.domain.refusals import Refusal
from bot.domain.request_keys import own_key
from bot.domain.shown.conversations import (
    COMPANY,
    HELD_ON,
    OUTCOME,
    Draft,
    Form,
    Logged,
    Question,
)
from bot.domain.tables import Conversation, ConversationEdit, Member, Opportunity, Team
from bot.rules import companies
from bot.rules.conversation import Base, DealOutcome
from bot.rules.problems import CompanyProblem
from bot.rules.quick_log import parse_quick_log
from bot.rules.weeks import monday_of, week_of

UNDO_FOR = timedelta(minutes=10)


def log_line(
    session: Session, *, caller: Caller, text: str, request_key: str, now: datetime
) -> Logged | Question:
    """Log the text of a slash command; raises NotUnderstood for a line that can't be read."""
    member, team = logging_rep(session, caller)
    weeks = open_weeks_of(session, member, now)
    said = parse_quick_log(
        text,
        today=weeks.today,
        locale=member.locale,
        currency=team.currency,
        first_open_day=weeks.first_day,
    )
    draft = Draft(
        company=said.company,
        base=said.base,
        held_on=said.held_on,
        close=said.close,
        outcome=said.outcome,
        amount=said.amount,
        notes=said.notes,
    )
    rep = _Rep(member, team, weeks)
    return _log(session, rep, draft, request_key=request_key, now=now, certain=False)


def log_draft(
    session: Session, *, caller: Caller, draft: Draft, request_key: str, now: datetime
) -> Logged | Question:
    """Log a draft whose company the rep has just named; its content is checked like any other input."""
    rep = _rep(session, caller, now)
    return _log(session, rep, draft, request_key=request_key, now=now, certain=True)


def log_form(
    session: Session, *, caller: Caller, form: Form, request_key: str, now: datetime
) -> Logged | Question:
    """Log the conversation in a form; a Refusal names the input that it is about."""
    rep = _rep(session, caller, now)
    draft, certain = read_form(form, rep.member, rep.team)
    return _log(session, rep, draft, request_key=request_key, now=now, certain=certain)


def edit(
    session: Session, *, caller: Caller, conversation_id: int, form: Form, now: datetime
) -> Logged | Question:
    """Change a logged conversation to what the form says."""
    rep = _rep(session, caller, now)
    member = rep.member
    conversation, opportunity = own_conversation(session, member, conversation_id)
    must_be_editable(conversation, rep.weeks)
    draft, certain = read_form(form, member, rep.team)
    certain = certain or companies.key(draft.company) == opportunity.company_key
    settled = _settle(session, rep, draft, certain=certain, editing=conversation)
    if isinstance(settled, Question):
        return settled
    draft, key, before = settled.draft, settled.key, opportunity.company_key
    weeks = {conversation.week}
    logs = {key: settled.log}
    if before != key:
        logs |= read_companies(session, member.id, [before])
    moved = next(one for one in logs[before].live if one.id == conversation.id)
    for log in logs.values():
        log.take_out(conversation.id)
    _keep_original(session, rep, conversation, opportunity, now)
    if monday_of(draft.held_on) != conversation.week:
        conversation.late = rep.weeks.is_late(monday_of(draft.held_on))
    _fill(conversation, draft)
    conversation.edited_at = now
    session.flush()
    moved.held_on, moved.week = conversation.held_on, conversation.week
    moved.base, moved.outcome = conversation.base, conversation.outcome
    arrived = {key: Arrived(draft.company, [moved])}
    replayed = opportunities.replay(session, member=member, logs=logs, arrived=arrived, now=now)
    session.refresh(conversation)
    session.expire(opportunity)
    _tell(session, rep, replayed.weeks | weeks | {conversation.week}, now)
    return _logged(session, rep, conversation, now=now, notes=draft.notes)


def undo(session: Session, *, caller: Caller, conversation_id: int, now: datetime) -> Logged:
    """Take a conversation out of the log, within UNDO_FOR of logging it; a second time changes nothing."""
    rep = _rep(session, caller, now)
    conversation, opportunity = own_conversation(session, rep.member, conversation_id)
    if conversation.undone_at is None:
        if now > conversation.logged_at + UNDO_FOR:
            raise Refusal(
                "Undo works for 10 minutes after logging: press Edit to put this one right, "
                "or to remove it."
            )
        _take_out(session, rep, conversation, opportunity, now)
    return _logged(session, rep, conversation, now=now)


def remove(session: Session, *, caller: Caller, conversation_id: int, now: datetime) -> Logged:
    """Take a conversation out of the log for as long as its week is open; a second time changes nothing.

    The row stays with the moment of its removal.
    """
    rep = _rep(session, caller, now)
    conversation, opportunity = own_conversation(session, rep.member, conversation_id)
    if conversation.undone_at is None:
        _take_out(session, rep, conversation, opportunity, now)
    return _logged(session, rep, conversation, now=now)


def _take_out(
    session: Session,
    rep: _Rep,
    conversation: Conversation,
    opportunity: Opportunity,
    now: datetime,
) -> None:
    must_be_editable(conversation, rep.weeks)
    conversation.undone_at = now
    logs = read_companies(session, rep.member.id, [opportunity.company_key])
    replayed = opportunities.replay(session, member=rep.member, logs=logs, arrived={}, now=now)
    _tell(session, rep, replayed.weeks | {conversation.week}, now)


def _keep_original(
    session: Session,
    rep: _Rep,
    conversation: Conversation,
    opportunity: Opportunity,
    now: datetime,
) -> None:
    """Note what the conversation says before it is changed."""
    session.add(
        ConversationEdit(
            workspace_id=conversation.workspace_id,
            conversation_id=conversation.id,
            company=opportunity.company,
            held_on=conversation.held_on,
            base=conversation.base,
            close=conversation.close,
            outcome=conversation.outcome,
            amount=conversation.amount,
            back_reason=conversation.back_reason,
            changed_by=rep.member.id,
            changed_at=now,
            late=rep.weeks.is_late(conversation.week),
        )
    )


@dataclass(frozen=True)
class _Rep:
    """The rep who logs, their team, and the weeks for which they can."""

    member: Member
    team: Team
    weeks: OpenWeeks


def _rep(session: Session, caller: Caller, now: datetime) -> _Rep:
    member, team = logging_rep(session, caller)
    return _Rep(member, team, open_weeks_of(session, member, now))


def _log(
    session: Session,
    rep: _Rep,
    draft: Draft,
    *,
    request_key: str,
    now: datetime,
    certain: bool,
) -> Logged | Question:
    member = rep.member
    request_key = own_key(member.id, request_key)
    before = session.exec(
        _BY_KEY,
        params={"workspace": member.workspace_id, "member": member.id, "key": request_key},
    ).one_or_none()
    if before is not None:
        return _logged(session, rep, before, now=now, notes=draft.notes)
    settled = _settle(session, rep, draft, certain=certain)
    if isinstance(settled, Question):
        return settled
    draft, key = settled.draft, settled.key
    conversation = Conversation(
        workspace_id=member.workspace_id,
        member_id=member.id,
        opportunity_id=0,  # the replay sets the right one
        held_on=draft.held_on,
        week=monday_of(draft.held_on),
        late=rep.weeks.is_late(monday_of(draft.held_on)),
        request_key=request_key,
        logged_at=now,
    )
    _fill(conversation, draft)
    replayed = opportunities.replay(
        session,
        member=member,
        logs={key: settled.log},
        arrived={key: Arrived(draft.company, [conversation])},
        now=now,
    )
    session.add(conversation)
    session.flush()
    _tell(session, rep, replayed.weeks | {conversation.week}, now)
    logged = _Kept(draft.company, *replayed.stood_after(conversation))
    return _logged(session, rep, conversation, now=now, notes=draft.notes, kept=logged)


@dataclass(frozen=True)
class _Settled:
    """A draft that is ready to be recorded under its company's own name, and that company in the rep's log."""

    draft: Draft
    key: str
    log: CompanyLog


def _settle(
    session: Session,
    rep: _Rep,
    draft: Draft,
    *,
    certain: bool,
    editing: Conversation | None = None,
) -> _Settled | Question:
    """Return the draft, ready to be recorded, or the question to ask first."""
    without = editing.id if editing is not None else None
    if editing is None or draft.held_on != editing.held_on:
        # A day that stays may lie ahead, for a rep who has flown west over the date line.
        rep.weeks.must_be_open(draft.held_on, field=HELD_ON)
    try:
        draft = replace(consistent(draft), company=companies.clean_name(draft.company))
    except CompanyProblem as problem:
        raise Refusal(str(problem), field=COMPANY) from problem
    known = known_companies(session, rep.member.id, without=without)
    key = companies.key(draft.company)
    same = known.get(key)
    if same is not None:
        draft = replace(draft, company=same)
    elif not certain and (near := companies.near_misses(draft.company, known.values())):
        return Question(draft, candidates=tuple(near))
    log = read_companies(session, rep.member.id, [key])[key]
    standing = opportunities.standing(log, held_on=draft.held_on, editing=editing)
    if draft.outcome is DealOutcome.LOST and standing.closed_as is not None:
        raise Refusal(
            f"{draft.company} is already {standing.closed_as}, so there is nothing to lose: "
            "log the new conversation with a base first, or press Edit on the one that was wrong.",
            field=OUTCOME,
        )
    if draft.base is None or draft.base >= standing.base:
        return _Settled(replace(draft, back_reason=None), key, log)
    if not (draft.back_reason or "").strip():
        return Question(draft, stands_on=standing.base)
    return _Settled(draft, key, log)


def _fill(conversation: Conversation, draft: Draft) -> None:
    conversation.held_on = draft.held_on
    conversation.week = monday_of(draft.held_on)
    conversation.base = draft.base
    conversation.close = draft.close
    conversation.outcome = draft.outcome
    conversation.amount = draft.amount
    conversation.back_reason = draft.back_reason


def _tell(session: Session, rep: _Rep, weeks: set[date], now: datetime) -> None:
    week_surfaces.weeks_changed(
        session, workspace_id=rep.member.workspace_id, weeks={rep.member.id: weeks}, now=now
    )


@dataclass(frozen=True)
class _Kept:
    """What the log says of a conversation's opportunity."""

    company: str
    stands_on: Base
    latest: bool
    """Whether the conversation is the opportunity's latest."""


def _logged(
    session: Session,
    rep: _Rep,
    conversation: Conversation,
    *,
    now: datetime,
    notes: tuple[str, ...] = (),
    kept: _Kept | None = None,
) -> Logged:
    """Return the answer about a conversation; what is not known of it yet (`kept`) is read."""
    member, team = rep.member, rep.team
    counts = week_counts(session, member, team, conversation.week)
    if kept is None:
        opportunity = session.get_one(Opportunity, conversation.opportunity_id)
        kept = _Kept(opportunity.company, *opportunities.stood_after(session, conversation))
    return Logged(
        conversation_id=conversation.id,
        company=kept.company,
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
