"""Signed plans: which one counts for a week, and from which week on a new one can count."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime

from sqlmodel import Session, col, select

from bot.database import any_of
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
    return counting(signed_of(session, [member_id]).get(member_id, ()), week)


def signed_of(session: Session, member_ids: Collection[int]) -> dict[int, list[Plan]]:
    """Return the signed versions of these members, by member id, in the order in which they begin to count."""
    found: dict[int, list[Plan]] = defaultdict(list)
    for plan in session.exec(_SIGNED, params={"members": list(member_ids)}):
        found[plan.member_id].append(plan)
    return found


def counting(signed: Iterable[Plan], week: date) -> Plan | None:
    """Return the one of a member's signed versions, in their order, that counts in a week; None if none does."""
    begun = [plan for plan in signed if plan.from_week is not None and plan.from_week <= week]
    return begun[-1] if begun and begun[-1].ends_on >= week else None


def beginning_after(signed: Iterable[Plan], day: date) -> list[Plan]:
    """Return those signed versions, in their order, that begin to count after a day."""
    return [plan for plan in signed if plan.from_week is not None and plan.from_week > day]


_SIGNED = (
    select(Plan)
    .where(col(Plan.member_id).in_(any_of("members")), Plan.state == PlanState.APPROVED)
    .order_by(col(Plan.from_week), col(Plan.version))
)


def first_open_week(session: Session, plan: Plan, *, member: Member, now: datetime) -> date:
    """Return the first week whose targets the version could set if it were signed now.

    This is the next week in the rep's zone, but not before the period's first Monday, nor a week already asked
    about.
    """
    week = periods.first_week(span_of(plan), today=today_of(member, now))
    asked = open_weeks.last_asked_week(session, member.id)
    return week if asked is None else max(week, asked + WEEK)
