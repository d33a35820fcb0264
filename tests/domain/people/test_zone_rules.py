"""After an update of the zone database a check-in still comes at nine by the rep's clock."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.domain.people import zone_rules
from bot.domain.tables import Enrolment
from tests.domain.mondays import MONDAY, Mondays, at

HOUR = timedelta(hours=1)
BEFORE = MONDAY - HOUR * 12


def enrolment(mondays: Mondays, user: str) -> Enrolment:
    (found,) = mondays.rows(Enrolment, member_id=mondays.member(user).id)
    return found


def next_due_at(mondays: Mondays, user: str) -> datetime | None:
    return enrolment(mondays, user).next_due_at


def test_a_moment_of_the_old_rules_moves_to_that_of_the_new_ones(mondays: Mondays) -> None:
    mondays.open_homes("U1", "U2")
    for old in (MONDAY + HOUR, MONDAY - HOUR):
        mondays.change(enrolment(mondays, "U1"), next_due_at=old)
        stale = mondays.stale_after(lambda: mondays.write(zone_rules.follow, now=BEFORE))
        assert next_due_at(mondays, "U1") == MONDAY
        assert "home U1" in stale
        assert "home U2" not in stale
    assert mondays.write(zone_rules.follow, now=BEFORE) == 0


@pytest.mark.parametrize(
    ("due_at", "now"),
    [
        (MONDAY - HOUR, MONDAY - HOUR),  # due already
        (at(24, 8), MONDAY + HOUR),  # its moment had passed, so it waits for the next morning
    ],
)
def test_what_is_due_or_was_put_off_keeps_its_moment(
    mondays: Mondays, due_at: datetime, now: datetime
) -> None:
    mondays.change(enrolment(mondays, "U1"), next_due_at=due_at)
    mondays.write(zone_rules.follow, now=now)
    assert next_due_at(mondays, "U1") == due_at


def test_a_zone_that_is_gone_holds_nobody_else_up(mondays: Mondays) -> None:
    mondays.change(mondays.member("U1"), timezone="Mars/Olympus")
    for user in ("U1", "U2"):
        mondays.change(enrolment(mondays, user), next_due_at=MONDAY + HOUR)
    assert mondays.write(zone_rules.follow, now=BEFORE) == 1
    assert (next_due_at(mondays, "U1"), next_due_at(mondays, "U2")) == (MONDAY + HOUR, MONDAY)


def test_many_are_moved_part_by_part(mondays: Mondays, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zone_rules, "PART", 1)
    for user in ("U1", "U2", "U3"):
        mondays.change(enrolment(mondays, user), next_due_at=MONDAY + HOUR)
    assert mondays.write(zone_rules.follow, now=BEFORE) == 3
    assert {next_due_at(mondays, user) for user in ("U1", "U2", "U3")} == {MONDAY}
