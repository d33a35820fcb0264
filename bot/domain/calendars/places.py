"""The countries and regions whose public holidays are known, by what people call them.

Names come from the library `holidays`, from CLDR, and from the tables of everyday names. All of a country's
regions are read only where a region is meant: that imports the library's file about the country.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from babel import Locale

from bot.domain.refusals import PlaceProblem
from bot.rules import country_names, region_names
from bot.rules.place_names import Names, listed, named

TYPED_LIMIT = 60
MOST_REGIONS_NAMED = 20
MOST_LETTERS_OF_A_CODE = 3
"""A text as short as this is no region's name by itself: many countries have a region BA."""


@dataclass(frozen=True)
class Country:
    """A country whose public holidays are known: its two-letter code and its name in English."""

    code: str
    name: str


@dataclass(frozen=True)
class Region:
    """A part of a country with public holidays of its own: its code in the library, and its name."""

    code: str
    name: str


@dataclass(frozen=True)
class Place:
    """A country, and one of its regions if one was named."""

    country: Country
    region: str | None


def place_of(country: str, region: str) -> Place | None:
    """Return the place that was typed as a country and a region, or None for two empty texts.

    A region that was typed as the country is understood (England, Bavaria), with or without its country beside
    it. Raises PlaceProblem for everything else.
    """
    typed, part = " ".join(country.split()), " ".join(region.split())
    if not typed and not part:
        return None
    if not typed:
        alone = _of_region(part)
        if alone is None:
            raise PlaceProblem(
                "A region needs its country: type that, too, or leave both empty.", is_region=True
            )
        return alone
    found = _country(typed)
    if found is not None:
        return Place(found, _region(part, found) if part else None)
    both = _of_both(typed)
    if both is None:
        raise _unknown(typed)
    if part and _region(part, both.country) != both.region:
        raise PlaceProblem(
            f"“{_cut(typed)}” and “{_cut(part)}” are two regions: type the country, then one region.",
            is_region=True,
        )
    return both


def country_by_code(code: str) -> Country:
    """Return the country of a stored two-letter code."""
    return _countries().get(code) or Country(code, code)


def regions_of(country: str) -> Sequence[Region]:
    """Return the regions of a country by their names; an empty sequence for one without regions."""
    return sorted(
        (Region(code, name) for code, name in _region_names(country).items()),
        key=lambda region: region.name,
    )


def region_name(country: str, code: str) -> str:
    """Return the name of a region by its stored code."""
    return _region_names(country).get(code, code)


def words_for(country: str, region: str | None) -> str:
    """Return a place as it is written for people, like `Germany (Bavaria)`."""
    name = country_by_code(country).name
    return f"{name} ({region_name(country, region)})" if region else name


def get_ready() -> None:
    """Import what a form will need: its answer must come within three seconds."""
    _names()


def _country(typed: str) -> Country | None:
    """Return the country of this name; None if there is none. Raises PlaceProblem for a name that two have."""
    codes = _names().find(typed)
    if len(codes) > 1:
        which = " or ".join(country_by_code(code).name for code in codes)
        raise PlaceProblem(f"“{_cut(typed)}” may be {which}: type which one.")
    return country_by_code(codes[0]) if codes else None


def _region(typed: str, country: Country) -> str:
    """Return the code of the region of this name; raises PlaceProblem if the country has none."""
    codes = _regions(country.code).find(typed)
    if not _region_names(country.code):
        raise PlaceProblem(
            f"{country.name} has the same public holidays everywhere: leave the region empty.",
            is_region=True,
        )
    if len(codes) == 1:
        return codes[0]
    if len(codes) > 1:
        which = " or ".join(region_name(country.code, code) for code in codes)
        raise PlaceProblem(
            f"“{_cut(typed)}” may be {which}: type which one.",
            is_region=True,
        )
    near = _regions(country.code).nearest(typed)
    names = [region.name for region in regions_of(country.code)]
    named = ", ".join(names[:MOST_REGIONS_NAMED]) + (
        f", and {len(names) - MOST_REGIONS_NAMED} more" if len(names) > MOST_REGIONS_NAMED else ""
    )
    wanted = f"Did you mean {near}?" if near else f"Leave it empty, or type one of {named}."
    raise PlaceProblem(
        f"“{_cut(typed)}” is no region of {country.name} that I know. {wanted}", is_region=True
    )


def _of_both(typed: str) -> Place | None:
    """Return the place of a region's name, or of a region and a country in one text, like `Bavaria, Germany`."""
    parts = [part for part in _split(typed) if part]
    if len(parts) == 2:
        for first, second in (parts, reversed(parts)):
            country = _country(first)
            if country is not None and (codes := _regions(country.code).find(second)):
                return Place(country, codes[0]) if len(codes) == 1 else None
    return _of_region(typed)


def _split(typed: str) -> list[str]:
    for mark in (",", "(", "/", " - ", ":"):
        if mark in typed:
            return [part.strip(" )") for part in typed.split(mark)]
    return typed.split("-") if len(typed) <= 6 else []


def _of_region(typed: str) -> Place | None:
    """Return the only place with this name of a region; None if no region has it.

    Raises PlaceProblem if regions of several countries have it.
    """
    if len(typed) <= MOST_LETTERS_OF_A_CODE:
        return None
    found = [code.partition(" ") for code in _all_regions().find(typed)]
    if len(found) > 1:
        which = " and in ".join(sorted({country_by_code(code).name for code, _, _ in found}))
        raise PlaceProblem(
            f"There is “{_cut(typed)}” in {which}: type the country, and {_cut(typed)} as its region."
        )
    return next((Place(country_by_code(country), region) for country, _, region in found), None)


def _unknown(typed: str) -> PlaceProblem:
    near = _names().nearest(typed) or _all_regions().nearest(typed)
    meant = f" Did you mean {near}?" if near else ""
    return PlaceProblem(
        f"I know no public holidays of “{_cut(typed)}”: type a country’s name or its two letters, "
        f"like United Kingdom or GB.{meant}"
    )


@functools.cache
def _countries() -> Mapping[str, Country]:
    """Return the countries by their codes."""
    from holidays.registry import COUNTRIES

    english = Locale("en").territories
    return {
        code: Country(code, _plain(english.get(code, code))) for _, code, *_ in COUNTRIES.values()
    }


def _plain(name: str) -> str:
    """Return CLDR's name as people say it: Hong Kong, and not Hong Kong SAR China."""
    return name.removesuffix(" SAR China").replace(" (Burma)", "")


@functools.cache
def _names() -> Names:
    return Names(_named_countries())


def _named_countries() -> Iterator[tuple[str, str]]:
    from holidays.registry import COUNTRIES

    english = Locale("en").territories
    for key, (_, code, *_) in COUNTRIES.items():
        yield code, _countries()[code].name
        yield code, code
        yield code, key.replace("_", " ")
        yield code, english.get(code, code)
    for _, code, alpha, *_ in COUNTRIES.values():
        yield code, alpha
    yield from named(country_names.NAMES)


@functools.cache
def _regions(country: str) -> Names:
    return Names(_named_regions(country))


@functools.cache
def _all_regions() -> Names:
    """Return the regions of all countries; the code of each is that of its country, a blank and its own."""
    return Names(
        (f"{country} {code}", name)
        for country in _countries()
        for code, name in _named_regions(country)
        if len(name) > MOST_LETTERS_OF_A_CODE
    )


def _named_regions(country: str) -> Iterator[tuple[str, str]]:
    import holidays

    for code, name in _region_names(country).items():
        yield code, name
    place = holidays.country_holidays(country)
    yield from ((code, code) for code in place.subdivisions)
    for name, code in getattr(place, "subdivisions_aliases", {}).items():
        yield code, name
    yield from _further_names().get(country, ())


@functools.cache
def _region_names(country: str) -> Mapping[str, str]:
    """Return the names of a country's regions by their codes: in English where that is known."""
    import holidays

    place = holidays.country_holidays(country)
    names: dict[str, str] = {}
    for code, name in _further_names().get(country, ()):
        names.setdefault(code, name)
    for name, code in getattr(place, "subdivisions_aliases", {}).items():
        if len(name) > MOST_LETTERS_OF_A_CODE:
            names.setdefault(code, name)
    return {code: names.get(code, code) for code in place.subdivisions}


@functools.cache
def _further_names() -> Mapping[str, Sequence[tuple[str, str]]]:
    """Return the pairs of code and name of the table, by country."""
    found: dict[str, list[tuple[str, str]]] = {}
    for country, line in listed(region_names.NAMES):
        for code, name in named(line):
            found.setdefault(country, []).append((code.replace("~", " "), name))
    return found


def _cut(typed: str) -> str:
    return typed[:TYPED_LIMIT]
