"""Signs a version: it counts from a Monday on, sets the targets, and replaces others."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.domain.calendars.schedules import schedule_of, zone_of
from bot.domain.plans import targets as plan_targets
from bot.domain.plans.in_force import counting, signed_of
from bot.domain.plans.waiting import accounts_shown_again, shown_again
from bot.domain.tables import Member, Plan, PlanState, Team
from bot.rules import weeks
from bot.rules.weeks import WEEK


def sign(session: Session, *, plan: Plan, from_week: date, by: Member, now: datetime) -> None:
    """Let the version count from the Monday `from_week` on. The caller has checked that week and locked the row.

    A signed version that begins no earlier and overlaps with this one is replaced. Earlier ones still set the
    targets up to that week.
    """
    member = session.get_one(Member, plan.member_id)
    signed = signed_of(session, [member.id]).get(member.id, [])
    before = counting(signed, from_week)
    replaced = [other for other in signed if _gives_way(other, plan, from_week)]
    for other in replaced:
        other.state, other.sights_due_at = PlanState.REPLACED, None
        other.account_due_at = None
    plan.state, plan.from_week = PlanState.APPROVED, from_week
    plan.decided_by, plan.decided_at = by.id, now
    plan.sights_due_at = next_look(session, member=member, plan=plan, after=from_week, now=now)
    plan.account_due_at = plan.sights_due_at
    session.flush()
    if replaced:
        shown_again(session, *replaced, now=now)
    kept = [other for other in signed if other.state == PlanState.APPROVED]
    accounts_shown_again(session, member=member, now=now)
    plan_targets.set_from_plan(
        session, plan=plan, member=member, before=before, signed=kept, set_by=by.id, now=now
    )


def _gives_way(other: Plan, plan: Plan, from_week: date) -> bool:
    begins = other.from_week
    return begins is not None and begins >= from_week and other.begins_on <= plan.ends_on


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


def look_after(session: Session, *, member: Member, plan: Plan, week: date) -> datetime:
    """Return when the check-in about this week closes, by the schedule of the plan's team."""
    return _closes(week, schedule_of(session.get_one(Team, plan.team_id)), zone_of(member))


def _closes(week: date, schedule: weeks.Schedule, zone: ZoneInfo) -> datetime:
    due = weeks.due_at(week, schedule, zone)
    return weeks.deadline(delivered_at=due, week=week, schedule=schedule, zone=zone)
