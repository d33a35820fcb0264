"""The form of a team's working days and public holidays, which determine weeks, targets and days off."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlmodel import Session

from bot.domain import access
from bot.domain.access import Caller
from bot.domain.calendars import places, public_holidays
from bot.domain.calendars.open_weeks import today_of
from bot.domain.calendars.places import Place
from bot.domain.metrics.records import reader_of
from bot.domain.outbox import surfaces
from bot.domain.people.teams import team_of
from bot.domain.refusals import FieldProblems, PlaceProblem, Refusal
from bot.domain.setup.forms import NO_TEAM, NOBODY_ELSE
from bot.domain.shown.calendars import (
    COUNTRY,
    NO_REGION,
    REGION,
    WORKING_DAYS,
    CalendarForm,
    CalendarSaved,
    CalendarShown,
    RegionalDay,
    RegionQuestion,
)
from bot.domain.shown.setup import Choice
from bot.domain.tables import Member, Team

HOLIDAYS_SHOWN = 5
MIDSUMMER = 6


def calendar_form(
    session: Session, *, caller: Caller, team_id: int | None, now: datetime
) -> CalendarShown:
    """Return the form of a team's calendar: of the given team, or of the first that the caller may change."""
    by = access.known_member(session, caller)
    teams = access.manageable_teams(session, by)
    if not teams and not by.is_admin:
        access.deny(by, "set up", "workspace", by.workspace_id)
        raise Refusal(NOBODY_ELSE)
    if not teams:
        raise Refusal(NO_TEAM)
    team = teams[0] if team_id is None else team_of(session, by=by, team_id=team_id)
    country = places.country_by_code(team.country).name if team.country else ""
    region = places.region_name(team.country, team.region) if team.country and team.region else ""
    days = _days_of(team)
    missing: tuple[RegionalDay, ...] = ()
    if team.country and not team.region:
        missing = _regional_days(team.country, days, today_of(by, now))
    return CalendarShown(
        teams=tuple(Choice(each.id, each.name) for each in teams),
        team_id=team.id,
        form=CalendarForm(working_days=days, country=country, region=region),
        missing=missing,
    )


def region_question(
    session: Session, *, caller: Caller, team_id: int, form: CalendarForm, now: datetime
) -> RegionQuestion | None:
    """Return the question about the region that a filled-in form leaves open; None if it leaves none.

    A region is asked for where a country's holidays depend on it and the team has not been without one before.
    Raises FieldProblems as `change_calendar` does.
    """
    by = access.known_member(session, caller)
    team = team_of(session, by=by, team_id=team_id)
    _, place = _read(form)
    if place is None or place.region is not None or form.region == NO_REGION:
        return None
    code = place.country.code
    if (team.country, team.region) == (code, None):
        return None
    missing = _regional_days(code, form.working_days, today_of(by, now))
    if not missing:
        return None
    return RegionQuestion(
        team_id=team.id,
        team=team.name,
        form=form,
        country=place.country.name,
        country_code=code,
        regions=tuple((region.code, region.name) for region in places.regions_of(code)),
        missing=missing,
    )


def change_calendar(
    session: Session, *, caller: Caller, team_id: int, form: CalendarForm, now: datetime
) -> CalendarSaved:
    """Change a team's calendar for a coach or an admin; raises FieldProblems. Sending it again changes nothing.

    The new calendar counts for this week and later ones. An existing check-in keeps its targets.
    """
    by = access.known_member(session, caller)
    team = team_of(session, by=by, team_id=team_id)
    days, place = _read(form)
    wanted = (days, place.country.code if place else None, place.region if place else None)
    if (team.working_days, team.country, team.region) != wanted:
        team.working_days, team.country, team.region = wanted
        session.flush()
        surfaces.team_homes_changed(session, team=team, now=now)
    return _saved(session, team, by, now)


def change_place(session: Session, team: Team, place: Place | None, *, now: datetime) -> bool:
    """Take the team's public holidays from this place from now on; return whether that changes anything."""
    wanted = (place.country.code if place else None, place.region if place else None)
    if (team.country, team.region) == wanted:
        return False
    team.country, team.region = wanted
    session.flush()
    surfaces.team_homes_changed(session, team=team, now=now)
    return True


def _read(form: CalendarForm) -> tuple[str, Place | None]:
    """Return the working days as digits, and the place; raises FieldProblems."""
    problems: dict[str, str] = {}
    days = "".join(str(day) for day in sorted(form.working_days))
    if not days or not form.working_days <= frozenset(range(7)):
        problems[WORKING_DAYS] = "Choose at least one day of the week."
    place = None
    try:
        place = places.place_of(form.country, "" if form.region == NO_REGION else form.region)
    except PlaceProblem as problem:
        problems[REGION if problem.is_region else COUNTRY] = str(problem)
    if problems:
        raise FieldProblems(problems)
    return days, place


def _regional_days(
    country: str, working_days: frozenset[int], today: date
) -> tuple[RegionalDay, ...]:
    """Return the working days that are holidays only in some regions, those of most regions first.

    They are those of the year in which most of the next twelve months are: which depend on a region is the same
    from year to year, and each further year takes a large country half a second.
    """
    year = today.year + (today.month > MIDSUMMER)
    days = (date(year, 1, 1) + timedelta(days=number) for number in range(366))
    found = public_holidays.only_in_regions(
        country, (day for day in days if day.year == year and day.weekday() in working_days)
    )
    every = [RegionalDay(day, name, tuple(regions)) for day, (name, regions) in found.items()]
    return tuple(sorted(every, key=lambda each: (-len(each.regions), each.day)))


def _days_of(team: Team) -> frozenset[int]:
    return frozenset(int(digit) for digit in team.working_days)


def _saved(session: Session, team: Team, by: Member, now: datetime) -> CalendarSaved:
    today = today_of(by, now)
    working_days = _days_of(team)
    place, coming = None, []
    if team.country is not None:
        place = places.words_for(team.country, team.region)
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
        some_are_estimates=any(
            public_holidays.ESTIMATED in name for _, name in coming[:HOLIDAYS_SHOWN]
        ),
        reader=reader_of(by, team),
    )
