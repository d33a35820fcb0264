"""When the messages of coaching may go out: by whose clock, on whose days, and in which week."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from bot.domain.coaching import hours
from bot.domain.coaching.hours import Room
from bot.domain.tables import Workspace
from tests.domain.handover.desk import Desk
from tests.domain.mondays import at

REMINDED = at(23, 13, 1)


@pytest.mark.parametrize(
    ("zone", "now", "wanted"),
    [
        ("Europe/London", at(23, 13), at(23, 13)),
        ("Europe/London", at(23, 21), at(24, 8)),
        ("Europe/London", at(28, 13), at(30, 13)),  # from Saturday to Monday
        ("America/New_York", at(23, 9), at(23, 13)),
    ],
)
def test_a_coach_is_told_in_the_teams_hours_by_the_coachs_clock(
    desk: Desk, zone: str, now: datetime, wanted: datetime
) -> None:
    desk.change(desk.member("UC"), timezone=zone)
    assert hours.of_coach(desk.team(), desk.member("UC"), now=now) == wanted


@pytest.mark.parametrize(("now", "wanted"), [(at(23, 13), at(23, 13)), (at(23, 21), at(25, 8))])
def test_a_rep_is_told_on_the_next_day_on_which_the_rep_works(
    desk: Desk, now: datetime, wanted: datetime
) -> None:
    desk.away("U1", date(2026, 11, 24), date(2026, 11, 24))
    rep, team = desk.member("U1"), desk.team()
    assert desk.database.read_now(hours.of_rep, rep, team, now=now) == wanted


@pytest.mark.parametrize(
    ("most", "wanted"), [(2, Room(at(24, 8), False)), (1, Room(at(30, 8), True))]
)
def test_a_message_without_room_waits_for_the_first_working_hour_of_the_next_week(
    desk: Desk, most: int, wanted: Room
) -> None:
    desk.ask()
    desk.reminded(REMINDED)
    (workspace,) = desk.rows(Workspace, id=desk.workspace_id)
    desk.change(workspace, weekly_messages=most)
    rep, team = desk.member("U1"), desk.team()
    assert desk.write(hours.with_room, rep, team, now=at(23, 21)) == wanted
