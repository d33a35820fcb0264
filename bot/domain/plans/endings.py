"""A plan's end, and a goal that was reached before it, are events: rep and coach get one message about each.

The tick calls `tell_due`. Each signed plan says when it is looked at next: after each check-in has closed, and
as soon as a sale is logged. The account of a period is given once the check-in about its last week has closed, so
that it is complete.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from bot.database import among, columns
from bot.domain import access
from bot.domain.calendars.open_weeks import today_of
from bot.domain.calendars.schedules import zone_of
from bot.domain.outbox import budget, outbox, surfaces
from bot.domain.plans import targets as plan_targets
from bot.domain.plans.history import closed_by
from bot.domain.plans.in_force import beginning_after, counting, signed_of
from bot.domain.plans.rows import lock_plan
from bot.domain.plans.signing import look_after, next_look
from bot.domain.tables import Member, Plan, PlanState
from bot.rules.weeks import WEEK, monday_of, week_of

BATCH = 50

IS_DUE = columns(Plan).account_due_at <= sa.bindparam("now")

GRACE = 4
"""For so many weeks after a plan's last one its targets still stand: the time to write the next plan."""


def tell_due(
    session: Session,
    *,
    now: datetime,
    only: Collection[int] | None = None,
    without: Collection[int] = (),
) -> int:
    """Look at the plans that are due, and tell what has happened to them; return how many were due."""
    due = session.exec(
        select(Plan.id)
        .where(IS_DUE, *among(col(Plan.id), only, without))
        .order_by(col(Plan.account_due_at), col(Plan.id))
        .limit(BATCH),
        params={"now": now},
    ).all()
    for plan_id in due:
        plan = lock_plan(session, plan_id)
        if plan is not None and plan.account_due_at is not None and plan.account_due_at <= now:
            plan.account_due_at = _look(session, plan, now)
            session.flush()
    return len(due)


def _look(session: Session, plan: Plan, now: datetime) -> datetime | None:
    """Tell what there is to tell about one plan, and return when to look again; None for never."""
    member = session.get_one(Member, plan.member_id)
    this_week, last_week = week_of(now, zone_of(member)), monday_of(plan.ends_on)
    signed = signed_of(session, [member.id]).get(member.id, [])
    if plan.state != PlanState.APPROVED or plan.from_week is None:
        return None
    counts_last = counting(signed, max(min(this_week, last_week), plan.from_week))
    if counts_last is None or counts_last.id != plan.id:
        return None  # a later version took its place, and is looked at itself
    if access.enrolment_of(session, member.id) is None:
        return now + WEEK  # nobody to tell, unless the rep comes back
    if today_of(member, now) <= plan.ends_on:
        if plan.reached_at is None and plan.from_week <= this_week:
            _tell_if_reached(session, plan, member, now)
        return next_look(session, member=member, plan=plan, after=this_week - WEEK, now=now)
    closes = look_after(session, member=member, plan=plan, week=last_week)
    if now < closes:
        return closes
    later = beginning_after(signed, plan.ends_on)
    if later and now - closes > GRACE * WEEK:
        return None  # it ended long before anybody could be told, and the next one counts
    plan.ended_at = now
    plan.targets_until = _targets_until(session, plan, member, signed, later, now)
    _tell(session, plan, member, (outbox.PLAN_ENDED, outbox.PLAN_ENDED_REPLY), now)
    return None


def _tell_if_reached(session: Session, plan: Plan, member: Member, now: datetime) -> None:
    if closed_by(session, plan, today=today_of(member, now)) < plan.goal:
        return
    plan.reached_at = now
    _tell(session, plan, member, (outbox.PLAN_REACHED, outbox.PLAN_REACHED_REPLY), now)


def _targets_until(
    session: Session,
    plan: Plan,
    member: Member,
    signed: Collection[Plan],
    later: list[Plan],
    now: datetime,
) -> date | None:
    """End the plan's targets some weeks from now, and return their last day; None if other targets count then.

    A signed plan that follows has ended them already, from its own first week on.
    """
    if later:
        assert later[0].from_week is not None  # noqa: S101 - it is among the later ones
        return later[0].from_week - timedelta(days=1)
    this_week = week_of(now, zone_of(member))
    ends = max(monday_of(plan.ends_on) + WEEK, this_week) + GRACE * WEEK
    ended = plan_targets.end(session, plan=plan, member=member, from_week=ends, now=now)
    return ends - timedelta(days=1) if ended else None


def _tell(
    session: Session, plan: Plan, member: Member, which: tuple[str, str], now: datetime
) -> None:
    session.flush()
    for surface in which:
        at = now
        if (
            surface in outbox.PINGS
        ):  # that to the rep; where there is no room this week, it waits for one that has
            at = budget.read(session, [member.id], now=now, to_take=True).take_first(member.id, now)
        new = outbox.New(plan.workspace_id, surface, plan.id, at)
        outbox.add_all(session, [new], now=now)
    surfaces.homes_changed(session, member=member, now=now)
