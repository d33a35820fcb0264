"""The form of a team's plan settings: the data it shows, and the values it sends."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.shown.setup import Choice

# The inputs of the form; a Refusal names the one that it is about.
SALES_CYCLE = "sales_cycle_days"
MINUTES = "conversation_minutes"
HOURS = "weekly_hours"
RAISE_AFTER = "raise_after_weeks"


@dataclass(frozen=True)
class PlanSettingsForm:
    """The four typed numbers, by input."""

    sales_cycle_days: str = ""
    conversation_minutes: str = ""
    weekly_hours: str = ""
    raise_after_weeks: str = ""


@dataclass(frozen=True)
class PlanSettingsShown:
    """The form of one team, with the teams to choose from."""

    teams: tuple[Choice, ...]
    team_id: int
    form: PlanSettingsForm


@dataclass(frozen=True)
class PlanSettingsSaved:
    """The saved settings of a team."""

    name: str
    sales_cycle_days: int
    conversation_minutes: int
    weekly_hours: int
    raise_after_weeks: int
