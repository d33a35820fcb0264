"""Numbers logged by hand: the form and the answer are sound, whatever a metric is called."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from bot.domain.shown.conversations import Count
from bot.domain.shown.entries import EntryForm, EntryLogged
from bot.slack.views.conversations.entries import form_modal, logged_message, logged_modal
from tests.slack.views.shown import METRIC, MONDAY, MOST_METRICS, READER, UNIT
from tests.slack.views.sound import ODD_TEXTS, check_sound, text_of

LOGGED = EntryLogged(
    entry_id=1,
    metric=METRIC,
    unit=UNIT,
    amount=Decimal("3.5"),
    week=MONDAY,
    this_week=MONDAY,
    total=Count(Decimal(8), Decimal(10)),
    reader=READER,
    undoable=True,
)


@pytest.mark.parametrize("undone", [True, False])
@pytest.mark.parametrize("odd", ODD_TEXTS)
def test_the_answer_is_sound_whatever_people_typed(odd: str, undone: bool) -> None:
    shown = replace(LOGGED, metric=odd[:40], unit=odd[:20], note=odd, undone=undone)
    check_sound(logged_message(shown))
    check_sound(logged_modal(replace(shown, undoable=False, total=Count(Decimal(1)))))


def test_the_answer_says_what_was_logged_and_where_the_week_stands() -> None:
    said = text_of(logged_message(replace(LOGGED, metric="Demos", unit="count")))
    assert "Logged 3.5. Demos: 8 of 10 this week." in said


@pytest.mark.parametrize("weeks", [1, 2, 5])
def test_every_number_of_a_team_can_be_chosen(weeks: int) -> None:
    metrics = tuple((n, METRIC, UNIT) for n in range(MOST_METRICS))
    open_weeks = tuple(date.fromordinal(MONDAY.toordinal() - 7 * n) for n in range(weeks))
    view = form_modal(EntryForm(metrics, open_weeks, READER))
    check_sound(view)
    assert len(view["blocks"][0]["element"]["options"]) == MOST_METRICS
    assert len(view["blocks"]) == (3 if weeks > 1 else 2)
