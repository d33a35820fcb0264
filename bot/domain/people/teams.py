"""Creating teams and changing them. Admins choose the coach and the channel, coaches may change the schedule."""

from __future__ import annotations

import unicodedata
from datetime import datetime, time, timedelta
from typing import Any

from babel.numbers import list_currencies
from sqlmodel import Session, col, select

from bot.domain import access
from bot.domain.access import Caller, member_by_slack_id
from bot.domain.calendars.schedules import schedule_of
from bot.domain.outbox import surfaces
from bot.domain.people import enrolments
from bot.domain.people.enrolments import Change
from bot.domain.people.members import why_not_coach
from bot.domain.refusals import FieldProblems, Refusal
from bot.domain.shown.setup import (
    CHANNEL,
    CHECK_IN_AT,
    CHECK_IN_DAY,
    COACH,
    CURRENCY,
    DEADLINE_AT,
    DEADLINE_DAY,
    NAME,
    SECOND_COACH,
    TEAM_NAME_LIMIT,
    WORKING_FROM,
    WORKING_UNTIL,
    Channel,
    ScheduleForm,
    TeamForm,
    TeamSaved,
    public_field,
)
from bot.domain.tables import Enrolment, Member, Team
from bot.rules.weeks import WEEK, Schedule

SHORTEST_WINDOW = timedelta(hours=1)
LONGEST_WINDOW = timedelta(days=6)


def must_be_admin(session: Session, caller: Caller) -> Member:
    """The caller, who is an admin of the workspace; raises Refusal for everybody else."""
    member = access.known_member(session, caller)
    if not member.is_admin:
        access.deny(member, "set up", "workspace", member.workspace_id)
        raise Refusal("Only a workspace admin can create or change teams: ask one of them.")
    return member


def team_of(session: Session, *, by: Member, team_id: int) -> Team:
    """A team of the member's workspace that they may set up; raises Refusal."""
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
    """An admin creates a team; raises FieldProblems with everything that is wrong with the form.

    `channel` is what Slack says of the chosen one. Sending the same form again answers the same.
    """
    by = must_be_admin(session, caller)
    team, _ = save_team(
        session,
        workspace_id=by.workspace_id,
        team=_same_name(
            session, by.workspace_id, form.name, created_since=now - timedelta(hours=1)
        ),
        form=form,
        channel=channel,
        public_confirmed=public_confirmed,
        only_unchanged=True,
        now=now,
    )
    return saved(session, team, is_new=True)


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
    """An admin changes a team; raises FieldProblems with everything that is wrong with the form."""
    by = must_be_admin(session, caller)
    team = team_of(session, by=by, team_id=team_id)
    save_team(
        session,
        workspace_id=by.workspace_id,
        team=team,
        form=form,
        channel=channel,
        public_confirmed=public_confirmed,
        now=now,
    )
    return saved(session, team, is_new=False)


def change_schedule(
    session: Session, *, caller: Caller, team_id: int, form: ScheduleForm, now: datetime
) -> TeamSaved:
    """A coach or an admin changes when a team is asked; the next check-ins move with it."""
    team = team_of(session, by=access.known_member(session, caller), team_id=team_id)
    if problems := schedule_problems(form):
        raise FieldProblems(problems)
    if _set_schedule(team, form.read()):
        session.flush()
        enrolments.replan_team(session, team=team, now=now)
        surfaces.workspace_homes_changed(session, workspace_id=team.workspace_id, now=now)
    return saved(session, team, is_new=False)


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
) -> tuple[Team, Change]:
    """Have a team be as the form says, created if there is none; raises FieldProblems.

    The caller has checked who is asking. `only_unchanged` lets an existing team pass only as it already is.
    """
    problems: dict[str, str] = {}
    name = clean_team_name(form.name, problems)
    namesake = _same_name(session, workspace_id, name)
    taken = namesake is not None and (team is None or namesake.id != team.id)
    coach = _coach(session, workspace_id, form.coach, COACH, problems)
    second = _coach(session, workspace_id, form.second_coach, SECOND_COACH, problems)
    if coach is None and COACH not in problems:
        problems[COACH] = "Choose the coach who takes this team’s misses."
    if coach is not None and second is not None and coach.id == second.id:
        problems[SECOND_COACH] = "The second coach steps in for the first: choose somebody else."
    if form.channel is not None and (team is None or team.coach_channel != form.channel):
        _check_channel(form.channel, channel, public_confirmed, problems)
    schedule_form = form.schedule or (schedule_form_of(team) if team else ScheduleForm())
    problems |= schedule_problems(schedule_form)
    currency = form.currency.strip().upper()
    if currency not in list_currencies():
        problems[CURRENCY] = "Type the three letters of a currency, like USD, EUR or GBP."
    if taken:
        problems[NAME] = f"There is a team called {name} already: choose another name."
    if problems or coach is None:
        raise FieldProblems(problems)

    wanted: dict[str, Any] = {
        "name": name,
        "coach_id": coach.id,
        "second_coach_id": second.id if second is not None else None,
        "coach_channel": form.channel,
        "currency": currency,
    }
    schedule = schedule_form.read()
    if team is None:
        team = Team(
            workspace_id=workspace_id,
            name_key=name_key(name),
            created_at=now,
            **wanted,
            **_columns(schedule),
        )
        session.add(team)
        change = Change.CREATED
    else:
        same = all(getattr(team, column) == value for column, value in wanted.items())
        if same and schedule_of(team) == schedule:
            return team, Change.UNCHANGED
        if only_unchanged:
            raise FieldProblems(
                {NAME: f"There is a team called {name} already: choose another name."}
            )
        surfaces.workspace_homes_changed(session, workspace_id=workspace_id, now=now)
        if team.coach_channel != form.channel:
            team.channel_problem = None
        for column, value in wanted.items():
            setattr(team, column, value)
        team.name_key = name_key(name)
        change = Change.UPDATED
        if _set_schedule(team, schedule):
            session.flush()
            enrolments.replan_team(session, team=team, now=now)
    session.flush()
    surfaces.workspace_homes_changed(session, workspace_id=workspace_id, now=now)
    return team, change


def schedule_form_of(team: Team) -> ScheduleForm:
    """The team's schedule as its form shows it."""
    return ScheduleForm(
        check_in_day=team.check_in_day,
        check_in_at=team.check_in_at,
        deadline_day=team.deadline_day,
        deadline_at=team.deadline_at,
        working_from=team.working_from,
        working_until=team.working_until,
    )


def saved(session: Session, team: Team, *, is_new: bool) -> TeamSaved:
    """What a confirmation says of the team."""
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
    )


def schedule_problems(form: ScheduleForm) -> dict[str, str]:
    """What is wrong with a schedule, by the input it is about."""
    problems: dict[str, str] = {}
    for field, at in (
        (CHECK_IN_AT, form.check_in_at),
        (DEADLINE_AT, form.deadline_at),
        (WORKING_FROM, form.working_from),
        (WORKING_UNTIL, form.working_until),
    ):
        if at is None:
            problems[field] = "Choose a time."
    for field, day in ((CHECK_IN_DAY, form.check_in_day), (DEADLINE_DAY, form.deadline_day)):
        if not 0 <= day <= 6:
            problems[field] = "Choose a day of the week."
    if problems:
        return problems
    window = _since_monday(form.deadline_day, form.deadline_at) - _since_monday(
        form.check_in_day, form.check_in_at
    )
    if window <= timedelta(0):
        window += WEEK
    if window > LONGEST_WINDOW:
        problems[DEADLINE_AT] = (
            "The deadline must follow the check-in within 6 days: choose a later time or another day."
        )
    elif window < SHORTEST_WINDOW:
        problems[DEADLINE_AT] = (
            "Leave at least an hour between check-in and deadline: choose a later time."
        )
    if form.working_from and form.working_until and form.working_from >= form.working_until:
        problems[WORKING_UNTIL] = "Working hours must end after they begin: choose a later time."
    return problems


def why_not_channel(channel: Channel | None, *, public_confirmed: bool) -> str | None:
    """The sentence that refuses a coach channel; None for one that can be taken."""
    if channel is None:
        return (
            "Basecoach can’t see this channel: "
            "invite it there with /invite @basecoach, then try again."
        )
    if channel.is_archived:
        return f"#{channel.name} is archived: choose another channel, or unarchive it first."
    if channel.is_shared:
        return (
            f"#{channel.name} is shared with another organization, who could read about your reps: "
            "choose a channel of your own."
        )
    if not channel.is_member:
        return (
            f"Basecoach is not in #{channel.name}: "
            "invite it there with /invite @basecoach, then try again."
        )
    if not channel.is_private and not public_confirmed:
        return (
            f"#{channel.name} is public, so everybody in the workspace can read it: "
            "confirm that below, or choose a private channel."
        )
    return None


def clean_team_name(text: str, problems: dict[str, str]) -> str:
    """The name with its spacing and invisible characters in order."""
    shown = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in text)
    name = " ".join(shown.split())
    if not any(c.isalnum() for c in name):
        problems[NAME] = "Type a name for the team, with letters or digits."
    elif len(name) > TEAM_NAME_LIMIT:
        problems[NAME] = f"Type a shorter name: {TEAM_NAME_LIMIT} characters at the most."
    return name


def name_key(name: str) -> str:
    """Equal for names that differ by case, width or spacing only."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _same_name(
    session: Session, workspace_id: int, name: str, *, created_since: datetime | None = None
) -> Team | None:
    found = session.exec(
        select(Team).where(Team.workspace_id == workspace_id, Team.name_key == name_key(name))
    ).one_or_none()
    if found is not None and created_since is not None and found.created_at < created_since:
        return None
    return found


def _coach(
    session: Session,
    workspace_id: int,
    slack_user_id: str | None,
    field: str,
    problems: dict[str, str],
) -> Member | None:
    if not slack_user_id:
        return None
    member = member_by_slack_id(session, workspace_id, slack_user_id)
    if member is None:
        problems[field] = "Basecoach does not know this person: choose somebody of this workspace."
    elif (sentence := why_not_coach(member)) is not None:
        problems[field] = sentence
    else:
        return member
    return None


def _check_channel(
    channel_id: str, channel: Channel | None, public_confirmed: bool, problems: dict[str, str]
) -> None:
    if channel is not None and channel.id != channel_id:
        raise LookupError("what Slack says of another channel")
    sentence = why_not_channel(channel, public_confirmed=public_confirmed)
    if sentence is not None:
        needs_word = channel is not None and why_not_channel(channel, public_confirmed=True) is None
        problems[public_field(channel_id) if needs_word else CHANNEL] = sentence


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


def _since_monday(day: int, at: time | None) -> timedelta:
    at = at or time.min
    return timedelta(days=day, hours=at.hour, minutes=at.minute)
