"""`/coach` itself: its menu, the checklist, and the list of reps, in which nobody is left out silently."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.shown.setup import (
    Checklist,
    Menu,
    Missing,
    RepShown,
    RepsShown,
    TeamReps,
)
from bot.slack.views.blocks import home
from bot.slack.views.setup import done as done
from bot.slack.views.setup import menu as views
from tests.slack.views.setup.shown import (
    DUE,
    NASTY,
    READER,
    ROWS,
    reps,
)
from tests.slack.views.sound import check_sound, text_of

MODALS: dict[str, Any] = {
    "menu of an admin": views.menu_view(Menu(True, 2, 5)),
    "menu of a first admin": views.menu_view(Menu(True, 0, 0)),
    "menu of a coach": views.menu_view(Menu(False, 1, 0, coaches=True)),
    "reps": views.reps_view(reps(2)),
    "many reps": views.reps_view(reps(100)),
}


@pytest.mark.parametrize("name", MODALS)
def test_the_modal_is_sound_whatever_names_people_chose(name: str) -> None:
    check_sound(MODALS[name])


def test_the_usage_says_back_what_was_typed_and_mentions_nobody() -> None:
    for message in (
        views.usage_message(),
        views.usage_message(NASTY),
        views.usage_message("n" * 5000),
    ):
        check_sound(message)
    assert "“&lt;!channel&gt; &amp;" in views.usage_message(NASTY)["text"]


def test_the_checklist_fits_into_home() -> None:
    missing = tuple(
        Missing(kind, NASTY * 3, form, 7)
        for kind, form in zip(
            "abcdef", ("team", "enrol", "targets", "zone", "reps", None), strict=True
        )
    )
    for checklist in (
        Checklist(0, 0, (Missing("no_team", "There is no team yet.", "team"),)),
        Checklist(2, 5, missing * 10),
        Checklist(2, 5, ()),
    ):
        view = home(views.checklist_blocks(checklist))
        check_sound(view)


def test_each_button_of_the_checklist_opens_a_form() -> None:
    blocks = views.checklist_blocks(Checklist(1, 1, (Missing("no_zone", "x", "zone", 7),)))
    button = blocks[0]["accessory"]
    assert (button["action_id"], button["value"]) == ("setup.open.zone", "7")


def everybody(*teams: TeamReps) -> RepsShown:
    return RepsShown(teams, READER)


def test_reps_without_a_row_of_their_own_are_named() -> None:
    rep = RepShown(7, "U0SAM", NASTY, ROWS, "America/New_York", True, None, DUE)
    fit = views.reps_view(everybody(TeamReps(1, "North", "GBP", (rep,) * 79)))
    check_sound(fit)
    assert text_of(fit).count("<@U0SAM>\n") == 79
    assert "More reps" not in text_of(fit)
    over = views.reps_view(everybody(TeamReps(1, "North", "GBP", (rep,) * 80)))
    check_sound(over)
    assert "*More reps.* Use `/coach targets @name` for one.\n<@U0SAM>\n" in text_of(over) + "\n"
    many = views.reps_view(everybody(TeamReps(1, "North", "GBP", (rep,) * 700)))
    check_sound(many)
    assert text_of(many).count("<@U0SAM>") == 79 + 500
    assert "And 121 more." in text_of(many)


def test_many_teams_without_reps_are_named() -> None:
    teams = [TeamReps(n, "&" * 80, "GBP", ()) for n in range(300)]
    few = views.reps_view(everybody(*teams[:40]))
    check_sound(few)
    assert "Teams without reps" not in text_of(few)
    many = views.reps_view(everybody(*teams))
    check_sound(many)
    assert "*Teams without reps.* Use `/coach enrol` for one." in text_of(many)
    assert "And 110 more." in text_of(many)


def test_no_team_at_all_is_said() -> None:
    assert "There is no team yet." in text_of(views.reps_view(everybody()))
