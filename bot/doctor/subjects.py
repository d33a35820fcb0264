"""Says of a row of the outbox what it is and whom it is about, in words for an operator."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from sqlmodel import Session

from bot.domain.outbox import outbox
from bot.domain.tables import (
    Advice,
    Alert,
    Brief,
    CheckIn,
    DirectMessage,
    Enrolment,
    ExportOrder,
    Member,
    MidweekLine,
    Notice,
    OutboxItem,
    Plan,
    Praise,
    Reminder,
    Team,
    Withdrawal,
)


def kind_of(item: OutboxItem) -> str:
    """Return what the row shows, as the beginning of a sentence."""
    return KINDS.get(item.surface, item.surface)


def name_of(session: Session, item: OutboxItem) -> str:
    """Return the name of the member that a row is about."""
    found = member_of(session, item.surface, item.subject_id)
    member = session.get(Member, found) if found is not None else None
    return member.name if member is not None else f"row {item.id}"


def member_of(session: Session, surface: str, subject_id: int) -> int | None:
    """Return the id of the member that a subject of the surface is about; None if it is gone."""
    return OWNERS[surface](session, subject_id) if surface in OWNERS else None


class _OfMember(Protocol):
    member_id: int


class _OfCheckIn(Protocol):
    check_in_id: int


def _of(table: type[_OfMember]) -> Callable[[Session, int], int | None]:
    """Return the function that finds the member of a row of this table, in which each row has its member."""

    def member(session: Session, row_id: int) -> int | None:
        row = session.get(table, row_id)
        return row.member_id if row is not None else None

    return member


def _of_check_in_of(table: type[_OfCheckIn]) -> Callable[[Session, int], int | None]:
    """Return the same for a table in which each row has its check-in."""

    def member(session: Session, row_id: int) -> int | None:
        row = session.get(table, row_id)
        return _of(CheckIn)(session, row.check_in_id) if row is not None else None

    return member


def _of_brief(session: Session, brief_id: int) -> int | None:
    brief = session.get(Brief, brief_id)
    team = session.get(Team, brief.team_id) if brief is not None else None
    return team.coach_id if team is not None else None


def _of_withdrawal(session: Session, withdrawal_id: int) -> int | None:
    found = session.get(Withdrawal, withdrawal_id)
    return member_of(session, found.surface, found.subject_id) if found is not None else None


KINDS: Mapping[str, str] = {
    outbox.CHECK_IN: "A check-in",
    outbox.REMINDER: "A reminder",
    outbox.ALERT: "An alert",
    outbox.HOME: "A Home",
    outbox.WELCOME: "A welcome",
    outbox.PLAN: "A plan",
    outbox.PLAN_REPLY: "The answer to a plan",
    outbox.PLAN_ENDED: "The account of a plan",
    outbox.PLAN_REACHED: "The news of a reached goal",
    outbox.PLAN_ENDED_REPLY: "The account of a plan, for its rep,",
    outbox.PLAN_REACHED_REPLY: "The news of a reached goal, for its rep,",
    outbox.NOTICE: "A line about a change of hands",
    outbox.WITHDRAWN: "A withdrawn message",
    outbox.EXPORT: "Files that somebody asked for",
    outbox.DIRECT_REPLY: "An answer to a direct message",
    outbox.AGREEMENT: "What a rep and a coach agreed on",
    outbox.PASSED_ON: "A line about an alert that nobody took",
    outbox.ADVICE: "A wish for advice",
    outbox.BRIEF: "A weekly brief",
    outbox.PRAISE: "A word of praise",
    outbox.MIDWEEK: "A mid-week line",
}
OWNERS: Mapping[str, Callable[[Session, int], int | None]] = {
    outbox.CHECK_IN: _of(CheckIn),
    outbox.REMINDER: _of_check_in_of(Reminder),
    outbox.ALERT: _of_check_in_of(Alert),
    outbox.ADVICE: _of(Advice),
    outbox.HOME: lambda session, member_id: member_id,
    outbox.WELCOME: _of(Enrolment),
    outbox.PLAN: _of(Plan),
    outbox.PLAN_REPLY: _of(Plan),
    **dict.fromkeys(outbox.PLAN_EVENTS, _of(Plan)),
    outbox.NOTICE: _of(Notice),
    outbox.WITHDRAWN: _of_withdrawal,
    outbox.DIRECT_REPLY: _of(DirectMessage),
    outbox.EXPORT: _of(ExportOrder),
    outbox.BRIEF: _of_brief,
    outbox.PRAISE: _of_check_in_of(Praise),
    outbox.MIDWEEK: _of(MidweekLine),
}
