"""Numbers and money as people type them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.numbers import Reading, is_currency, parse_number, plain_digits
from bot.rules.problems import NumberProblem
from tests.rules.locales import LOCALES


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("17", "17"),
        ("17.0", "17"),
        ("007", "7"),
        (f"{'0' * 20}17", "17"),
        ("5)", "5"),  # a bracket that was never opened takes nothing away
        ("0", "0"),
        ("-0", "0"),
        ("+5", "5"),
        ("12,500", "12500"),
        ("12 500", "12500"),
        ("12\u00a0500", "12500"),
        ("12\u202f500", "12500"),
        ("12\u2009500", "12500"),
        ("12'500", "12500"),
        ("1’234’567", "1234567"),
        ("1,23,456", "123456"),
        ("12.5k", "12500"),
        ("12,5K", "12500"),
        ("12 k", "12000"),
        ("1.2m", "1200000"),
        ("１２，５００", "12500"),
        ("١٢٬٥٠٠", "12500"),
        ("۱۷", "17"),
        ("\u200e17\u200f", "17"),
        ("17.", "17"),
        ("999,999,999,999", "999999999999"),
    ],
)
def test_counts(text: str, value: str) -> None:
    assert parse_number(text).value == Decimal(value)


@pytest.mark.parametrize(
    ("text", "locale", "currency", "value"),
    [
        ("$12,500", "en_US", "USD", "12500"),
        ("$12 500", "en_US", "USD", "12500"),
        ("$12.5k", "en_US", "USD", "12500"),
        ("12.5k$", "en_US", "USD", "12500"),
        ("$ 1,234.50", "en_US", "USD", "1234.5"),
        ("US$ 5", "en_US", "USD", "5"),
        ("usd 5", "en_US", "USD", "5"),
        ("5 USD", "en_US", "USD", "5"),
        ("$12 USD", "en_US", "USD", "12"),
        ("$5", "en_CA", "CAD", "5"),
        ("C$5", "en_CA", "CAD", "5"),
        ("$5", "xx_YY", "USD", "5"),
        (".50", "en_US", "USD", "0.5"),
        ("0.500", "en_US", "USD", "0.5"),
        ("1.234,50", "en_US", "USD", "1234.5"),
        ("€ 1.234,50", "de_DE", "EUR", "1234.5"),
        ("1.234,50 €", "de-DE", "EUR", "1234.5"),
        ("1 234,50 €", "fr_FR", "EUR", "1234.5"),
        ("1.234.567", "de_DE", "EUR", "1234567"),
        ("Fr. 1’234.50", "de_CH", "CHF", "1234.5"),
        ("500 kr", "sv_SE", "SEK", "500"),
        ("5 zł", "pl_PL", "PLN", "5"),
        ("R$ 1.234,5", "pt_BR", "BRL", "1234.5"),
        ("￥１２，５００", "ja_JP", "JPY", "12500"),
        ("£12k", "en_GB", "GBP", "12000"),
        ("١٢٫٥", "ar_EG", "EGP", "12.5"),
        # signs and short forms that CLDR doesn't have for English
        ("5 kr", "en_US", "SEK", "5"),
        ("5 kr.", "en_US", "ISK", "5"),
        ("Rs. 500", "en_US", "INR", "500"),
        ("500 rs", "en_US", "MUR", "500"),
        ("Fr. 5", "en_US", "CHF", "5"),
        ("5 zł", "en_US", "PLN", "5"),
        ("500 Kč", "en_US", "CZK", "500"),
        ("500 Ft", "en_US", "HUF", "500"),
        ("5 lei", "en_US", "RON", "5"),
        ("R 500", "en_US", "ZAR", "500"),
        ("US$5", "en_CA", "USD", "5"),
        ("C$5", "en_US", "CAD", "5"),
        ("AU$5", "en_GB", "AUD", "5"),
        ("S$5", "en_US", "SGD", "5"),
        ("$5", "en_US", "XCD", "5"),
        ("£5", "en_US", "SHP", "5"),
        ("¥5", "en_US", "CNY", "5"),
        ("+$5", "en_US", "USD", "5"),
        ("($0)", "en_US", "USD", "0"),
        ("$5.", "en_US", "USD", "5"),
        ("5$,", "en_US", "USD", "5"),
    ],
)
def test_money(text: str, locale: str, currency: str, value: str) -> None:
    reading = parse_number(text, locale=locale, unit="money", currency=currency)
    assert reading == Reading(Decimal(value))


@pytest.mark.parametrize(
    ("text", "unit", "locale", "value", "note"),
    [
        ("1.234", "count", "en_US", "1234", "I read “1.234” as 1,234."),
        ("1.234", "money", "en_US", "1234", "I read “1.234” as 1,234."),
        ("1.234", "hours", "en_US", "1.234", "I read “1.234” as 1.234, not 1,234."),
        ("1,234", "hours", "en_US", "1234", None),
        ("1,234", "count", "en_US", "1234", None),
        ("1.234", "count", "de_DE", "1234", None),
        ("1,234", "count", "de_DE", "1234", "I read “1,234” as 1.234."),
        ("1,234", "hours", "de_DE", "1.234", "I read “1,234” as 1,234, not 1.234."),
        ("1.234", "money", "fr_FR", "1234", "I read “1.234” as 1\u202f234."),
        ("12.500 km", "km", "en_US", "12.5", "I read “12.500 km” as 12.5."),
        ("1.125m", "money", "en_US", "1125000", "I read “1.125m” as 1,125,000."),
        ("12,50", "money", "en_US", "12.5", "I read “12,50” as 12.5."),
        ("12,50", "money", "de_DE", "12.5", None),
        ("1234.567", "hours", "en_US", "1234.567", None),
        ("0.125", "hours", "en_US", "0.125", None),
    ],
)
def test_two_readings(text: str, unit: str, locale: str, value: str, note: str | None) -> None:
    reading = parse_number(text, locale=locale, unit=unit, currency="EUR")
    assert reading == Reading(Decimal(value), note)


@pytest.mark.parametrize(
    ("text", "unit", "sentence"),
    [
        ("", "count", "Type a number, like 17."),
        (" \u200b\n", "count", "Type a number, like 17."),
        ("", "money", "Type a number, like $12,500."),
        ("", "hours", "Type a number, like 3.5."),
        ("abc", "count", "“abc” is not a number: type it in digits, like 17."),
        ("seventeen", "money", "“seventeen” is not a number: type it in digits, like $12,500."),
        ("nan", "hours", "“nan” is not a number: type it in digits, like 3.5."),
        ("inf", "count", "“inf” is not a number: type it in digits, like 17."),
        ("1e5", "count", "“1e5” is not a number: type it in digits, like 17."),
        ("0x10", "count", "“0x10” is not a number: type it in digits, like 17."),
        ("1_000", "count", "“1_000” is not a number: type it in digits, like 17."),
        ("12²", "count", "“12²” is not a number: type it in digits, like 17."),
        ("1²5", "count", "“1²5” is not a number: type it in digits, like 17."),
        ("½", "hours", "“½” is not a number: type it in digits, like 3.5."),
        ("10-12", "count", "“10-12” is not a number: type it in digits, like 17."),
        ("17 of 20", "count", "“17 of 20” is not a number: type it in digits, like 17."),
        ("1.2.3", "count", "“1.2.3” is not a number: type it in digits, like 17."),
        ("12 50", "count", "“12 50” is not a number: type it in digits, like 17."),
        ("12,5000", "money", "“12,5000” is not a number: type it in digits, like $12,500."),
        ("1 234'567", "count", "“1 234'567” is not a number: type it in digits, like 17."),
        ("1.234 567", "count", "“1.234 567” is not a number: type it in digits, like 17."),
        ("5 foo", "hours", "“5 foo” is not a number: type it in digits, like 3.5."),
        ("-5", "count", "It can't be below zero: type 0 or more instead of “-5”."),
        ("−5", "count", "It can't be below zero: type 0 or more instead of “-5”."),
        ("(5)", "money", "It can't be below zero: type 0 or more instead of “(5)”."),
        ("$-5", "money", "It can't be below zero: type 0 or more instead of “$-5”."),
        (
            "1000000000000",
            "money",
            "“1000000000000” is too large: type a number below 1,000,000,000,000.",
        ),
        (
            "1000000m",
            "count",
            "“1000000m” is too large: type a number below 1,000,000,000,000.",
        ),
        (
            "9" * 5000,
            "count",
            f"“{'9' * 39}…” is too large: type a number below 1,000,000,000,000.",
        ),
        (
            "12.5",
            "count",
            "“12.5” is not a whole number: type one without decimals, like 17.",
        ),
        (
            "1.2345",
            "count",
            "“1.2345” is not a whole number: type one without decimals, like 17.",
        ),
        (
            "1.2345k",
            "count",
            "“1.2345k” is not a whole number: type one without decimals, like 17.",
        ),
        (
            "1,234.567",
            "money",
            "“1,234.567” has more than two decimals: type it rounded, like $12,500.",
        ),
        ("3.14159", "hours", "“3.14159” has more than 4 decimals: type it rounded, like 3.5."),
        (
            "€500",
            "money",
            "“€” is not the team's currency: type the amount in USD, like $12,500.",
        ),
        (
            "500 CAD",
            "money",
            "“CAD” is not the team's currency: type the amount in USD, like $12,500.",
        ),
        ("$17", "count", "This is not money: leave out “$” and type the number alone."),
        ("x" * 40, "count", f"“{'x' * 40}” is not a number: type it in digits, like 17."),
        ("x" * 41, "count", f"“{'x' * 39}…” is not a number: type it in digits, like 17."),
        ("x" * 43, "count", f"“{'x' * 39}…” is not a number: type it in digits, like 17."),
        (
            "5 eur",
            "money",
            "“eur” is not the team's currency: type the amount in USD, like $12,500.",
        ),
        ("$17 USD", "hours", "This is not money: leave out “$” and type the number alone."),
        ("-0.5", "hours", "It can't be below zero: type 0 or more instead of “-0.5”."),
        ("-10", "money", "It can't be below zero: type 0 or more instead of “-10”."),
    ],
)
def test_refusals(text: str, unit: str, sentence: str) -> None:
    with pytest.raises(NumberProblem) as refused:
        parse_number(text, unit=unit)
    assert str(refused.value) == sentence


def test_a_dollar_is_foreign_to_a_team_that_counts_in_pounds() -> None:
    with pytest.raises(NumberProblem, match="type the amount in GBP, like £12,500"):
        parse_number("$5k", locale="en_GB", unit="money", currency="GBP")


@pytest.mark.parametrize("text", ["5 hours", "5 hour", "5 Hours", "5h", "5"])
def test_a_unit_may_stand_beside_its_number(text: str) -> None:
    if text == "5h":
        with pytest.raises(NumberProblem):
            parse_number(text, unit="hours")
    else:
        assert parse_number(text, unit="hours").value == 5


@pytest.mark.parametrize(
    "mark", ["$", "kr", "Kr.", "EUR", "EUR.", "€", "US$", "usd", "Usd.", "TOP", "A$", "₿"]
)
def test_what_names_a_currency(mark: str) -> None:
    assert is_currency(mark, currency="USD", locale="en_US")


@pytest.mark.parametrize("mark", ["", "eur", "top", "Acme", "$12", "12$", "k", "x", "USDX"])
def test_what_names_none(mark: str) -> None:
    assert not is_currency(mark, currency="USD", locale="en_US")


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("١٢ ۳", "12 3"),
        ("a\u00a0b\u202fc\td\ne", "a b c d e"),
        ("Ａ１％", "A1%"),
        ("\u200e1\u200b2\x073\ud8004", "1234"),
        ("1’2ʼ3‘4٬5'6", "1'2'3'4'5'6"),
        ("−1–2-3", "-1-2-3"),
        ("1٫5", "1٫5"),
        ("½²", "½²"),
    ],
)
def test_digits_and_marks_of_any_script(text: str, plain: str) -> None:
    assert plain_digits(text) == plain


def test_examples_are_written_as_the_team_writes_numbers() -> None:
    with pytest.raises(NumberProblem, match=r"like £12,500\.$"):
        parse_number("much", locale="en_GB", unit="money", currency="GBP")
    with pytest.raises(NumberProblem, match=r"like 3,5\.$"):
        parse_number("much", locale="de_DE", unit="hours")


def test_places_override_the_units_decimals() -> None:
    assert parse_number("1.234", unit="money", places=3).value == Decimal("1.234")
    assert parse_number("1.25", unit="count", places=2).value == Decimal("1.25")
    with pytest.raises(NumberProblem, match="more than one decimal:"):
        parse_number("1.25", unit="hours", places=1)
    with pytest.raises(NumberProblem, match="not a whole number"):
        parse_number("1.5", unit="calls", places=0)
    assert parse_number("1.234", unit="calls", places=0).value == 1234


typed = st.one_of(
    st.text(max_size=30),
    st.text(alphabet="0123456789.,' -+()km$€ekEUR\u00a0²٣٫٬", max_size=20),
)


@given(
    text=typed,
    locale=st.sampled_from(LOCALES),
    unit=st.sampled_from(["count", "money", "hours"]),
)
def test_any_text_is_a_number_in_range_or_a_sentence(text: str, locale: str, unit: str) -> None:
    result = read_or_problem(text, locale=locale, unit=unit)
    if isinstance(result, NumberProblem):
        assert str(result).endswith(".")
        assert "\n" not in str(result)
        return
    assert 0 <= result.value < 10**12
    places = -int(result.value.as_tuple().exponent)
    assert places <= {"count": 0, "money": 2, "hours": 4}[unit]


def read_or_problem(text: str, *, locale: str, unit: str) -> Reading | NumberProblem:
    try:
        return parse_number(text, locale=locale, unit=unit, currency="EUR")
    except NumberProblem as problem:
        return problem
