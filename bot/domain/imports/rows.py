"""Reads the cells of a line, and imports one line of teams through the same functions as the forms."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time

from sqlmodel import Session, select

from bot.domain import access
from bot.domain.calendars import places
from bot.domain.calendars.places import Place
from bot.domain.imports.csv_files import Row, quoted
from bot.domain.people import members, team_forms, teams
from bot.domain.people.enrolments import Change
from bot.domain.people.members import Profile
from bot.domain.refusals import FieldProblems, PlaceProblem, Refusal
from bot.domain.setup import calendars
from bot.domain.setup import forms as setup_forms
from bot.domain.shown.setup import (
    CHANNEL,
    CHECK_IN_AT,
    CHECK_IN_DAY,
    DEADLINE_AT,
    DEADLINE_DAY,
    Channel,
    ScheduleForm,
    TeamForm,
)
from bot.domain.tables import Member, Metric, Team
from bot.rules.weeks import parse_time, parse_weekday, weekday_name

LOCALE = "en_US"
"""The locale that decides how an ambiguous number in a file is read."""

UNREAD = datetime(1970, 1, 1, tzinfo=UTC)
"""The `profile_read_at` of a person about whom Slack was not asked."""

USER_ID = re.compile(r"[UW][A-Z0-9]{2,30}")
CHANNEL_ID = re.compile(r"[CG][A-Z0-9]{2,30}")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

_COLUMN_OF = {
    CHANNEL: "coach_channel",
    CHECK_IN_DAY: "day",
    CHECK_IN_AT: "time",
    DEADLINE_DAY: "deadline_day",
    DEADLINE_AT: "deadline_time",
}


@dataclass(frozen=True)
class Known:
    """What Slack says about the people and channels in a file, or a sentence if it says nothing.

    Without a token nothing is known, and a new person has their Slack id as name until the bot first reads the
    profile.
    """

    profiles: Mapping[str, Profile | str] = field(default_factory=dict)
    channels: Mapping[str, Channel | str | None] = field(default_factory=dict)
    asked_slack: bool = False
    admin_users: Collection[str] = ()
    public_channels: bool = False
    """Whether the user confirmed that public coach channels are intended."""


@dataclass(frozen=True)
class Planned:
    """What the import does with one line."""

    line: int
    what: str
    change: Change
    details: tuple[str, ...] = ()


def reason(session: Session, refusal: Refusal) -> str:
    """Return why a line can't be imported, with the column's name before each sentence."""
    sentences = (
        refusal.sentences
        if isinstance(refusal, FieldProblems)
        else {refusal.field: refusal.sentence}
    )
    said = []
    for name, sentence in sentences.items():
        column = _COLUMN_OF.get(name or "", name)
        if column is not None and column.startswith("public."):
            column, sentence = (
                "coach_channel",
                sentence.split(":")[0] + ": add --public-channels if that is meant",
            )
        elif column is not None and column.startswith("amount."):
            metric = session.get(Metric, int(column.removeprefix("amount.")))
            column = metric.key if metric is not None else column
        said.append(f"{column}: {sentence}" if column else sentence)
    return " ".join(said)


def import_team(
    session: Session, workspace_id: int, row: Row, known: Known, now: datetime
) -> Planned:
    """Create or update a team as the line says; raises Refusal."""
    problems: dict[str, str] = {}
    name = team_forms.clean_team_name(row["name"], problems)
    team = session.exec(
        select(Team).where(
            Team.workspace_id == workspace_id, Team.name_key == team_forms.name_key(name)
        )
    ).one_or_none()
    old = setup_forms.form_of(session, team) if team is not None else TeamForm()
    form = replace(
        old,
        name=name,
        coach=read_user(row, "coach", problems) or old.coach,
        second_coach=read_user(row, "second_coach", problems) or old.second_coach,
        channel=_channel(row, old.channel, known, problems) or old.channel,
        schedule=_schedule(row, old.schedule or ScheduleForm(), problems),
    )
    place = _place(row, team, problems)
    if not row["coach"]:
        problems["coach"] = "It is empty: give the Slack id of the coach."
    if problems:
        raise FieldProblems(problems)
    for column, slack_user_id in (("coach", form.coach), ("second_coach", form.second_coach)):
        if slack_user_id and row[column]:
            _meet(session, workspace_id, column, slack_user_id, known, now)
    found = known.channels.get(form.channel or "")
    saved, change = teams.save_team(
        session,
        workspace_id=workspace_id,
        team=team,
        form=form,
        channel=found if isinstance(found, Channel) else None,
        public_confirmed=known.public_channels,
        welcomes=True,
        now=now,
    )
    details = [f"coach {session.get_one(Member, saved.coach_id).name}"]
    if isinstance(found, Channel):
        details.append(f"#{found.name}{'' if found.is_private else ', which everybody can read'}")
    details.append(f"asked {weekday_name(saved.check_in_day)} {saved.check_in_at:%H:%M}")
    if place is not None:
        moved = calendars.change_place(session, saved, place, now=now)
        change = Change.UPDATED if moved and change == Change.UNCHANGED else change
        where = places.words_for(place.country.code, place.region)
        details.append(f"public holidays of {where}")
    return Planned(row.line, saved.name, change, tuple(details))


def _meet(
    session: Session,
    workspace_id: int,
    column: str,
    slack_user_id: str,
    known: Known,
    now: datetime,
) -> Member:
    """Return the member with this Slack id, updated from their profile; raises Refusal if Slack gives none."""
    profile = known.profiles.get(slack_user_id)
    if isinstance(profile, str):
        raise Refusal(profile, field=column)
    found = access.member_by_slack_id(session, workspace_id, slack_user_id)
    if profile is None and found is not None:
        return found
    member_id = members.apply_profile(
        session,
        workspace_id=workspace_id,
        profile=profile or Profile(slack_user_id, slack_user_id),
        now=now,
        admin_users=known.admin_users,
    )
    member = session.get_one(Member, member_id)
    if profile is None:
        member.profile_read_at = UNREAD
    return member


def read_user(row: Row, column: str, problems: dict[str, str]) -> str | None:
    """Return the Slack id in a cell; None for an empty cell, or for another text, which is added to `problems`."""
    text = row[column]
    if text and not USER_ID.fullmatch(text):
        problems[column] = (
            f"{quoted(text)} is no Slack user id: copy the member id, U…, from the person’s profile."
        )
        return None
    return text or None


def _place(row: Row, team: Team | None, problems: dict[str, str]) -> Place | None:
    """Return where the team's public holidays are from, named as in the form; None for two empty cells."""
    country, region = row["country"], row["region"]
    if region and not country and team is not None and team.country is not None:
        country = team.country
    try:
        return places.place_of(country, region)
    except PlaceProblem as problem:
        problems["region" if problem.is_region else "country"] = str(problem)
        return None


def _channel(row: Row, old: str | None, known: Known, problems: dict[str, str]) -> str | None:
    text = row["coach_channel"]
    if not text or text == old:
        return text or None
    if not CHANNEL_ID.fullmatch(text):
        problems[CHANNEL] = (
            f"{quoted(text)} is no Slack channel id: copy it, C…, from the channel’s details."
        )
        return None
    found = known.channels.get(text)
    if not known.asked_slack:
        problems[CHANNEL] = (
            "Who can read it can’t be checked without SLACK_BOT_TOKEN: set it, or leave the cell empty."
        )
    elif isinstance(found, str):
        problems[CHANNEL] = found
    return text


def _schedule(row: Row, old: ScheduleForm, problems: dict[str, str]) -> ScheduleForm:
    return replace(
        old,
        check_in_day=_weekday(row, "day", CHECK_IN_DAY, old.check_in_day, problems),
        check_in_at=_time(row, "time", CHECK_IN_AT, old.check_in_at, problems),
        deadline_day=_weekday(row, "deadline_day", DEADLINE_DAY, old.deadline_day, problems),
        deadline_at=_time(row, "deadline_time", DEADLINE_AT, old.deadline_at, problems),
    )


def _weekday(row: Row, column: str, name: str, old: int, problems: dict[str, str]) -> int:
    if not row[column]:
        return old
    day = parse_weekday(row[column])
    if day is None:
        problems[name] = f"{quoted(row[column])} is no day of the week: write Monday to Sunday."
        return old
    return day


def _time(
    row: Row, column: str, name: str, old: time | None, problems: dict[str, str]
) -> time | None:
    if not row[column]:
        return old
    at = parse_time(row[column])
    if at is None:
        problems[name] = f"{quoted(row[column])} is no time of day: write it like 09:00."
        return old
    return at


def read_day(row: Row, column: str, problems: dict[str, str]) -> date | None:
    """Return the day in a cell; None for an empty cell, or for another text, which is added to `problems`."""
    text = row[column]
    if not text:
        return None
    try:
        if DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    problems[column] = f"{quoted(text)} is no date: write it like 2026-11-23."
    return None
