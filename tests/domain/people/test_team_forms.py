"""What the form of a team may say, and the sentence for each thing that it may not."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest

from bot.domain.people import team_forms
from bot.domain.shown.setup import (
    Channel,
    ScheduleForm,
    TeamForm,
)
from tests.domain.setting_up import FORM, PRIVATE, PUBLIC, Setup


def test_everything_that_is_wrong_is_said_at_once(setup: Setup) -> None:
    bad = TeamForm(
        name="",
        coach=None,
        second_coach="UR",
        channel="CP",
        currency="dollars",
        schedule=ScheduleForm(check_in_at=None),
    )
    problems = setup.problems(bad, channel=None)
    assert set(problems) == {
        "name",
        "coach",
        "second_coach",
        "channel",
        "currency",
        "check_in_at",
    }


@pytest.mark.parametrize(
    ("form", "field", "words"),
    [
        (replace(FORM, name="  \u200b "), "name", "Type a name for the team"),
        (replace(FORM, name="🚀🚀"), "name", "letters or digits"),
        (replace(FORM, name="n" * 81), "name", "80 characters at the most"),
        (replace(FORM, second_coach="UC"), "second_coach", "choose somebody else"),
        (replace(FORM, coach="UR"), "coach", "Robot is a bot"),
        (replace(FORM, coach="UX"), "coach", "Lee’s Slack account is deactivated"),
        (replace(FORM, coach="UG"), "coach", "Gus is a guest"),
        (replace(FORM, coach="U404"), "coach", "does not know this person"),
        (replace(FORM, currency="XYZ"), "currency", "three letters"),
    ],
)
def test_each_wrong_value_has_its_sentence(
    setup: Setup, form: TeamForm, field: str, words: str
) -> None:
    assert words in setup.problems(form)[field]


@pytest.mark.parametrize(
    ("channel", "words"),
    [
        (None, "can’t see this channel"),
        (replace(PRIVATE, is_archived=True), "is archived"),
        (replace(PRIVATE, is_shared=True), "shared with another organization"),
        (replace(PRIVATE, is_member=False), "not in #coach-dana"),
    ],
)
def test_a_channel_that_cannot_be_used(setup: Setup, channel: Channel | None, words: str) -> None:
    assert words in setup.problems(FORM, channel=channel)["channel"]


def test_a_public_channel_needs_a_word_of_its_own(setup: Setup) -> None:
    form = replace(FORM, channel="CO")
    assert "#general is public" in setup.problems(form, channel=PUBLIC)["public.CO"]
    assert setup.create(form, channel=PUBLIC, confirmed=True).channel == "CO"


def test_a_public_channel_without_the_bot_is_not_to_be_confirmed_first(setup: Setup) -> None:
    problems = setup.problems(replace(FORM, channel="CO"), channel=replace(PUBLIC, is_member=False))
    assert "invite" in problems["channel"]
    assert "public.CO" not in problems


@pytest.mark.parametrize(
    ("day", "at", "deadline_day", "deadline_at", "fits"),
    [
        (0, time(9), 1, time(17), True),
        (0, time(9), 0, time(17), True),
        (0, time(9), 6, time(9), True),
        (0, time(9), 6, time(10), False),  # 6 days and an hour
        (0, time(9), 0, time(8), False),  # almost a week
        (0, time(9), 0, time(9), False),
        (0, time(9), 0, time(9, 30), False),  # half an hour
        (4, time(16), 0, time(12), True),  # Friday to Monday
        (6, time(20), 5, time(20), True),
        (6, time(20), 5, time(20, 1), False),
    ],
)
def test_the_deadline_follows_within_six_days(
    day: int, at: time, deadline_day: int, deadline_at: time, fits: bool
) -> None:
    form = ScheduleForm(
        check_in_day=day, check_in_at=at, deadline_day=deadline_day, deadline_at=deadline_at
    )
    problems = team_forms.schedule_problems(form)
    assert problems == {} if fits else list(problems) == ["deadline_at"]


def test_working_hours_end_after_they_begin() -> None:
    form = ScheduleForm(working_from=time(18), working_until=time(9))
    assert "Working hours must end" in team_forms.schedule_problems(form)["working_until"]
