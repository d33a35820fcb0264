"""The settings for a team's plans, which a coach of the team or an admin changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session

from bot.domain import access
from bot.domain.access import Caller
from bot.domain.people.teams import team_of
from bot.domain.refusals import FieldProblems
from bot.domain.setup.forms import choices_of, choose_team
from bot.domain.shown.plan_settings import (
    HOURS,
    MINUTES,
    RAISE_AFTER,
    SALES_CYCLE,
    PlanSettingsForm,
    PlanSettingsSaved,
    PlanSettingsShown,
)
from bot.domain.tables import Team
from bot.rules.measures import LONGEST_CYCLE
from bot.rules.numbers import parse_number
from bot.rules.problems import NumberProblem


@dataclass(frozen=True)
class _Range:
    """The allowed values of a setting, and its unit."""

    least: int
    most: int
    unit: str


_RANGES: Mapping[str, _Range] = {
    SALES_CYCLE: _Range(1, LONGEST_CYCLE, "days"),
    MINUTES: _Range(1, 480, "minutes"),
    HOURS: _Range(1, 80, "hours"),
    RAISE_AFTER: _Range(1, 52, "weeks"),
}
"""The ranges by the form's input, which is also the team's column."""


def plan_settings_form(
    session: Session, *, caller: Caller, team_id: int | None
) -> PlanSettingsShown:
    """Return the form of a team's plan settings: of the given team, or of the first that the caller may change."""
    teams, team = choose_team(session, caller, team_id)
    return PlanSettingsShown(
        teams=choices_of(teams),
        team_id=team.id,
        form=PlanSettingsForm(**{name: str(getattr(team, name)) for name in _RANGES}),
    )


def change_plan_settings(
    session: Session, *, caller: Caller, team_id: int, form: PlanSettingsForm
) -> PlanSettingsSaved:
    """Change the settings for a team's next plans; raises FieldProblems with every invalid number."""
    by = access.known_member(session, caller)
    team = team_of(session, by=by, team_id=team_id)
    problems: dict[str, str] = {}
    wanted = {name: _read(getattr(form, name), name, by.locale, problems) for name in _RANGES}
    if problems:
        raise FieldProblems(problems)
    for name, value in wanted.items():
        setattr(team, name, value)
    session.flush()
    return _saved(team)


def _read(text: str, name: str, locale: str, problems: dict[str, str]) -> int:
    allowed = _RANGES[name]
    try:
        value = parse_number(text, locale=locale).value
    except NumberProblem as problem:
        problems[name] = str(problem)
        return 0
    if not allowed.least <= value <= allowed.most:
        problems[name] = f"Type {allowed.unit} from {allowed.least} to {allowed.most}."
    return int(value)


def _saved(team: Team) -> PlanSettingsSaved:
    return PlanSettingsSaved(
        name=team.name,
        sales_cycle_days=team.sales_cycle_days,
        conversation_minutes=team.conversation_minutes,
        weekly_hours=team.weekly_hours,
        raise_after_weeks=team.raise_after_weeks,
    )
