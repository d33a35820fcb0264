"""The brief's table: each row, and goals beyond the columns that Slack takes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot.domain.shown.briefs import RepShown, Step
from bot.rules.briefs import Result
from bot.slack.views.coaching.briefs import brief_message
from tests.slack.views.coaching.brief_shown import brief, number, rep, table_of
from tests.slack.views.sound import check_sound


def test_goals_beyond_slacks_columns_share_one() -> None:
    goals = tuple(number(f"Goal {n}", 20, logged=3 if n == 19 else None) for n in range(20))
    message = brief_message(brief(rep(1, numbers=goals, steps=(STEP,))))
    check_sound(message)
    head, row = table_of(message)
    assert (len(head), head[-2:]) == (20, ["Other goals", "Step"])
    assert "Goal 16: 20 of 20; Goal 17: 20 of 20" in row[-2]
    assert row[-2].endswith("Goal 19: 20 of 20 (log: 3)")


STEP = Step("Three <plans>", date(2026, 11, 27), None, told=False)


@pytest.mark.parametrize(
    ("shown", "cells"),
    [
        (rep(1, Result.AWAY, numbers=()), ["Rep 01", "Away"]),
        (rep(1, Result.UNASKED, numbers=()), ["Rep 01", "Not asked"]),
        (rep(1, late=True), ["Rep 01", "Met, late", "22 of 20"]),
        (
            rep(1, numbers=(number("Conversations", 20, logged=0),)),
            ["Rep 01", "Met", "20 of 20 (log: 0)"],
        ),
        (
            rep(1, Result.SILENT, numbers=(number("Conversations", None, logged=11),)),
            ["Rep 01", "Silent", "log: 11 of 20"],
        ),
        (
            rep(1, Result.OPEN, numbers=(number("Conversations", None),)),
            ["Rep 01", "Can still answer", "– of 20"],
        ),
        (
            rep(1, steps=(STEP, replace(STEP, step="Call", kept="no"))),
            [
                "Rep 01",
                "Met",
                "22 of 20",
                "Three <plans>, by Friday 27 November; Call: not done",
            ],
        ),
    ],
)
def test_a_row(shown: RepShown, cells: list[str]) -> None:
    message = brief_message(brief(shown))
    check_sound(message)
    assert table_of(message)[1] == cells
