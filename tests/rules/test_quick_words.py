"""What the words of a quick log say, wherever they stand."""

from __future__ import annotations

from datetime import date

import pytest

from bot.rules.conversation import Base, Close, DealOutcome
from bot.rules.quick_words import Found, Words

WEDNESDAY = date(2026, 11, 25)


def words(line: str, *, locale: str = "en_US", currency: str = "USD") -> Words:
    return Words(line, today=WEDNESDAY, locale=locale, currency=currency)


def meaning(
    line: str, at: int = 0, *, locale: str = "en_US", currency: str = "USD"
) -> Found | None:
    return words(line, locale=locale, currency=currency).meaning(at)


def test_a_line_is_split_at_its_spaces() -> None:
    line = words("  Acme  Rockets,\t2ND ")
    assert len(line) == 3
    assert line.typed == ["Acme", "Rockets,", "2ND"]
    assert line.text(0, 2) == "Acme Rockets,"
    assert line.text(1, 1) == "Rockets,"
    assert line.text(1, 9) == "Rockets, 2ND"
    assert [line.folded(at) for at in range(5)] == ["acme", "rockets", "2nd", "", ""]


@pytest.mark.parametrize(
    ("typed", "folded"),
    [("Home.", "home"), ("Home;", "home"), ("Home,;.", "home"), (".5", ".5"), ("١٢", "12")],
)
def test_a_word_is_compared_without_what_follows_it(typed: str, folded: str) -> None:
    assert words(typed).folded(0) == folded


@pytest.mark.parametrize(
    ("line", "base", "length"),
    [
        ("1st", Base.FIRST, 1),
        ("First", Base.FIRST, 1),
        ("2nd", Base.SECOND, 1),
        ("SECOND", Base.SECOND, 1),
        ("3rd,", Base.THIRD, 1),
        ("third", Base.THIRD, 1),
        ("home", Base.HOME, 1),
        ("won", Base.HOME, 1),
        ("2nd base", Base.SECOND, 2),
        ("2nd Base, asked", Base.SECOND, 2),
        ("2nd basement", Base.SECOND, 1),
    ],
)
def test_a_base(line: str, base: Base, length: int) -> None:
    found = meaning(line)
    assert found == Found("base", base, length, typed=" ".join(line.split()[:length]).rstrip(",;"))


@pytest.mark.parametrize(
    ("line", "close", "length"),
    [
        ("asked", Close.ASKED, 1),
        ("Asked;", Close.ASKED, 1),
        ("not asked", Close.NOT_ASKED, 2),
        ("not-asked", Close.NOT_ASKED, 1),
        ("didn't ask", Close.NOT_ASKED, 2),
        ("didn’t ask 12k", Close.NOT_ASKED, 2),
        ("inoffensive", Close.INOFFENSIVE, 1),
        ("inoffensive close", Close.INOFFENSIVE, 2),
        ("inoffensive-close", Close.INOFFENSIVE, 1),
        ("Inoffensive lost", Close.INOFFENSIVE, 1),
    ],
)
def test_a_close(line: str, close: Close, length: int) -> None:
    found = meaning(line)
    assert found is not None
    assert (found.slot, found.value, found.length) == ("close", close, length)
    assert found.typed == " ".join(line.split()[:length]).rstrip(",;")
    assert found.certain


def test_lost() -> None:
    assert meaning("Lost, yesterday") == Found("outcome", DealOutcome.LOST, 1, typed="Lost")


def test_a_day_and_its_note() -> None:
    assert meaning("Acme 2nd yesterday,", 2) == Found(
        "held_on", date(2026, 11, 24), 1, typed="yesterday"
    )
    assert meaning("last Monday") == Found(
        "held_on",
        date(2026, 11, 23),
        2,
        typed="last Monday",
        note="I read “last monday” as Monday 23 November.",
    )
    assert meaning("on November 3rd, 2026 2nd") == Found(
        "held_on", date(2026, 11, 3), 4, typed="on November 3rd, 2026"
    )


@pytest.mark.parametrize(
    ("line", "value", "length", "certain"),
    [
        ("12", "12", 1, False),
        ("12 Acme", "12", 1, False),
        ("9999", "9999", 1, False),
        ("10000", "10000", 1, True),
        ("1.5", "1.5", 1, True),
        ("12,", "12,", 1, False),
        ("12k", "12k", 1, True),
        ("12K", "12K", 1, True),
        ("12m", "12m", 1, True),
        ("12k,", "12k,", 1, True),
        ("12k)", "12k)", 1, True),
        ("12 k", "12 k", 2, True),
        ("12 m usd", "12 m usd", 3, True),
        ("12k k", "12k", 1, True),  # scaled already
        ("$12", "$12", 1, True),
        ("$ 12", "$ 12", 2, True),
        ("$ 12 000", "$ 12 000", 3, True),
        ("USD 12", "USD 12", 2, True),
        ("12$", "12$", 1, True),
        ("12 $", "12 $", 2, True),
        ("12k$", "12k$", 1, True),
        ("12k$ k", "12k$", 1, True),
        ("12 500", "12 500", 2, True),
        ("1 234 567", "1 234 567", 3, True),
        ("12 500.50", "12 500.50", 2, True),
        ("12 500k", "12 500k", 2, True),
        ("12 500, won", "12 500,", 2, True),
        ("12 50", "12", 1, False),
        ("1234 500", "1234", 1, False),
        ("$12 500", "$12 500", 2, True),
        ("-12", "-12", 1, True),
        ("+12", "+12", 1, True),
        ("(12)", "(12)", 1, True),
        ("-$12", "-$12", 1, True),
        ("12'500", "12'500", 1, True),
    ],
)
def test_an_amount(line: str, value: str, length: int, certain: bool) -> None:
    found = meaning(line)
    assert found is not None
    assert (found.slot, found.value, found.length, found.certain) == (
        "amount",
        value,
        length,
        certain,
    )
    assert found.typed == value.rstrip(",;")


@pytest.mark.parametrize(
    ("line", "value", "length", "certain"),
    [("for 12k", "12k", 2, True), ("For 12", "12", 2, False), ("for $ 12 home", "$ 12", 3, True)],
)
def test_an_amount_after_for(line: str, value: str, length: int, certain: bool) -> None:
    found = meaning(line)
    assert found is not None
    assert (found.slot, found.value, found.length, found.certain) == (
        "amount",
        value,
        length,
        certain,
    )
    assert found.typed == " ".join(line.split()[:length])


@pytest.mark.parametrize(
    "line",
    [
        "Acme",
        "for",
        "for Acme",
        "not",
        "not sure",
        "didn't",
        "ask",
        "close",
        "base",
        "$",
        "$ Acme",
        "3M2",
        "A12",
        "12x",
        "12X",
        "X12",
        "12kx",
        "12km",
        "#12",
        "12%",
        "1-2",
    ],
)
def test_what_says_nothing(line: str) -> None:
    assert meaning(line) is None


def test_what_was_found_has_no_words_until_it_is_given_some() -> None:
    assert Found("outcome", DealOutcome.LOST, 1).typed == ""


def test_money_of_the_team_is_known_in_its_own_words() -> None:
    assert meaning("12 kr", currency="SEK", locale="sv_SE") == Found(
        "amount", "12 kr", 2, typed="12 kr"
    )
    found = meaning("12 złoty")
    assert found is not None
    assert found.length == 1
