"""The sign-off: the coach approves a plan, sends it back or suggests other numbers; the rep accepts or declines.

Every decision locks the version and reads its current state, so when two people press at once, one is told what
the other did. The same decision a second time changes nothing.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Session

from bot.domain.access import Caller
from bot.domain.calendars.open_weeks import today_of
from bot.domain.plans.access import coached_plan, own_plan
from bot.domain.plans.checks import check
from bot.domain.plans.decisions import decided, must_be, open_weeks, read_reason, rep_sees
from bot.domain.plans.showing import reader_for, show
from bot.domain.plans.signing import sign
from bot.domain.plans.suggestions import suggest as suggest
from bot.domain.plans.suggestions import suggest_step as suggest_step
from bot.domain.plans.waiting import (
    accounts_shown_again,
    shown_again,
    tell_coach,
    tell_rep,
    withdraw_these,
)
from bot.domain.refusals import Refusal
from bot.domain.shown.plans import FROM_WEEK, REASON, Approval, Decided, PlanShown
from bot.domain.tables import Member, Plan, PlanState
from bot.rules.days import show_day


def approval(session: Session, *, caller: Caller, plan_id: int, now: datetime) -> Approval:
    """Return the weeks from which the version can count; raises Refusal if it can't be approved."""
    coach, team, plan = coached_plan(session, caller, plan_id)
    must_be(session, plan, PlanState.PROPOSED, viewer=coach, now=now)
    rep = session.get_one(Member, plan.member_id)
    reader = reader_for(coach, team, plan)
    conflicts, _ = check(
        session, plan, member=rep, team=team, today=today_of(rep, now), locale=reader.locale
    )
    return Approval(
        plan_id=plan.id,
        rep_name=rep.name,
        weeks=open_weeks(session, plan, rep, now),
        reader=reader,
        conflicts=conflicts,
    )


def approve(
    session: Session,
    *,
    caller: Caller,
    plan_id: int,
    now: datetime,
    from_week: date | None = None,
) -> Decided:
    """Sign the version for the coach: it sets the targets from the next Monday on, or from a later one."""
    coach, _, plan = coached_plan(session, caller, plan_id)
    if (
        plan.state == PlanState.APPROVED
        and plan.decided_by == coach.id
        and from_week in {None, plan.from_week}
    ):
        return decided(session, plan)
    must_be(session, plan, PlanState.PROPOSED, viewer=coach, now=now)
    rep = session.get_one(Member, plan.member_id)
    weeks = open_weeks(session, plan, rep, now)
    week = from_week or weeks[0]
    if week not in weeks:
        first = show_day(weeks[0], today=today_of(rep, now))
        raise Refusal(f"Choose a Monday from {first} on and before the plan ends.", field=FROM_WEEK)
    plan.coach_agreed_at, plan.coach_agreed_by = now, coach.id
    sign(session, plan=plan, from_week=week, by=coach, now=now)
    return _decided(session, plan, viewer=coach, now=now)


def send_back_form(session: Session, *, caller: Caller, plan_id: int, now: datetime) -> PlanShown:
    """Return the version for the modal that asks why; raises Refusal if it can't be sent back."""
    coach, _, plan = coached_plan(session, caller, plan_id)
    must_be(session, plan, PlanState.PROPOSED, viewer=coach, now=now)
    return show(session, plan.id, now=now, viewer=coach)


def send_back(
    session: Session, *, caller: Caller, plan_id: int, reason: str, now: datetime
) -> Decided:
    """Send the version back to the rep with the coach's reason."""
    coach, _, plan = coached_plan(session, caller, plan_id)
    reason = read_reason(reason)
    if not reason:
        raise Refusal("Say in a few words what should be different.", field=REASON)
    if (plan.state, plan.decided_by, plan.reason) == (PlanState.SENT_BACK, coach.id, reason):
        return decided(session, plan)
    must_be(session, plan, PlanState.PROPOSED, viewer=coach, now=now)
    plan.state, plan.reason = PlanState.SENT_BACK, reason
    plan.decided_by, plan.decided_at = coach.id, now
    return _decided(session, plan, viewer=coach, now=now)


def accept(session: Session, *, caller: Caller, plan_id: int, now: datetime) -> Decided:
    """Accept the coach's numbers for the rep: the version then waits for the coach's approval."""
    rep, _, plan = own_plan(session, caller, plan_id)
    if plan.state == PlanState.PROPOSED and plan.coach_agreed_at and plan.rep_agreed_at:
        return decided(session, plan)
    must_be(session, plan, PlanState.SUGGESTED, viewer=rep, now=now)
    if plan.ends_on < today_of(rep, now):
        raise Refusal("This plan’s period is over: start afresh with /plan.")
    plan.state, plan.rep_agreed_at = PlanState.PROPOSED, now
    return _decided(session, plan, viewer=rep, now=now)


def withdraw(session: Session, *, caller: Caller, plan_id: int, now: datetime) -> Decided:
    """Withdraw the version for its rep while nobody has decided about it; the next one can begin from it."""
    rep, _, plan = own_plan(session, caller, plan_id)
    reason = f"{rep.name} took it back."
    if (plan.state, plan.decided_by, plan.reason) == (PlanState.DECLINED, None, reason):
        return decided(session, plan)
    must_be(session, plan, PlanState.PROPOSED, viewer=rep, now=now)
    withdraw_these(session, [plan], reason=reason, now=now)
    accounts_shown_again(session, member=rep, now=now)
    rep_sees(session, plan, now=now)
    return decided(session, plan)


def decline_form(session: Session, *, caller: Caller, plan_id: int, now: datetime) -> PlanShown:
    """Return the version for the modal that asks why not; raises Refusal if the rep has nothing to decline."""
    rep, _, plan = own_plan(session, caller, plan_id)
    must_be(session, plan, PlanState.SUGGESTED, viewer=rep, now=now)
    return show(session, plan.id, now=now, viewer=rep)


def decline(
    session: Session, *, caller: Caller, plan_id: int, now: datetime, reason: str = ""
) -> Decided:
    """Decline the coach's numbers for the rep, with or without a reason."""
    rep, _, plan = own_plan(session, caller, plan_id)
    if (plan.state, plan.decided_by) == (PlanState.DECLINED, rep.id):
        return decided(session, plan)
    must_be(session, plan, PlanState.SUGGESTED, viewer=rep, now=now)
    plan.state, plan.reason = PlanState.DECLINED, read_reason(reason) or None
    plan.decided_by, plan.decided_at = rep.id, now
    return _decided(session, plan, viewer=rep, now=now)


def _decided(session: Session, plan: Plan, *, viewer: Member, now: datetime) -> Decided:
    """Mark both messages about the version stale, and return what was decided."""
    session.flush()
    if viewer.id == plan.member_id:
        tell_coach(session, plan, now=now)
    else:
        tell_rep(session, plan, now=now)
    shown_again(session, plan, now=now)
    rep_sees(session, plan, now=now)
    return decided(session, plan)
