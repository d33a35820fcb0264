"""The forms about reps."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.shown.setup import (
    EnrolShown,
    RepCard,
)
from bot.slack.views.setup import done as done
from bot.slack.views.setup import reps as rep_views
from tests.slack.views.setup.shown import (
    NASTY,
    TEAMS,
    targets,
)
from tests.slack.views.sound import check_sound

MODALS: dict[str, Any] = {
    "enrol": rep_views.enrol_view(EnrolShown(TEAMS, 1)),
    "targets": rep_views.targets_view(targets(3)),
    "targets of many": rep_views.targets_view(targets(101)),
    "whose targets": rep_views.targets_view(
        replace(targets(3), member_id=None, name="", rows=(), this_week=None)
    ),
    "zone": rep_views.zone_view(RepCard(7, "U0SAM", NASTY, NASTY, "UTC")),
    "remove": rep_views.remove_view(RepCard(7, "U0SAM", NASTY, NASTY, "UTC")),
}


@pytest.mark.parametrize("name", MODALS)
def test_the_modal_is_sound_whatever_names_people_chose(name: str) -> None:
    check_sound(MODALS[name])


def test_a_target_stands_in_its_form_as_it_would_be_typed() -> None:
    inputs = {
        b["block_id"]: b["element"] for b in MODALS["targets"]["blocks"] if b["type"] == "input"
    }
    assert inputs["amount.1"]["initial_value"] == "25"
    assert inputs["amount.3"]["initial_value"] == "£12,500.50"
    assert "initial_value" not in inputs["amount.9"]


def test_a_form_about_somebody_else_does_not_keep_what_was_typed() -> None:
    def action_ids(view: dict[str, Any]) -> set[str]:
        return {b["element"]["action_id"] for b in view["blocks"] if b["type"] == "input"}

    mine, other = targets(3), replace(targets(3), member_id=2)
    assert not action_ids(rep_views.targets_view(mine)) & action_ids(rep_views.targets_view(other))
