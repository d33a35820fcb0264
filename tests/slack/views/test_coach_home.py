"""The coach's part of Home: who needs them first, then everybody, on as many pages as it takes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.shown.home import AskedNumber, HomeShown, OpenAlert, PlanInShort
from bot.domain.shown.setup import Checklist, Missing
from bot.slack.views.blocks import View
from bot.slack.views.home import home_view
from tests.slack.views.shown import COACHED, HOME, TEAM
from tests.slack.views.sound import ODD, check_sound, text_of

MISSING = tuple(Missing(str(n), ODD * 3, "team", n) for n in range(30))


def coach_of(teams: int, reps: int, **changes: Any) -> HomeShown:
    return replace(
        HOME, rep=None, coached=(replace(TEAM, reps=(COACHED,) * reps, **changes),) * teams
    )


ALERT = OpenAlert(
    alert_id=7,
    rep="U0SAM",
    rep_name="Sam Ortiz",
    team="Harbor",
    currency="USD",
    week=date(2026, 11, 16),
    result="silent",
    days=2,
    taken_by=None,
    numbers=(
        AskedNumber("Conversations", "count", Decimal(15), None, Decimal(11)),
        AskedNumber("Hours", "hours", Decimal(3), None, None),
    ),
)


def pages_of(shown: HomeShown) -> list[View]:
    """Every page of Home, as *More* turns them."""
    views = [home_view(shown)]
    while any(value == str(len(views)) for _, value in pressable(views[-1])):
        views.append(home_view(replace(shown, page=len(views))))
    return views


def pressable(view: View) -> list[tuple[str, str | None]]:
    """The buttons between the blocks: their words and values."""
    return [
        (button["text"]["text"], button.get("value"))
        for block in view["blocks"]
        if block["type"] == "actions"
        for button in block["elements"]
    ]


@pytest.mark.parametrize(
    ("teams", "reps", "alerts"), [(1, 8, 2), (1, 60, 0), (3, 60, 25), (45, 2, 60), (30, 0, 0)]
)
def test_every_rep_and_every_alert_stands_on_one_of_the_pages(
    teams: int, reps: int, alerts: int
) -> None:
    shown = replace(coach_of(teams, reps), alerts=(ALERT,) * alerts)
    for home in (shown, replace(shown, rep=HOME.rep, checklist=Checklist(40, 480, MISSING))):
        views = pages_of(home)
        for view in views:
            check_sound(view)
        said = "\n".join(text_of(view) for view in views)
        assert said.count("<@U0SAM>   :palm_tree:") == teams * reps
        assert said.count("Take it") == alerts
        assert said.count("… and") == 0
        assert (f"Page 1 of {len(views)}" in text_of(views[0])) == (len(views) > 1)
    assert pages_of(replace(shown, page=99)) == pages_of(replace(shown, page=len(views) * 9))


def test_a_team_of_eight_stands_on_one_page_and_sixty_on_two() -> None:
    assert [len(pages_of(coach_of(1, reps))) for reps in (8, 60)] == [1, 2]


def test_home_of_a_coach_begins_with_who_needs_them() -> None:
    waiting = replace(COACHED, plan=PlanInShort("proposed", waits_for_coach=True))
    team = replace(TEAM, reps=(COACHED, waiting))
    view = home_view(replace(coach_of(1, 1), coached=(team,), alerts=(ALERT,)))
    said = text_of(view)
    assert said.startswith(
        "Who needs you\n"
        ":white_square_button: <@U0SAM> *did not answer*, 16–22 November\n"
        "Logged: Conversations 11 of 15\n"
        "_Open for 2 days, nobody took it yet._\nTake it\nDone\n"
        ":dart: <@U0SAM>: *a plan waits for you*"
    )
    half = replace(ALERT, numbers=(replace(ALERT.numbers[0], number=Decimal(12)), *ALERT.numbers))
    assert (
        "Conversations: 12 of 15 · Conversations: no answer; 11 of 15 logged"
        " · Hours: no answer; the goal was 3 hours"
    ) in text_of(home_view(replace(coach_of(1, 1), alerts=(half,))))
    taken = replace(ALERT, taken_by="U0DANA", days=0, result="missed")
    said = text_of(home_view(replace(coach_of(1, 1), alerts=(taken,))))
    assert "_Open since today, taken by <@U0DANA>._\nDone\n" in said
    assert "Nobody waits for you: no open alert, no plan to decide." in text_of(
        home_view(coach_of(1, 1))
    )


def test_a_rep_stands_with_the_last_weeks_numbers() -> None:
    met = AskedNumber("Conversations", "count", Decimal(15), Decimal(17), Decimal(17))
    rep = replace(
        COACHED,
        last_result="met",
        last_week=date(2026, 11, 16),
        last_numbers=(met,),
        marked_late=None,
        away_until=None,
    )
    said = text_of(home_view(replace(HOME, rep=None, coached=(replace(TEAM, reps=(rep,)),))))
    assert (
        ":large_green_square: <@U0SAM>   *met every goal*, 16–22 November\n"
        "Conversations: 17 of 15\nThis week: "
    ) in said
