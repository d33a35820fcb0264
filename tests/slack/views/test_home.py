"""App Home: sound for everybody, whatever names people gave; what does not fit is counted and can be found."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.shown.home import CoachHome, HomeShown
from bot.domain.shown.setup import Checklist, Missing
from bot.rules.absences import WorkWeek
from bot.slack.views.home import home_view
from tests.slack.views.shown import COACHED, GOAL, HOME, MOST_METRICS, NOW, TEAM, rep_home
from tests.slack.views.sound import ODD, ODD_TEXTS, check_sound, text_of

MISSING = tuple(Missing(str(n), ODD * 3, "team", n) for n in range(30))
PEOPLE: dict[str, HomeShown] = {
    "a rep who coaches": HOME,
    "a rep": rep_home(),
    "a rep without targets": rep_home(goals=(), work=None, away_until=None, planned=()),
    "a rep on a week away": rep_home(work=WorkWeek(5, off=5), open_check_in=None),
    "a rep with an open check-in": rep_home(comes_at=None, deadline_at=NOW, by_hand=False),
    "a rep with no check-in to come": rep_home(next_due_at=None, second_coach=None, history=()),
    "a coach": replace(HOME, rep=None),
    "a coach without reps": replace(HOME, rep=None, coached=(replace(TEAM, reps=()),)),
    "a coach whose channel fails": replace(
        HOME, rep=None, coached=(replace(TEAM, channel_problem=ODD),)
    ),
    "an admin": HomeShown(ODD, HOME.reader, None, (), Checklist(3, 40, MISSING)),
    "an admin who coaches": replace(HOME, checklist=Checklist(3, 40, MISSING)),
    "an admin with nothing to do": HomeShown(ODD, HOME.reader, None, (), Checklist(3, 40, ())),
    "a stranger": HomeShown(ODD, HOME.reader, None, (), None),
    "a stranger without a name": HomeShown(" ", HOME.reader, None, (), None),
}


@pytest.mark.parametrize("person", PEOPLE)
def test_home_is_sound_and_begins_with_a_header(person: str) -> None:
    view = home_view(PEOPLE[person])
    check_sound(view)
    assert view["blocks"][0]["type"] == "header"


@pytest.mark.parametrize("odd", ODD_TEXTS)
def test_home_is_sound_whatever_people_typed(odd: str) -> None:
    goal = replace(GOAL, name=odd[:40], unit=odd[:20])
    rep = replace(
        COACHED, name=odd, goals=(goal,), not_asked_because=odd, last_result="skipped", alert="done"
    )
    assert HOME.rep is not None
    own = replace(HOME.rep, team=odd, coach_name=odd, goals=(goal,))
    check_sound(
        home_view(replace(HOME, name=odd, rep=own, coached=(replace(TEAM, team=odd, reps=(rep,)),)))
    )


def coach_of(teams: int, reps: int, **changes: Any) -> HomeShown:
    return replace(
        HOME, rep=None, coached=(replace(TEAM, reps=(COACHED,) * reps, **changes),) * teams
    )


def test_a_coach_sees_every_rep_as_long_as_they_fit() -> None:
    # A team takes a header, a divider and its reps; besides there are a button, a divider and the commands.
    view = home_view(coach_of(7, 12))
    check_sound(view)
    assert text_of(view).count("<@U0SAM>   ") == 7 * 10
    assert text_of(view).count("… and 2 more reps. `/coach reps` lists all of them.") == 7
    full = home_view(coach_of(7, 11))
    assert text_of(full).count("<@U0SAM>   ") == 7 * 11
    assert "more rep" not in text_of(full)


def test_reps_whom_nobody_read_are_counted_with_those_that_do_not_fit() -> None:
    said = text_of(home_view(coach_of(9, 12, more=28)))
    assert "… and 33 more reps." in said
    assert said.count("<@U0SAM>   ") == 9 * 7


def test_a_coach_of_more_teams_than_home_holds_is_told_how_many_more_there_are() -> None:
    shown = coach_of(40, 12, channel_problem="is_archived")
    view = home_view(shown)
    check_sound(view)
    headers = sum(block["type"] == "header" for block in view["blocks"])
    assert f"… and {40 - headers} more teams. `/coach reps` lists the reps" in text_of(view)
    admin = home_view(replace(shown, checklist=Checklist(40, 480, MISSING)))
    check_sound(admin)
    both = home_view(replace(shown, rep=HOME.rep, checklist=Checklist(40, 480, MISSING)))
    check_sound(both)
    assert "more teams" in text_of(both)


def test_every_number_of_teams_and_reps_fits() -> None:
    for teams in range(1, 45):
        for reps in (0, 1, 2, 5, 12):
            view = home_view(coach_of(teams, reps, more=3))
            assert len(view["blocks"]) <= 100
            assert text_of(view).count("more") >= 1


def test_goals_with_the_longest_names_fit() -> None:
    goals = (replace(GOAL, name="&" * 40, unit="<" * 20),) * MOST_METRICS
    team = CoachHome(1, ODD, None, None, "USD", (replace(COACHED, goals=goals),), 0)
    assert HOME.rep is not None
    view = home_view(replace(HOME, rep=replace(HOME.rep, goals=goals), coached=(team,)))
    check_sound(view)
    assert text_of(view).count("▰*") + text_of(view).count("▱  *") == MOST_METRICS


def test_home_says_who_is_away_until_when() -> None:
    said = text_of(home_view(HOME))
    assert "*You are away until Thursday 10 December.*" in said
    assert "1.5 &lt;!here&gt; &amp; co of 3.5 &lt;!here&gt; &amp; co (7.5" in said
    assert (
        "Your check-in about 30 November – 6 December comes Thursday 3 December at 10:12." in said
    )
    assert "<@U0SAM>   :palm_tree: away until Monday 30 November" in said
    assert "was away (marked as away late, by <@U0SAM>, Thursday 10:12)" in said


def test_home_of_a_week_away_asks_for_nothing() -> None:
    view = home_view(PEOPLE["a rep on a week away"])
    assert "5 of 5 days away this week, so nothing is asked about it." in text_of(view)
    assert "the goals are smaller" not in text_of(view)


def test_the_progress_of_a_goal_is_a_bar() -> None:
    goals = tuple(
        replace(GOAL, unit="count", logged=Decimal(logged), target=Decimal(20), full_target=None)
        for logged in (0, 5, 20, 45)
    )
    said = text_of(home_view(rep_home(goals=goals)))
    assert "▱▱▱▱▱▱▱▱▱▱  *" in said
    assert "▰▰▱▱▱▱▱▱▱▱  *" in said
    assert said.count("▰▰▰▰▰▰▰▰▰▰  :white_check_mark: *") == 2
