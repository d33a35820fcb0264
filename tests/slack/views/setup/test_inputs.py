"""What somebody filled into a form: anything of the wrong shape reads as empty."""

from __future__ import annotations

from typing import Any

import pytest

from bot.slack.views.setup import done as done
from bot.slack.views.setup import reps as rep_views
from bot.slack.views.setup import team as team_views
from bot.slack.views.setup.inputs import Filled


def state(**values: dict[str, Any]) -> dict[str, Any]:
    return {"state": {"values": {block: {"any": element} for block, element in values.items()}}}


@pytest.mark.parametrize(
    "view",
    [
        {},
        {"state": None},
        {"state": {"values": {"name": {"any": None}}}},
        state(
            name={"value": ["a"]},
            coach={"selected_user": 7},
            check_in_at={"selected_time": "25:99"},
            check_in_day={"selected_option": {"value": "9"}},
            reps={"selected_users": [None, 3]},
        ),
    ],
)
def test_a_form_of_the_wrong_shape_reads_as_empty(view: dict[str, Any]) -> None:
    form, confirmed = team_views.read_team(view)
    assert (form.name, form.coach, confirmed) == ("", None, False)
    assert rep_views.read_reps(view) == []
    assert rep_views.read_targets(view) == ({}, "")
    assert Filled(view).at("check_in_at") is None
