"""The table of a country's everyday names: each line is about a country that the library knows."""

from __future__ import annotations

import holidays

from bot.rules import country_names
from bot.rules.place_names import listed, named

LIBRARY = holidays.list_supported_countries(include_aliases=False)


def test_each_line_names_a_country_of_the_library_once() -> None:
    codes = [code for code, _ in listed(country_names.NAMES)]
    assert codes == sorted(set(codes))
    assert set(codes) <= set(LIBRARY)
    names = list(named(country_names.NAMES))
    assert all(name for _, name in names)
    assert len(names) == len(set(names))
