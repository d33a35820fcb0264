"""The views of being away are what Slack takes, whatever names people chose, and say what there is to know."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.shown.absences import (
    AbsenceForm,
    AbsenceSaved,
    AbsenceShown,
    MarkedLate,
    RepChoice,
    WeekShown,
)
from bot.domain.shown.alerts import AlertShown, TrendWeek
from bot.domain.shown.calendars import CalendarForm, CalendarSaved, CalendarShown
from bot.domain.shown.checkins import CheckInShown, NumberQuestion, QuestionShown, ReminderShown
from bot.domain.shown.home import CoachedRep, CoachHome, GoalShown, HomeShown, PlanInShort, RepHome
from bot.domain.shown.reader import Reader
from bot.domain.shown.setup import Choice
from bot.rules.absences import WorkWeek
from bot.sandbox.block_kit.checks import check_message, check_view
from bot.slack.views import absences as views
from bot.slack.views import words
from bot.slack.views.alerts import alert_message
from bot.slack.views.checkins.forms import form_modal, number_modal
from bot.slack.views.checkins.messages import check_in_message
from bot.slack.views.checkins.reminders import reminder_message
from bot.slack.views.home import home_view
from bot.slack.views.setup import calendar as calendar_views
from tests.scenarios.conftest import text_of

NASTY = "<!channel> & *Ltd* <@U0BOSS> " + "n" * 60
READER = Reader("Europe/London", "en_GB", "GBP")
MONDAY = date(2026, 11, 30)
NOW = datetime(2026, 12, 3, 10, 12, tzinfo=UTC)
TWO_AWAY = WorkWeek(5, off=2)
ABSENCE = AbsenceShown(
    2**31 - 1, date(2026, 12, 3), date(2026, 12, 10), "vacation", "U0DANA", NOW, False
)
FORM = AbsenceForm(7, "U0PRIYA", NASTY, True, MONDAY, (ABSENCE,) * 10, READER)
WEEKS = (
    WeekShown(MONDAY, TWO_AWAY, ((NASTY[:40], "hours", Decimal("2.1"), Decimal("3.5")),) * 13),
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
    check_view(view)
    assert "<!channel>" not in str(view)


@pytest.mark.parametrize(
    "saved",
    [
        SAVED,
        replace(SAVED, own=True, known=True, back_on=None),
        replace(SAVED, taken_back=True),
    ],
)
def test_the_answer_is_a_message_and_a_modal(saved: AbsenceSaved) -> None:
    check_message(views.saved_message(saved))
    check_view(views.saved_modal(saved))
    assert "<!channel>" not in str(views.saved_message(saved))


@pytest.mark.parametrize("reps", [2, 100, 101])
def test_a_coach_of_many_reps_can_choose(reps: int) -> None:
    choice = RepChoice(((NASTY, tuple((n, NASTY) for n in range(1, reps + 1))),))
    check_view(views.choose_modal(choice))


def test_calendars_fit_into_their_forms() -> None:
    form = CalendarForm(frozenset({0, 6}), NASTY[:60], "BY")
    teams = (Choice(1, NASTY), Choice(2, "North"))
    check_view(calendar_views.calendar_view(CalendarShown(teams, 1, form)))
    check_view(
        calendar_views.calendar_view(CalendarShown(teams[:1], 1, CalendarForm(frozenset(), "", "")))
    )
    saved = CalendarSaved(NASTY, frozenset({0}), None, (), READER)
    check_view(calendar_views.calendar_done(saved))
    full = replace(saved, place="Germany (BY)", holidays=((MONDAY, NASTY),) * 5)
    check_view(calendar_views.calendar_done(full))
    assert "<!channel>" not in str(calendar_views.calendar_done(full))


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


# Words


@pytest.mark.parametrize(
    ("work", "said"),
    [
        (WorkWeek(5, off=2), "2 of 5 days away"),
        (WorkWeek(1, off=1), "1 of 1 day away"),
        (WorkWeek(5, off=1, holidays=1), "1 of 5 days a public holiday"),
        (WorkWeek(5, off=2, holidays=2), "2 of 5 days public holidays"),
        (WorkWeek(5, off=3, holidays=1), "3 of 5 days off, 1 of them a public holiday"),
    ],
)
def test_days_off_in_words(work: WorkWeek, said: str) -> None:
    assert words.days_off(work) == said


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (date(2026, 12, 3), date(2026, 12, 3), "Thursday 3 December"),
        (date(2026, 12, 3), date(2026, 12, 10), "3–10 December"),
        (date(2026, 12, 28), date(2027, 1, 3), "28 December – 3 January"),
    ],
)
def test_days_in_words(first: date, last: date, said: str) -> None:
    assert words.days(first, last, READER) == said


# Check-ins and alerts

QUESTION = QuestionShown(
    answer_id=1,
    name="Conversations",
    unit="count",
    question="Did you meet your conversation goal?",
    target=Decimal(12),
    full_target=Decimal(20),
    logged=Decimal(3),
    number=None,
    verdict=None,
    note=None,
    edited=False,
    late=False,
)
ASKED = replace(QUESTION, answer_id=2, name="Hours", unit="hours", logged=None)
CHECK_IN = CheckInShown(
    check_in_id=1,
    state="open",
    week=MONDAY,
    name="Priya",
    reader=READER,
    questions=(QUESTION, ASKED),
    deadline_at=NOW,
    completed_at=None,
    late=False,
    closed=False,
    closed_for_good=False,
    coach="U0DANA",
    second_coach=None,
    coach_channel="C0COACH",
    next_due_at=None,
    streak=0,
    work=TWO_AWAY,
)


def test_the_question_shows_the_share() -> None:
    message = check_in_message(CHECK_IN)
    check_message(message)
    said = text_of(message)
    assert "3 logged, goal 12 (20 a week, 2 of 5 days away). Did you meet" in said
    assert "the goal was 12 hours (20 hours a week, 2 of 5 days away)." in said
    answered = replace(QUESTION, number=Decimal(3), verdict="no")
    said = text_of(check_in_message(replace(CHECK_IN, questions=(answered,))))
    assert "3 of 12 (20 a week, 2 of 5 days away). *No.*" in said
    check_view(form_modal(CHECK_IN))
    assert "goal 12 (20 a week, 2 of 5 days away)" in text_of(form_modal(CHECK_IN))


def test_the_number_form_shows_the_share() -> None:
    question = NumberQuestion(
        answer_id=1,
        name="Conversations",
        unit="count",
        question="Did you?",
        target=Decimal(12),
        initial=None,
        pressed="yes",
        logged=Decimal(3),
        reader=READER,
        week=MONDAY,
        late=False,
        deadline_at=None,
        full_target=Decimal(20),
        work=TWO_AWAY,
    )
    assert "3 of 12 (20 a week, 2 of 5 days away). Which" in text_of(number_modal(question))
    changed = number_modal(replace(question, pressed=None))
    assert "was 12 (20 a week, 2 of 5 days away). The number" in text_of(changed)


def test_a_week_away_says_so_and_asks_nothing() -> None:
    away = replace(CHECK_IN, state="away", closed_for_good=True)
    message = check_in_message(away)
    check_message(message)
    assert "*You were away in the week 30 November – 6 December.*" in text_of(message)
    assert "button" not in str(message)
    check_message(reminder_message(ReminderShown(1, away, 2, None)))


ALERT = AlertShown(
    alert_id=1,
    rep="U0PRIYA",
    rep_name=NASTY,
    week=MONDAY,
    state="unanswered",
    questions=(QUESTION,),
    late=False,
    edited=False,
    all_met=False,
    trend=(TrendWeek(MONDAY, "away", ()),) * 9,
    coach="U0DANA",
    reader=READER,
    deadline_at=NOW,
    taken_by=None,
    taken_at=None,
    done_by=None,
    done_at=None,
    note=None,
    problem=None,
    coach_channel="C0COACH",
    team_name="Harbor",
    work=TWO_AWAY,
    marked_late=MarkedLate("U0PRIYA", NOW),
)


@pytest.mark.parametrize(
    ("alert", "headline"),
    [
        (ALERT, "*did not answer*"),
        (replace(ALERT, state="away", work=WorkWeek(5, off=5)), "so it is no miss"),
        (replace(ALERT, state="open"), "*can answer until Thursday 3 December at 10:12*"),
        (replace(ALERT, state="answered", all_met=True), "now that days away are counted"),
        (replace(ALERT, work=None, marked_late=None), "*did not answer*"),
    ],
)
def test_an_alert_says_what_was_marked_late(alert: AlertShown, headline: str) -> None:
    message = alert_message(alert)
    check_message(message)
    said = text_of(message)
    assert headline in said
    marked = "Marked as away by <@U0PRIYA> after the week had ended, Thursday 3 December at 10:12"
    assert (marked in said) == (alert.marked_late is not None)
    assert ("Take it" in said) == (alert.state != "away")


# Home


def home(**changes: Any) -> HomeShown:
    rep = RepHome(
        team="Harbor",
        coach="U0DANA",
        second_coach=None,
        coach_channel=None,
        week=MONDAY,
        goals=(GoalShown(1, NASTY[:40], "count", "hand", Decimal(3), Decimal(12), Decimal(20)),),
        work=TWO_AWAY,
        away_until=date(2026, 12, 10),
        planned=(ABSENCE,) * 10,
        by_hand=True,
        open_check_in=1,
        open_week=MONDAY,
        deadline_at=None,
        comes_at=NOW,
        next_due_at=NOW,
        history=(TrendWeek(MONDAY, "away", ()),) * 12,
        streak=0,
        plan=PlanInShort("none"),
        coach_name="Dana",
    )
    reps = CoachedRep(
        slack_user_id="U0SAM",
        name="Sam",
        goals=(),
        last_result="away",
        not_asked_because=None,
        away_until=MONDAY,
        marked_late=MarkedLate("U0SAM", NOW),
        alert=None,
        plan=PlanInShort("none"),
    )
    team = CoachHome(1, NASTY, None, None, "USD", (reps,) * 12, 0)
    return HomeShown(NASTY, READER, replace(rep, **changes), (team,) * 3, None)


def test_home_says_who_is_away_until_when() -> None:
    view = home_view(home())
    check_view(view)
    said = text_of(view)
    assert "*You are away until Thursday 10 December.*" in said
    assert "3 of 12 (20 a week)" in said
    assert (
        "Your check-in about 30 November – 6 December comes Thursday 3 December at 10:12." in said
    )
    assert "<@U0SAM>   :palm_tree: away until Monday 30 November" in said
    assert "was away (marked as away late, by <@U0SAM>, Thursday 10:12)" in said


def test_home_of_a_week_away_asks_for_nothing() -> None:
    view = home_view(home(work=WorkWeek(5, off=5), away_until=None, open_check_in=None))
    check_view(view)
    assert "5 of 5 days away this week, so nothing is asked about it." in text_of(view)
    assert "3 of 12" not in text_of(view)
