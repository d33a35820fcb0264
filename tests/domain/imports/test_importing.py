"""Importing a file of teams or members as one thing: all of it, or nothing."""

from __future__ import annotations

from collections.abc import Callable

from sqlmodel import select

from bot.database import Database
from bot.domain.imports import importing as imports
from bot.domain.imports.csv_files import Table, read_table
from bot.domain.imports.importing import MEMBER_COLUMNS, TEAM_COLUMNS, ImportPreview
from bot.domain.outbox import outbox
from bot.domain.tables import Member
from tests.domain.imports.files import (
    FRIDAY,
    KNOWN,
    MEMBERS,
    ONE_TEAM,
    TEAMS,
    counts,
    problems,
    rejected,
)


def test_the_same_team_twice_is_rejected(teams: Callable[..., ImportPreview]) -> None:
    found = rejected(teams, TEAMS + "Harbor,U0DANA,,,,,,\nharbor ,U0MORGAN,,,,,,\n")
    assert found == {3: "name: “harbor” is in line 2 already"}


def test_skipping_the_bad_lines_takes_the_good_and_leaves_nothing_of_the_bad(
    database: Database, teams: Callable[..., ImportPreview], members: Callable[..., ImportPreview]
) -> None:
    teams(ONE_TEAM)
    text = MEMBERS + "U0PRIYA,Harbor,,,,,many\nU0SAM,Harbor,,,,,15\nU0SAM,Harbor,,,,,16\n"
    plan = members(text, skip_bad=True)
    assert list(problems(plan)) == [2, 4]
    assert [row.what for row in plan.rows] == ["Sam"]
    assert counts(database)["enrolment"] == 1
    names = database.read_now(lambda s: s.exec(select(Member.name)).all())
    assert sorted(names) == ["Dana", "Sam"]


def test_a_plan_says_what_would_happen_and_changes_nothing(
    database: Database, workspace_id: int, teams: Callable[..., ImportPreview]
) -> None:
    teams(ONE_TEAM)
    told: list[str] = []
    database.subscribe(outbox.SIGNAL, lambda: told.append("woken"))
    before = counts(database)
    steps: list[int] = []
    text = MEMBERS + "U0PRIYA,Harbor,,,,,20\nU0LEFT,Harbor,,,,,\n"

    def plan(use_case: Callable[..., ImportPreview], table: Table) -> ImportPreview:
        return database.write_now(
            use_case,
            workspace_id=workspace_id,
            table=table,
            known=KNOWN,
            now=FRIDAY,
            progress=lambda: steps.append(1),
        )

    planned = plan(imports.plan_members, read_table(text.encode(), MEMBER_COLUMNS))
    assert [row.change for row in planned.rows] == ["created"]
    assert list(problems(planned)) == [3]
    assert len(steps) == 2
    plan(imports.plan_teams, read_table(f"{TEAMS}North,U0DANA,,,,,,\n".encode(), TEAM_COLUMNS))
    assert counts(database) == before
    assert told == []
