"""Public holidays by country and region."""

from __future__ import annotations

import subprocess
import sys

import pytest

from bot.database import Database
from tests.domain.absences.away import Office, seed


@pytest.fixture
def office(database: Database) -> Office:
    """A team with one rep whose clock is moved by saying when something is done."""
    database.write_now(seed, reps=1)
    return Office(database)


def test_the_library_is_imported_only_where_a_team_has_a_country() -> None:
    said = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, bot.app, bot.commands.running; print('holidays' in sys.modules)",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.strip() == "False"
