"""What the tests of imports begin with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from bot.clock import SettableClock
from bot.database import Database
from bot.domain.imports import history as imports_history
from bot.domain.imports import importing as imports
from bot.domain.imports.csv_files import read_table
from bot.domain.imports.importing import MEMBER_COLUMNS, TEAM_COLUMNS, ImportPreview
from bot.domain.imports.rows import Known
from bot.domain.setup import workspaces
from tests.domain.conversations.rep import Rep, seed
from tests.domain.imports.files import (
    FRIDAY,
    KNOWN,
)
from tests.domain.imports.past import HEADER, Import
from tests.seeding import seed_once


@pytest.fixture
def workspace_id(database: Database) -> int:
    return database.write_now(
        workspaces.install, slack_team_id="T1", name="Harbor", bot_user_id="UB", now=FRIDAY
    )


@pytest.fixture
def teams(database: Database, workspace_id: int) -> Callable[..., ImportPreview]:
    def run(text: str, *, skip_bad: bool = False, known: Known = KNOWN) -> ImportPreview:
        return database.write_now(
            imports.apply_teams,
            workspace_id=workspace_id,
            table=read_table(text.encode(), TEAM_COLUMNS),
            known=known,
            skip_bad=skip_bad,
            now=FRIDAY,
        )

    return run


@pytest.fixture
def members(database: Database, workspace_id: int) -> Callable[..., ImportPreview]:
    def run(
        text: str, *, skip_bad: bool = False, known: Known = KNOWN, now: datetime = FRIDAY
    ) -> ImportPreview:
        return database.write_now(
            imports.apply_members,
            workspace_id=workspace_id,
            table=read_table(text.encode(), MEMBER_COLUMNS),
            known=known,
            skip_bad=skip_bad,
            now=now,
        )

    return run


@pytest.fixture
def rep(database: Database, clock: SettableClock) -> Rep:
    """U0PRIYA, in a database with a team of two reps."""
    seed_once(database, seed)
    return Rep(database, clock)


@pytest.fixture
def history(database: Database, rep: Rep) -> Import:
    def run(lines: str, *, skip_bad: bool = False, now: datetime = FRIDAY) -> ImportPreview:
        text = lines if lines.startswith("user") else HEADER + lines
        return database.write_now(
            imports_history.apply_history,
            workspace_id=1,
            table=read_table(text.encode(), imports_history.COLUMNS),
            known=Known(),
            skip_bad=skip_bad,
            now=now,
        )

    return run


@pytest.fixture
def look(database: Database, rep: Rep) -> Import:
    def run(lines: str, *, now: datetime = FRIDAY) -> ImportPreview:
        return database.read_now(
            imports_history.plan_history,
            workspace_id=1,
            table=read_table((HEADER + lines).encode(), imports_history.COLUMNS),
            known=Known(),
            now=now,
        )

    return run
