"""The checks of every decision about a version, and the sentences for decisions that are not possible."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Session

from bot.domain.calendars.open_weeks import today_of
from bot.domain.outbox import surfaces
from bot.domain.plans.in_force import first_open_week
from bot.domain.refusals import Refusal
from bot.domain.shown.plans import REASON, Decided
from bot.domain.tables import Member, Plan, PlanState
from bot.rules.days import show_day
from bot.rules.weeks import WEEK

WEEKS_AHEAD = 12
"""The number of weeks from which the coach chooses the first week of a plan."""

REASON_LIMIT = 1000


def must_be(
    session: Session, plan: Plan, state: PlanState, *, viewer: Member, now: datetime
) -> None:
    """Raise Refusal, with a sentence about the version's present state, unless that is `state`."""
    if plan.state != state:
        raise Refusal(why_not(session, plan, viewer=viewer, now=now))


def why_not(session: Session, plan: Plan, *, viewer: Member, now: datetime) -> str:
    """Return the sentence that tells the viewer what a version waits for, or how it was decided."""
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
        case PlanState.DECLINED if plan.decided_by is None:
            return f"This version was withdrawn. {plan.reason or ''}".strip()
        case PlanState.DECLINED:
            return f"{who} said no to this version already."
    return "Another version took this one’s place: open it with /plan."


def _name(session: Session, viewer: Member, member_id: int | None) -> str:
    if member_id is None:
        return "Somebody"
    return "You" if member_id == viewer.id else session.get_one(Member, member_id).name


def open_weeks(session: Session, plan: Plan, rep: Member, now: datetime) -> tuple[date, ...]:
    """Return the Mondays from which the version can count, the next one first; raises Refusal without any."""
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


def decided(session: Session, plan: Plan) -> Decided:
    """Return the version after a decision. Nothing is measured, because a decision changes none of its numbers."""
    by = session.get_one(Member, plan.decided_by) if plan.decided_by is not None else None
    return Decided(
        plan_id=plan.id,
        version=plan.version,
        rep=session.get_one(Member, plan.member_id).slack_user_id,
        state=plan.state,
        from_week=plan.from_week,
        rep_agreed_at=plan.rep_agreed_at,
        coach_agreed_at=plan.coach_agreed_at,
        decided_by=by.slack_user_id if by is not None else None,
        reason=plan.reason,
    )


def rep_sees(session: Session, plan: Plan, *, now: datetime) -> None:
    """Mark the Homes of the version's rep and of the rep's coaches stale."""
    surfaces.reps_homes_changed(
        session, workspace_id=plan.workspace_id, member_ids=[plan.member_id], now=now
    )


def read_reason(text: str) -> str:
    """Return the reason without spaces around it; raises Refusal if it is too long."""
    text = text.strip()
    if len(text) > REASON_LIMIT:
        raise Refusal(
            f"The reason has {len(text)} characters. Shorten it to {REASON_LIMIT}.", field=REASON
        )
    return text
