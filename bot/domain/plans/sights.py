"""Raises the sights: after weeks with every goal met it offers a higher goal, which counts once both agree.

The tick calls `offer_due`. Each signed plan says when the rep's record is checked next: after each check-in has
closed.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlmodel import Session, col, select

from bot.database import among, columns
from bot.domain import access
from bot.domain.access import Caller
from bot.domain.calendars.open_weeks import today_of
from bot.domain.calendars.schedules import zone_of
from bot.domain.metrics import carried, metrics, records
from bot.domain.outbox import surfaces
from bot.domain.plans.access import GONE
from bot.domain.plans.beginnings import forget_time
from bot.domain.plans.decisions import decided, open_weeks, rep_sees, why_not
from bot.domain.plans.history import fill_in
from bot.domain.plans.in_force import in_force
from bot.domain.plans.rows import (
    compute,
    copy_goals,
    copy_ratios,
    given_of,
    goals_of,
    lock_plan,
    new_version,
    next_version,
    ratio_rows,
    waiting_of,
    weekly_of,
)
from bot.domain.plans.signers import decides
from bot.domain.plans.signing import next_look, sign
from bot.domain.plans.waiting import shown_again, tell_coach, tell_rep
from bot.domain.refusals import Refusal
from bot.domain.shown.alerts import TrendWeek
from bot.domain.shown.plans import Decided
from bot.domain.tables import Member, Metric, Plan, PlanOrigin, PlanState, Team
from bot.rules import plan as rules
from bot.rules import sights
from bot.rules.problems import PlanProblems
from bot.rules.weeks import WEEK, week_of

BATCH = 50

IS_DUE = columns(Plan).sights_due_at <= sa.bindparam("now")


LONGEST_LOOK = 53
"""How many past weeks of the record are read."""


def offer_due(
    session: Session,
    *,
    now: datetime,
    only: Collection[int] | None = None,
    without: Collection[int] = (),
) -> int:
    """Check the records that are due, and offer a higher goal where it is earned; return how many were due."""
    due = session.exec(
        select(Plan.id)
        .where(IS_DUE, *among(col(Plan.id), only, without))
        .order_by(col(Plan.sights_due_at), col(Plan.id))
        .limit(BATCH),
        params={"now": now},
    ).all()
    for plan_id in due:
        plan = lock_plan(session, plan_id)
        if plan is not None and plan.sights_due_at is not None and plan.sights_due_at <= now:
            _look(session, plan, now)
    return len(due)


def agree(session: Session, *, caller: Caller, plan_id: int, now: datetime) -> Decided:
    """Record that rep or coach agrees to the higher goal; the second of them signs it, from the next Monday on."""
    viewer, plan, as_rep, as_coach = _party(session, caller, plan_id)
    agreed = (as_rep and plan.rep_agreed_at is not None) or (
        as_coach and plan.coach_agreed_at is not None
    )
    if plan.origin == PlanOrigin.SIGHTS and agreed and plan.state in _STANDING:
        return decided(session, plan)
    if plan.state != PlanState.OFFERED:
        raise Refusal(why_not(session, plan, viewer=viewer, now=now))
    rep = session.get_one(Member, plan.member_id)
    weeks = open_weeks(session, plan, rep, now)
    if as_rep:
        plan.rep_agreed_at = now
    if as_coach:
        plan.coach_agreed_at, plan.coach_agreed_by = now, viewer.id
    session.flush()
    if plan.rep_agreed_at is not None and plan.coach_agreed_at is not None:
        sign(session, plan=plan, from_week=weeks[0], by=viewer, now=now)
    return _changed(session, plan, now)


def not_now(session: Session, *, caller: Caller, plan_id: int, now: datetime) -> Decided:
    """Record that rep or coach declines the higher goal; no other is offered for a quarter."""
    viewer, plan, _, _ = _party(session, caller, plan_id)
    if (plan.state, plan.decided_by) == (PlanState.DECLINED, viewer.id):
        return decided(session, plan)
    if plan.state != PlanState.OFFERED:
        raise Refusal(why_not(session, plan, viewer=viewer, now=now))
    plan.state, plan.decided_by, plan.decided_at = PlanState.DECLINED, viewer.id, now
    session.flush()
    return _changed(session, plan, now)


_STANDING = frozenset({PlanState.OFFERED, PlanState.APPROVED})


def _party(session: Session, caller: Caller, plan_id: int) -> tuple[Member, Plan, bool, bool]:
    """Return the caller, the locked version, and whether they are its rep and its coach; may raise Refusal."""
    viewer = access.known_member(session, caller)
    plan = lock_plan(session, plan_id)
    if plan is None or plan.workspace_id != caller.workspace_id:
        raise Refusal(GONE)
    as_rep = plan.member_id == viewer.id
    as_coach = not as_rep and decides(session, viewer, plan)
    if not (as_rep or as_coach) or plan.state == PlanState.DRAFT:
        access.deny(viewer, "act on", "plan", plan.id)
        raise Refusal("Only the rep and their coaches can decide this.")
    return viewer, plan, as_rep, as_coach


def _look(session: Session, plan: Plan, now: datetime) -> None:
    """Check one record and schedule the next check; there is none once the plan no longer counts."""
    member = session.get_one(Member, plan.member_id)
    this_week = week_of(now, zone_of(member))
    counting = in_force(session, member.id, this_week)
    begun = plan.from_week is not None and plan.from_week <= this_week
    if begun and (counting is None or counting.id != plan.id):
        plan.sights_due_at = None
        session.flush()
        return
    enrolment = access.enrolment_of(session, member.id)
    if begun and enrolment is not None and not _is_quiet(session, member, now):
        team = session.get_one(Team, enrolment.team_id)
        met = _weeks_met(session, plan, member, team, now)
        if met:
            _offer(session, plan, member, team, met, now)
    plan.sights_due_at = next_look(
        session, member=member, plan=plan, after=this_week - WEEK, now=now
    )
    session.flush()


def _is_quiet(session: Session, member: Member, now: datetime) -> bool:
    """Return whether a version waits for a decision, or a higher goal was declined within the last quarter."""
    if waiting_of(session, member.id) is not None:
        return True
    declined = session.exec(
        select(Plan.id)
        .where(
            Plan.member_id == member.id,
            Plan.origin == PlanOrigin.SIGHTS,
            Plan.state == PlanState.DECLINED,
            col(Plan.decided_by).is_not(None),
            col(Plan.decided_at) > now - sights.QUIET,
        )
        .limit(1)
    ).first()
    return declined is not None


def _weeks_met(
    session: Session, plan: Plan, member: Member, team: Team, now: datetime
) -> list[TrendWeek]:
    """Return the latest weeks with every goal met, newest first, as many as needed; none if there are fewer."""
    assert plan.from_week is not None  # noqa: S101 - signed
    last = week_of(now, zone_of(member)) - WEEK
    since = (last - plan.from_week).days // 7 + 1
    if since < team.raise_after_weeks:
        return []
    trend = records.trend(session, member_id=member.id, last=last, weeks=min(since, LONGEST_LOOK))
    newest_first = _held(session, member, list(reversed(trend)))
    if not sights.may_raise([week.result for week in newest_first], team.raise_after_weeks):
        return []
    return [week for week in newest_first if week.result == "met"][: team.raise_after_weeks]


def _held(session: Session, member: Member, weeks: list[TrendWeek]) -> list[TrendWeek]:
    """Count a week as met only if the log carries its numbers, or if a coach nodded them through."""
    met = [week.week for week in weeks if week.result == "met"]
    held = carried.held(session, member_id=member.id, weeks=met)
    return [
        replace(week, result="unproven") if week.result == "met" and week.week not in held else week
        for week in weeks
    ]


def _offer(
    session: Session,
    plan: Plan,
    member: Member,
    team: Team,
    met: list[TrendWeek],
    now: datetime,
) -> None:
    """Add a version with a higher goal, measured again, for rep and coach, unless it gives no valid plan."""
    today = today_of(member, now)
    offer = new_version(plan, origin=PlanOrigin.SIGHTS, state=PlanState.OFFERED, now=now)
    offer.team_id = team.id
    forget_time(offer)
    session.add(offer)
    session.flush()
    copy_ratios(session, of=plan, to=offer)
    copy_goals(session, of=plan, to=offer, team=team)
    fill_in(session, plan=offer, member=member, team=team, today=today)
    offer.goal = sights.raised_goal(
        goal=plan.goal,
        closed=offer.closed,
        weekly_sales=_sales_in(session, member, met),
        weeks_left=offer.working_weeks or metrics.ZERO,
        at_most=_most_to_sell(session, plan, offer),
    )
    if offer.goal <= plan.goal or not _computes(session, offer):
        _drop(session, offer)
        return
    offer.version, offer.proposed_at = next_version(session, member.id), now
    session.flush()
    tell_coach(session, offer, now=now)
    tell_rep(session, offer, now=now)
    surfaces.homes_changed(session, member=member, now=now)


def _most_to_sell(session: Session, plan: Plan, offer: Plan) -> Decimal | None:
    """Return the highest goal that asks for no more a week than higher sights may; None without its numbers."""
    given, weekly = given_of(session, offer), weekly_of(plan)
    if given is None or given.working_weeks <= 0 or weekly is None:
        return None
    return rules.most_to_sell(given, sights.most_a_week(weekly))


def _computes(session: Session, offer: Plan) -> bool:
    try:
        compute(session, offer)
    except PlanProblems:
        return False
    return offer.conversations is not None


def _drop(session: Session, offer: Plan) -> None:
    for row in (*ratio_rows(session, offer.id).values(), *goals_of(session, offer.id)):
        session.delete(row)
    session.flush()
    session.delete(offer)
    session.flush()


def _sales_in(session: Session, member: Member, met: list[TrendWeek]) -> list[Decimal]:
    """Return the logged sales in each of these weeks."""
    sales = session.exec(
        select(Metric).where(
            Metric.workspace_id == member.workspace_id,
            col(Metric.team_id).is_(None),
            Metric.key == metrics.SALES,
        )
    ).one()
    weeks = [week.week for week in met]
    numbers = metrics.logged_numbers(session, [member.id], weeks, [sales])
    return [numbers[member.id, week, sales.id] for week in weeks]


def _changed(session: Session, plan: Plan, now: datetime) -> Decided:
    shown_again(session, plan, now=now)
    rep_sees(session, plan, now=now)
    return decided(session, plan)
