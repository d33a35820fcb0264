"""Where a version of a plan belongs: with those who coach its rep now, or nowhere once the rep has left."""

from __future__ import annotations

from sqlmodel import Session

from bot.domain import access
from bot.domain.plans.rows import WAITING
from bot.domain.shown.addressee import Addressee
from bot.domain.shown.places import NOWHERE, Place, place_of
from bot.domain.tables import Member, Plan, Team


def place(session: Session, plan: Plan) -> Place:
    """Return where the version is shown to its rep's coaches. Nobody is shown their own plan as its coach."""
    enrolment = access.enrolment_of(session, plan.member_id)
    if enrolment is None or enrolment.team_id != plan.team_id:
        return NOWHERE
    team = session.get_one(Team, plan.team_id)
    coaches = [
        Addressee(one.id, one.slack_user_id, one.dm_channel, one.inactive_because, one.is_guest)
        for member_id in (team.coach_id, team.second_coach_id)
        if member_id is not None and member_id != plan.member_id
        for one in [session.get_one(Member, member_id)]
    ]
    return place_of(coaches, team.coach_channel, team.channel_problem)


def is_open(session: Session, plan: Plan) -> bool:
    """Return whether the version still waits for somebody, and its rep is in the team."""
    enrolment = access.enrolment_of(session, plan.member_id)
    return plan.state in WAITING and enrolment is not None


def coach_of(session: Session, plan: Plan) -> Member | None:
    """Return the person who decides about the version now, or None if nobody can."""
    acting = place(session, plan).acting
    return access.member_by_slack_id(session, plan.workspace_id, acting) if acting else None
