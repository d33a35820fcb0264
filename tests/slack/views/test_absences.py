"""The views of being away are sound, whatever names people chose, and say what there is to know."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.shown.absences import AbsenceForm, AbsenceSaved, RepChoice, WeekShown
from bot.rules.absences import WorkWeek
from bot.slack.views import absences as views
from tests.slack.views.shown import ABSENCE, METRIC, MONDAY, MOST_METRICS, READER, TWO_AWAY
from tests.slack.views.sound import ODD, check_sound, text_of

FORM = AbsenceForm(7, "U0PRIYA", ODD, True, MONDAY, (ABSENCE,) * 10, READER)
GOALS = ((METRIC, "hours", Decimal("2.1"), Decimal("3.5")),) * MOST_METRICS
WEEKS = (
    WeekShown(MONDAY, TWO_AWAY, GOALS),
    WeekShown(MONDAY, WorkWeek(5, off=5), ()),
    WeekShown(MONDAY, WorkWeek(5), ()),
)
SAVED = AbsenceSaved(ABSENCE, 7, "U0PRIYA", False, False, False, MONDAY, WEEKS, READER)


@pytest.mark.parametrize(
    "form",
    [
        FORM,
        replace(FORM, own=False),
        replace(FORM, planned=()),
        replace(FORM, planned=(replace(ABSENCE, running=True, recorded_by=None, kind="sick"),)),
    ],
)
def test_the_form_fits_into_a_modal(form: AbsenceForm) -> None:
    view = views.form_modal(form)
    check_sound(view)


@pytest.mark.parametrize(
    "saved",
    [
        SAVED,
        replace(SAVED, own=True, known=True, back_on=None),
        replace(SAVED, taken_back=True),
    ],
)
def test_the_answer_is_a_message_and_a_modal(saved: AbsenceSaved) -> None:
    check_sound(views.saved_message(saved))
    check_sound(views.saved_modal(saved))


def test_four_weeks_with_the_longest_names_take_as_many_sections_as_they_need() -> None:
    goals = (("&" * 40, "<" * 20, Decimal("2.1"), Decimal("3.5")),) * 4
    saved = replace(SAVED, weeks=(WeekShown(MONDAY, TWO_AWAY, goals),) * 4)
    check_sound(views.saved_message(saved))
    said = text_of(views.saved_modal(saved))
    assert said.count("*Week 30 November – 6 December:* 2 of 5 days away. &amp;") == 4
    assert "…" not in said


def test_what_changed_nothing_is_said_to_whom_it_is_about() -> None:
    own = text_of(views.saved_modal(replace(SAVED, own=True, known=True)))
    assert "Nothing changed: you are marked as away *3–10 December* (vacation) already." in own
    others = text_of(views.saved_modal(replace(SAVED, known=True)))
    assert "Nothing changed: <@U0PRIYA> is marked as away" in others


@pytest.mark.parametrize("reps", [2, 100, 101])
def test_a_coach_of_many_reps_can_choose(reps: int) -> None:
    choice = RepChoice(((ODD, tuple((n, ODD) for n in range(1, reps + 1))),))
    check_sound(views.choose_modal(choice))


def state(**values: Any) -> dict[str, Any]:
    return {"state": {"values": {block: {"value": value} for block, value in values.items()}}}


def test_the_form_is_read_as_it_was_filled_in() -> None:
    view = state(
        first_day={"selected_date": "2026-12-03"},
        last_day={"selected_date": None},
        kind={"selected_option": {"value": "sick"}},
    )
    assert views.read_form(view) == (date(2026, 12, 3), None, "sick")


@pytest.mark.parametrize(
    "view",
    [
        {},
        state(),
        state(first_day={"selected_date": "soon"}, last_day={}, kind={}),
        state(first_day="x", last_day={}, kind={}),
    ],
)
def test_a_form_that_is_none_of_ours_raises(view: dict[str, Any]) -> None:
    with pytest.raises((ValueError, KeyError, TypeError, AttributeError)):
        views.read_form(view)


def test_days_of_another_year_are_said_with_it() -> None:
    later = replace(ABSENCE, first=date(2027, 3, 12), last=date(2027, 3, 12))
    shown = views.saved_message(replace(SAVED, absence=later, own=True))
    assert "*Friday 12 March 2027*" in shown["text"]


def test_several_days_are_said_and_each_can_be_taken_back() -> None:
    other = replace(ABSENCE, absence_id=8, first=date(2026, 12, 9), last=date(2026, 12, 9))
    shown = views.saved_message(
        replace(SAVED, own=True, others=(other,), notes=("I read “next friday” as <it>.",))
    )
    check_sound(shown)
    assert "You are marked as away *" in shown["text"]
    assert " and Wednesday 9 December*" in shown["text"]
    assert "I read “next friday” as &lt;it&gt;." in str(shown["blocks"][1])
    assert [
        (element["action_id"], element["value"]) for element in shown["blocks"][-1]["elements"]
    ] == [("absence.take_back", str(ABSENCE.absence_id)), ("absence.take_back.1", "8")]
