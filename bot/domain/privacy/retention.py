"""Deletes by age, in batches: what is older than the operator keeps it, and people who are gone for that long.

The records of weeks, conversations, plans, absences, targets that were replaced, entries of the audit log, sent
files and requests for them go by their own age. A person goes as a whole, as by `basecoach delete member`, when
they are in no team, and neither were nor did anything for that long. Nothing is kept as a sum: ratios rest on what
is there. The versions of plans that are kept keep the counts that they were signed with.

A batch waits until Slack has deleted the messages of the one before, so that live messages never queue behind
old ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import sqlalchemy as sa
from sqlmodel import Session

from bot.database import columns, rows, run, table
from bot.domain.outbox import erased
from bot.domain.privacy import erasure, forgetting
from bot.domain.shown.deleted import DELETED_ID
from bot.domain.tables import (
    Absence,
    AuditEntry,
    CheckIn,
    Conversation,
    Enrolment,
    ExportOrder,
    Member,
    MetricEntry,
    MidweekLine,
    Notice,
    Opportunity,
    Plan,
    Row,
    SentFile,
    Substitution,
    Target,
    Team,
)
from bot.rules.weeks import WEEK

BATCH = 50
"""How many rows of a kind go in one batch, with all that belongs to them."""


def months_before(now: datetime, months: int) -> date:
    """Return the day that many months before `now`; the last day of a shorter month for one that it lacks."""
    year, month = divmod(now.year * 12 + now.month - 1 - months, 12)
    first = date(year, month + 1, 1)
    longest = (date(year + (month == 11), (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return first.replace(day=min(now.day, longest))


def forget_old(session: Session, *, now: datetime, months: int) -> int:
    """Delete one batch of what is older than `months`; return how many rows or people it was, 0 at the end.

    Returns 0 also while messages of an earlier batch wait to be deleted in Slack.
    """
    if erased.waiting(session):
        return 0
    before = months_before(now, months)
    for model, is_old in _old(before):
        row = columns(model)
        oldest = sa.select(row.id).where(is_old).order_by(row.id).limit(BATCH)
        ids = [row_id for (row_id,) in rows(session, oldest)]
        if ids:
            forgetting.forget(session, model, row.id.in_(ids), now=now)
            return len(ids)
    return _forget_changes(session, before, now=now) or _forget_person(session, before, now=now)


def _old(before: date) -> Iterator[tuple[type[Row], sa.ColumnElement[bool]]]:
    """Yield what goes by its own age, with the condition that selects it."""
    check_in, conversation, opportunity = (
        columns(CheckIn),
        columns(Conversation),
        columns(Opportunity),
    )
    target, newer = columns(Target), table(Target).alias().c
    yield CheckIn, check_in.week < before - WEEK
    last_held = (
        sa.select(sa.func.max(conversation.held_on))
        .where(conversation.opportunity_id == opportunity.id)
        .scalar_subquery()
    )
    yield Opportunity, last_held < before
    yield MetricEntry, columns(MetricEntry).week < before - WEEK
    yield MidweekLine, columns(MidweekLine).week < before - WEEK
    yield Absence, columns(Absence).last_day < before
    yield Plan, columns(Plan).ends_on < before
    is_later = (newer.from_week > target.from_week) | (
        (newer.from_week == target.from_week) & (newer.id > target.id)
    )
    replaced = sa.exists().where(
        newer.member_id == target.member_id,
        newer.metric_id == target.metric_id,
        newer.from_week < before,
        is_later,
    )
    yield Target, (target.from_week < before) & replaced
    yield SentFile, columns(SentFile).sent_at < _midnight(before)
    yield ExportOrder, columns(ExportOrder).asked_at < _midnight(before)

    stands_in = columns(Substitution)
    yield Substitution, stands_in.next_at.is_(None) & (stands_in.last_day < before)


def _forget_changes(session: Session, before: date, *, now: datetime) -> int:
    """Delete old entries of the audit log, with the lines that people were sent about them."""
    entry, notice = columns(AuditEntry), columns(Notice)
    oldest = sa.select(entry.id).where(entry.at < _midnight(before)).order_by(entry.id).limit(BATCH)
    ids = [entry_id for (entry_id,) in rows(session, oldest)]
    if ids:
        forgetting.forget(session, Notice, notice.audit_id.in_(ids), now=now)
        run(session, sa.delete(table(AuditEntry)).where(entry.id.in_(ids)))
    return len(ids)


def _forget_person(session: Session, before: date, *, now: datetime) -> int:
    """Delete one person who is no rep and no coach, and was neither rep nor seen since `before`."""
    member, enrolment, team = columns(Member), columns(Enrolment), columns(Team)
    is_rep_lately = sa.exists().where(
        enrolment.member_id == member.id,
        enrolment.ended_on.is_(None) | (enrolment.ended_on >= before),
    )
    coaches = sa.exists().where((team.coach_id == member.id) | (team.second_coach_id == member.id))
    stands_in = columns(Substitution)
    is_away = sa.exists().where(stands_in.member_id == member.id, stands_in.next_at.is_not(None))
    gone = (
        sa.select(member.id)
        .where(
            member.profile_read_at < _midnight(before),
            member.slack_user_id != DELETED_ID,
            ~is_rep_lately,
            ~coaches,
            ~is_away,
        )
        .order_by(member.id)
        .limit(1)
    )
    found = rows(session, gone)
    for (member_id,) in found:
        erasure.erase_member(session, session.get_one(Member, member_id), now=now)
    return len(found)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)
