"""The table of a region's everyday names: each line is about a region that the library knows."""

from __future__ import annotations

import holidays

from bot.rules import region_names
from bot.rules.place_names import listed, named

LIBRARY = holidays.list_supported_countries(include_aliases=False)


def test_each_line_names_a_region_of_its_country_once() -> None:
    regions = [
        (country, code.replace("~", " "), name)
        for country, line in listed(region_names.NAMES)
        for code, name in named(line)
    ]
    assert all(code in LIBRARY[country] and name for country, code, name in regions)
    assert len(regions) == len(set(regions))
