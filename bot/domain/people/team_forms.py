"""Reads and checks the form of a team, and turns it into column values. It changes nothing."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from babel.numbers import list_currencies
from sqlmodel import Session, select

from bot.domain.access import member_by_slack_id
from bot.domain.people.members import why_not_coach
from bot.domain.refusals import FieldProblems
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
    public_field,
)
from bot.domain.tables import Member, Team
from bot.rules.weeks import WEEK, Schedule

SHORTEST_WINDOW = timedelta(hours=1)
LONGEST_WINDOW = timedelta(days=6)

NAME_TAKEN = "There is a team called {name} already: choose another name."


@dataclass(frozen=True)
class CheckedForm:
    """The values of a team's form that has no problems."""

    columns: Mapping[str, Any]
    schedule: Schedule


def check_form(
    session: Session,
    workspace_id: int,
    team: Team | None,
    form: TeamForm,
    channel: Channel | None,
    public_confirmed: bool,
) -> CheckedForm:
    """Return the form's values by column; raises FieldProblems with a sentence for each wrong field."""
    problems: dict[str, str] = {}
    name = clean_team_name(form.name, problems)
    namesake = same_name(session, workspace_id, name)
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
    if namesake is not None and (team is None or namesake.id != team.id):
        problems[NAME] = NAME_TAKEN.format(name=name)
    if problems or coach is None:
        raise FieldProblems(problems)
    columns = {
        "name": name,
        "name_key": name_key(name),
        "coach_id": coach.id,
        "second_coach_id": second.id if second is not None else None,
        "coach_channel": form.channel,
        "currency": currency,
    }
    return CheckedForm(columns, schedule_form.read())


def schedule_form_of(team: Team) -> ScheduleForm:
    """Return the team's schedule as its form shows it."""
    return ScheduleForm(
        check_in_day=team.check_in_day,
        check_in_at=team.check_in_at,
        deadline_day=team.deadline_day,
        deadline_at=team.deadline_at,
        working_from=team.working_from,
        working_until=team.working_until,
    )


def schedule_problems(form: ScheduleForm) -> dict[str, str]:
    """Return the problems of a schedule, by input."""
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
    """Return the sentence that says why this can't be the coach channel; None if it can."""
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
    """Return the name with normal spacing and without invisible characters."""
    shown = "".join(c if unicodedata.category(c)[0] != "C" else " " for c in text)
    name = " ".join(shown.split())
    if not any(c.isalnum() for c in name):
        problems[NAME] = "Type a name for the team, with letters or digits."
    elif len(name) > TEAM_NAME_LIMIT:
        problems[NAME] = f"Type a shorter name: {TEAM_NAME_LIMIT} characters at the most."
    return name


def name_key(name: str) -> str:
    """Return a key that is equal for names that differ only in case, width or spacing."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def same_name(
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


def _since_monday(day: int, at: time | None) -> timedelta:
    at = at or time.min
    return timedelta(days=day, hours=at.hour, minutes=at.minute)
