"""Says of a row of the outbox what it is and whom it is about, in words for an operator."""

from __future__ import annotations

from collections.abc import Callable, Mapping

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


def _of_check_in(session: Session, check_in_id: int) -> int | None:
    check_in = session.get(CheckIn, check_in_id)
    return check_in.member_id if check_in is not None else None


def _of_alert(session: Session, alert_id: int) -> int | None:
    alert = session.get(Alert, alert_id)
    return _of_check_in(session, alert.check_in_id) if alert is not None else None


def _of_praise(session: Session, praise_id: int) -> int | None:
    praise = session.get(Praise, praise_id)
    return _of_check_in(session, praise.check_in_id) if praise is not None else None


def _of_brief(session: Session, brief_id: int) -> int | None:
    brief = session.get(Brief, brief_id)
    team = session.get(Team, brief.team_id) if brief is not None else None
    return team.coach_id if team is not None else None


def _of_reminder(session: Session, reminder_id: int) -> int | None:
    reminder = session.get(Reminder, reminder_id)
    return _of_check_in(session, reminder.check_in_id) if reminder is not None else None


def _of_midweek(session: Session, line_id: int) -> int | None:
    line = session.get(MidweekLine, line_id)
    return line.member_id if line is not None else None


def _of_advice(session: Session, advice_id: int) -> int | None:
    advice = session.get(Advice, advice_id)
    return advice.member_id if advice is not None else None


def _of_welcome(session: Session, enrolment_id: int) -> int | None:
    enrolment = session.get(Enrolment, enrolment_id)
    return enrolment.member_id if enrolment is not None else None


def _of_plan(session: Session, plan_id: int) -> int | None:
    plan = session.get(Plan, plan_id)
    return plan.member_id if plan is not None else None


def _of_notice(session: Session, notice_id: int) -> int | None:
    notice = session.get(Notice, notice_id)
    return notice.member_id if notice is not None else None


def _of_withdrawal(session: Session, withdrawal_id: int) -> int | None:
    found = session.get(Withdrawal, withdrawal_id)
    return member_of(session, found.surface, found.subject_id) if found is not None else None


def _of_direct_message(session: Session, direct_message_id: int) -> int | None:
    row = session.get(DirectMessage, direct_message_id)
    return row.member_id if row is not None else None


def _of_export(session: Session, order_id: int) -> int | None:
    order = session.get(ExportOrder, order_id)
    return order.member_id if order is not None else None


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
    outbox.CHECK_IN: _of_check_in,
    outbox.REMINDER: _of_reminder,
    outbox.ALERT: _of_alert,
    outbox.ADVICE: _of_advice,
    outbox.HOME: lambda session, member_id: member_id,
    outbox.WELCOME: _of_welcome,
    outbox.PLAN: _of_plan,
    outbox.PLAN_REPLY: _of_plan,
    **dict.fromkeys(outbox.PLAN_EVENTS, _of_plan),
    outbox.NOTICE: _of_notice,
    outbox.WITHDRAWN: _of_withdrawal,
    outbox.DIRECT_REPLY: _of_direct_message,
    outbox.EXPORT: _of_export,
    outbox.BRIEF: _of_brief,
    outbox.PRAISE: _of_praise,
    outbox.MIDWEEK: _of_midweek,
}
