"""How names of places are compared."""

from __future__ import annotations

import pytest

from bot.rules.place_names import Names, listed, named

NAMES = Names(
    [
        ("AT", "Österreich"),
        ("AG", "Antigua & Barbuda"),
        ("LC", "St. Lucia"),
        ("OM", "عُمان"),
        ("MN", "MN"),
        ("CG", "Congo"),
        ("CD", "Congo"),
        ("NL", "The Netherlands"),
    ]
)


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("osterreich", ("AT",)),
        ("OESTERREICH", ("AT",)),
        ("Republic of Österreich", ("AT",)),
        ("Antigua and Barbuda", ("AG",)),
        ("Saint  Lucia", ("LC",)),
        ("st lucia", ("LC",)),
        ("netherlands", ("NL",)),
        ("عُمان", ("OM",)),
        ("mn", ("MN",)),
        ("Congo", ("CD", "CG")),
        ("Austria", ()),
        ("", ()),
        ("!?", ()),
        ("the republic of", ()),
    ],
)
def test_a_name_is_found_however_it_is_written(typed: str, codes: tuple[str, ...]) -> None:
    assert NAMES.find(typed) == codes


def test_the_nearest_name_is_one_of_a_few_letters_difference() -> None:
    assert NAMES.nearest("Osterreih") == "Österreich"
    assert NAMES.nearest("Atlantis") is None
    assert NAMES.nearest("") is None


def test_a_table_has_a_code_and_names_on_each_line() -> None:
    assert list(listed("\nA B c, d\nE f\n")) == [("A", "B c, d"), ("E", "f")]
    assert list(named("\nA b c, d\nE f\n")) == [("A", "b c"), ("A", "d"), ("E", "f")]
