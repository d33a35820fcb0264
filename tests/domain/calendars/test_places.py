"""Countries and regions by what people call them: the whole library, in English and in each country's language."""

from __future__ import annotations

import holidays
import pytest
from babel import Locale, UnknownLocaleError
from babel.languages import get_official_languages

from bot.domain.calendars import places
from bot.domain.calendars.places import Country
from bot.domain.refusals import PlaceProblem

LIBRARY = holidays.list_supported_countries(include_aliases=False)
REGIONS = [(country, region) for country, regions in LIBRARY.items() for region in regions]


def own_names(code: str) -> set[str]:
    """The names of a country in its official languages, from CLDR."""
    found = set()
    for language in get_official_languages(code, de_facto=True):
        for name in (f"{language}_{code}", language):
            try:
                found.add(Locale.parse(name).territories.get(code))
            except (UnknownLocaleError, ValueError):
                continue
    return {name for name in found if name}


def found(country: str, region: str = "") -> tuple[str, str | None] | str:
    """The country and region that are understood, or the refusal."""
    try:
        place = places.place_of(country, region)
    except PlaceProblem as problem:
        return str(problem)
    assert place is not None
    return place.country.code, place.region


def test_every_country_is_found_by_its_names() -> None:
    english = Locale("en").territories
    wrong = {
        (code, name): found(name)
        for code in LIBRARY
        for name in {english[code], code, code.lower(), places.country_by_code(code).name}
        | own_names(code)
        if found(name) != (code, None)
    }
    assert wrong == {}


def test_every_region_is_found_by_each_of_its_names() -> None:
    assert len(REGIONS) > 600
    wrong = {}
    for country, region in REGIONS:
        aliases = getattr(holidays.country_holidays(country), "subdivisions_aliases", {})
        own = {name for name, code in aliases.items() if code == region}
        for name in own | {region, places.region_name(country, region)}:
            answer = found(places.country_by_code(country).name, name)
            if answer != (country, region):
                wrong[country, name] = answer
    assert wrong == {}


def test_a_region_is_found_without_its_country_or_its_countries_are_named() -> None:
    wrong = {}
    for country, region in REGIONS:
        name = places.region_name(country, region)
        answer = found(name)
        if answer == (country, region) or places.country_by_code(country).name in answer:
            continue
        # A country of that name goes first, as Georgia and Puerto Rico do.
        if not (isinstance(answer, tuple) and answer[1] is None) and len(name) > 3:
            wrong[country, name] = answer
    assert wrong == {}


@pytest.mark.parametrize(
    ("country", "region", "understood"),
    [
        ("Turkey", "", ("TR", None)),
        ("Hong Kong", "", ("HK", None)),
        ("hongkong", "", ("HK", None)),
        ("UAE", "", ("AE", None)),
        ("the U.S.A.", "", ("US", None)),
        ("Great Britain", "", ("GB", None)),
        ("Holland", "", ("NL", None)),
        ("Cote d'Ivoire", "", ("CI", None)),
        ("Czech Republic", "", ("CZ", None)),
        ("Oesterreich", "", ("AT", None)),
        ("South-Korea", "", ("KR", None)),
        ("Kingdom of Denmark", "", ("DK", None)),
        ("St Lucia", "", ("LC", None)),
        ("Saint Lucia", "", ("LC", None)),
        ("ΕΛΛΑΔΑ", "", ("GR", None)),
        ("GBR", "", ("GB", None)),
        ("England", "", ("GB", "ENG")),
        ("Scotland", "", ("GB", "SCT")),
        ("Bavaria", "", ("DE", "BY")),
        ("Catalonia", "", ("ES", "CT")),
        ("Freistaat Bayern", "", ("DE", "BY")),
        ("Bavaria, Germany", "", ("DE", "BY")),
        ("Germany (BY)", "", ("DE", "BY")),
        ("US-CA", "", ("US", "CA")),
        ("", "Tyrol", ("AT", "7")),
        ("Bavaria", "bayern", ("DE", "BY")),
        ("UK", "england", ("GB", "ENG")),
        ("Germany", "Free State of Saxony", ("DE", "SN")),
        ("Schweiz", "Kanton Zürich", ("CH", "ZH")),
        ("Italy", "Milan", ("IT", "MI")),
        ("Spain", "Comunidad de Madrid", ("ES", "MD")),
        ("Georgia", "", ("GE", None)),
        ("USA", "Georgia", ("US", "GA")),
    ],
)
def test_a_place_is_understood_as_people_say_it(
    country: str, region: str, understood: tuple[str, str | None]
) -> None:
    assert found(country, region) == understood


@pytest.mark.parametrize(
    ("country", "region", "sentence"),
    [
        ("Germny", "", "I know no public holidays of “Germny”.* Did you mean Germany?"),
        ("Bavria", "", "Did you mean Bavaria?"),
        ("Mordor", "", "type a country’s name or its two letters, like United Kingdom or GB."),
        ("Congo", "", "may be Congo - Kinshasa or Congo - Brazzaville"),
        ("La Rioja", "", "There is “La Rioja” in Argentina and in Spain: type the country"),
        ("Bavaria", "Saxony", "“Bavaria” and “Saxony” are two regions"),
        ("Canada", "Ontarioo", "is no region of Canada that I know. Did you mean Ontario?"),
        ("DE", "Essex", "Leave it empty, or type one of Augsburg, Baden-Württemberg, Bavaria"),
        ("US", "Essex", "Connecticut, .*, and 37 more"),
        ("Luxembourg", "Essex", "Luxembourg has the same public holidays everywhere"),
        ("", "BY", "A region needs its country"),
    ],
)
def test_what_is_no_place_is_said_with_what_may_be_meant(
    country: str, region: str, sentence: str
) -> None:
    pattern = sentence.replace("?", r"\?")
    with pytest.raises(PlaceProblem, match=pattern) as refused:
        places.place_of(country, region)
    assert refused.value.is_region == bool(region)
    assert "Did you mean" in sentence or "Did you mean" not in str(refused.value)


def test_nothing_typed_is_no_place_and_a_long_text_is_cut() -> None:
    assert places.place_of("  ", " ") is None
    assert len(str(found("x" * 200))) < 200
    # What was stored under another release of the library is shown by its letters.
    assert places.country_by_code("QQ") == Country("QQ", "QQ")
    assert places.words_for("DE", "QQ") == "Germany (QQ)"
    assert places.words_for("DE", "BY") == "Germany (Bavaria)"
    assert places.words_for("LU", None) == "Luxembourg"
