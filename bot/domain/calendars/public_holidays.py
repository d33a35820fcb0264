"""Public holidays by country and region, from the library `holidays`.

The library is imported only once a team has a country, because it takes 0.1 s and 10 to 20 MB.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from bot.domain.calendars.places import regions_of

ESTIMATED = "(estimated)"
"""What the library adds to the English name of a day that follows the moon (holidays 0.109)."""


@functools.cache
def of_year(country: str, region: str | None, year: int) -> Mapping[date, str]:
    """Return the public holidays of one year, in-lieu days included, with their names in English if they exist."""
    import holidays

    found = holidays.country_holidays(country, subdiv=region, years=[year], language="en_US")
    return {day: str(name) for day, name in found.items() if day.year == year}


def of_years(country: str | None, region: str | None, years: Iterable[int]) -> frozenset[date]:
    """Return only the days, of several years; an empty set without a country."""
    if country is None:
        return frozenset()
    return frozenset().union(*(_days(country, region, year) for year in years))


@functools.cache
def _days(country: str, region: str | None, year: int) -> frozenset[date]:
    return frozenset(of_year(country, region, year))


def only_in_regions(country: str, days: Iterable[date]) -> Mapping[date, tuple[str, Sequence[str]]]:
    """Return which of these days are public holidays only in some regions of the country.

    Each has its name, and the names of the regions that have it; where regions call it differently, the name that
    most of them use.
    """
    wanted = set(days)
    years = {day.year for day in wanted}
    everywhere = of_years(country, None, years)
    found: dict[date, dict[str, list[str]]] = {}
    for region in regions_of(country):
        for year in years:
            for day, name in of_year(country, region.code, year).items():
                if day in wanted and day not in everywhere:
                    found.setdefault(day, {}).setdefault(name, []).append(region.name)
    return {
        day: (
            max(names, key=lambda name: len(names[name])),
            sorted({region for regions in names.values() for region in regions}),
        )
        for day, names in sorted(found.items())
    }
