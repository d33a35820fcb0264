"""What follows a form of setting up."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.shown.setup import (
    TargetsSaved,
)
from bot.slack.views.setup import done as done
from tests.slack.views.setup.shown import (
    DUE,
    ENROLLED,
    MONDAY,
    NASTY,
    OWN,
    READER,
    REP,
    ROWS,
    SAVED,
)
from tests.slack.views.sound import check_sound, text_of

MODALS: dict[str, Any] = {
    "team done": done.team_done(SAVED),
    "team changed": done.team_done(replace(SAVED, channel="C0COACH", is_new=False, reps=3)),
    "schedule done": done.schedule_done(replace(SAVED, reps=3)),
    "enrol done": done.enrol_done(ENROLLED),
    "enrolled already": done.enrol_done(
        replace(
            ENROLLED,
            channel="C0COACH",
            channel_problem="not_in_channel",
            reps=(replace(REP, change="unchanged", next_due_at=None, has_targets=True),),
        )
    ),
    "targets done": done.targets_done(
        TargetsSaved(
            7, "U0SAM", NASTY, True, MONDAY, ROWS, (NASTY,), DUE, "America/New_York", READER
        )
    ),
    "targets unchanged": done.targets_done(
        TargetsSaved(7, "U0SAM", NASTY, False, MONDAY, (), (), None, "UTC", READER)
    ),
    "metric done": done.metric_done(OWN[0], what="added"),
    "zone done": done.zone_done("U0SAM", "Europe/London"),
    "removed": done.removed("U0SAM"),
}


@pytest.mark.parametrize("name", MODALS)
def test_the_modal_is_sound_whatever_names_people_chose(name: str) -> None:
    check_sound(MODALS[name])


def test_moments_are_told_on_the_clock_of_whom_they_are_about() -> None:
    text = text_of(MODALS["enrol done"])
    assert "Monday 30 November at 09:00, New York time" in text
    assert "about the week 23–29 November" in text
