"""Company names: what is taken, what is the same, what is suspiciously alike."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.companies import MAX_LENGTH, NearMisses, clean_name, key, near_misses, plain_text
from bot.rules.problems import CompanyProblem

NAMELESS = "Type the name of the company, like Acme."
MENTION = "A mention is not a company: type the company's name, like Acme."
NO_LETTER = "A company's name needs a letter or a digit: type one like Acme."


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Acme", "Acme"),
        ("  Acme \t\n Inc  ", "Acme Inc"),
        ("Acme\u00a0Inc", "Acme Inc"),
        ("Ac\u200bme\ufeff", "Acme"),
        ("\u202eAcme\u202c", "Acme"),
        ("Ac\x00me\x07", "Acme"),
        ("A &amp; B", "A & B"),
        ("A & B", "A & B"),
        ("a &lt;b&gt;", "a <b>"),
        ("<http://acme.com|acme.com>", "acme.com"),
        ("<https://acme.com>", "acme.com"),
        ("<mailto:jo@acme.com|jo@acme.com>", "jo@acme.com"),
        ("3M", "3M"),
        ("7", "7"),
        ("🚀 Rocket", "🚀 Rocket"),
        (":rocket: Rocket", ":rocket: Rocket"),
        ("日本電気", "日本電気"),
        ("Ⅻ", "Ⅻ"),
        ("sales@channel.com", "sales@channel.com"),
        ("x" * MAX_LENGTH, "x" * MAX_LENGTH),
    ],
)
def test_names_that_are_taken(typed: str, name: str) -> None:
    assert clean_name(typed) == name


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", NAMELESS),
        (" \n\u200b\u202e", NAMELESS),
        ("\u3164", NAMELESS),
        ("!!!", NO_LETTER),
        ("&amp;", NO_LETTER),
        ("🚀🎉", NO_LETTER),
        ("👩‍👩‍👧", NO_LETTER),
        ("🇬🇧", NO_LETTER),
        ("1️⃣", NO_LETTER),
        ("ℹ️", NO_LETTER),
        (":rocket:", NO_LETTER),
        (":rocket: :+1:", NO_LETTER),
        ("<!channel>", MENTION),
        ("&lt;!channel&gt;", MENTION),
        ("<!subteam^S1|@sales>", MENTION),
        ("<!chan\u200bnel>", MENTION),
        ("Acme <!here>", MENTION),
        ("<@U0SAM|sam>", MENTION),
        ("<#C1>", MENTION),
        ("@channel", MENTION),
        ("@here now", MENTION),
        (
            "x" * 500,
            "A company's name has at most 80 characters and this one has 500: type a shorter one.",
        ),
        (
            "x" * 81,
            "A company's name has at most 80 characters and this one has 81: type a shorter one.",
        ),
    ],
)
def test_names_that_are_refused(typed: str, sentence: str) -> None:
    with pytest.raises(CompanyProblem) as refused:
        clean_name(typed)
    assert str(refused.value) == sentence


@given(text=st.text(max_size=120) | st.text(alphabet="<>&amplgt;!@#|:/htp Ab\u200b", max_size=60))
def test_a_clean_name_is_fit_to_store(text: str) -> None:
    try:
        name = clean_name(text)
    except CompanyProblem:
        return
    assert clean_name(name) == name
    assert 0 < len(name) <= MAX_LENGTH
    assert name == " ".join(name.split())
    assert not any(unicodedata.category(character) in ("Cc", "Cf", "Cs") for character in name)
    assert "<!" not in name or ">" not in name[name.index("<!") :]
    assert key(name)


@given(text=st.text(max_size=60))
def test_what_slack_escaped_comes_back(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if "&" not in text:
        assert plain_text(escaped) == text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Acme", "ACME"),
        ("Blue Sky", "blue  sky"),
        ("Blue Sky", "BlueSky"),
        ("Acme Inc.", "Acme Inc"),
        ("Acme Inc .", "acme inc"),
        ("Ａｃｍｅ", "Acme"),
        ("Straße", "STRASSE"),
        ("Cafe\u0301", "Café"),
    ],
)
def test_the_same_company(one: str, other: str) -> None:
    assert key(one) == key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Acme", "Acme Inc"), ("A.B.", "AB"), ("Cafe", "Café"), ("Blue-Sky", "Blue Sky")],
)
def test_not_the_same_company(one: str, other: str) -> None:
    assert key(one) != key(other)


@given(name=st.text(max_size=40))
def test_a_key_is_its_own_key(name: str) -> None:
    assert key(key(name)) == key(name)
    assert key(f"  {name} ") == key(name)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Acme", "Acme Inc"),
        ("Acme", "ACME Ltd."),
        ("Acme", "The Acme Company"),
        ("Acme Inc", "Acme GmbH"),
        ("Acme", "Acmee"),
        ("Acme", "Acem"),
        ("Acme", "Acme Rockets"),
        ("Cafe Rouge", "Café Rouge"),
        ("Blue-Sky", "Blue Sky"),
        ("AT&T", "AT & T, Inc."),
        ("McDonald's", "McDonalds"),
        ("Bosch", "Bosh"),
        ("Harbor Supply", "Harbour Supply Co."),
        ("Microsoft", "Mircosfot"),
        ("IBM", "IBM Corp"),
        ("Store 12", "Store 12 Ltd"),
        ("IBM", "IBM S.A."),
        ("Lumantis", "Lumontes"),  # eight letters may differ in two
        ("Ørsted", "Orsted"),
        ("Müller", "Muller GmbH"),
        ("Łódź Tekstyl", "Lodz Tekstyl"),
        ("Æro Foods", "Aero Foods"),
        ("Газпром", "Gazprom"),
        ("Ελλάς Shipping", "Ellas Shipping"),
        ("Procter & Gamble", "Procter and Gamble"),
        ("Procter & Gamble", "Procter Gamble"),
        ("Ernst + Young", "Ernst & Young"),
    ],
)
def test_near_misses(one: str, other: str) -> None:
    assert near_misses(one, [other]) == [other]
    assert near_misses(other, [one]) == [one]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Acme", "acme"),  # the same company, not a near miss
        ("Acme", "Apex"),
        ("Acme", "Acne"),
        ("Ford", "Cord"),
        ("Ford", "Fond"),
        ("IBM", "IBN"),
        ("3M", "3N"),
        ("BP", "BPM"),
        ("HP", "HP Hood Dairy"),
        ("Store 12", "Store 13"),
        ("Northwind", "Southwind"),
        ("Globex", "Initech"),
        ("Inc", "Ltd"),
        ("The Bank", "The Tank"),
        ("Lumanti", "Lumonte"),
        ("Harbor", "Harbirx"),
    ],
)
def test_no_near_misses(one: str, other: str) -> None:
    assert near_misses(one, [other]) == []
    assert near_misses(other, [one]) == []


def test_the_best_three_come_first() -> None:
    known = ["Acme Rockets", "Acmee", "ACME Ltd.", "Apex", "acme", "Acme Inc", "Acme Inc."]
    assert near_misses("Acme", known) == ["Acme Inc", "ACME Ltd.", "Acmee"]


names = st.text(alphabet="abcde AB12.-", min_size=1, max_size=14)


@given(one=names, other=names)
def test_nearness_goes_both_ways(one: str, other: str) -> None:
    assert bool(near_misses(one, [other])) == bool(near_misses(other, [one]))


@given(name=st.text(max_size=40), known=st.lists(st.text(max_size=40), max_size=6))
def test_near_misses_are_known_and_other_companies(name: str, known: list[str]) -> None:
    found = near_misses(name, known)
    assert len(found) <= 3
    assert set(found) <= set(known)
    assert key(name) not in [key(other) for other in found]
    assert len({key(other) for other in found}) == len(found)


@pytest.mark.parametrize("piece", ["<http://", "<http://x|", "&amp;", "&lt;!", ":a", "<@"])
def test_a_page_of_half_escapes_is_a_name_or_a_problem(piece: str) -> None:
    with pytest.raises(CompanyProblem):
        clean_name(piece * 20_000)


# Many names


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["Acme", "Delta", "Acme"], None),
        (["Acme", "ACME."], None),
        (["Acme", "Acme Inc"], "Acme"),
        (["Acme Foods", "Acme"], "Acme Foods"),
        (["Acme", "Acme Foods Europe"], "Acme"),
        (["Harbor Supply", "Harbour Supply"], "Harbor Supply"),
        (["Harbor Supply", "Hrabor Supply"], "Harbor Supply"),
        (["Zürich Insurance", "Zurich Insurance"], "Zürich Insurance"),
        (["Shop 12", "Shop 13"], None),
        (["Ford", "Fond"], None),
        (["Delta", "Acme"], None),
        (["Blue-Sky", "BlueSky"], "Blue-Sky"),
        (["Lumantis", "Lumontes"], "Lumantis"),
        (["Lumanti", "Lumonte"], None),
    ],
)
def test_near_misses_among_many(names: list[str], found: str | None) -> None:
    among = NearMisses()
    assert [among.add(name) for name in names][-1] == found


@given(st.lists(st.text("abcde 1", min_size=1, max_size=12).filter(str.strip), max_size=12))
def test_among_many_the_same_names_are_near_as_one_by_one(names: list[str]) -> None:
    among, before = NearMisses(), []
    for name in names:
        near = among.add(name)
        one_by_one = near_misses(name, before)
        if key(name) not in {key(other) for other in before}:
            assert (near is not None) == bool(one_by_one)
            assert near is None or near_misses(name, [near]) == [near]
        before.append(name)


def test_no_more_spellings_are_compared_than_allowed() -> None:
    among = NearMisses(most=1)
    assert [among.add(name) for name in ("Harbor", "Harbir", "Harbur")] == [None, "Harbor", None]


def test_what_is_spelt_the_same_is_found_without_a_comparison() -> None:
    among = NearMisses(most=0)
    assert [among.add(name) for name in ("Zürich", "Zurich", "Zurick")] == [None, "Zürich", None]
