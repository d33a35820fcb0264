"""The absences of a pause belong together, and follow reps from team to team."""

from __future__ import annotations

from typing import Any

import pytest

from bot.database import Database
from bot.domain.calendars import pauses
from bot.domain.calendars.pauses import Pause
from bot.domain.tables import Absence
from tests.domain.absences.away import FRIDAY, Office, nov, seed
from tests.seeding import seed_once


@pytest.fixture
def office(database: Database) -> Office:
    """A team with two reps whose clock is moved by saying when something is done."""
    seed_once(database, seed, reps=2)
    return Office(database)


def test_pauses_of_one_team_are_not_those_of_another(office: Office) -> None:
    def work(session: Any) -> tuple[list[Pause], list[Pause], list[Pause]]:
        first = Pause("pause 1 1.0", nov(23), nov(29), 1, FRIDAY)
        other = Pause("pause 11 1.0", nov(30), nov(36), 1, FRIDAY)
        pauses.add(session, first, workspace_id=1, member_ids=[2, 3])
        pauses.add(session, other, workspace_id=1, member_ids=[3])
        assert pauses.of_team(session, 1, nov(29)) == [first]
        assert pauses.of_team(session, 1, nov(30)) == []
        pauses.follow_team(session, workspace_id=1, team_of={2: 11}, now=FRIDAY)
        before = pauses.of_team(session, 11, nov(1))
        assert pauses.take_back(session, first.key, by_id=1, now=FRIDAY) == [3]
        assert pauses.take_back(session, other.key, by_id=1, now=FRIDAY) == [2, 3]
        return before, pauses.of_team(session, 1, nov(1)), pauses.of_team(session, 11, nov(1))

    before, *after = office.database.write_now(work)
    assert [pause.first_day for pause in before] == [nov(30)]
    assert after == [[], []]
    assert {row.taken_back_by for row in office.rows(Absence)} == {1}
