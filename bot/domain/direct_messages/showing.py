"""What the answer to a direct message shows, in its current state."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from bot.domain.absences import forms as absence_forms
from bot.domain.access import Caller
from bot.domain.checkins import midweek
from bot.domain.conversations import listing
from bot.domain.conversations import logging as conversations
from bot.domain.refusals import Refusal
from bot.domain.shown.addressee import Addressee
from bot.domain.shown.conversations import Draft, Question
from bot.domain.shown.direct_messages import DirectReply, ReplyKind
from bot.domain.tables import Absence, DirectMessage, Member
from bot.rules.problems import NotUnderstood
from bot.rules.quick_readings import quoted


@dataclass(frozen=True)
class Showing:
    """An answer, with the member to whom it is sent."""

    shown: DirectReply
    to: Addressee


def show(session: Session, direct_message_id: int, *, now: datetime) -> Showing:
    """Return the answer; where the member may not see any more what it was about, it says why."""
    row = session.get_one(DirectMessage, direct_message_id)
    member = session.get_one(Member, row.member_id)
    caller = Caller(row.workspace_id, member.slack_user_id)
    try:
        shown = _reply(session, row, caller, now)
    except Refusal as refusal:
        shown = DirectReply(ReplyKind.SAID, row.key, sentence=refusal.sentence)
    return Showing(shown, Addressee.of(member))


def _reply(session: Session, row: DirectMessage, caller: Caller, now: datetime) -> DirectReply:
    kind = ReplyKind(row.kind)
    reply = DirectReply(kind, row.key, sentence=row.sentence)
    if row.conversation_id is not None:
        logged = conversations.answer_about(
            session, caller=caller, conversation_id=row.conversation_id, now=now
        )
        notes = tuple((row.sentence or "").splitlines()) if not logged.undone else ()
        return replace(reply, kind=ReplyKind.LOGGED, logged=replace(logged, notes=notes))
    if kind is ReplyKind.ASKED and row.text is not None:
        return _asked(session, row, row.text, caller, reply)
    if kind is ReplyKind.LIST:
        return replace(reply, log=listing.my_week(session, caller=caller, now=now, page=0))
    if kind is ReplyKind.MIDWEEK:
        return replace(reply, midweek=midweek.chosen(session, caller=caller))
    if row.absences is not None:
        about = absence_forms.about_whom(session, caller)
        shown = [
            absence_forms.saved(
                session,
                about,
                session.get_one(Absence, int(absence_id)),
                now=now,
                taken_back=kind is ReplyKind.BACK,
                known=kind is ReplyKind.ALREADY_AWAY,
            )
            for absence_id in row.absences.split(",")
        ]
        notes = (row.sentence,) if row.sentence else ()
        return replace(reply, saved=absence_forms.together(shown, notes=notes))
    return reply


def _asked(
    session: Session, row: DirectMessage, text: str, caller: Caller, reply: DirectReply
) -> DirectReply:
    """Read the line again, as it was heard: the question, or why it is refused."""
    try:
        read = conversations.read_line(session, caller=caller, text=text, now=row.heard_at)
    except NotUnderstood as problem:
        return replace(reply, refused=problem)
    if isinstance(read, Draft):
        doubt = f"Is {quoted(read.company)} a company that you talked to?"
        read = Question(read, doubt=doubt, readings=(read,))
    return replace(reply, question=read)
