"""A plan is signed: the coach approves it, sends it back or suggests other numbers, the rep accepts or declines.

Whoever decides has the version locked and sees its present state, so of two who press at once one is told what
the other did. The same decision a second time changes nothing.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlmodel import Session

from bot.domain import surfaces
from bot.domain.access import Caller
from bot.domain.open_weeks import today_of
from bot.domain.plan_access import coached_plan, own_plan
from bot.domain.plan_shown import reader_for, show
from bot.domain.plan_signing import sign
from bot.domain.plan_waiting import shown_again, tell_coach, tell_rep
from bot.domain.refusals import Refusal
from bot.domain.shown.plans import FROM_WEEK, REASON, Approval, PlanShown
from bot.domain.signed_plans import first_open_week
from bot.domain.tables import Member, Plan, PlanState
from bot.rules.days import show_day

WEEK = timedelta(days=7)

WEEKS_AHEAD = 12
"""From how many weeks the coach can choose the one in which a plan begins to count."""

REASON_LIMIT = 1000


def approval(session: Session, *, caller: Caller, plan_id: int, now: datetime) -> Approval:
    """The weeks from which the version can count; raises Refusal where it can't be approved."""
    coach, team, plan = coached_plan(session, caller, plan_id)
    _must_be(session, plan, PlanState.PROPOSED, viewer=coach, now=now)
    rep = session.get_one(Member, plan.member_id)
    return Approval(
        plan_id=plan.id,
        rep_name=rep.name,
        weeks=_weeks(session, plan, rep, now),
        reader=reader_for(coach, team, plan),
    )


def approve(
    session: Session,
    *,
    caller: Caller,
    plan_id: int,
    now: datetime,
    from_week: date | None = None,
) -> PlanShown:
    """The coach signs: the version sets the targets from the next Monday on, or from a later one."""
    coach, _, plan = coached_plan(session, caller, plan_id)
    if (
        plan.state == PlanState.APPROVED
        and plan.decided_by == coach.id
        and from_week in {None, plan.from_week}
    ):
        return show(session, plan.id, now=now, viewer=coach)
    _must_be(session, plan, PlanState.PROPOSED, viewer=coach, now=now)
    rep = session.get_one(Member, plan.member_id)
    weeks = _weeks(session, plan, rep, now)
    week = from_week or weeks[0]
    if week not in weeks:
        first = show_day(weeks[0], today=today_of(rep, now))
        raise Refusal(f"Choose a Monday from {first} on and before the plan ends.", field=FROM_WEEK)
    plan.coach_agreed_at, plan.coach_agreed_by = now, coach.id
    sign(session, plan=plan, from_week=week, by=coach, now=now)
    return _decided(session, plan, viewer=coach, now=now)


def send_back_form(session: Session, *, caller: Caller, plan_id: int, now: datetime) -> PlanShown:
    """The version, for the modal that asks why; raises Refusal where it can't be sent back."""
    coach, _, plan = coached_plan(session, caller, plan_id)
    _must_be(session, plan, PlanState.PROPOSED, viewer=coach, now=now)
    return show(session, plan.id, now=now, viewer=coach)


def send_back(
    session: Session, *, caller: Caller, plan_id: int, reason: str, now: datetime
) -> PlanShown:
    """The coach gives the version back and says why."""
    coach, _, plan = coached_plan(session, caller, plan_id)
    reason = read_reason(reason)
    if not reason:
        raise Refusal("Say in a few words what should be different.", field=REASON)
    if (plan.state, plan.decided_by, plan.reason) == (PlanState.SENT_BACK, coach.id, reason):
        return show(session, plan.id, now=now, viewer=coach)
    _must_be(session, plan, PlanState.PROPOSED, viewer=coach, now=now)
    plan.state, plan.reason = PlanState.SENT_BACK, reason
    plan.decided_by, plan.decided_at = coach.id, now
    return _decided(session, plan, viewer=coach, now=now)


def accept(session: Session, *, caller: Caller, plan_id: int, now: datetime) -> PlanShown:
    """The rep takes the coach's numbers: the version goes to the coach to be approved."""
    rep, _, plan = own_plan(session, caller, plan_id)
    if plan.state == PlanState.PROPOSED and plan.coach_agreed_at and plan.rep_agreed_at:
        return show(session, plan.id, now=now, viewer=rep)
    _must_be(session, plan, PlanState.SUGGESTED, viewer=rep, now=now)
    if plan.ends_on < today_of(rep, now):
        raise Refusal("This plan’s period is over: start afresh with /plan.")
    plan.state, plan.rep_agreed_at = PlanState.PROPOSED, now
    return _decided(session, plan, viewer=rep, now=now)


def decline(
    session: Session, *, caller: Caller, plan_id: int, now: datetime, reason: str = ""
) -> PlanShown:
    """The rep says no to the coach's numbers, with a reason or without."""
    rep, _, plan = own_plan(session, caller, plan_id)
    if (plan.state, plan.decided_by) == (PlanState.DECLINED, rep.id):
        return show(session, plan.id, now=now, viewer=rep)
    _must_be(session, plan, PlanState.SUGGESTED, viewer=rep, now=now)
    plan.state, plan.reason = PlanState.DECLINED, read_reason(reason) or None
    plan.decided_by, plan.decided_at = rep.id, now
    return _decided(session, plan, viewer=rep, now=now)


def read_reason(text: str) -> str:
    """What was said, without spaces around it; raises Refusal where it is too long."""
    text = text.strip()
    if len(text) > REASON_LIMIT:
        raise Refusal(
            f"The reason has {len(text)} characters. Shorten it to {REASON_LIMIT}.", field=REASON
        )
    return text


def _weeks(session: Session, plan: Plan, rep: Member, now: datetime) -> tuple[date, ...]:
    """The Mondays from which the version can count, the next one first; raises Refusal without any."""
    first = first_open_week(session, plan, member=rep, now=now)
    weeks = tuple(
        first + number * WEEK
        for number in range(WEEKS_AHEAD)
        if first + number * WEEK <= plan.ends_on
    )
    if not weeks:
        raise Refusal(
            f"No Monday is left in this plan’s period: send it back, so that {rep.name} "
            "writes one for the next."
        )
    return weeks


def _decided(session: Session, plan: Plan, *, viewer: Member, now: datetime) -> PlanShown:
    """Bring both messages about the version up to date and show it to whoever decided."""
    session.flush()
    if viewer.id == plan.member_id:
        tell_coach(session, plan, now=now)
    else:
        tell_rep(session, plan, now=now)
    shown_again(session, plan, now=now)
    surfaces.homes_changed(session, member=session.get_one(Member, plan.member_id), now=now)
    return show(session, plan.id, now=now, viewer=viewer)


def _must_be(
    session: Session, plan: Plan, state: PlanState, *, viewer: Member, now: datetime
) -> None:
    """Raises Refusal unless the version is in the state, with words about the one that it is in."""
    if plan.state != state:
        raise Refusal(why_not(session, plan, viewer=viewer, now=now))


def why_not(session: Session, plan: Plan, *, viewer: Member, now: datetime) -> str:
    """What a version waits for, or what became of it, to whoever wants to decide something else of it."""
    rep = session.get_one(Member, plan.member_id)
    own = viewer.id == rep.id
    who = _name(session, viewer, plan.decided_by)
    match plan.state:
        case PlanState.DRAFT:
            return "This plan was not sent yet: go through its steps with /plan."
        case PlanState.PROPOSED:
            return (
                "This version waits for your coach. Change it with /plan if you want to."
                if own
                else "This version waits for a coach: approve it or send it back."
            )
        case PlanState.SUGGESTED:
            return (
                "These are your coach’s numbers: accept them, or say no."
                if own
                else f"{rep.name} has these numbers to accept: wait for the answer."
            )
        case PlanState.OFFERED:
            return "This is an offer to raise the sights: press Raise it or Not now."
        case PlanState.APPROVED:
            assert plan.from_week is not None  # noqa: S101 - signed
            day = show_day(plan.from_week, today=today_of(rep, now))
            return f"{who} approved this version already: it counts from {day} on."
        case PlanState.SENT_BACK:
            return f"{who} sent this version back already."
        case PlanState.DECLINED:
            return f"{who} said no to this version already."
    return "Another version took this one’s place: open it with /plan."


def _name(session: Session, viewer: Member, member_id: int | None) -> str:
    if member_id is None:
        return "Somebody"
    return "You" if member_id == viewer.id else session.get_one(Member, member_id).name
