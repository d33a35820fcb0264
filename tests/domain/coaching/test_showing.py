"""Alerts are read together, with a number of statements that does not depend on how many there are."""

from __future__ import annotations

import pytest

from bot.database import Database
from bot.domain.coaching import showing
from bot.domain.coaching.showing import Showing
from tests.counting import counted
from tests.domain.crowd import Crowd, fill
from tests.domain.mondays import DEADLINE, Mondays


@pytest.fixture
def crowd(database: Database) -> Crowd:
    """Two reps with three alerts each."""
    return database.write_now(fill, name="T1", teams=1, reps=2, past=3)


def read(database: Database, alert_ids: list[int]) -> tuple[dict[int, Showing], int]:
    """Alerts that are read together, and how many statements that took."""
    with counted(database) as statements:
        found = database.read_now(showing.show_all, alert_ids)
    return found, sum(statement.startswith("SELECT") for statement in statements)


def test_many_alerts_take_as_many_statements_as_one(database: Database, crowd: Crowd) -> None:
    one, statements = read(database, crowd.alerts[:1])
    many, as_many = read(database, crowd.alerts)
    assert as_many == statements <= 6
    assert (list(one), list(many)) == (crowd.alerts[:1], crowd.alerts)


def test_alerts_that_are_read_together_are_those_that_are_read_alone(
    database: Database, crowd: Crowd
) -> None:
    found = database.read_now(showing.show_all, [*crowd.alerts, 999])
    alone = {number: database.read_now(showing.show, number) for number in crowd.alerts}
    assert {number: one.shown for number, one in found.items()} == alone
    assert [len(one.trend) for one in alone.values()] == [12] * 6
    assert {week.result for one in alone.values() for week in one.trend} == {
        "none",
        "missed",
        "open",
    }
    assert database.read_now(showing.show_all, []) == {}


def place(mondays: Mondays, **columns: object) -> tuple[str | None, str | None]:
    """The channel of the alert about U1, once its team is changed so, and who gets the alert without a channel."""
    mondays.change(mondays.team(), **columns)
    alert = mondays.alert("U1")
    assert alert is not None
    found = mondays.database.read_now(showing.show_all, [alert.id])[alert.id]
    reached = found.place.reached
    return found.place.channel, reached[0].slack_user_id if reached else None


def test_an_alert_goes_to_the_channel_or_else_to_a_coach_who_is_still_there(
    mondays: Mondays,
) -> None:
    mondays.ask()
    mondays.beat(DEADLINE)
    assert place(mondays, coach_channel="C1", channel_problem=None) == ("C1", "UC")
    assert place(mondays, channel_problem="is_archived") == (None, "UC")
    mondays.change(mondays.member("UC"), inactive_because="deactivated")
    assert place(mondays) == (None, "UD")
    assert place(mondays, channel_problem=None) == ("C1", "UD")
    assert place(mondays, second_coach_id=None) == (None, None)  # nobody may read it
