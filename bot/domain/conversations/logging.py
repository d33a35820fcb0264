"""Logs sales conversations, from a line of text or a form, and undoes and edits them.

Each use case answers with a `Logged`, or with a `Question` if the rep has to say something first (which company it
was, why it went back); nothing is recorded then. A repeated delivery has the same request key and gets the same
answer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlmodel import Session, col, select

from bot.domain.access import Caller, own_key
from bot.domain.conversations import opportunities
from bot.domain.conversations.answers import (
    UNDO_FOR,
    Kept,
    Rep,
    logged_answer,
    logged_before,
    rep_of,
)
from bot.domain.conversations.company_log import (
    Arrived,
    CompanyLog,
    read_companies,
)
from bot.domain.conversations.company_names import Names, names_of, remember
from bot.domain.conversations.forms import (
    consistent,
    draft_of,
    logging_rep,
    must_be_editable,
    own_conversation,
    read_form,
)
from bot.domain.outbox import direct_replies, week_surfaces
from bot.domain.refusals import Refusal
from bot.domain.shown.conversations import (
    COMPANY,
    HELD_ON,
    OUTCOME,
    Draft,
    Form,
    Logged,
    Question,
)
from bot.domain.tables import Conversation, ConversationEdit, Opportunity
from bot.rules import companies
from bot.rules.conversation import DealOutcome
from bot.rules.problems import CompanyProblem
from bot.rules.quick_log import QuickLog, parse_quick_log
from bot.rules.weeks import monday_of


def log_line(
    session: Session, *, caller: Caller, text: str, request_key: str, now: datetime
) -> Logged | Question:
    """Log the text of a slash command; raises NotUnderstood for a line that can't be read."""
    rep = rep_of(session, caller, now)
    names = names_of(session, rep.member.id)
    said = _read(rep, text, names)
    draft = draft_of(said)
    if said.doubt is not None:
        logged = logged_before(session, rep, draft, request_key=request_key, now=now)
        readings = tuple(draft_of(reading) for reading in said.readings)
        return logged or Question(draft, doubt=said.doubt, readings=readings)
    return _log(session, rep, draft, request_key=request_key, now=now, names=names)


def read_line(session: Session, *, caller: Caller, text: str, now: datetime) -> Draft | Question:
    """Read a line without logging it: the draft, or the question to ask first.

    Raises NotUnderstood for a line that can't be read, and Refusal for what can't be logged.
    """
    rep = rep_of(session, caller, now)
    names = names_of(session, rep.member.id)
    said = _read(rep, text, names)
    draft = draft_of(said)
    if said.doubt is not None:
        readings = tuple(draft_of(reading) for reading in said.readings)
        return Question(draft, doubt=said.doubt, readings=readings)
    settled = _settle(session, rep, draft, certain=False, names=names)
    return settled if isinstance(settled, Question) else settled.draft


def answer_about(
    session: Session, *, caller: Caller, conversation_id: int, now: datetime
) -> Logged:
    """Return what the caller is answered about their own conversation, in its current state."""
    rep = rep_of(session, caller, now)
    conversation, _ = own_conversation(session, rep.member, conversation_id)
    return logged_answer(session, rep, conversation, now=now)


def _read(rep: Rep, text: str, names: Names) -> QuickLog:
    return parse_quick_log(
        text,
        today=rep.weeks.today,
        locale=rep.member.locale,
        currency=rep.team.currency,
        first_open_day=rep.weeks.first_day,
        known=names.keys,
    )


def log_draft(
    session: Session,
    *,
    caller: Caller,
    draft: Draft,
    request_key: str,
    now: datetime,
    typed: str | None = None,
    certain: bool = True,
) -> Logged | Question:
    """Log a draft that the rep has just chosen; its content is checked like any other input.

    `certain` is False where only the reading was chosen, so that a near miss is asked about. With `typed`, the
    name that was asked about, the answer is kept.
    """
    rep = rep_of(session, caller, now)
    if typed is not None and certain:
        try:
            typed, company = companies.clean_name(typed), companies.clean_name(draft.company)
        except CompanyProblem as problem:
            raise Refusal(str(problem)) from problem
        remember(session, rep.member, typed=typed, company=company, now=now)
    return _log(session, rep, draft, request_key=request_key, now=now, certain=certain)


def log_form(
    session: Session, *, caller: Caller, form: Form, request_key: str, now: datetime
) -> Logged | Question:
    """Log the conversation in a form; a Refusal names the input that it is about."""
    rep = rep_of(session, caller, now)
    draft, certain = read_form(form, rep.member, rep.team)
    if certain:
        remember(session, rep.member, typed=form.asked_about, company=draft.company, now=now)
    return _log(session, rep, draft, request_key=request_key, now=now, certain=certain)


def edit(
    session: Session, *, caller: Caller, conversation_id: int, form: Form, now: datetime
) -> Logged | Question:
    """Change a logged conversation to what the form says."""
    rep = rep_of(session, caller, now)
    member = rep.member
    conversation, opportunity = own_conversation(session, member, conversation_id)
    must_be_editable(conversation, rep.weeks)
    draft, certain = read_form(form, member, rep.team)
    if certain:
        remember(session, member, typed=form.asked_about, company=draft.company, now=now)
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
    _tell(session, rep, replayed.weeks | weeks | {conversation.week}, now, of=draft)
    direct_replies.conversation_changed(session, conversation_id=conversation.id, now=now)
    return logged_answer(session, rep, conversation, now=now, notes=draft.notes)


def undo_last(session: Session, *, caller: Caller, now: datetime) -> Logged:
    """Take back what the rep logged last, within UNDO_FOR of logging it."""
    member, _ = logging_rep(session, caller)
    last = session.exec(
        select(Conversation.id)
        .where(
            Conversation.member_id == member.id,
            col(Conversation.undone_at).is_(None),
            col(Conversation.logged_at) >= now - UNDO_FOR,
        )
        .order_by(col(Conversation.logged_at).desc(), col(Conversation.id).desc())
        .limit(1)
    ).first()
    if last is None:
        raise Refusal(
            "You logged nothing in the last 10 minutes, so there is nothing to undo: "
            "press Edit on the conversation that was wrong."
        )
    return undo(session, caller=caller, conversation_id=last, now=now)


def undo(session: Session, *, caller: Caller, conversation_id: int, now: datetime) -> Logged:
    """Take a conversation out of the log, within UNDO_FOR of logging it; a second time changes nothing."""
    rep = rep_of(session, caller, now)
    conversation, opportunity = own_conversation(session, rep.member, conversation_id)
    if conversation.undone_at is None:
        if now > conversation.logged_at + UNDO_FOR:
            raise Refusal(
                "Undo works for 10 minutes after logging: press Edit to put this one right, "
                "or to remove it."
            )
        _take_out(session, rep, conversation, opportunity, now)
    return logged_answer(session, rep, conversation, now=now)


def remove(session: Session, *, caller: Caller, conversation_id: int, now: datetime) -> Logged:
    """Take a conversation out of the log for as long as its week is open; a second time changes nothing.

    The row stays with the moment of its removal.
    """
    rep = rep_of(session, caller, now)
    conversation, opportunity = own_conversation(session, rep.member, conversation_id)
    if conversation.undone_at is None:
        _take_out(session, rep, conversation, opportunity, now)
    return logged_answer(session, rep, conversation, now=now)


def _take_out(
    session: Session,
    rep: Rep,
    conversation: Conversation,
    opportunity: Opportunity,
    now: datetime,
) -> None:
    must_be_editable(conversation, rep.weeks)
    conversation.undone_at = now
    logs = read_companies(session, rep.member.id, [opportunity.company_key])
    replayed = opportunities.replay(session, member=rep.member, logs=logs, arrived={}, now=now)
    _tell(session, rep, replayed.weeks | {conversation.week}, now)
    direct_replies.conversation_changed(session, conversation_id=conversation.id, now=now)


def _keep_original(
    session: Session,
    rep: Rep,
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


def _log(
    session: Session,
    rep: Rep,
    draft: Draft,
    *,
    request_key: str,
    now: datetime,
    certain: bool = False,
    names: Names | None = None,
) -> Logged | Question:
    member = rep.member
    before = logged_before(session, rep, draft, request_key=request_key, now=now)
    if before is not None:
        return before
    asked_by, request_key = request_key, own_key(member.id, request_key)
    settled = _settle(session, rep, draft, certain=certain, names=names)
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
    _tell(session, rep, replayed.weeks | {conversation.week}, now, of=draft)
    direct_replies.conversation_logged(
        session,
        workspace_id=member.workspace_id,
        key=asked_by,
        conversation_id=conversation.id,
        now=now,
    )
    logged = Kept(draft.company, *replayed.stood_after(conversation))
    return logged_answer(session, rep, conversation, now=now, notes=draft.notes, kept=logged)


@dataclass(frozen=True)
class _Settled:
    """A draft that is ready to be recorded under its company's own name, and that company in the rep's log."""

    draft: Draft
    key: str
    log: CompanyLog


def _settle(
    session: Session,
    rep: Rep,
    draft: Draft,
    *,
    certain: bool,
    editing: Conversation | None = None,
    names: Names | None = None,
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
    names = names or names_of(session, rep.member.id, without=without)
    key = companies.key(draft.company)
    # Whoever types a name into Edit means to change it: the answer of before counts no more.
    asks_again = certain or (editing is not None and key not in names.logged)
    if not asks_again and (meant := names.meant_by(key)) is not None:
        if meant.key != key:
            draft = replace(
                draft, notes=(*draft.notes, f"I took “{draft.company}” for {meant.name}.")
            )
        key, draft = meant.key, replace(draft, company=meant.name)
    elif key in names.logged:
        draft = replace(draft, company=names.logged[key])
    elif not certain and (near := companies.near_misses(draft.company, names.logged.values())):
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


def _tell(
    session: Session, rep: Rep, weeks: set[date], now: datetime, *, of: Draft | None = None
) -> None:
    if of is not None and of.outcome is DealOutcome.WON:
        opportunities.sale_logged(session, member_id=rep.member.id, now=now)
    week_surfaces.weeks_changed(
        session, workspace_id=rep.member.workspace_id, weeks={rep.member.id: weeks}, now=now
    )
