"""Logs sales conversations, from a line of text or a form, and undoes and edits them.

Each use case answers with a `Logged`, or with a `Question` if the rep has to say something first (which company it
was, why it went back); nothing is recorded then. A repeated delivery has the same request key and gets the same
answer.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlmodel import Session, select

from bot.domain.access import Caller
from bot.domain.calendars import working_days as calendars
from bot.domain.calendars.open_weeks import first_open_day, must_be_open, today_of
from bot.domain.calendars.schedules import zone_of
from bot.domain.conversations import opportunities
from bot.domain.conversations.forms import (
    consistent,
    logging_rep,
    must_be_editable,
    own_conversation,
    read_form,
)
from bot.domain.metrics import metrics
from bot.domain.metrics.records import reader_of
from bot.domain.outbox import surfaces
from bot.domain.refusals import Refusal
from bot.domain.shown.conversations import (
    COMPANY,
    HELD_ON,
    OUTCOME,
    Count,
    Draft,
    Form,
    Logged,
    Question,
)
from bot.domain.tables import Conversation, Member, Opportunity, Team
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
    said = parse_quick_log(
        text,
        today=today_of(member, now),
        locale=member.locale,
        currency=team.currency,
        first_open_day=first_open_day(session, member, now),
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
    return _log(session, member, team, draft, request_key=request_key, now=now, certain=False)


def log_draft(
    session: Session, *, caller: Caller, draft: Draft, request_key: str, now: datetime
) -> Logged | Question:
    """Log a draft whose company the rep has just named; its content is checked like any other input."""
    member, team = logging_rep(session, caller)
    return _log(session, member, team, draft, request_key=request_key, now=now, certain=True)


def log_form(
    session: Session, *, caller: Caller, form: Form, request_key: str, now: datetime
) -> Logged | Question:
    """Log the conversation in a form; a Refusal names the input that it is about."""
    member, team = logging_rep(session, caller)
    draft, certain = read_form(form, member, team)
    return _log(session, member, team, draft, request_key=request_key, now=now, certain=certain)


def edit(
    session: Session, *, caller: Caller, conversation_id: int, form: Form, now: datetime
) -> Logged | Question:
    """Change a logged conversation to what the form says."""
    member, team = logging_rep(session, caller)
    conversation, opportunity = own_conversation(session, member, conversation_id)
    must_be_editable(session, member, conversation, now)
    draft, certain = read_form(form, member, team)
    certain = certain or companies.key(draft.company) == opportunity.company_key
    question_or_draft = _settle(
        session, member, draft, now=now, certain=certain, editing=conversation
    )
    if isinstance(question_or_draft, Question):
        return question_or_draft
    draft = question_or_draft
    company_before, weeks = opportunity.company, {conversation.week}
    others = opportunities.known_companies(session, member.id, without=conversation.id)
    filed = opportunities.opportunity_for(session, member=member, company=draft.company, now=now)
    if companies.key(draft.company) not in others:
        opportunities.rename(session, member=member, company=draft.company)
    conversation.opportunity_id = filed.id
    _fill(conversation, draft)
    conversation.edited_at = now
    for company in {companies.key(c): c for c in (company_before, draft.company)}.values():
        weeks |= opportunities.replay(session, member=member, company=company, now=now)
    weeks.add(conversation.week)
    _tell(session, member, weeks, now)
    return _logged(session, member, team, conversation, now=now, notes=draft.notes)


def undo(session: Session, *, caller: Caller, conversation_id: int, now: datetime) -> Logged:
    """Take a conversation out of the log, within UNDO_FOR of logging it; a second time changes nothing."""
    member, team = logging_rep(session, caller)
    conversation, opportunity = own_conversation(session, member, conversation_id)
    if conversation.undone_at is None:
        if now > conversation.logged_at + UNDO_FOR:
            raise Refusal(
                "Undo works for 10 minutes after logging: press Edit to put this one right instead."
            )
        must_be_open(session, member, conversation.held_on, now)
        conversation.undone_at = now
        weeks = opportunities.replay(session, member=member, company=opportunity.company, now=now)
        _tell(session, member, weeks | {conversation.week}, now)
    return _logged(session, member, team, conversation, now=now)


def _log(
    session: Session,
    member: Member,
    team: Team,
    draft: Draft,
    *,
    request_key: str,
    now: datetime,
    certain: bool,
) -> Logged | Question:
    before = session.exec(
        select(Conversation).where(
            Conversation.workspace_id == member.workspace_id,
            Conversation.member_id == member.id,
            Conversation.request_key == request_key,
        )
    ).one_or_none()
    if before is not None:
        return _logged(session, member, team, before, now=now, notes=draft.notes)
    question_or_draft = _settle(session, member, draft, now=now, certain=certain)
    if isinstance(question_or_draft, Question):
        return question_or_draft
    draft = question_or_draft
    filed = opportunities.opportunity_for(session, member=member, company=draft.company, now=now)
    if companies.key(draft.company) not in opportunities.known_companies(session, member.id):
        opportunities.rename(session, member=member, company=draft.company)
    conversation = Conversation(
        workspace_id=member.workspace_id,
        member_id=member.id,
        opportunity_id=filed.id,
        held_on=draft.held_on,
        week=monday_of(draft.held_on),
        request_key=request_key,
        logged_at=now,
    )
    _fill(conversation, draft)
    session.add(conversation)
    weeks = opportunities.replay(session, member=member, company=draft.company, now=now)
    _tell(session, member, weeks | {conversation.week}, now)
    return _logged(session, member, team, conversation, now=now, notes=draft.notes)


def _settle(
    session: Session,
    member: Member,
    draft: Draft,
    *,
    now: datetime,
    certain: bool,
    editing: Conversation | None = None,
) -> Draft | Question:
    """Return the draft, ready to be recorded under the company's own name, or the question to ask first."""
    without = editing.id if editing is not None else None
    must_be_open(session, member, draft.held_on, now, field=HELD_ON)
    try:
        draft = replace(consistent(draft), company=companies.clean_name(draft.company))
    except CompanyProblem as problem:
        raise Refusal(str(problem), field=COMPANY) from problem
    known = opportunities.known_companies(session, member.id, without=without)
    same = known.get(companies.key(draft.company))
    if same is not None:
        draft = replace(draft, company=same)
    elif not certain and (near := companies.near_misses(draft.company, known.values())):
        return Question(draft, candidates=tuple(near))
    standing = opportunities.standing(
        session, member.id, draft.company, held_on=draft.held_on, editing=editing
    )
    if draft.outcome is DealOutcome.LOST and standing.closed_as is not None:
        raise Refusal(
            f"{draft.company} is already {standing.closed_as}, so there is nothing to lose: "
            "log the new conversation with a base first, or press Edit on the one that was wrong.",
            field=OUTCOME,
        )
    if draft.base is None or draft.base >= standing.base:
        return replace(draft, back_reason=None)
    if not (draft.back_reason or "").strip():
        return Question(draft, stands_on=standing.base)
    return draft


def _fill(conversation: Conversation, draft: Draft) -> None:
    conversation.held_on = draft.held_on
    conversation.week = monday_of(draft.held_on)
    conversation.base = draft.base
    conversation.close = draft.close
    conversation.outcome = draft.outcome
    conversation.amount = draft.amount
    conversation.back_reason = draft.back_reason


def _tell(session: Session, member: Member, weeks: set[date], now: datetime) -> None:
    for week in sorted(weeks):
        surfaces.week_changed(session, member=member, week=week, now=now)


def _logged(
    session: Session,
    member: Member,
    team: Team,
    conversation: Conversation,
    *,
    now: datetime,
    notes: tuple[str, ...] = (),
) -> Logged:
    counts = _counts(session, member, team, conversation.week)
    stands_on, latest = opportunities.stood_after(session, conversation)
    return Logged(
        conversation_id=conversation.id,
        company=session.get_one(Opportunity, conversation.opportunity_id).company,
        week=conversation.week,
        this_week=week_of(now, zone_of(member)),
        conversations=counts[metrics.CONVERSATIONS],
        base_moves=counts[metrics.BASE_MOVES],
        sales=counts[metrics.SALES],
        base=None if conversation.base is None else Base(conversation.base),
        stands_on=stands_on,
        latest=latest,
        moves=conversation.moves,
        skipped_second=conversation.skipped_second,
        went_back=conversation.went_back,
        outcome=DealOutcome(conversation.outcome),
        amount=conversation.amount,
        reader=reader_of(member, team),
        undoable=conversation.undone_at is None and now <= conversation.logged_at + UNDO_FOR,
        edited=conversation.edited_at is not None,
        undone=conversation.undone_at is not None,
        notes=notes,
    )


def _counts(session: Session, member: Member, team: Team, week: date) -> dict[str, Count]:
    """Return the week's numbers of the three built-in metrics, by key."""
    built_in = [m for m in metrics.metrics_for(session, team) if m.team_id is None]
    numbers = metrics.logged_numbers(session, [member.id], [week], built_in)
    wanted = calendars.targets_left(session, member, team, week)
    return {
        metric.key: Count(numbers[member.id, week, metric.id], wanted.get(metric.id))
        for metric in built_in
    }
