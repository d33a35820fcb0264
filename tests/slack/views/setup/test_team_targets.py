"""The form of a whole team's targets, and its answer."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from bot.domain.shown.setup import Choice
from bot.domain.shown.team_targets import RepTarget, TeamTargetsForm, TeamTargetsSaved
from bot.rules.weeks import WEEK
from bot.slack.views.setup import team_targets as views
from tests.slack.views.shown import MONDAY, READER
from tests.slack.views.sound import ODD, check_sound, text_of

TEAMS = (Choice(1, ODD), Choice(2, "Quay"))
METRICS = (Choice(4, "Conversations"), Choice(5, ODD))
REPS = tuple(
    RepTarget(n, "U0PRIYA", ODD, Decimal(n) if n % 2 else None, n == 3) for n in range(1, 61)
)


def test_the_form_fits_sixty_reps_and_pages() -> None:
    weeks = tuple(MONDAY + number * WEEK for number in range(13))
    form = TeamTargetsForm(TEAMS, 1, METRICS, 4, "count", REPS, 1, 3, weeks, READER)
    view = views.team_targets_view(form)
    check_sound(view)
    assert "Save a page before you turn to another" in text_of(view)
    alone = TeamTargetsForm(TEAMS[:1], 1, METRICS, 5, "money", REPS[:1], 0, 1, weeks, READER)
    check_sound(views.team_targets_view(alone))
    assert "Save a page" not in text_of(views.team_targets_view(alone))


def test_what_was_typed_is_read() -> None:
    values = {
        "from_week": {"a": {"selected_option": {"value": "2026-11-23"}}},
        "everybody": {"a": {"value": "18"}},
        "rep.7": {"a": {"value": "20"}},
        "rep.8": {"a": {"value": None}},
    }
    read = views.read_team_targets({"state": {"values": values}})
    assert read == ("18", {"7": "20", "8": ""}, date(2026, 11, 23))
    values["from_week"]["a"]["selected_option"] = {"value": "soon"}  # type: ignore[index]
    assert views.read_team_targets({"state": {"values": values}})[2] is None


def test_the_answer_names_what_changed_and_what_a_plan_sets() -> None:
    saved = TeamTargetsSaved(
        1, ODD, "Conversations", "count", MONDAY, REPS, 2, ("U0PRIYA",) * 50, (ODD,), READER
    )
    view = views.team_targets_done(saved)
    check_sound(view)
    words = text_of(view)
    assert "and 20 more" in words
    assert "no target" in words
    assert "because their signed plan sets it: <@U0PRIYA>" in words
    nothing = TeamTargetsSaved(1, "North", "Sales", "money", MONDAY, (), 2, (), (), READER)
    assert "Nothing changed: *North*" in text_of(views.team_targets_done(nothing))
