"""Signed plans: which one counts for a week, and from which week on a new one can count."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Session, col, select

from bot.domain.calendars import open_weeks
from bot.domain.calendars.open_weeks import today_of
from bot.domain.metrics import metrics
from bot.domain.plans.rows import span_of
from bot.domain.tables import Member, Plan, PlanState
from bot.rules import periods
from bot.rules.weeks import WEEK

PLANNED = (metrics.CONVERSATIONS, metrics.BASE_MOVES, metrics.SALES)
"""The metrics whose targets a signed plan sets."""


def in_force(session: Session, member_id: int, week: date) -> Plan | None:
    """Return the signed version that counts in a week; None before the first one and after its period."""
    signed = session.exec(
        select(Plan)
        .where(
            Plan.member_id == member_id,
            Plan.state == PlanState.APPROVED,
            col(Plan.from_week) <= week,
        )
        .order_by(col(Plan.from_week).desc(), col(Plan.version).desc())
        .limit(1)
    ).first()
    return signed if signed is not None and signed.ends_on >= week else None


def first_open_week(session: Session, plan: Plan, *, member: Member, now: datetime) -> date:
    """Return the first week whose targets the version could set if it were signed now.

    This is the next week in the rep's zone, but not before the period's first Monday, nor a week already asked
    about.
    """
    week = periods.first_week(span_of(plan), today=today_of(member, now))
    asked = open_weeks.last_asked_week(session, member.id)
    return week if asked is None else max(week, asked + WEEK)
