"""The form of a team's working days and public holidays, which determine weeks, targets and days off."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from bot.domain import access
from bot.domain.access import Caller
from bot.domain.calendars import public_holidays
from bot.domain.calendars.open_weeks import today_of
from bot.domain.metrics.records import reader_of
from bot.domain.outbox import surfaces
from bot.domain.people.teams import team_of
from bot.domain.refusals import FieldProblems, PlaceProblem, Refusal
from bot.domain.setup.forms import NO_TEAM, NOBODY_ELSE
from bot.domain.shown.calendars import (
    COUNTRY,
    REGION,
    WORKING_DAYS,
    CalendarForm,
    CalendarSaved,
    CalendarShown,
)
from bot.domain.shown.setup import Choice
from bot.domain.tables import Member, Team

HOLIDAYS_SHOWN = 5


def calendar_form(session: Session, *, caller: Caller, team_id: int | None) -> CalendarShown:
    """Return the form of a team's calendar: of the given team, or of the first that the caller may change."""
    by = access.known_member(session, caller)
    teams = access.manageable_teams(session, by)
    if not teams and not by.is_admin:
        access.deny(by, "set up", "workspace", by.workspace_id)
        raise Refusal(NOBODY_ELSE)
    if not teams:
        raise Refusal(NO_TEAM)
    team = teams[0] if team_id is None else team_of(session, by=by, team_id=team_id)
    country = public_holidays.country_by_code(team.country).name if team.country else ""
    return CalendarShown(
        teams=tuple(Choice(each.id, each.name) for each in teams),
        team_id=team.id,
        form=CalendarForm(
            working_days=frozenset(int(digit) for digit in team.working_days),
            country=country,
            region=team.region or "",
        ),
    )


def change_calendar(
    session: Session, *, caller: Caller, team_id: int, form: CalendarForm, now: datetime
) -> CalendarSaved:
    """Change a team's calendar for a coach or an admin; raises FieldProblems. Sending it again changes nothing.

    The new calendar counts for this week and later ones. An existing check-in keeps its targets.
    """
    by = access.known_member(session, caller)
    team = team_of(session, by=by, team_id=team_id)
    problems: dict[str, str] = {}
    days = "".join(str(day) for day in sorted(form.working_days))
    if not days or not form.working_days <= frozenset(range(7)):
        problems[WORKING_DAYS] = "Choose at least one day of the week."
    country = region = None
    try:
        country = public_holidays.country_of(form.country)
    except PlaceProblem as problem:
        problems[COUNTRY] = str(problem)
    if country is None and form.region.strip() and COUNTRY not in problems:
        problems[REGION] = "A region needs its country: type that, too, or leave both empty."
    if country is not None:
        try:
            region = public_holidays.region_of(form.region, country)
        except PlaceProblem as problem:
            problems[REGION] = str(problem)
    if problems:
        raise FieldProblems(problems)
    wanted = (days, country.code if country else None, region)
    if (team.working_days, team.country, team.region) != wanted:
        team.working_days, team.country, team.region = wanted
        session.flush()
        surfaces.team_homes_changed(session, team=team, now=now)
    return _saved(session, team, by, now)


def _saved(session: Session, team: Team, by: Member, now: datetime) -> CalendarSaved:
    today = today_of(by, now)
    working_days = frozenset(int(digit) for digit in team.working_days)
    place, coming = None, []
    if team.country is not None:
        place = public_holidays.country_by_code(team.country).name
        place += f" ({team.region})" if team.region else ""
        coming = sorted(
            (day, name)
            for year in (today.year, today.year + 1)
            for day, name in public_holidays.of_year(team.country, team.region, year).items()
            if day >= today and day.weekday() in working_days
        )
    return CalendarSaved(
        team=team.name,
        working_days=working_days,
        place=place,
        holidays=tuple(coming[:HOLIDAYS_SHOWN]),
        reader=reader_of(by, team),
    )
