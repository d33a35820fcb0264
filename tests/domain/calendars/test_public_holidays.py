"""Public holidays by country and region."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest

from bot.database import Database
from bot.domain.calendars import public_holidays
from tests.domain.absences.away import Office, seed
from tests.seeding import seed_once


@pytest.fixture
def office(database: Database) -> Office:
    """A team with one rep whose clock is moved by saying when something is done."""
    seed_once(database, seed, reps=1)
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


def test_a_year_has_its_own_holidays_with_their_names_in_english() -> None:
    found = public_holidays.of_year("DE", "BY", 2026)
    assert found[date(2026, 10, 3)] == "German Unity Day"
    assert {day.year for day in found} == {2026}
    assert date(2026, 1, 6) in found  # Bavaria's own
    assert date(2026, 1, 6) not in public_holidays.of_year("DE", None, 2026)
    two = public_holidays.of_years("DE", "BY", (2026, 2027))
    assert {date(2026, 10, 3), date(2027, 10, 3)} <= two
    assert public_holidays.of_years(None, None, (2026,)) == frozenset()


def test_days_that_only_some_regions_have_are_named_with_their_regions() -> None:
    days = [date(2027, 3, 26), date(2027, 3, 29), date(2027, 8, 2), date(2027, 8, 30)]
    assert public_holidays.only_in_regions("GB", days) == {
        date(2027, 3, 29): ("Easter Monday", ["England", "Northern Ireland", "Wales"]),
        date(2027, 8, 2): ("Summer Bank Holiday", ["Scotland"]),
        date(2027, 8, 30): ("Late Summer Bank Holiday", ["England", "Northern Ireland", "Wales"]),
    }
    assert public_holidays.only_in_regions("LU", days) == {}
