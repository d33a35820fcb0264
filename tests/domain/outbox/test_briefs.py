"""What a change of a check-in marks: the briefs that show it, and no others."""

from __future__ import annotations

import pytest

from bot.domain.outbox import briefs, outbox
from bot.domain.tables import Brief
from tests.domain.coaching.brief_story import all_answer
from tests.domain.handover.changes import move_rep
from tests.domain.handover.conftest import desk as desk
from tests.domain.handover.desk import Desk
from tests.domain.mondays import at

LATER = at(23, 12, 6)


def versions(desk: Desk) -> dict[str, int]:
    teams = {desk.team(name).id: name for name in ("Harbor", "Quay")}
    found = {}
    for brief in desk.rows(Brief):
        item = desk.item(outbox.BRIEF, brief.id)
        assert item is not None
        found[teams[brief.team_id]] = item.desired_version
    return found


@pytest.fixture
def both(desk: Desk) -> Desk:
    """The briefs of both teams stand."""
    all_answer(desk, users=("U1", "U2", "U3"))
    desk.reminded(LATER)
    assert set(versions(desk)) == {"Harbor", "Quay"}
    return desk


def changed(desk: Desk, user: str) -> set[str]:
    before = versions(desk)
    desk.write(briefs.changed, check_in_ids=[desk.check_in(user).id], now=LATER)
    return {team for team, version in versions(desk).items() if version > before[team]}


def test_the_brief_of_the_reps_team_is_marked(both: Desk) -> None:
    assert changed(both, "U1") == {"Harbor"}
    assert changed(both, "U3") == {"Quay"}


def test_of_a_rep_who_moved_the_old_team_and_the_new_one_are(both: Desk) -> None:
    move_rep(both, LATER)
    assert changed(both, "U1") == {"Harbor", "Quay"}


def test_nothing_is_marked_for_nobody_and_for_a_brief_that_was_not_posted(desk: Desk) -> None:
    desk.ask()
    told = desk.signals(
        lambda: desk.write(briefs.changed, check_in_ids=[desk.check_in("U1").id], now=LATER)
    )
    told += desk.signals(lambda: desk.write(briefs.changed, check_in_ids=[], now=LATER))
    assert told == 0
