"""Decides who may do what with a plan: reps with their own, their team's present coaches with proposed ones."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session

from bot.domain import access
from bot.domain.access import Caller, member_by_slack_id
from bot.domain.plans.rows import lock_plan
from bot.domain.plans.signers import decides, must_not_be_own
from bot.domain.refusals import Refusal
from bot.domain.tables import Member, Plan, PlanState, Team

GONE = "This plan is no longer there. Open the one that counts with /plan."


@dataclass(frozen=True)
class Subject:
    """A rep with their present team, and the person who views the rep's plans."""

    viewer: Member
    rep: Member
    team: Team

    @property
    def own(self) -> bool:
        return self.viewer.id == self.rep.id


def subject(session: Session, caller: Caller, slack_user_id: str | None = None) -> Subject:
    """Return the rep whose plans are requested, by default the caller; raises Refusal unless they may see them."""
    viewer = access.known_member(session, caller)
    if slack_user_id is None or slack_user_id == viewer.slack_user_id:
        enrolment = access.enrolment_of(session, viewer.id)
        if enrolment is None and access.coached_teams(session, viewer):
            raise Refusal(
                "You have no plan of your own as you are in no team. "
                "Name one of your reps to see theirs, like /plan @name."
            )
        rep, _, own_team = access.rep(session, caller)
        return Subject(viewer, rep, own_team)
    found = member_by_slack_id(session, caller.workspace_id, slack_user_id)
    enrolment = access.enrolment_of(session, found.id) if found else None
    team = session.get_one(Team, enrolment.team_id) if enrolment else None
    if found is None or team is None or not access.coaches(session, viewer, team):
        access.deny(viewer, "see", "plans of member", found.id if found else 0)
        raise Refusal("Only a rep and their coaches see the rep’s plan. Open yours with /plan.")
    return Subject(viewer, found, team)


def may_see(session: Session, caller: Caller, plan_id: int) -> tuple[Member, Plan]:
    """Return a version that the caller may see; raises Refusal for any other. Only its rep may see a draft."""
    viewer = access.known_member(session, caller)
    plan = session.get(Plan, plan_id)
    if plan is None or plan.workspace_id != caller.workspace_id:
        raise Refusal(GONE)
    if plan.member_id == viewer.id:
        return viewer, plan
    if plan.state == PlanState.DRAFT or not decides(session, viewer, plan):
        access.deny(viewer, "see", "plan", plan.id)
        raise Refusal("Only a rep and their coaches see the rep’s plan. Open yours with /plan.")
    return viewer, plan


def own_draft(session: Session, caller: Caller, plan_id: int) -> tuple[Member, Team, Plan]:
    """Return the rep, the team and the locked draft; raises Refusal if it is not theirs, or sent already."""
    rep, team, plan = own_plan(session, caller, plan_id)
    if plan.state != PlanState.DRAFT:
        raise Refusal("This plan was sent already. Change it with /plan.")
    return rep, team, plan


def own_plan(session: Session, caller: Caller, plan_id: int) -> tuple[Member, Team, Plan]:
    """Return the rep, the team and a locked version of the rep's own plan; raises Refusal for everybody else."""
    rep, _, team = access.rep(session, caller)
    plan = lock_plan(session, plan_id)
    if plan is None or plan.workspace_id != caller.workspace_id:
        raise Refusal(GONE)
    if plan.member_id != rep.id:
        access.deny(rep, "act on", "plan", plan.id)
        raise Refusal("This is somebody else’s plan. Open yours with /plan.")
    return rep, team, plan


def coached_plan(session: Session, caller: Caller, plan_id: int) -> tuple[Member, Team, Plan]:
    """Return the coach, the rep's present team and the locked version; raises Refusal unless they may decide."""
    coach = access.known_member(session, caller)
    plan = lock_plan(session, plan_id)
    if plan is None or plan.workspace_id != caller.workspace_id:
        raise Refusal(GONE)
    enrolment = access.enrolment_of(session, plan.member_id)
    if enrolment is None:
        name = session.get_one(Member, plan.member_id).name
        raise Refusal(f"{name} is in no team any more: there is nothing to decide.")
    team = session.get_one(Team, enrolment.team_id)
    if plan.state == PlanState.DRAFT or not decides(session, coach, plan):
        access.deny(coach, "act on", "plan", plan.id)
        raise Refusal(f"Only the coaches of {team.name} can act on this plan.")
    must_not_be_own(coach.id, plan)
    return coach, team, plan
