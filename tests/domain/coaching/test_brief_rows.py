"""The rows of a brief: what a rep answered before, and which steps belong to which week."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.checkins.follow_ups import About
from bot.domain.coaching.brief_rows import Earlier, Rows
from bot.domain.tables import Brief, Metric
from tests.domain.coaching.brief_story import all_answer, past
from tests.domain.coaching.story import NEXT_MONDAY, alert_of, finish, say
from tests.domain.handover.desk import Desk
from tests.domain.mondays import WEEK, at

LATER = at(23, 12, 6)


def read(desk: Desk) -> list[Rows]:
    """The rows of each brief, the oldest first."""
    return [desk.database.read_now(Rows.of, [brief.id]) for brief in desk.rows(Brief)]


def test_the_highest_number_before_the_week_and_in_how_many_weeks(desk: Desk) -> None:
    past(desk, "U2", (4, 3, 900), (9, 1, 1_200), (5, 2, 0))
    all_answer(desk)
    desk.reminded(LATER)
    (rows,) = read(desk)
    member_id = desk.member("U2").id
    ids = [metric.id for metric in sorted(desk.rows(Metric), key=lambda one: one.position)[:3]]
    assert [rows.bests.get((member_id, WEEK, id_)) for id_ in ids] == [
        Earlier(9, 3),  # type: ignore[arg-type]
        Earlier(3, 3),  # type: ignore[arg-type]
        Earlier(1_200, 3),  # type: ignore[arg-type]
    ]
    assert {key[0] for key in rows.bests} == {member_id}


def test_a_step_stands_in_the_week_it_is_about_and_in_those_after_until_it_is_told(
    desk: Desk,
) -> None:
    all_answer(desk)
    desk.reminded(LATER)
    finish(desk, alert_of(desk))
    desk.ask(NEXT_MONDAY)
    for user in ("U1", "U2"):
        for question in range(3):
            desk.press(user, question, "no", NEXT_MONDAY)
    desk.reminded(at(30, 10))
    member_id, later = desk.member("U1").id, WEEK + timedelta(weeks=1)

    def steps() -> list[tuple[str | None, bool]]:
        first, second = read(desk)
        found = [*first.steps[member_id, WEEK], *second.steps[member_id, later]]
        return [(step.kept, step.told) for step in found]

    assert steps() == [(None, False), (None, True)]
    say(desk, About.KEPT, "no", now=at(30, 10))
    assert steps() == [("no", False), ("no", True)]
