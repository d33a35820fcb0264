"""A rep's record: who may see it, and all that it tells of each week."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.database import Database
from bot.domain.access import Caller
from bot.domain.checkins.answers import TypedNumbers
from bot.domain.coaching import alerts
from bot.domain.homes import record
from bot.domain.refusals import Refusal
from bot.domain.shown.agreements import DoneTyped
from bot.domain.shown.record import RecordPage
from bot.domain.tables import Alert
from tests.counting import counted
from tests.domain.crowd import NOW, fill
from tests.domain.mondays import DEADLINE, Mondays, at


def page(
    mondays: Mondays, by: str = "U1", of: str | None = None, number: int = 0, day: int = 26
) -> RecordPage:
    return mondays.database.read_now(
        record.page,
        caller=Caller(mondays.workspace_id, by),
        slack_user_id=of,
        number=number,
        now=at(day, 9),
    )


def test_a_week_has_its_answers_what_they_were_before_and_the_alert(mondays: Mondays) -> None:
    mondays.log("U1", moves=(1, 1))
    mondays.ask()
    mondays.press("U1", 0, "as_logged", at(23, 10))
    mondays.change(mondays.answers("U1")[2], number=Decimal(1_200), verdict="yes", late=True)
    mondays.beat(DEADLINE)
    (alert,) = [a for a in mondays.rows(Alert) if a.check_in_id == mondays.check_in("U1").id]
    caller = Caller(mondays.workspace_id, "UC")
    mondays.write(
        alerts.finish,
        caller=caller,
        alert_id=alert.id,
        form=DoneTyped(act="coach", note="Called.", step="", due_on=""),
        now=at(25, 9),
    )
    (week,) = page(mondays).weeks
    assert (week.result, week.week, week.correctable) == (
        "missed",
        mondays.check_in("U1").week,
        False,
    )
    assert [(g.name, g.number, g.logged, g.verdict, g.late, g.earlier) for g in week.goals] == [
        ("Conversations", 2, 2, "yes", False, ()),
        ("Base moves", 2, 2, "no", False, ()),
        ("Sales", 1_200, 0, "yes", True, ()),
    ]
    assert week.alert is None  # the alert's note is the coaches'
    (of_coach,) = page(mondays, "UC", "U1").weeks
    assert of_coach.alert is not None
    assert (of_coach.alert.done_by, of_coach.alert.note) == ("UC", "Called.")
    assert replace(of_coach, alert=None) == week


def test_a_changed_answer_says_what_it_was(mondays: Mondays) -> None:
    mondays.ask()
    for hour, text in ((10, "5"), (11, "7")):
        typed = {mondays.answers("U1")[0].id: ("field", text)}
        caller = Caller(mondays.workspace_id, "U1")
        mondays.give(TypedNumbers(caller, typed, late_accepted=False, now=at(23, hour)))
    goal = page(mondays).weeks[0].goals[0]
    assert (goal.number, [(e.number, e.given_at) for e in goal.earlier]) == (7, [(5, at(23, 10))])


def test_only_a_rep_and_the_reps_present_coaches_see_it(mondays: Mondays) -> None:
    assert page(mondays).own
    assert not page(mondays, "UC", "U1").own
    assert page(mondays, "UD", "U1").name == page(mondays).name
    for other in ("U2", "UN", "UNOBODY"):
        with pytest.raises(Refusal):
            page(mondays, other, "U1")
    with pytest.raises(Refusal):
        page(mondays, "UC", "UNOBODY")
    mondays.change(mondays.team(), coach_id=mondays.team().second_coach_id, second_coach_id=None)
    with pytest.raises(Refusal, match="present coaches"):
        page(mondays, "UC", "U1")


def test_pages_have_every_week_with_the_same_few_statements(database: Database) -> None:
    crowd = database.write_now(fill, name="T1", teams=1, reps=1, past=record.WEEKS + 2)
    caller = Caller(1, "U0R0")
    seen = []
    statements = set()
    for number in (0, 1, 9):
        with counted(database) as found:
            shown = database.read_now(record.page, caller=caller, number=number, now=NOW)
        seen.append([week.week for week in shown.weeks])
        statements.add(len(found))
    assert [len(weeks) for weeks in seen] == [record.WEEKS, 2, 2]
    assert len({week for weeks in seen for week in weeks}) == record.WEEKS + 2
    assert len(statements) == 1
    assert crowd.reps
