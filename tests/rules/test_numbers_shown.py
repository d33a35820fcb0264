"""Numbers and money as the bot shows them, which it reads back."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.numbers import Reading, parse_number, show_number
from tests.rules.locales import LOCALES


@pytest.mark.parametrize(
    ("value", "unit", "locale", "currency", "shown"),
    [
        ("0", "count", "en_US", "USD", "0"),
        ("12500", "count", "en_US", "USD", "12,500"),
        ("12500.00", "count", "en_US", "USD", "12,500"),
        ("16.6667", "count", "en_US", "USD", "16.6667"),
        ("12500", "money", "en_US", "USD", "$12,500"),
        ("12500.00", "money", "en_US", "USD", "$12,500"),
        ("12500.5", "money", "en_US", "USD", "$12,500.50"),
        ("12500", "money", "en-GB", "GBP", "£12,500"),
        ("12500.5", "money", "de_DE", "EUR", "12.500,50\u00a0€"),
        ("12500", "money", "de_DE", "EUR", "12.500\u00a0€"),
        ("123456", "money", "en_IN", "INR", "₹1,23,456"),
        ("12500", "money", "ja_JP", "JPY", "￥12,500"),
        ("12500", "money", "nonsense", "USD", "$12,500"),
        ("3.5", "hours", "en_US", "USD", "3.5 hours"),
        ("3.5000", "hours", "de_DE", "EUR", "3,5 hours"),
    ],
)
def test_shown(value: str, unit: str, locale: str, currency: str, shown: str) -> None:
    assert show_number(Decimal(value), unit=unit, currency=currency, locale=locale) == shown


@given(
    value=st.decimals(0, Decimal("999999999999.99"), places=2),
    locale=st.sampled_from(LOCALES),
    currency=st.sampled_from(
        ["USD", "EUR", "GBP", "JPY", "CHF", "SEK", "INR", "PLN", "BRL", "CAD"]
    ),
)
def test_money_that_was_shown_is_read_back(value: Decimal, locale: str, currency: str) -> None:
    shown = show_number(value, unit="money", currency=currency, locale=locale)
    assert parse_number(shown, unit="money", currency=currency, locale=locale) == Reading(value)


@given(value=st.integers(0, 10**12 - 1).map(Decimal), locale=st.sampled_from(LOCALES))
def test_counts_that_were_shown_are_read_back(value: Decimal, locale: str) -> None:
    assert parse_number(show_number(value, locale=locale), locale=locale) == Reading(value)


@given(
    value=st.decimals(0, Decimal("999999.9999"), places=4),
    locale=st.sampled_from(LOCALES),
    unit=st.sampled_from(["hours", "km", "%", "visits"]),
)
def test_other_units_that_were_shown_are_read_back(value: Decimal, locale: str, unit: str) -> None:
    shown = show_number(value, unit=unit, locale=locale)
    assert parse_number(shown, unit=unit, locale=locale).value == value


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        ("1", "hours", "1 hour"),
        ("1.5", "hours", "1.5 hours"),
        ("2", "referrals asked for", "2 referrals asked for"),
        ("1", "referrals asked for", "1 referral asked for"),
        ("1", "sales calls", "1 sales call"),
        ("1", "evenings at home", "1 evening at home"),
        ("1", "boxes", "1 box"),
        ("1", "matches", "1 match"),
        ("1", "km", "1 km"),
        ("1", "rendez-vous", "1 rendez-vous"),
        ("1", "analysis", "1 analysis"),
        ("1", "miles", "1 mile"),
    ],
)
def test_one_of_something_is_in_the_singular_and_read_back(
    value: str, unit: str, shown: str
) -> None:
    assert show_number(Decimal(value), unit=unit) == shown
    assert parse_number(shown, unit=unit).value == Decimal(value)
