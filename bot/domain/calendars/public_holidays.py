"""Public holidays by country and region, from the library `holidays`.

It is imported when a team has a country, and not before: it takes 0.1 s and 10 to 20 MB.
"""

from __future__ import annotations

import difflib
import functools
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from babel import Locale

from bot.domain.refusals import PlaceProblem

MOST_REGIONS_NAMED = 20


@dataclass(frozen=True)
class Country:
    """A country of which public holidays are known: its two letters, its name in English."""

    code: str
    name: str


def country_of(text: str) -> Country | None:
    """The country that somebody typed, by name or two letters; None for nothing, PlaceProblem for no country."""
    typed = " ".join(text.split())
    if not typed:
        return None
    found = _countries().get(_key(typed))
    if found is not None:
        return found
    close = difflib.get_close_matches(_key(typed), _countries(), n=1, cutoff=0.8)
    meant = f" Did you mean {_countries()[close[0]].name}?" if close else ""
    raise PlaceProblem(
        f"I know no public holidays of “{typed[:60]}”: type a country’s name or its two letters, "
        f"like United Kingdom or GB.{meant}"
    )


def country_by_code(code: str) -> Country:
    """The country of two letters that were stored."""
    return _countries().get(_key(code)) or Country(code, code)


def region_of(text: str, country: Country) -> str | None:
    """The region's code, by code or name; None for nothing, PlaceProblem for none of the country's."""
    typed = " ".join(text.split())
    if not typed:
        return None
    regions = _regions(country.code)
    if not regions:
        raise PlaceProblem(
            f"{country.name} has the same public holidays everywhere: leave the region empty."
        )
    found = regions.get(_key(typed))
    if found is not None:
        return found
    codes = sorted(set(regions.values()))
    named = ", ".join(codes[:MOST_REGIONS_NAMED]) + (
        " …" if len(codes) > MOST_REGIONS_NAMED else ""
    )
    raise PlaceProblem(
        f"“{typed[:60]}” is no region of {country.name} that I know: leave it empty, or type one of {named}."
    )


def get_ready() -> None:
    """Import the library ahead of need: a form is open that will ask for it, and its answer has three seconds."""
    _countries()


@functools.cache
def of_year(country: str, region: str | None, year: int) -> Mapping[date, str]:
    """The public holidays of one year, in-lieu days included, with their names in English where there are any."""
    import holidays

    found = holidays.country_holidays(country, subdiv=region, years=[year], language="en_US")
    return {day: str(name) for day, name in found.items() if day.year == year}


def of_years(country: str | None, region: str | None, years: Iterable[int]) -> frozenset[date]:
    """The days alone, of several years; none where there is no country."""
    if country is None:
        return frozenset()
    return frozenset().union(*(_days(country, region, year) for year in years))


@functools.cache
def _days(country: str, region: str | None, year: int) -> frozenset[date]:
    return frozenset(of_year(country, region, year))


@functools.cache
def _countries() -> Mapping[str, Country]:
    """Countries by what people may type: two letters, the English name, a few names of every day."""
    import holidays

    names = Locale("en").territories
    countries = [
        Country(code, names.get(code, code))
        for code in holidays.list_supported_countries(include_aliases=False)
    ]
    found = {_key(word): c for c in countries for word in (c.code, c.name)}
    everyday = {"uk": "gb", "usa": "us", "america": "us", "great britain": "gb", "holland": "nl"}
    return {word: found[code] for word, code in everyday.items() if code in found} | found


@functools.cache
def _regions(country: str) -> Mapping[str, str]:
    """Codes of regions by what people may type: the code, or its name."""
    import holidays

    place = holidays.country_holidays(country)
    codes = {_key(code): code for code in place.subdivisions}
    aliases = getattr(place, "subdivisions_aliases", {})
    return {_key(name): code for name, code in aliases.items()} | codes


def _key(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).casefold()
    kept = "".join(c for c in plain if c.isalnum() or c == " ")
    return " ".join(kept.removeprefix("the ").split())
