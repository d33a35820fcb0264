"""One reading of a line: the name is given, and the other words are read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from bot.rules.conversation import Base, Close, DealOutcome
from bot.rules.problems import NotUnderstood
from bot.rules.quick_readings import QuickLog, Span, Told, Understood, quoted, read, salvage
from bot.rules.quick_words import Words

TODAY = date(2026, 11, 25)


def told(line: str) -> Told:
    words = Words(line, today=TODAY, locale="en_US", currency="USD")
    return Told(words, line, TODAY, "en_US", "USD", date(2026, 11, 16))


def said(company: str, base: Base | None, *notes: str) -> QuickLog:
    outcome = DealOutcome.WON if base is Base.HOME else DealOutcome.OPEN
    return QuickLog(company, base, TODAY, None, outcome, None, notes)


def test_the_name_stands_where_the_span_says() -> None:
    line = told("1st Acme call")
    assert read(line, Span(1, 2)) == said("Acme", Base.FIRST)
    assert read(line, Span(1, 3)) == said("Acme call", Base.FIRST)
    assert read(told("asked yesterday"), Span(0, 0, name="Blue")).close is Close.ASKED


def test_a_small_number_is_a_base_where_nothing_else_is_said() -> None:
    assert read(told("Acme 2"), Span(0, 1)) == said("Acme", Base.SECOND, "I read “2” as 2nd base.")
    assert read(told("Acme home 2"), Span(0, 1)).amount == 2


def test_an_everyday_word_beside_the_bots_own_is_no_repetition() -> None:
    assert read(told("Acme demo 2nd"), Span(0, 1)).base is Base.SECOND
    with pytest.raises(NotUnderstood, match="contradict each other"):
        read(told("Acme demo 3rd"), Span(0, 1))


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("Acme closed", "can mean that the deal is won or lost"),
        ("Acme no show", "nobody was talked to"),
        ("Acme 2nd bar", "I don't understand “bar”"),
    ],
)
def test_what_is_refused(line: str, sentence: str) -> None:
    with pytest.raises(NotUnderstood, match=sentence):
        read(told(line), Span(0, 1))


@pytest.mark.parametrize(
    ("line", "understood"),
    [
        ("Acme 12k", Understood("Acme", amount="12k")),
        (
            "Acme 2nd yesterday asked bar",
            Understood("Acme", Base.SECOND, date(2026, 11, 24), Close.ASKED),
        ),
        ("Acme lost 3 Dec", Understood("Acme", outcome=DealOutcome.LOST)),  # still to come
        ("2nd", Understood(base=None)),
    ],
)
def test_what_was_understood_is_kept_for_the_form(line: str, understood: Understood) -> None:
    assert salvage(told(line), Span(0, 1)) == understood


def test_the_name_in_the_form_is_without_small_words() -> None:
    assert salvage(told("Acme call on 2nd bar"), Span(0, 3)).company == "Acme"
    assert salvage(told("home 12k"), Span(0, 2)).amount == ""
    assert read(told("Acme home 12k"), Span(0, 1)).amount == Decimal(12_000)


def test_long_words_are_cut() -> None:
    assert quoted("x" * 40) == f"“{'x' * 40}”"
    assert quoted("x" * 41) == f"“{'x' * 39}…”"
