"""The set-up checklist: what is missing until every rep is asked and every miss is reported."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import Session, col, select

from bot.domain.calendars.schedules import zone_of
from bot.domain.metrics import targets
from bot.domain.people.enrolments import DEACTIVATED
from bot.domain.shown.setup import Checklist, Missing
from bot.domain.tables import Enrolment, Member, Team
from bot.rules.weeks import week_of

NAMED = 3
"""How many names a sentence contains before it only counts the rest."""


def checklist(session: Session, *, workspace_id: int, now: datetime) -> Checklist:
    """Return what the set-up lacks, the most important first; for an admin of the workspace."""
    teams = session.exec(
        select(Team).where(Team.workspace_id == workspace_id).order_by(col(Team.name))
    ).all()
    reps = session.exec(
        select(Member, Enrolment)
        .join(Enrolment, col(Enrolment.member_id) == col(Member.id))
        .where(Enrolment.workspace_id == workspace_id, col(Enrolment.ended_on).is_(None))
        .order_by(col(Member.name), col(Member.id))
    ).all()
    missing: list[Missing] = []
    if not teams:
        missing.append(
            Missing(
                "no_team", "There is no team yet. Create one with its coach and schedule.", "team"
            )
        )
    for team in teams:
        missing += _of_team(session, team, any(e.team_id == team.id for _, e in reps))
    missing += _of_reps(session, reps, now)
    return Checklist(teams=len(teams), reps=len(reps), missing=tuple(missing))


def _of_team(session: Session, team: Team, has_reps: bool) -> list[Missing]:
    missing: list[Missing] = []
    coach = session.get_one(Member, team.coach_id)
    if coach.inactive_because is not None:
        text = f"{coach.name}, who coaches {team.name}, is deactivated. Choose another coach."
        missing.append(Missing("inactive_coach", text, "team", team.id))
    if team.channel_problem is not None:
        text = (
            f"The last alert could not be posted to the coach channel of {team.name}. "
            "Invite Basecoach there again, or choose another channel."
        )
        missing.append(Missing("channel_problem", text, "team", team.id))
    elif team.coach_channel is None:
        text = (
            f"{team.name} has no coach channel, so misses go to {coach.name} in a DM. Choose one."
        )
        missing.append(Missing("no_channel", text, "team", team.id))
    if not has_reps:
        missing.append(
            Missing("no_reps", f"{team.name} has no reps yet. Enrol them.", "enrol", team.id)
        )
    return missing


def _of_reps(
    session: Session, reps: Sequence[tuple[Member, Enrolment]], now: datetime
) -> list[Missing]:
    missing: list[Missing] = []
    asked = {
        week: targets.in_force(session, [member.id for member, _ in reps], week)
        for week in {_week_asked(member, enrolment, now) for member, enrolment in reps}
    }
    active = [(m, e) for m, e in reps if m.inactive_because != DEACTIVATED]
    without = [m for m, e in active if not asked[_week_asked(m, e, now)].get(m.id)]
    if without:
        who, has = _named(without), "have" if len(without) > 1 else "has"
        missing.append(
            Missing(
                "no_targets",
                f"{who} {has} no targets and will not be asked anything. Set them.",
                "targets",
                without[0].id,
            )
        )
    for member in [m for m, _ in active if m.timezone_missing][:10]:
        missing.append(
            Missing(
                "no_zone",
                f"Slack gives no time zone for {member.name}, who is asked by {member.timezone}. "
                "Choose one.",
                "zone",
                member.id,
            )
        )
    gone = [m for m, _ in reps if m.inactive_because == DEACTIVATED]
    if gone:
        who = _named(gone)
        is_gone = "is deactivated and is" if len(gone) == 1 else "are deactivated and are"
        text = f"{who} {is_gone} not asked any more. Take them out of their team when they left."
        missing.append(Missing("inactive_reps", text, "reps"))
    return missing


def _week_asked(member: Member, enrolment: Enrolment, now: datetime) -> date:
    return enrolment.next_week or week_of(now, zone_of(member))


def _named(members: Sequence[Member]) -> str:
    names = [member.name for member in members[:NAMED]]
    if len(members) > NAMED:
        return f"{', '.join(names)} and {len(members) - NAMED} more"
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]
