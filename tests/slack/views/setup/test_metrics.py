"""The forms about the metrics of a team."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.shown.setup import (
    MetricShown,
)
from bot.slack.views.setup import done as done
from bot.slack.views.setup import metrics as metric_views
from tests.slack.views.setup.shown import (
    OWN,
    TEAMS,
)
from tests.slack.views.sound import check_sound

MODALS: dict[str, Any] = {
    "metric": metric_views.metric_view(MetricShown(TEAMS, 1, OWN)),
    "rename": metric_views.rename_view(OWN[0]),
    "archive": metric_views.archive_view(OWN[0]),
}


@pytest.mark.parametrize("name", MODALS)
def test_the_modal_is_sound_whatever_names_people_chose(name: str) -> None:
    check_sound(MODALS[name])
