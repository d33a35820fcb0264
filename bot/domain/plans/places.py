"""Where a version of a plan belongs: with those who coach its rep now, or nowhere once the rep has left."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from bot.domain import access
from bot.domain.outbox import outbox
from bot.domain.plans import signers
from bot.domain.plans.rows import WAITING
from bot.domain.shown.addressee import Addressee
from bot.domain.shown.places import NOWHERE, Place, place_of
from bot.domain.tables import Member, Plan, Team


def place(session: Session, plan: Plan) -> Place:
    """Return where the version is shown to its rep's coaches. Nobody is shown their own plan as its coach.

    A coach who alone coaches their own team chose somebody else, to whom the version goes in a DM.
    """
    enrolment = access.enrolment_of(session, plan.member_id)
    if enrolment is None or enrolment.team_id != plan.team_id:
        return NOWHERE
    team = session.get_one(Team, plan.team_id)
    coaches = signers.other_coaches(session, plan.member_id, team)
    if coaches:
        return place_of(
            [Addressee.of(one) for one in coaches], team.coach_channel, team.channel_problem
        )
    signer = signers.signer_of(session, plan, team)
    return place_of([Addressee.of(signer)], None, None) if signer is not None else NOWHERE


def is_open(session: Session, plan: Plan) -> bool:
    """Return whether the version still waits for somebody, and its rep is in the team."""
    enrolment = access.enrolment_of(session, plan.member_id)
    return plan.state in WAITING and enrolment is not None


def is_past(plan: Plan, *, now: datetime) -> bool:
    """Return whether the version was decided so long ago that a message that was never posted is no news now."""
    if plan.state in WAITING or plan.decided_at is None:
        return False
    return now - plan.decided_at >= outbox.NEWS


def is_news(session: Session, plan: Plan, *, now: datetime) -> bool:
    """Return whether the plan's end, or its reached goal, was told lately, and its rep is in the team."""
    enrolment = access.enrolment_of(session, plan.member_id)
    told = [moment for moment in (plan.ended_at, plan.reached_at) if moment is not None]
    return enrolment is not None and bool(told) and now - max(told) < outbox.NEWS


def coach_of(session: Session, plan: Plan) -> Member | None:
    """Return the person who decides about the version now, or None if nobody can."""
    acting = place(session, plan).acting
    return access.member_by_slack_id(session, plan.workspace_id, acting) if acting else None
