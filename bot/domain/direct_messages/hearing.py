"""Takes in what a member types into the bot's direct messages: logs it, records it, or finds out how to answer it.

The line, what it did and that it has to be answered are one transaction. A line that is delivered twice does
nothing twice: its event and its message are unique.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from bot.domain import access
from bot.domain.absences import recording as absences
from bot.domain.access import Caller
from bot.domain.checkins import midweek
from bot.domain.conversations import logging as conversations
from bot.domain.conversations.company_names import names_of
from bot.domain.outbox import outbox
from bot.domain.outbox.direct_replies import KEY
from bot.domain.refusals import Refusal
from bot.domain.shown.absences import AbsenceSaved
from bot.domain.shown.conversations import Draft, Logged, Question
from bot.domain.shown.direct_messages import ReplyKind
from bot.domain.tables import DirectMessage, Member
from bot.rules import companies
from bot.rules.absence_words import parse_absences
from bot.rules.direct_words import Asked, asked_of
from bot.rules.problems import AbsenceProblem, NotUnderstood
from bot.rules.quick_log import Understood

LONGEST = 300
"""Characters of a line that is read; a longer one is no log."""
_MOST_WORDS = 4
"""A line of more words that says nothing but a name is no log."""


@dataclass(frozen=True)
class Heard:
    """A line as Slack delivered it."""

    text: str
    event_id: str
    message_id: str
    """Slack's id of the message, or the event's where there is none."""


def hear(session: Session, *, caller: Caller, heard: Heard, now: datetime) -> None:
    """Do what the line says, and have it answered; raises Refusal, and then nothing is done and kept."""
    row = _new_row(session, caller, heard, now)
    if row is None:
        return
    if len(heard.text) > LONGEST:
        row.kind = ReplyKind.UNKNOWN
    else:
        _act(session, caller, heard.text, row, now)
    _answer(session, row, now)


def hear_refused(
    session: Session, *, caller: Caller, heard: Heard, sentence: str, now: datetime
) -> None:
    """Have the line answered with the sentence of a Refusal."""
    row = _new_row(session, caller, heard, now)
    if row is not None:
        row.kind, row.sentence = ReplyKind.SAID, sentence
        _answer(session, row, now)


def _new_row(session: Session, caller: Caller, heard: Heard, now: datetime) -> DirectMessage | None:
    """Return a row for the line, with its member locked; None for a line that was heard before."""
    member = access.known_member(session, caller)
    session.get_one(Member, member.id, with_for_update=True, populate_existing=True)
    key = KEY + heard.message_id
    before = session.exec(
        select(DirectMessage.id).where(
            DirectMessage.workspace_id == member.workspace_id,
            sa.or_(col(DirectMessage.event_id) == heard.event_id, col(DirectMessage.key) == key),
        )
    ).first()
    if before is not None:
        return None
    return DirectMessage(
        workspace_id=member.workspace_id,
        member_id=member.id,
        event_id=heard.event_id,
        key=key,
        heard_at=now,
        kind=ReplyKind.UNKNOWN,
    )


def _answer(session: Session, row: DirectMessage, now: datetime) -> None:
    session.add(row)
    session.flush()
    new = outbox.New(row.workspace_id, outbox.DIRECT_REPLY, row.id, now)
    outbox.add_all(session, [new], now=now)


_PLAIN = {
    Asked.HELP: ReplyKind.HELP,
    Asked.LIST: ReplyKind.LIST,
    Asked.DEALS: ReplyKind.DEALS,
    Asked.PLAN: ReplyKind.PLAN,
}

_CHOICES = {Asked.MIDWEEK_ON: True, Asked.MIDWEEK_OFF: False}


def _act(session: Session, caller: Caller, text: str, row: DirectMessage, now: datetime) -> None:
    asked = asked_of(text)
    if asked in _PLAIN:
        row.kind = _PLAIN[asked]
    elif asked is Asked.UNDO:
        undone = conversations.undo_last(session, caller=caller, now=now)
        row.kind, row.conversation_id = ReplyKind.LOGGED, undone.conversation_id
    elif asked is Asked.BACK:
        saved = absences.be_back(session, caller=caller, absence_id=None, now=now)
        row.kind, row.absences = ReplyKind.BACK, str(saved.absence.absence_id)
    elif asked in _CHOICES:
        midweek.choose(session, caller=caller, wanted=_CHOICES[asked], now=now)
        row.kind = ReplyKind.MIDWEEK
    elif asked is not Asked.AWAY or not _be_away(session, caller, text, row, now):
        _log(session, caller, text, row, now)


def _be_away(
    session: Session, caller: Caller, text: str, row: DirectMessage, now: datetime
) -> bool:
    """Record the days; return False for words that are no days."""
    try:
        parse_absences(companies.plain_text(text), today=now.date(), day_first=True)
    except AbsenceProblem:
        return False
    saved: AbsenceSaved = absences.record_line(
        session, caller=caller, text=companies.plain_text(text), request_key=row.key, now=now
    )
    row.kind = ReplyKind.ALREADY_AWAY if saved.known else ReplyKind.AWAY
    row.absences = ",".join(str(one.absence_id) for one in (saved.absence, *saved.others))
    row.sentence = " ".join(saved.notes) or None
    return True


def _log(session: Session, caller: Caller, text: str, row: DirectMessage, now: datetime) -> None:
    try:
        read = conversations.read_line(session, caller=caller, text=text, now=now)
    except NotUnderstood as problem:
        row.kind, row.text = ReplyKind.ASKED, text
        if not _says_something(problem.understood, session, row.member_id):
            row.kind, row.text = ReplyKind.UNKNOWN, None
        return
    draft = read if isinstance(read, Draft) else read.draft
    doubtful = isinstance(read, Question) and len(read.readings) == 1
    if doubtful or _is_only_a_name(draft, text, session, row.member_id):
        says_more = draft.base is not None or draft.close is not None or draft.outcome != "open"
        is_name = len(text.split()) <= _MOST_WORDS and (
            not doubtful or len(text.split()) < _MOST_WORDS
        )
        row.kind = ReplyKind.ASKED if says_more or is_name else ReplyKind.UNKNOWN
        row.text = text if row.kind == ReplyKind.ASKED else None
        return
    if isinstance(read, Question):
        row.kind, row.text = ReplyKind.ASKED, text
        return
    logged = conversations.log_line(session, caller=caller, text=text, request_key=row.key, now=now)
    if not isinstance(logged, Logged):
        raise Refusal("That changed meanwhile: please type it once more.")
    row.kind, row.conversation_id = ReplyKind.LOGGED, logged.conversation_id
    row.sentence = "\n".join(logged.notes) or None


def _is_only_a_name(draft: Draft, text: str, session: Session, member_id: int) -> bool:
    """Whether the line says nothing but a name that is new, which may be anything at all."""
    typed = companies.key(companies.plain_text(text).strip(".!?… "))
    name = companies.key(draft.company)
    return typed == name and name not in names_of(session, member_id).keys


def _says_something(understood: Understood | None, session: Session, member_id: int) -> bool:
    """Whether what was read of a refused line is a log, and no small talk."""
    if understood is None:
        return False
    said = (understood.base, understood.close, understood.amount or None)
    if any(one is not None for one in said) or understood.outcome != "open":
        return True
    if understood.held_on is not None and len(understood.company.split()) < _MOST_WORDS:
        return True
    return companies.key(understood.company) in names_of(session, member_id).keys
