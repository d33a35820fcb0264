"""The form of a team's working days and public holidays, and what follows it."""

from __future__ import annotations

import json
from dataclasses import replace

from bot.domain.shown.calendars import (
    NO_REGION,
    CalendarForm,
    CalendarSaved,
    CalendarShown,
    RegionalDay,
    RegionQuestion,
)
from bot.domain.shown.setup import Choice
from bot.slack.views.setup import calendar as calendar_views
from tests.slack.views.shown import MONDAY, READER
from tests.slack.views.sound import ODD, check_sound


def test_calendars_fit_into_their_forms() -> None:
    form = CalendarForm(frozenset({0, 6}), ODD[:60], "BY")
    teams = (Choice(1, ODD), Choice(2, "North"))
    check_sound(calendar_views.calendar_view(CalendarShown(teams, 1, form)))
    check_sound(
        calendar_views.calendar_view(CalendarShown(teams[:1], 1, CalendarForm(frozenset(), "", "")))
    )
    saved = CalendarSaved(ODD, frozenset({0}), None, (), False, READER)
    check_sound(calendar_views.calendar_done(saved))
    full = replace(saved, place="Germany (BY)", holidays=((MONDAY, ODD),) * 5)
    check_sound(calendar_views.calendar_done(full))
    assert "the moon" not in str(calendar_views.calendar_done(full))
    moving = calendar_views.calendar_done(replace(full, some_are_estimates=True))
    check_sound(moving)
    assert "may move by a day or two" in str(moving)


def test_a_region_is_asked_for_with_the_days_at_stake() -> None:
    days = tuple(
        RegionalDay(MONDAY, ODD, (ODD, "Wales")[: 1 + at % 2] * (1 + at)) for at in range(12)
    )
    regions = tuple((str(at), ODD) for at in range(114))
    form = CalendarForm(frozenset({0, 4}), "gb", "")
    question = RegionQuestion(3, ODD, form, ODD, "GB", regions, days)
    view = calendar_views.region_view(question)
    check_sound(view)
    assert "and 2 more" in view["blocks"][0]["text"]["text"]
    check_sound(calendar_views.calendar_view(CalendarShown((Choice(1, "North"),), 1, form, days)))
    chosen = {
        "state": {"values": {"region": {"a": {"selected_option": {"value": "WLS"}}}}},
    }
    noted = json.loads(view["private_metadata"])
    assert calendar_views.read_region(chosen, noted) == CalendarForm(form.working_days, "GB", "WLS")
    assert calendar_views.read_region({}, noted).region == NO_REGION
    nothing = CalendarSaved("North", frozenset({0}), "Sri Lanka", (), False, READER)
    told = calendar_views.calendar_done(nothing)["blocks"][2]["text"]["text"]
    assert told.startswith("Basecoach knows no public holidays of Sri Lanka")
