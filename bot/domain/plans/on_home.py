"""The state of reps' plans, for their own Homes and their coaches'."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlmodel import Session, col, select

from bot.domain.calendars.open_weeks import today_of
from bot.domain.shown.home import PlanInShort
from bot.domain.tables import Member, Plan, PlanState


def in_short(
    session: Session, members: Sequence[Member], *, now: datetime
) -> Mapping[int, PlanInShort]:
    """Return for each member the version that waits, else one that was sent back, else a signed one or a draft."""
    found: dict[int, list[Plan]] = {member.id: [] for member in members}
    newest_first = select(Plan).where(col(Plan.member_id).in_(found)).order_by(col(Plan.id).desc())
    for plan in session.exec(newest_first):
        found[plan.member_id].append(plan)
    return {
        member.id: _in_short(found[member.id], today=today_of(member, now)) for member in members
    }


def _in_short(plans: Sequence[Plan], *, today: date) -> PlanInShort:
    by_state = {plan.state: plan for plan in reversed(plans)}
    for state in (PlanState.PROPOSED, PlanState.SUGGESTED, PlanState.OFFERED):
        if state in by_state:
            return _waiting(by_state[state])
    versions = [plan for plan in plans if plan.version is not None]
    if versions and versions[0].state == PlanState.SENT_BACK:
        return _line("sent_back", versions[0], waits_for_rep=True)
    signed = by_state.get(PlanState.APPROVED)
    if signed is not None and signed.ends_on >= today:
        return _line("signed", signed)
    if PlanState.DRAFT in by_state:
        return PlanInShort("draft", waits_for_rep=True)
    return _line("ended", signed) if signed is not None else PlanInShort("none")


def _waiting(plan: Plan) -> PlanInShort:
    offered = plan.state == PlanState.OFFERED
    return _line(
        plan.state,
        plan,
        waits_for_rep=plan.state == PlanState.SUGGESTED or (offered and plan.rep_agreed_at is None),
        waits_for_coach=plan.state == PlanState.PROPOSED
        or (offered and plan.coach_agreed_at is None),
    )


def _line(
    state: str, plan: Plan, *, waits_for_rep: bool = False, waits_for_coach: bool = False
) -> PlanInShort:
    return PlanInShort(
        state,
        plan.version,
        plan.goal,
        plan.ends_on,
        plan.from_week,
        plan.conversations,
        plan.base_moves,
        plan.sales,
        waits_for_rep,
        waits_for_coach,
    )
