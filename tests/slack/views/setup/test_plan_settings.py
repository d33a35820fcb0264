"""The form of the plan settings of a team."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.shown.plan_settings import (
    PlanSettingsForm,
    PlanSettingsSaved,
    PlanSettingsShown,
)
from bot.slack.views.setup import done as done
from bot.slack.views.setup import plan_settings as plan_views
from tests.slack.views.setup.shown import (
    NASTY,
    TEAMS,
)
from tests.slack.views.sound import check_sound

MODALS: dict[str, Any] = {
    "plan settings": plan_views.plan_settings_view(
        PlanSettingsShown(TEAMS, 2, PlanSettingsForm("60", "30", "25", "4"))
    ),
    "plan settings of the only team": plan_views.plan_settings_view(
        PlanSettingsShown(TEAMS[:1], 1, PlanSettingsForm())
    ),
    "plan settings done": plan_views.plan_settings_done(PlanSettingsSaved(NASTY, 1, 30, 25, 1)),
}


@pytest.mark.parametrize("name", MODALS)
def test_the_modal_is_sound_whatever_names_people_chose(name: str) -> None:
    check_sound(MODALS[name])
