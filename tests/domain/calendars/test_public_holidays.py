"""Public holidays by country and region."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest

from bot.database import Database
from bot.domain.calendars import public_holidays
from bot.domain.calendars.public_holidays import Country
from bot.domain.refusals import PlaceProblem
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


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("GB", "GB"),
        ("gb", "GB"),
        ("United  Kingdom", "GB"),
        ("uk", "GB"),
        ("Great Britain", "GB"),
        ("usa", "US"),
        ("the Netherlands", "NL"),
        ("Holland", "NL"),
        ("Côte d’Ivoire", "CI"),
    ],
)
def test_a_country_is_known_by_its_letters_its_name_and_everyday_ones(text: str, code: str) -> None:
    country = public_holidays.country_of(text)
    assert country is not None
    assert country.code == code
    assert public_holidays.country_by_code(code) == country


def test_what_is_no_country_is_said_with_what_may_be_meant() -> None:
    assert public_holidays.country_of("  ") is None
    with pytest.raises(PlaceProblem, match=r"“Germny”.* Did you mean Germany\?"):
        public_holidays.country_of("Germny")
    with pytest.raises(PlaceProblem) as problem:
        public_holidays.country_of("x" * 200)
    assert "Did you mean" not in str(problem.value)
    assert len(str(problem.value)) < 200
    # What was stored under another release of the library is shown by its letters.
    assert public_holidays.country_by_code("QQ") == Country("QQ", "QQ")


def test_a_region_is_one_of_its_country() -> None:
    germany = public_holidays.country_by_code("DE")
    assert public_holidays.region_of(" ", germany) is None
    assert public_holidays.region_of("by", germany) == "BY"
    assert public_holidays.region_of("Bayern", germany) == "BY"
    with pytest.raises(PlaceProblem, match=r"“Essex” is no region of Germany.* BB, BE, BW"):
        public_holidays.region_of("Essex", germany)
    with pytest.raises(PlaceProblem) as many:
        public_holidays.region_of("Essex", public_holidays.country_by_code("US"))
    assert str(many.value).endswith(" ….")
    nowhere = next(
        country
        for country in map(public_holidays.country_by_code, ("LU", "DK", "NO"))
        if not public_holidays._regions(country.code)
    )
    with pytest.raises(PlaceProblem, match="the same public holidays everywhere"):
        public_holidays.region_of("Essex", nowhere)


def test_a_year_has_its_own_holidays_with_their_names_in_english() -> None:
    found = public_holidays.of_year("DE", "BY", 2026)
    assert found[date(2026, 10, 3)] == "German Unity Day"
    assert {day.year for day in found} == {2026}
    assert date(2026, 1, 6) in found  # Bavaria's own
    assert date(2026, 1, 6) not in public_holidays.of_year("DE", None, 2026)
    two = public_holidays.of_years("DE", "BY", (2026, 2027))
    assert {date(2026, 10, 3), date(2027, 10, 3)} <= two
    assert public_holidays.of_years(None, None, (2026,)) == frozenset()
