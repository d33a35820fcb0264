"""The forms about a team itself."""

from __future__ import annotations

from datetime import time
from typing import Any

import pytest

from bot.domain.shown.setup import (
    Channel,
    Choice,
    ScheduleForm,
    ScheduleShown,
    TeamForm,
    TeamShown,
)
from bot.slack.views.setup import done as done
from bot.slack.views.setup import team as team_views
from tests.slack.views.setup.shown import (
    NASTY,
    TEAMS,
)
from tests.slack.views.sound import check_sound

MODALS: dict[str, Any] = {
    "new team": team_views.team_view(
        TeamShown(TEAMS, None, TeamForm(coach="U0ALEX", schedule=ScheduleForm()), "Harbor")
    ),
    "public channel": team_views.team_view(
        TeamShown(
            tuple(Choice(n, NASTY) for n in range(1, 200)),
            150,
            TeamForm(NASTY[:80], "U0DANA", "U0MORGAN", "C0GENERAL"),
            NASTY,
            Channel("C0GENERAL", NASTY, is_private=False, is_member=True),
        )
    ),
    "schedule": team_views.schedule_view(ScheduleShown(TEAMS, 2, ScheduleForm())),
    "schedule of the only team": team_views.schedule_view(
        ScheduleShown(TEAMS[:1], 1, ScheduleForm(check_in_at=None))
    ),
}


@pytest.mark.parametrize("name", MODALS)
def test_the_modal_is_sound_whatever_names_people_chose(name: str) -> None:
    check_sound(MODALS[name])


def state(**values: dict[str, Any]) -> dict[str, Any]:
    return {"state": {"values": {block: {"any": element} for block, element in values.items()}}}


def test_what_was_filled_in_is_read_back() -> None:
    view = state(
        name={"type": "plain_text_input", "value": "Harbor"},
        coach={"type": "users_select", "selected_user": "U1"},
        channel={"type": "conversations_select", "selected_conversation": "C1"},
        check_in_day={"type": "static_select", "selected_option": {"value": "2"}},
        check_in_at={"type": "timepicker", "selected_time": "10:30"},
        deadline_day={"type": "static_select", "selected_option": {"value": "3"}},
        deadline_at={"type": "timepicker", "selected_time": "17:00"},
        currency={"type": "plain_text_input", "value": "eur"},
        **{"public.C1": {"type": "checkboxes", "selected_options": [{"value": "yes"}]}},
    )
    form, confirmed = team_views.read_team(view)
    assert confirmed
    assert form == TeamForm(
        "Harbor", "U1", None, "C1", ScheduleForm(2, time(10, 30), 3, time(17)), "eur"
    )
