"""Public holidays by country and region, from the library `holidays`.

The library is imported only once a team has a country, because it takes 0.1 s and 10 to 20 MB.
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
    """A country whose public holidays are known: its two-letter code and its name in English."""

    code: str
    name: str


def country_of(text: str) -> Country | None:
    """Return the country of the typed name or code, or None for no text; raises PlaceProblem for other texts."""
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
    """Return the country of a stored two-letter code."""
    return _countries().get(_key(code)) or Country(code, code)


def region_of(text: str, country: Country) -> str | None:
    """Return the code of the typed region, or None for no text; raises PlaceProblem for an unknown region."""
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
    """Import the library early: an open form will need it, and its answer must come within three seconds."""
    _countries()


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


@functools.cache
def _countries() -> Mapping[str, Country]:
    """Return the countries by what people may type: the code, the English name, and a few everyday names."""
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
    """Return the codes of the regions by what people may type: the code or the name."""
    import holidays

    place = holidays.country_holidays(country)
    codes = {_key(code): code for code in place.subdivisions}
    aliases = getattr(place, "subdivisions_aliases", {})
    return {_key(name): code for name, code in aliases.items()} | codes


def _key(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).casefold()
    kept = "".join(c for c in plain if c.isalnum() or c == " ")
    return " ".join(kept.removeprefix("the ").split())
