"""Finds who signs the plan of a coach who is a rep of their own team: nobody signs their own plan.

The other coach of the team does. Where there is none, the coach chooses another coach or a workspace admin, who
sees this plan and decides about it, until somebody else coaches the team.
"""

from __future__ import annotations

from sqlmodel import Session

from bot.domain import access
from bot.domain.refusals import FieldProblems, Refusal
from bot.domain.shown.places import may_coach
from bot.domain.shown.plans import SIGNER
from bot.domain.tables import Member, Plan, Team


def must_be_chosen(session: Session, rep: Member, team: Team) -> bool:
    """Return whether the rep is the only person who coaches the team, so that nobody else could sign."""
    return rep.id in {team.coach_id, team.second_coach_id} and not other_coaches(
        session, rep.id, team
    )


def other_coaches(session: Session, rep_id: int, team: Team) -> list[Member]:
    """Return the team's present coaches except the rep, its coach first."""
    coaches = [
        session.get_one(Member, member_id)
        for member_id in (team.coach_id, team.second_coach_id)
        if member_id is not None and member_id != rep_id
    ]
    return [one for one in coaches if access.coaches(session, one, team)]


def signer_of(session: Session, plan: Plan, team: Team) -> Member | None:
    """Return the person whom the version's rep chose, while they can sign; None if nobody has to be chosen."""
    if plan.signer_id is None:
        return None
    rep, signer = session.get_one(Member, plan.member_id), session.get_one(Member, plan.signer_id)
    able = may_coach(is_guest=signer.is_guest, inactive_because=signer.inactive_because)
    return signer if able and must_be_chosen(session, rep, team) else None


def decides(session: Session, member: Member, plan: Plan) -> bool:
    """Return whether the member decides about the version as a coach: as one of the rep's team, or as chosen."""
    if access.coaches_rep(session, member, plan.member_id):
        return True
    enrolment = access.enrolment_of(session, plan.member_id)
    if enrolment is None or plan.signer_id != member.id:
        return False
    return signer_of(session, plan, session.get_one(Team, enrolment.team_id)) is not None


def choose(
    session: Session, *, rep: Member, team: Team, slack_user_id: str | None
) -> Member | None:
    """Return the person chosen to sign; None for a rep whose team has somebody who can.

    Raises FieldProblems for a person who can't sign, and for no choice where one is needed.
    """
    if not must_be_chosen(session, rep, team):
        return None
    if not slack_user_id:
        raise FieldProblems(
            {
                SIGNER: f"Nobody signs their own plan, and nobody else coaches {team.name}: "
                "choose another coach or a workspace admin."
            }
        )
    chosen = access.member_by_slack_id(session, rep.workspace_id, slack_user_id)
    if chosen is None:
        raise FieldProblems(
            {SIGNER: "Basecoach does not know this person: choose somebody of this workspace."}
        )
    if chosen.id == rep.id:
        raise FieldProblems(
            {SIGNER: "Nobody signs their own plan: choose another coach or a workspace admin."}
        )
    if not _may_sign(session, chosen):
        raise FieldProblems(
            {
                SIGNER: f"{chosen.name} is neither a coach nor a workspace admin. Choose somebody who "
                "is, or have an admin choose a second coach with /coach team."
            }
        )
    return chosen


def _may_sign(session: Session, chosen: Member) -> bool:
    able = may_coach(is_guest=chosen.is_guest, inactive_because=chosen.inactive_because)
    return able and (chosen.is_admin or bool(access.coached_teams(session, chosen)))


def must_not_be_own(member_id: int, plan: Plan) -> None:
    """Raise Refusal for a coach who would decide about their own plan."""
    if plan.member_id == member_id:
        raise Refusal(
            "Nobody signs their own plan: the other coach of your team decides about it, "
            "or whom you chose when you sent it."
        )
