"""App Home: sound for everybody, whatever names people gave; what does not fit is counted and can be found."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from bot.domain.shown.alerts import TrendWeek
from bot.domain.shown.budget import Spent
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


def test_weeks_away_are_not_counted_against_a_rep() -> None:
    results = ("none", "met", "away", "skipped", "missed", "silent", "open")
    history = tuple(TrendWeek(date(2026, 11, 16), result, ()) for result in results)
    assert "every goal met in 1 of 3." in text_of(home_view(rep_home(history=history)))


def test_goals_with_the_longest_names_fit() -> None:
    goals = (replace(GOAL, name="&" * 40, unit="<" * 20),) * MOST_METRICS
    team = CoachHome(1, ODD, None, None, "USD", (replace(COACHED, goals=goals),))
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


@pytest.mark.parametrize(
    ("spent", "said"),
    [
        (Spent(0, 5), "0 of 5 messages this week."),
        (Spent(3, 5), "3 of 5 messages this week."),
        (Spent(1, 1, dropped=1), "1 of 1 messages this week. 1 message did not come."),
        (Spent(5, 5, dropped=2), "5 of 5 messages this week. 2 messages did not come."),
    ],
)
def test_home_says_what_a_rep_had_of_the_message_budget(spent: Spent, said: str) -> None:
    view = home_view(rep_home(messages=spent))
    check_sound(view)
    assert said in text_of(view)
