"""The form of a conversation: fills it in, and reads what it says once it is sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from sqlmodel import Session

from bot.domain import access
from bot.domain.access import Caller
from bot.domain.calendars.open_weeks import OpenWeeks, open_weeks_of, today_of
from bot.domain.conversations import opportunities
from bot.domain.conversations.company_log import read_companies
from bot.domain.refusals import Refusal
from bot.domain.shown.conversations import (
    AMOUNT,
    BASE,
    COMPANY,
    HELD_ON,
    NEW_COMPANY,
    WHICH_COMPANY,
    Draft,
    Form,
    Question,
)
from bot.domain.tables import Conversation, Member, Opportunity, Team
from bot.rules import companies
from bot.rules.conversation import Base, Close, DealOutcome, parse_base
from bot.rules.numbers import parse_number, show_number
from bot.rules.problems import CompanyProblem, NumberProblem
from bot.rules.quick_log import QuickLog

BACK_REASON_LIMIT = 300

LARGEST_AMOUNT = 10**12


def empty_form(session: Session, *, caller: Caller, now: datetime) -> Form:
    """Return the form for a new conversation, held today."""
    member, _ = logging_rep(session, caller, lock=False)
    return Form(held_on=today_of(member, now))


def edit_form(session: Session, *, caller: Caller, conversation_id: int, now: datetime) -> Form:
    """Return the form filled in with the logged conversation."""
    member, _ = logging_rep(session, caller, lock=False)
    conversation, opportunity = own_conversation(session, member, conversation_id)
    must_be_editable(conversation, open_weeks_of(session, member, now))
    draft = Draft(
        company=opportunity.company,
        base=None if conversation.base is None else Base(conversation.base),
        held_on=conversation.held_on,
        close=None if conversation.close is None else Close(conversation.close),
        outcome=DealOutcome(conversation.outcome),
        amount=conversation.amount,
        back_reason=conversation.back_reason,
    )
    stands_on = None
    if conversation.went_back:
        key = opportunity.company_key
        log = read_companies(session, member.id, [key])[key]
        stands_on = opportunities.standing(
            log, held_on=conversation.held_on, editing=conversation
        ).base
    return replace(
        form_of(draft, locale=member.locale), conversation_id=conversation.id, stands_on=stands_on
    )


def question_form(session: Session, *, caller: Caller, question: Question) -> Form:
    """Return the form filled in with what a typed line said, with the question added to it."""
    member, _ = logging_rep(session, caller, lock=False)
    return ask(form_of(question.draft, locale=member.locale), question)


def ask(form: Form, question: Question) -> Form:
    """Return the form as it was filled in, with the question added to it."""
    if question.candidates:
        return replace(
            form, asked_about=question.draft.company, candidates=question.candidates, choice=None
        )
    return replace(form, stands_on=question.stands_on)


def filled_form(session: Session, *, caller: Caller, form: Form, now: datetime) -> Form:
    """Return the form with what was understood of a line; the day is today where none was."""
    member, _ = logging_rep(session, caller, lock=False)
    return form if form.held_on is not None else replace(form, held_on=today_of(member, now))


def draft_of(said: QuickLog) -> Draft:
    """Return the draft of what a line says."""
    return Draft(
        company=said.company,
        base=said.base,
        held_on=said.held_on,
        close=said.close,
        outcome=said.outcome,
        amount=said.amount,
        notes=said.notes,
    )


def form_of(draft: Draft, *, locale: str) -> Form:
    """Return the draft as it would have been typed into the form."""
    return Form(
        company=draft.company,
        base=(draft.base or Base.NONE).label,
        held_on=draft.held_on,
        close=draft.close,
        outcome=draft.outcome,
        amount="" if draft.amount is None else show_number(draft.amount, locale=locale),
        back_reason=draft.back_reason or "",
    )


def read_form(form: Form, member: Member, team: Team) -> tuple[Draft, bool]:
    """Return the form's draft, and whether the rep has said which company it is."""
    try:
        company = companies.clean_name(form.company)
    except CompanyProblem as problem:
        raise Refusal(str(problem), field=COMPANY) from problem
    certain = bool(form.candidates) and companies.key(company) == companies.key(form.asked_about)
    if certain:
        if form.choice in form.candidates:
            company = companies.clean_name(form.choice or "")
        elif form.choice != NEW_COMPANY:
            raise Refusal("Choose which company it is.", field=WHICH_COMPANY)
    if form.held_on is None:
        raise Refusal("Choose the day of the conversation.", field=HELD_ON)
    amount: Decimal | None = None
    notes: tuple[str, ...] = ()
    if form.amount.strip():
        amount, notes = _read_amount(form.amount, member, team)
    draft = Draft(
        company=company,
        base=parse_base(form.base),
        held_on=form.held_on,
        close=form.close,
        outcome=form.outcome,
        amount=amount,
        back_reason=" ".join(form.back_reason.split())[:BACK_REASON_LIMIT] or None,
        notes=notes,
    )
    return draft, certain


def consistent(draft: Draft) -> Draft:
    """Return the draft with base home and outcome won made equal; raises Refusal for a contradiction.

    Home means presented and closed, so only a conversation that reached home has an amount.
    """
    base = None if draft.base is Base.NONE else draft.base
    if draft.outcome is DealOutcome.LOST and base is Base.HOME:
        raise Refusal(
            "Home means that it was won: for a lost deal choose the base it stood on, or none.",
            field=BASE,
        )
    if draft.amount is not None and not 0 <= draft.amount < LARGEST_AMOUNT:
        raise Refusal(
            "That amount can't be logged: type one below 1,000,000,000,000.", field=AMOUNT
        )
    won = draft.outcome is DealOutcome.WON or base is Base.HOME
    if draft.amount is not None and not won:
        raise Refusal(
            "An amount goes with home: choose home as the base, or leave the amount empty.",
            field=AMOUNT,
        )
    if won:
        return replace(draft, base=Base.HOME, outcome=DealOutcome.WON)
    return replace(draft, base=base)


def _read_amount(text: str, member: Member, team: Team) -> tuple[Decimal, tuple[str, ...]]:
    try:
        reading = parse_number(
            companies.plain_text(text), locale=member.locale, unit="money", currency=team.currency
        )
    except NumberProblem as problem:
        raise Refusal(str(problem), field=AMOUNT) from problem
    return reading.value, (reading.note,) if reading.note else ()


def logging_rep(session: Session, caller: Caller, *, lock: bool = True) -> tuple[Member, Team]:
    """Return the caller, locked by default, and their team; raises Refusal for anybody who is not a rep."""
    member, _, team = access.rep(session, caller, lock=lock)
    if member.inactive_because is not None:
        raise Refusal(
            "Your account is switched off in Basecoach: ask your coach or a workspace admin "
            "to enrol you again with /coach."
        )
    return member, team


def own_conversation(
    session: Session, member: Member, conversation_id: int
) -> tuple[Conversation, Opportunity]:
    """Return the member's own conversation and its opportunity; raises Refusal for anybody else's."""
    conversation = session.get(Conversation, conversation_id)
    if conversation is None or conversation.member_id != member.id:
        access.deny(member, "change", "conversation", conversation_id)
        raise Refusal("That conversation is not in your log: log yours with /log-conversation.")
    return conversation, session.get_one(Opportunity, conversation.opportunity_id)


def must_be_editable(conversation: Conversation, weeks: OpenWeeks) -> None:
    """Raise Refusal for a conversation that was undone, or whose week is closed."""
    if conversation.undone_at is not None:
        raise Refusal("That conversation was undone: log it again with /log-conversation.")
    if conversation.held_on < weeks.first_day:
        raise Refusal(
            "That conversation's week is closed, so it stays as it is: tell your coach what was wrong."
        )
