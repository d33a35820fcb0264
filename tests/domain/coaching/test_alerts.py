"""The one message to the coach about a missed week: raised once, taken by one coach, done with a note."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest

from bot.domain.access import Caller
from bot.domain.checkins.answers import TypedNumbers
from bot.domain.coaching import alerts, showing
from bot.domain.outbox import outbox
from bot.domain.refusals import Refusal
from bot.domain.shown.absences import MarkedLate
from bot.domain.shown.agreements import DoneForm, DoneTyped
from bot.domain.shown.alerts import AlertShown, TrendWeek
from bot.domain.shown.checkins import QuestionShown
from bot.domain.shown.reader import Reader
from bot.domain.tables import Absence, Alert, OutboxItem
from bot.rules.absences import WorkWeek
from bot.rules.weeks import WEEK as ONE_WEEK
from tests.domain.mondays import DEADLINE, WEEK, Mondays, another_workspace, at

NOW = at(25, 9)


@pytest.fixture
def missed(mondays: Mondays) -> Mondays:
    """U1 has answered with two misses, and nobody else has answered; everything is closed and shown."""
    mondays.log("U1", moves=(1, 1))
    mondays.ask()
    for question, pressed in enumerate(("yes", "no", "no")):
        mondays.press("U1", question, pressed, at(23, 12))
    mondays.beat(DEADLINE)
    return mondays


def alert_of(mondays: Mondays, user: str = "U1") -> Alert:
    alert = mondays.alert(user)
    assert alert is not None
    return alert


def as_coach(
    mondays: Mondays, use_case: Callable[..., object], by: str = "UC", **given: object
) -> object:
    caller = Caller(mondays.workspace_id, by)
    return mondays.write(use_case, caller=caller, alert_id=alert_of(mondays).id, **given)


def take(mondays: Mondays, by: str = "UC") -> None:
    as_coach(mondays, alerts.take, by, now=NOW)


def finish(
    mondays: Mondays, note: str = "We talked.", by: str = "UC", step: str = "", due_on: str = ""
) -> None:
    later = NOW + timedelta(hours=1)
    typed = DoneTyped(act="coach", note=note, step=step, due_on=due_on)
    as_coach(mondays, alerts.finish, by, form=typed, now=later)


def form(mondays: Mondays, by: str = "UC") -> object:
    return as_coach(mondays, alerts.done_form, by)


def refused(mondays: Mondays, use_case: Callable[..., object], *args: object) -> Refusal:
    before = mondays.rows(Alert)
    with pytest.raises(Refusal) as refusal:
        use_case(mondays, *args)
    assert mondays.rows(Alert) == before
    return refusal.value


# Raised.


def test_an_alert_is_raised_once_and_only_shown_anew_after_that(mondays: Mondays) -> None:
    mondays.ask()
    check_in = mondays.check_in("U1")
    mondays.write(alerts.ensure, check_ins=[check_in], now=NOW)
    alert = alert_of(mondays)
    kept = alert.model_dump(exclude={"id", "next_look_at"})
    assert {name: value for name, value in kept.items() if value is not None} == {
        "workspace_id": mondays.workspace_id,
        "check_in_id": check_in.id,
        "team_id": mondays.team().id,
        "created_at": NOW,
    }
    (item,) = mondays.rows(OutboxItem, surface=outbox.ALERT)
    assert (item.workspace_id, item.subject_id, item.due_at) == (
        mondays.workspace_id,
        alert.id,
        NOW,
    )
    marked = mondays.stale_after(
        lambda: mondays.write(alerts.ensure, check_ins=[check_in], now=NOW + timedelta(days=1))
    )
    assert marked == {"alert U1"}
    assert alert_of(mondays) == alert
    mondays.write(alerts.ensure, check_ins=[check_in, mondays.check_in("U2")], now=NOW)
    assert len(mondays.rows(Alert)) == 2


# Taken.


@pytest.mark.parametrize("coach", ["UC", "UD"])
def test_either_coach_takes_an_alert(missed: Mondays, coach: str) -> None:
    missed.open_homes("U1", "UC", "UD", "UN")
    assert missed.stale_after(lambda: take(missed, coach)) == {
        "alert U1",
        "home U1",
        "home UC",
        "home UD",
    }
    alert = alert_of(missed)
    assert (alert.taken_by, alert.taken_at) == (missed.member(coach).id, NOW)
    assert (alert.done_by, alert.done_at) == (None, None)
    item = missed.item(outbox.ALERT, alert.id)
    assert item is not None
    assert item.due_at == NOW


def test_taking_ones_own_alert_again_is_harmless(missed: Mondays) -> None:
    take(missed)
    before = missed.rows(Alert)
    assert missed.stale_after(lambda: take(missed)) == set()
    assert missed.rows(Alert) == before


def test_of_two_coaches_who_press_the_first_has_it(missed: Mondays) -> None:
    take(missed, "UD")
    assert refused(missed, take).sentence == (
        "Drew took this first. Talk to them, or press Done when it is done."
    )


def test_what_is_done_can_not_be_taken_any_more(missed: Mondays) -> None:
    finish(missed)
    assert refused(missed, take).sentence == "You already marked this as done."
    assert refused(missed, take, "UD").sentence == "Dana already marked this as done."
    missed.change(alert_of(missed), done_by=None)
    assert refused(missed, take).sentence == "Somebody already marked this as done."


# Done.


def test_done_says_what_was_agreed(missed: Mondays) -> None:
    missed.open_homes("UD")
    take(missed)
    assert form(missed) == DoneForm(alert_of(missed).id, "Priya", "coach")
    marked = missed.stale_after(lambda: finish(missed, "  We talked. \n", by="UD"))
    assert marked == {"alert U1", "home UD"}
    alert = alert_of(missed)
    assert (alert.done_by, alert.done_at, alert.note) == (
        missed.member("UD").id,
        NOW + timedelta(hours=1),
        "We talked.",
    )
    assert (alert.taken_by, alert.taken_at) == (missed.member("UC").id, NOW)


def test_what_nobody_took_is_taken_by_who_did_it(missed: Mondays) -> None:
    finish(missed)
    alert, coach = alert_of(missed), missed.member("UC")
    assert (alert.taken_by, alert.taken_at) == (coach.id, NOW + timedelta(hours=1))
    assert alert.done_by == coach.id


def test_the_same_note_again_is_harmless_and_another_is_refused(missed: Mondays) -> None:
    finish(missed)
    before = missed.rows(Alert)
    assert missed.stale_after(lambda: finish(missed)) == set()
    assert missed.rows(Alert) == before
    refusal = refused(missed, finish, "Something else.")
    assert (refusal.sentence, refusal.field) == ("You already marked this as done.", "note")
    refusal = refused(missed, finish, "We talked.", "UD")
    assert (refusal.sentence, refusal.field) == ("Dana already marked this as done.", "note")
    assert refused(missed, form).sentence == "You already marked this as done."
    assert refused(missed, form, "UD").sentence == "Dana already marked this as done."


def test_a_note_is_neither_empty_nor_a_book(missed: Mondays) -> None:
    refusal = refused(missed, finish, " \n ")
    assert (refusal.sentence, refusal.field) == (
        "Say in a few words what you did or agreed on.",
        "note",
    )
    refusal = refused(missed, finish, "x" * 1001)
    assert (refusal.sentence, refusal.field) == (
        "The note has 1001 characters. Shorten it to 1000.",
        "note",
    )
    finish(missed, "x" * 1000)
    assert alert_of(missed).note == "x" * 1000


# Whose alert it is.


@pytest.mark.parametrize("use_case", [take, form, finish])
def test_only_those_who_coach_the_team_now_act_on_its_alerts(
    missed: Mondays, use_case: Callable[..., object], caplog: pytest.LogCaptureFixture
) -> None:
    for user in ("UN", "UA", "U1"):
        by = ("We talked.", user) if use_case is finish else (user,)
        sentence = "Only the coaches of Harbor can act on this alert."
        assert refused(missed, use_case, *by).sentence == sentence
    denied = [record for record in caplog.records if record.getMessage() == "denied"]
    assert len(denied) == 3
    facts = {
        "member": missed.member("UN").id,
        "action": "act on",
        "kind": "alert",
        "subject": alert_of(missed).id,
    }
    assert {name: getattr(denied[0], name) for name in facts} == facts


def test_an_alert_of_another_workspace_is_not_there(missed: Mondays) -> None:
    elsewhere = missed.write(another_workspace, "UC")
    gone = "This alert is no longer there. Open Basecoach's Home to see your reps."
    for caller, alert_id in (
        (Caller(elsewhere, "UC"), alert_of(missed).id),
        (Caller(missed.workspace_id, "UC"), 999),
    ):
        with pytest.raises(Refusal) as refusal:
            missed.write(alerts.take, caller=caller, alert_id=alert_id, now=NOW)
        assert refusal.value.sentence == gone
    with pytest.raises(Refusal, match=r"^You are not in a sales team"):
        take(missed, "UNKNOWN")


# Shown.


def show(mondays: Mondays, user: str = "U1") -> AlertShown:
    return mondays.database.read_now(showing.show, alert_of(mondays, user).id)


def test_an_alert_shows_the_week_with_its_answers_and_the_weeks_before(missed: Mondays) -> None:
    first, second, third = missed.answers("U1")
    missed.change(third, full_target=Decimal(2_000), note="a note", late=True, position=-1)
    missed.change(missed.check_in("U1"), late=True)
    take(missed)
    finish(missed, by="UD")
    shown = show(missed)
    questions = (
        QuestionShown(
            answer_id=third.id,
            name="Sales",
            unit="money",
            question="Did you meet your sales goal?",
            target=Decimal(1_000),
            full_target=Decimal(2_000),
            logged=Decimal(0),
            number=Decimal(0),
            verdict="no",
            note="a note",
            edited=False,
            late=True,
        ),
        QuestionShown(
            answer_id=first.id,
            name="Conversations",
            unit="count",
            question="Did you meet your conversation goal?",
            target=Decimal(2),
            full_target=None,
            logged=Decimal(2),
            number=Decimal(2),
            verdict="yes",
            note=None,
            edited=False,
            late=False,
        ),
        QuestionShown(
            answer_id=second.id,
            name="Base moves",
            unit="count",
            question="Did you meet your base-move goal?",
            target=Decimal(3),
            full_target=None,
            logged=Decimal(2),
            number=Decimal(2),
            verdict="no",
            note=None,
            edited=False,
            late=False,
        ),
    )
    trend = shown.trend
    assert shown == AlertShown(
        alert_id=alert_of(missed).id,
        rep="U1",
        rep_name="Priya",
        week=WEEK,
        state="answered",
        questions=questions,
        late=True,
        edited=False,
        all_met=False,
        trend=trend,
        coach="UC",
        reader=Reader("Europe/London", "en_US", "USD"),
        deadline_at=DEADLINE,
        taken_by="UC",
        taken_at=NOW,
        done_by="UD",
        done_at=NOW + timedelta(hours=1),
        note="We talked.",
        problem=None,
        coach_channel="CHarbor",
        team_name="Harbor",
        work=None,
        marked_late=None,
        created_at=at(23, 12),
        suggested_act="coach",
        suggested_because=shown.suggested_because,
        act="coach",
    )
    assert [week.week for week in trend] == [WEEK - n * ONE_WEEK for n in range(11, -1, -1)]
    assert trend[-1] == TrendWeek(
        WEEK, "missed", tuple((q.name, q.number, q.target) for q in questions)
    )
    assert {week.result for week in trend[:-1]} == {"none"}


def test_an_alert_about_silence_is_nobodys_yet(missed: Mondays) -> None:
    shown = show(missed, "U2")
    assert (shown.rep, shown.state, shown.trend[-1].result) == ("U2", "unanswered", "silent")
    assert (shown.taken_by, shown.done_by, shown.note, shown.all_met) == (None, None, None, False)
    assert {question.verdict for question in shown.questions} == {None}


def test_an_alert_reads_as_its_coach_does(missed: Mondays) -> None:
    missed.change(missed.member("UC"), timezone="Europe/Berlin", locale="de_DE")
    missed.change(missed.team(), currency="EUR")
    assert show(missed).reader == Reader("Europe/Berlin", "de_DE", "EUR")


def test_an_alert_stays_true_when_its_answers_change(missed: Mondays) -> None:
    ids = [answer.id for answer in missed.answers("U1")]
    caller = Caller(missed.workspace_id, "U1")

    def give(number: str, *, of: int) -> None:
        typed = {ids[of]: ("field", number)}
        missed.give(TypedNumbers(caller, typed, late_accepted=True, now=NOW))

    give("3", of=1)
    assert (show(missed).all_met, show(missed).edited) == (False, True)
    give("1000", of=2)
    assert show(missed).all_met
    missed.change(missed.check_in("U1"), state="open")
    assert not show(missed).all_met


def test_an_alert_says_why_it_is_not_in_the_coach_channel(missed: Mondays) -> None:
    missed.change(missed.team(), channel_problem="is_archived")
    assert show(missed).problem == "is_archived"
    missed.change(missed.team(), coach_channel=None)
    shown = show(missed)
    assert (shown.problem, shown.coach_channel) == ("no_channel", None)


def test_days_off_that_came_up_later_are_shown_with_who_marked_them(missed: Mondays) -> None:
    missed.away("U1", WEEK, WEEK, now=NOW)
    missed.change(missed.check_in("U1"), work_days=5, days_off=1)
    missed.change(missed.rows(Absence)[0], recorded_by=missed.member("UC").id)
    shown = show(missed)
    assert shown.work == WorkWeek(5, off=1)
    assert shown.marked_late == MarkedLate(by="UC", at=NOW)
