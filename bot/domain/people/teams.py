"""Creates and changes teams. Admins choose the coach and the channel; coaches may change the schedule."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from bot.domain import access
from bot.domain.access import Caller
from bot.domain.calendars.schedules import schedule_of
from bot.domain.handover import handover
from bot.domain.metrics.records import reader_of
from bot.domain.outbox import surfaces
from bot.domain.people import enrolments
from bot.domain.people.enrolments import Change
from bot.domain.people.team_forms import (
    NAME_TAKEN,
    CheckedForm,
    check_form,
    same_name,
    schedule_problems,
)
from bot.domain.refusals import FieldProblems, Refusal
from bot.domain.shown.setup import (
    NAME,
    Channel,
    ScheduleForm,
    TeamForm,
    TeamSaved,
)
from bot.domain.tables import Enrolment, Member, Team
from bot.rules.weeks import Schedule


def must_be_admin(session: Session, caller: Caller) -> Member:
    """Return the caller, who is an admin of the workspace; raises Refusal for everybody else."""
    member = access.known_member(session, caller)
    if not member.is_admin:
        access.deny(member, "set up", "workspace", member.workspace_id)
        raise Refusal("Only a workspace admin can create or change teams: ask one of them.")
    return member


def team_of(session: Session, *, by: Member, team_id: int) -> Team:
    """Return a team of the member's workspace that they may set up; raises Refusal for any other."""
    team = session.get(Team, team_id)
    if team is None or team.workspace_id != by.workspace_id:
        access.deny(by, "manage", "team", team_id)
        raise Refusal("This team is not there any more: open the form again with /coach.")
    access.must_manage(session, by, team)
    return team


def create_team(
    session: Session,
    *,
    caller: Caller,
    form: TeamForm,
    channel: Channel | None,
    public_confirmed: bool,
    now: datetime,
) -> TeamSaved:
    """Create a team for an admin; raises FieldProblems with all problems of the form.

    `channel` is what Slack says about the chosen channel. The same form sent again gets the same answer.
    """
    by = must_be_admin(session, caller)
    team, _ = save_team(
        session,
        workspace_id=by.workspace_id,
        team=same_name(session, by.workspace_id, form.name, created_since=now - timedelta(hours=1)),
        form=form,
        channel=channel,
        public_confirmed=public_confirmed,
        only_unchanged=True,
        by_id=by.id,
        welcomes=True,
        now=now,
    )
    return saved(session, team, by, is_new=True)


def update_team(
    session: Session,
    *,
    caller: Caller,
    team_id: int,
    form: TeamForm,
    channel: Channel | None,
    public_confirmed: bool,
    now: datetime,
) -> TeamSaved:
    """Change a team for an admin; raises FieldProblems with all problems of the form."""
    by = must_be_admin(session, caller)
    team = team_of(session, by=by, team_id=team_id)
    save_team(
        session,
        workspace_id=by.workspace_id,
        team=team,
        form=form,
        channel=channel,
        public_confirmed=public_confirmed,
        by_id=by.id,
        now=now,
    )
    return saved(session, team, by, is_new=False)


def change_schedule(
    session: Session, *, caller: Caller, team_id: int, form: ScheduleForm, now: datetime
) -> TeamSaved:
    """Change a team's schedule for a coach or an admin; the next check-ins move with it."""
    by = access.known_member(session, caller)
    team = team_of(session, by=by, team_id=team_id)
    if problems := schedule_problems(form):
        raise FieldProblems(problems)
    if _set_schedule(team, form.read()):
        session.flush()
        enrolments.reschedule_team(session, team=team, now=now)
        surfaces.workspace_homes_changed(session, workspace_id=team.workspace_id, now=now)
    return saved(session, team, by, is_new=False)


def save_team(
    session: Session,
    *,
    workspace_id: int,
    team: Team | None,
    form: TeamForm,
    channel: Channel | None,
    public_confirmed: bool,
    now: datetime,
    only_unchanged: bool = False,
    by_id: int | None = None,
    welcomes: bool = False,
) -> tuple[Team, Change]:
    """Make the team match the form, and create it if needed; raises FieldProblems.

    The caller has checked who is asking: the member `by_id`, or an operator. With
    `only_unchanged` an existing team is accepted only without changes. With `welcomes`, the coaches of a new team
    are told that they coach it.
    """
    checked = check_form(session, workspace_id, team, form, channel, public_confirmed)
    before = handover.hands_of(team) if team is not None else handover.NOBODY
    if team is None:
        team = Team(
            workspace_id=workspace_id,
            created_at=now,
            **checked.columns,
            **_columns(checked.schedule),
        )
        session.add(team)
        change = Change.CREATED
    else:
        change = _change(session, team, checked, only_unchanged=only_unchanged, now=now)
        if change is Change.UNCHANGED:
            return team, change
    if before.channel != team.coach_channel:
        team.public_channel = not channel.is_private if channel is not None else None
        team.coach_channel_name = channel.told_name if channel is not None else None
        team.channel_members = channel.members if channel is not None else None
    session.flush()
    handover.team_changed(
        session, team=team, before=before, by_id=by_id, now=now, welcomes=welcomes
    )
    surfaces.team_homes_changed(session, team=team, now=now)
    surfaces.workspace_homes_changed(session, workspace_id=workspace_id, now=now)
    return team, change


def _change(
    session: Session, team: Team, checked: CheckedForm, *, only_unchanged: bool, now: datetime
) -> Change:
    """Make an existing team match the form; raises FieldProblems if it differs but must stay unchanged."""
    same = all(getattr(team, column) == value for column, value in checked.columns.items())
    if same and schedule_of(team) == checked.schedule:
        return Change.UNCHANGED
    if only_unchanged:
        raise FieldProblems({NAME: NAME_TAKEN.format(name=checked.columns["name"])})
    surfaces.workspace_homes_changed(session, workspace_id=team.workspace_id, now=now)
    if team.coach_channel != checked.columns["coach_channel"]:
        team.channel_problem = None
    for column, value in checked.columns.items():
        setattr(team, column, value)
    if _set_schedule(team, checked.schedule):
        session.flush()
        enrolments.reschedule_team(session, team=team, now=now)
    return Change.UPDATED


def saved(session: Session, team: Team, by: Member, *, is_new: bool) -> TeamSaved:
    """Return the facts that a confirmation shows about the team to the person who saved it."""
    reps = session.exec(
        select(Enrolment.id).where(Enrolment.team_id == team.id, col(Enrolment.ended_on).is_(None))
    ).all()
    return TeamSaved(
        team_id=team.id,
        name=team.name,
        coach=session.get_one(Member, team.coach_id).slack_user_id,
        channel=team.coach_channel,
        schedule=schedule_of(team),
        is_new=is_new,
        reps=len(reps),
        reader=reader_of(by, team),
    )


def _set_schedule(team: Team, schedule: Schedule) -> bool:
    if schedule_of(team) == schedule:
        return False
    for column, value in _columns(schedule).items():
        setattr(team, column, value)
    return True


def _columns(schedule: Schedule) -> dict[str, Any]:
    return {
        "check_in_day": schedule.day,
        "check_in_at": schedule.at,
        "deadline_day": schedule.deadline_day,
        "deadline_at": schedule.deadline_at,
        "working_from": schedule.working_from,
        "working_until": schedule.working_until,
    }
