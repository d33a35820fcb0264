"""The form of a team's working days and public holidays, and what follows it."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.shown.calendars import CalendarForm, CalendarSaved, CalendarShown
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
    saved = CalendarSaved(ODD, frozenset({0}), None, (), READER)
    check_sound(calendar_views.calendar_done(saved))
    full = replace(saved, place="Germany (BY)", holidays=((MONDAY, ODD),) * 5)
    check_sound(calendar_views.calendar_done(full))
