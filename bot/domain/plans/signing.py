"""Signs a version: it counts from a Monday on, sets the targets, and replaces others."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from bot.domain.calendars.schedules import schedule_of, zone_of
from bot.domain.outbox import surfaces
from bot.domain.plans import targets as plan_targets
from bot.domain.plans.in_force import in_force
from bot.domain.plans.waiting import shown_again
from bot.domain.tables import Member, Plan, PlanState, Team
from bot.rules import weeks
from bot.rules.weeks import WEEK


def sign(session: Session, *, plan: Plan, from_week: date, by: Member, now: datetime) -> None:
    """Let the version count from the Monday `from_week` on. The caller has checked that week and locked the row.

    A signed version that begins no earlier and overlaps with this one is replaced. Earlier ones still set the
    targets up to that week.
    """
    member = session.get_one(Member, plan.member_id)
    before = in_force(session, member.id, from_week)
    for other in session.exec(
        select(Plan).where(
            Plan.member_id == member.id,
            Plan.state == PlanState.APPROVED,
            col(Plan.from_week) >= from_week,
            col(Plan.begins_on) <= plan.ends_on,
        )
    ).all():
        other.state, other.sights_due_at = PlanState.REPLACED, None
        session.flush()
        shown_again(session, other, now=now)
    plan.state, plan.from_week = PlanState.APPROVED, from_week
    plan.decided_by, plan.decided_at = by.id, now
    plan.sights_due_at = next_look(session, member=member, plan=plan, after=from_week, now=now)
    session.flush()
    plan_targets.set_from_plan(
        session, plan=plan, member=member, before=before, set_by=by.id, now=now
    )
    plan_targets.keep_signed(session, member=member, after=from_week, set_by=by.id, now=now)
    surfaces.homes_changed(session, member=member, now=now)


def next_look(
    session: Session, *, member: Member, plan: Plan, after: date, now: datetime
) -> datetime:
    """Return when the record is checked next: after the check-in about the week `after`, or a later one, has
    closed.
    """
    schedule, zone = schedule_of(session.get_one(Team, plan.team_id)), zone_of(member)
    week = after
    while (look := _closes(week, schedule, zone)) <= now:
        week += WEEK
    return look


def _closes(week: date, schedule: weeks.Schedule, zone: ZoneInfo) -> datetime:
    due = weeks.due_at(week, schedule, zone)
    return weeks.deadline(delivered_at=due, week=week, schedule=schedule, zone=zone)
