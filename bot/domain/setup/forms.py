"""Reads the initial data of the set-up forms for one person: they contain only what that person may set up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlmodel import Session, col, select

from bot.domain import access
from bot.domain.access import Caller
from bot.domain.calendars import working_days as calendars
from bot.domain.calendars.schedules import zone_of
from bot.domain.metrics import targets
from bot.domain.metrics.records import reader_of
from bot.domain.people import enrolments
from bot.domain.people.enrolments import Change
from bot.domain.people.team_forms import schedule_form_of
from bot.domain.people.teams import must_be_admin, team_of
from bot.domain.refusals import FieldProblems, Refusal
from bot.domain.setup.metrics import own_metrics
from bot.domain.setup.targets import rep_of, target_rows
from bot.domain.shown.setup import (
    REPS,
    Choice,
    Enrolled,
    EnrolSaved,
    EnrolShown,
    Menu,
    MetricShown,
    RepCard,
    RepShown,
    RepsShown,
    ScheduleForm,
    ScheduleShown,
    TargetsShown,
    TeamForm,
    TeamReps,
    TeamShown,
)
from bot.domain.tables import Member, Team, Workspace
from bot.rules.weeks import week_of

NOBODY_ELSE = (
    "Only coaches and workspace admins set things up with /coach: "
    "ask one of them to enrol you or to change your targets."
)
NO_TEAM = "There is no team yet: create one first with /coach team."


def menu(session: Session, *, caller: Caller) -> Menu:
    """Return what the caller may set up; raises Refusal for a caller who is neither coach nor admin."""
    by, teams = _allowed(session, caller)
    return Menu(
        is_admin=by.is_admin,
        teams=len(teams),
        reps=len(access.enrolled(session, teams)),
        coaches=any(access.coaches(session, by, team) for team in teams),
    )


def team_form(session: Session, *, caller: Caller, team_id: int | None) -> TeamShown:
    """Return the form of a team, or of a new one that the caller would coach; for admins only."""
    by = must_be_admin(session, caller)
    teams = access.manageable_teams(session, by)
    if team_id is None:
        form = TeamForm(coach=by.slack_user_id, schedule=ScheduleForm())
    else:
        form = form_of(session, team_of(session, by=by, team_id=team_id))
    return TeamShown(
        teams=choices_of(teams),
        team_id=team_id,
        form=form,
        workspace=session.get_one(Workspace, by.workspace_id).name,
    )


def schedule_form(session: Session, *, caller: Caller, team_id: int | None) -> ScheduleShown:
    """Return the form of a team's schedule: of the given team, or of the first that the caller may change."""
    teams, team = choose_team(session, caller, team_id)
    return ScheduleShown(teams=choices_of(teams), team_id=team.id, form=schedule_form_of(team))


def enrol_form(session: Session, *, caller: Caller, team_id: int | None) -> EnrolShown:
    """Return the form that enrols reps in a team."""
    teams, team = choose_team(session, caller, team_id)
    return EnrolShown(teams=choices_of(teams), team_id=team.id)


def metric_form(session: Session, *, caller: Caller, team_id: int | None) -> MetricShown:
    """Return the form of a new metric, with the team's own metrics."""
    teams, team = choose_team(session, caller, team_id)
    return MetricShown(teams=choices_of(teams), team_id=team.id, own=own_metrics(session, team))


def targets_form(
    session: Session,
    *,
    caller: Caller,
    member_id: int | None,
    slack_user_id: str | None = None,
    now: datetime,
) -> TargetsShown:
    """Return the form of a rep's targets; without a given rep, of the only one, or with a rep still to choose."""
    by, teams = _allowed(session, caller)
    reps = access.enrolled(session, teams)
    if not teams:
        raise Refusal(NO_TEAM)
    if not reps:
        raise Refusal("There are no reps yet: enrol them first with /coach enrol.")
    if slack_user_id is not None:
        member_id = next((m.id for m, _ in reps if m.slack_user_id == slack_user_id), None)
        if member_id is None:
            raise Refusal(
                "That person is no rep of your teams: enrol them with /coach enrol first."
            )
    if member_id is None and len(reps) == 1:
        member_id = reps[0][0].id
    grouped = tuple(
        (Choice(team.id, team.name), tuple(Choice(m.id, m.name) for m in members))
        for team in teams
        if (members := [m for m, enrolment in reps if enrolment.team_id == team.id])
    )
    if member_id is None:
        return TargetsShown(
            reps=grouped,
            member_id=None,
            name="",
            rows=(),
            this_week=None,
            reader=reader_of(by, None),
        )
    member, _, team = rep_of(session, by=by, member_id=member_id)
    this_week = week_of(now, zone_of(member))
    return TargetsShown(
        reps=grouped,
        member_id=member.id,
        name=member.name,
        rows=target_rows(session, member=member, team=team, this_week=this_week),
        this_week=this_week,
        reader=reader_of(by, team),
    )


def reps_list(session: Session, *, caller: Caller, now: datetime) -> RepsShown:
    """Return the reps of the teams that the caller may set up, with settings but without answers."""
    by, teams = _allowed(session, caller)
    reps = access.enrolled(session, teams)
    return RepsShown(
        teams=tuple(
            TeamReps(
                team_id=team.id,
                name=team.name,
                currency=team.currency,
                reps=tuple(
                    RepShown(
                        member_id=member.id,
                        slack_user_id=member.slack_user_id,
                        name=member.name,
                        targets=target_rows(
                            session,
                            member=member,
                            team=team,
                            this_week=week_of(now, zone_of(member)),
                        ),
                        timezone=member.timezone,
                        timezone_missing=member.timezone_missing,
                        inactive_because=member.inactive_because,
                        next_due_at=enrolment.next_due_at,
                    )
                    for member, enrolment in reps
                    if enrolment.team_id == team.id
                ),
                coached=access.coaches(session, by, team),
            )
            for team in teams
        ),
        reader=reader_of(by, None),
    )


def rep_card(session: Session, *, caller: Caller, member_id: int) -> RepCard:
    """Return one rep of the teams that the caller may set up; raises Refusal for anybody else."""
    member, _, team = rep_of(session, by=access.known_member(session, caller), member_id=member_id)
    return RepCard(
        member_id=member.id,
        slack_user_id=member.slack_user_id,
        name=member.name,
        team=team.name,
        timezone=member.timezone,
    )


def enrol_reps(
    session: Session, *, caller: Caller, team_id: int, slack_user_ids: Sequence[str], now: datetime
) -> EnrolSaved:
    """Enrol people in a team for a coach or an admin: all of them, or none and FieldProblems with the refused
    ones.

    The people's profiles must be stored already. A repeated call changes nothing.
    """
    by = access.known_member(session, caller)
    team = team_of(session, by=by, team_id=team_id)
    if not slack_user_ids:
        raise Refusal("Choose at least one person.", field=REPS)
    members = {
        member.slack_user_id: member
        for member in session.exec(
            select(Member).where(
                Member.workspace_id == by.workspace_id,
                col(Member.slack_user_id).in_(slack_user_ids),
            )
        )
    }
    problems: list[str] = []
    changes: list[tuple[Member, Change]] = []
    for slack_user_id in dict.fromkeys(slack_user_ids):
        member = members.get(slack_user_id)
        if member is None:
            problems.append(f"Basecoach does not know {slack_user_id}: choose somebody else.")
            continue
        try:
            _must_let_go(session, by=by, member=member, team=team)
            change = enrolments.enrol(
                session,
                workspace_id=by.workspace_id,
                member_id=member.id,
                team_id=team.id,
                enrolled_on=None,
                by_id=by.id,
                now=now,
            )
        except Refusal as refusal:
            problems.append(refusal.sentence)
        else:
            changes.append((member, change))
    if problems:
        raise FieldProblems({REPS: " ".join(problems)})
    return EnrolSaved(
        team_id=team.id,
        team=team.name,
        channel=team.coach_channel,
        channel_problem=team.channel_problem,
        reps=tuple(_enrolled(session, member, change, now) for member, change in changes),
        reader=reader_of(by, team),
    )


def end_enrolment(session: Session, *, caller: Caller, member_id: int, now: datetime) -> str:
    """Remove a rep from their team for a coach or an admin; return the rep's Slack id.

    For an admin, a repeated call changes nothing.
    """
    by = access.known_member(session, caller)
    member = session.get(Member, member_id)
    if member is not None and member.workspace_id == by.workspace_id and by.is_admin:
        enrolments.end(session, member=member, by_id=by.id, now=now)
        return member.slack_user_id
    member, _, _ = rep_of(session, by=by, member_id=member_id)
    enrolments.end(session, member=member, by_id=by.id, now=now)
    return member.slack_user_id


def form_of(session: Session, team: Team) -> TeamForm:
    """Return the team as its form shows it."""
    second = session.get_one(Member, team.second_coach_id) if team.second_coach_id else None
    return TeamForm(
        name=team.name,
        coach=session.get_one(Member, team.coach_id).slack_user_id,
        second_coach=second.slack_user_id if second is not None else None,
        channel=team.coach_channel,
        schedule=schedule_form_of(team),
        currency=team.currency,
    )


def _allowed(session: Session, caller: Caller) -> tuple[Member, list[Team]]:
    by = access.member_of(session, caller)
    if by is None:
        raise Refusal(NOBODY_ELSE)
    teams = access.manageable_teams(session, by)
    if not by.is_admin and not teams:
        access.deny(by, "set up", "workspace", by.workspace_id)
        raise Refusal(NOBODY_ELSE)
    return by, teams


def choose_team(session: Session, caller: Caller, team_id: int | None) -> tuple[list[Team], Team]:
    """Return the teams that the caller may set up, and the given one or the first; raises Refusal without any."""
    by, teams = _allowed(session, caller)
    if team_id is not None:
        return teams, team_of(session, by=by, team_id=team_id)
    if not teams:
        raise Refusal(NO_TEAM)
    return teams, teams[0]


def choices_of(teams: Sequence[Team]) -> tuple[Choice, ...]:
    """Return the teams as the choices of a form."""
    return tuple(Choice(team.id, team.name) for team in teams)


def _must_let_go(session: Session, *, by: Member, member: Member, team: Team) -> None:
    """Raise Refusal if the member is a rep of another team that the person may not set up."""
    current = access.enrolment_of(session, member.id)
    if current is None or current.team_id == team.id:
        return
    other = session.get_one(Team, current.team_id)
    if not by.is_admin and not access.coaches(session, by, other):
        access.deny(by, "move", "member", member.id)
        raise Refusal(
            f"{member.name} is a rep of {other.name}: ask its coach or a workspace admin to move them."
        )


def _enrolled(session: Session, member: Member, change: Change, now: datetime) -> Enrolled:
    enrolment = access.enrolment_of(session, member.id)
    week = enrolment.next_week if enrolment is not None else None
    asked = targets.in_force(session, [member.id], week or week_of(now, zone_of(member)))
    work = None
    if enrolment is not None and week is not None:
        team = session.get_one(Team, enrolment.team_id)
        calendar = calendars.of_team(team, week)
        work = replace(calendar, begins=enrolment.enrolled_on).week(week)
    return Enrolled(
        member_id=member.id,
        slack_user_id=member.slack_user_id,
        name=member.name,
        change=change,
        timezone=member.timezone,
        timezone_missing=member.timezone_missing,
        next_due_at=enrolment.next_due_at if enrolment is not None else None,
        next_week=week,
        work=work if work is not None and work.joined_on is not None else None,
        has_targets=bool(asked.get(member.id)),
    )
