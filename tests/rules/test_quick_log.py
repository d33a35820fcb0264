"""One line of text into one conversation, or a sentence that says what was not understood."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from bot.rules.problems import NotUnderstood
from bot.rules.quick_log import USAGE, Base, Close, DealOutcome, QuickLog, parse_quick_log

TODAY = date(2026, 11, 25)  # a Wednesday
FIRST_OPEN_DAY = date(2026, 11, 16)


def read(text: str, **changes: object) -> QuickLog:
    arguments: dict[str, object] = {"today": TODAY, "first_open_day": FIRST_OPEN_DAY}
    return parse_quick_log(text, **(arguments | changes))  # type: ignore[arg-type]


def refused(text: str, **changes: object) -> NotUnderstood:
    with pytest.raises(NotUnderstood) as problem:
        read(text, **changes)
    assert str(problem.value) == problem.value.sentence
    return problem.value


def logged(company: str, **changes: object) -> QuickLog:
    arguments: dict[str, object] = {
        "base": None,
        "held_on": TODAY,
        "close": None,
        "outcome": DealOutcome.OPEN,
        "amount": None,
    }
    return QuickLog(company, **(arguments | changes))  # type: ignore[arg-type]


MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)
HOME = {"base": Base.HOME, "outcome": DealOutcome.WON}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Acme", logged("Acme")),
        ("  Acme   Rockets ", logged("Acme Rockets")),
        ("Acme 2nd", logged("Acme", base=Base.SECOND)),
        ("ACME 2ND", logged("ACME", base=Base.SECOND)),
        ("Acme second base", logged("Acme", base=Base.SECOND)),
        ("Acme home 12k", logged("Acme", **HOME, amount=Decimal(12000))),
        ("Acme 12k home", logged("Acme", **HOME, amount=Decimal(12000))),
        ("Acme won 12k", logged("Acme", **HOME, amount=Decimal(12000))),
        ("Acme home, won", logged("Acme", **HOME)),
        ("Acme home for 12 500", logged("Acme", **HOME, amount=Decimal(12500))),
        ("Acme home $12 500", logged("Acme", **HOME, amount=Decimal(12500))),
        ("Acme home $12,500", logged("Acme", **HOME, amount=Decimal(12500))),
        ("Acme home $12k", logged("Acme", **HOME, amount=Decimal(12000))),
        ("Acme home 500$ asked", logged("Acme", **HOME, amount=Decimal(500), close=Close.ASKED)),
        ("Acme home 12 k USD", logged("Acme", **HOME, amount=Decimal(12000))),
        ("Acme home 500 nov 23", logged("Acme", **HOME, amount=Decimal(500), held_on=MONDAY)),
        (
            '"Blue Sky Ltd" 1st yesterday asked',
            logged("Blue Sky Ltd", base=Base.FIRST, held_on=TUESDAY, close=Close.ASKED),
        ),
        ("“Blue Sky Ltd” 1st", logged("Blue Sky Ltd", base=Base.FIRST)),
        ("„Blue Sky“ 1st", logged("Blue Sky", base=Base.FIRST)),
        ("«Blue Sky» 1st", logged("Blue Sky", base=Base.FIRST)),
        ("‘Blue Sky’ 1st", logged("Blue Sky", base=Base.FIRST)),
        ("'Blue Sky' 1st", logged("Blue Sky", base=Base.FIRST)),
        ("'s Heeren Loo 1st", logged("'s Heeren Loo", base=Base.FIRST)),
        ('"Lost 2nd" 1st', logged("Lost 2nd", base=Base.FIRST)),
        ('"Home"', logged("Home")),
        ("Acme lost", logged("Acme", outcome=DealOutcome.LOST)),
        ("Acme 3rd lost", logged("Acme", base=Base.THIRD, outcome=DealOutcome.LOST)),
        (
            "Acme 3rd not asked monday",
            logged("Acme", base=Base.THIRD, close=Close.NOT_ASKED, held_on=MONDAY),
        ),
        (
            "Acme home 12,500 inoffensive close",
            logged("Acme", **HOME, amount=Decimal(12500), close=Close.INOFFENSIVE),
        ),
        ("Acme inoffensive", logged("Acme", close=Close.INOFFENSIVE)),
        ("Acme didn’t ask", logged("Acme", close=Close.NOT_ASKED)),
        ("Acme, 2nd, asked", logged("Acme", base=Base.SECOND, close=Close.ASKED)),
        ("Acme - 2nd", logged("Acme", base=Base.SECOND)),
        # days
        ("Acme today", logged("Acme")),
        ("Acme wednesday", logged("Acme")),
        ("Acme on Mon", logged("Acme", held_on=MONDAY)),
        ("Acme thu", logged("Acme", held_on=date(2026, 11, 19))),
        ("Acme 23 Nov", logged("Acme", held_on=MONDAY)),
        ("Acme Nov 23", logged("Acme", held_on=MONDAY)),
        ("Acme November 23rd, 2026", logged("Acme", held_on=MONDAY)),
        ("Acme 23rd nov. 2026 1st", logged("Acme", held_on=MONDAY, base=Base.FIRST)),
        ("Acme 2nd nov 23", logged("Acme", held_on=MONDAY, base=Base.SECOND)),
        ("Acme 2026-11-23", logged("Acme", held_on=MONDAY)),
        ("Acme 23/11", logged("Acme", held_on=MONDAY)),
        ("Acme 11/23/2026", logged("Acme", held_on=MONDAY)),
        ("Acme 23.11.2026", logged("Acme", held_on=MONDAY)),
        # the first word belongs to the company, whatever it is
        ("Home Depot 1st", logged("Home Depot", base=Base.FIRST)),
        ("First Bank 2nd", logged("First Bank", base=Base.SECOND)),
        ("3M 1st", logged("3M", base=Base.FIRST)),
        ("24/7 Fitness 1st", logged("24/7 Fitness", base=Base.FIRST)),
        ("Studio 54 1st", logged("Studio 54", base=Base.FIRST)),
        ("Studio 54 home 12k", logged("Studio 54", **HOME, amount=Decimal(12000))),
        ("Move On", logged("Move On")),
        # as Slack sends it
        ("A &amp; B 1st", logged("A & B", base=Base.FIRST)),
        ("<http://acme.com|acme.com> 1st", logged("acme.com", base=Base.FIRST)),
    ],
)
def test_lines_that_are_understood(text: str, expected: QuickLog) -> None:
    assert read(text) == expected


def test_3_3_has_one_reading() -> None:
    assert read("Acme 3/3", first_open_day=None).held_on == date(2026, 3, 3)


@pytest.mark.parametrize(
    ("text", "today", "held_on"),
    [
        ("Acme 30 Dec", date(2027, 1, 4), date(2026, 12, 30)),
        ("Acme Dec 30", date(2026, 12, 31), date(2026, 12, 30)),
        ("Acme 29 Feb", date(2026, 3, 2), date(2024, 2, 29)),
        ("Acme monday", date(2026, 11, 23), date(2026, 11, 23)),
        ("Acme sunday", date(2026, 11, 23), date(2026, 11, 22)),
    ],
)
def test_a_day_without_its_year_is_the_last_one(text: str, today: date, held_on: date) -> None:
    assert read(text, today=today, first_open_day=None).held_on == held_on


def test_the_second_reading_of_an_amount_is_said() -> None:
    entry = read("Acme home 1.234")
    assert entry.amount == 1234
    assert entry.notes == ("I read “1.234” as 1,234.",)


def test_the_amount_is_read_by_the_locale() -> None:
    entry = read("Acme home 1.234,50 €", locale="de_DE", currency="EUR")
    assert (entry.amount, entry.notes) == (Decimal("1234.5"), ())


def test_last_monday_says_which_one() -> None:
    entry = read("Acme last monday")
    assert entry.held_on == MONDAY
    assert entry.notes == ("I read “last monday” as Monday 23 November.",)
    assert read("Acme last wed").held_on == date(2026, 11, 18)


@pytest.mark.parametrize(
    ("locale", "held_on", "shown"),
    [
        ("en_US", date(2026, 3, 4), "Wednesday 4 March"),
        ("en_GB", date(2026, 4, 3), "Friday 3 April"),
        ("en-GB", date(2026, 4, 3), "Friday 3 April"),
        ("de_DE", date(2026, 4, 3), "Friday 3 April"),
        ("pt_BR", date(2026, 4, 3), "Friday 3 April"),
        ("sv_SE", date(2026, 4, 3), "Friday 3 April"),
        ("ja_JP", date(2026, 3, 4), "Wednesday 4 March"),
        ("nowhere", date(2026, 3, 4), "Wednesday 4 March"),
    ],
)
def test_figures_with_two_readings_are_a_day_as_the_locale_writes_it(
    locale: str, held_on: date, shown: str
) -> None:
    entry = read("Acme 3/4", locale=locale, first_open_day=None)
    assert entry.held_on == held_on
    assert entry.notes == (f"I read “3/4” as {shown}.",)


def test_dots_stand_after_the_day_in_every_locale() -> None:
    assert read("Acme 23.11.").held_on == MONDAY
    assert read("Acme 3.4.2026", first_open_day=None).held_on == date(2026, 4, 3)
    assert read("Acme home 12.5").amount == Decimal("12.5")


UNKNOWN = (
    "I don't understand “{}”: leave it out, or put the company's name in quotes "
    "if it belongs to it."
)


@pytest.mark.parametrize(
    ("text", "what", "sentence"),
    [
        ("", "", "Type the company you talked to, like /log-conversation Acme 2nd."),
        ("   ", "", "Type the company you talked to, like /log-conversation Acme 2nd."),
        ("Acme 2nd bar", "bar", UNKNOWN.format("bar")),
        ("Acme 2nd not", "not", UNKNOWN.format("not")),
        ("Acme home 1e5", "1e5", UNKNOWN.format("1e5")),
        ("Acme next monday", "next", UNKNOWN.format("next")),
        ("Best Second Hand", "Hand", UNKNOWN.format("Hand")),
        (
            "2nd",
            "2nd",
            "“2nd” names no company: begin with its name, or put “2nd” in quotes "
            "if that is its name.",
        ),
        (
            "home 12k",
            "home",
            "“home” names no company: begin with its name, or put “home” in quotes "
            "if that is its name.",
        ),
        (
            "not asked",
            "not asked",
            "“not asked” names no company: begin with its name, or put “not asked” in quotes "
            "if that is its name.",
        ),
        (
            '"Blue Sky 2nd',
            '"Blue Sky 2nd',
            "The quotes around the company's name are never closed: close them after it, "
            'like "Blue Sky Ltd" 2nd.',
        ),
        (
            'Acme "Blue Sky" 2nd',
            '"Blue',
            "A name in quotes comes first: type it at the beginning of the line.",
        ),
        ('"" 2nd', '"" 2nd', "Type the name of the company, like Acme."),
        # amounts
        (
            "Acme 12k",
            "12k",
            "“12k” looks like an amount, which only goes with home: add “home” if the deal is "
            "won, or put the company's name in quotes if it belongs to it.",
        ),
        (
            "Acme 2nd 12k",
            "12k",
            "“12k” looks like an amount, which only goes with home: add “home” if the deal is "
            "won, or put the company's name in quotes if it belongs to it.",
        ),
        (
            "Acme 12500",
            "12500",
            "“12500” looks like an amount, which only goes with home: add “home” if the deal is "
            "won, or put the company's name in quotes if it belongs to it.",
        ),
        (
            "Acme 500 home",
            "500",
            "“500” could be the amount or a part of the name: type the amount after “home”, "
            "or put the name in quotes.",
        ),
        (
            "Acme home -500",
            "-500",
            "It can't be below zero: type 0 or more instead of “-500”.",
        ),
        (
            "Acme home 1,000,000,000,000",
            "1,000,000,000,000",
            "“1,000,000,000,000” is too large: type a number below 1,000,000,000,000.",
        ),
        (
            "Acme home 12 500 EUR",
            "12 500 EUR",
            "“EUR” is not the team's currency: type the amount in USD, like $12,500.",
        ),
        (
            "Acme home 12k 13k",
            "12k 13k",
            "“12k” and “13k” contradict each other: type one of them.",
        ),
        # twice, and against each other
        ("Acme 1st 2nd", "1st 2nd", "“1st” and “2nd” contradict each other: type one of them."),
        ("Acme 2nd second", "2nd second", "“second” repeats “2nd”: type one of them."),
        (
            "Acme asked not asked",
            "asked not asked",
            "“asked” and “not asked” contradict each other: type one of them.",
        ),
        (
            "Acme today yesterday",
            "today yesterday",
            "“today” and “yesterday” contradict each other: type one of them.",
        ),
        (
            "Acme home lost",
            "home lost",
            "“home” means that the deal is won, so it can't be lost as well: "
            "type “home” or “lost”.",
        ),
        # days
        (
            "Acme tomorrow",
            "tomorrow",
            "“tomorrow” (Thursday 26 November) is still to come: "
            "log the conversation once it was held.",
        ),
        (
            "Acme 3 Dec",
            "3 Dec",
            "“3 Dec” (Thursday 3 December) is still to come: "
            "log the conversation once it was held.",
        ),
        (
            "Acme 15 Nov",
            "15 Nov",
            "“15 Nov” (Sunday 15 November) lies in a week that is closed: "
            "days from Monday 16 November on can be logged.",
        ),
        (
            "Acme 2025-11-24",
            "2025-11-24",
            "“2025-11-24” (Monday 24 November 2025) lies in a week that is closed: "
            "days from Monday 16 November on can be logged.",
        ),
        (
            "Acme 2nd mar 3rd",
            "2nd mar 3rd",
            "“2nd mar 3rd” can be read as two days: type one like 2026-11-25.",
        ),
        ("Acme 31 Feb", "31 Feb", "“31 Feb” is not in the calendar: type a day like 2026-11-25."),
        (
            "Acme 2026-13-01",
            "2026-13-01",
            "“2026-13-01” is not in the calendar: type a day like 2026-11-25.",
        ),
        # names
        (
            "<!channel>",
            "<!channel>",
            "A mention is not a company: type the company's name, like Acme.",
        ),
        (
            "&lt;!channel&gt; 2nd",
            "<!channel>",
            "A mention is not a company: type the company's name, like Acme.",
        ),
        (
            "<@U0SAM|sam> 2nd",
            "<@U0SAM|sam>",
            "A mention is not a company: type the company's name, like Acme.",
        ),
        (
            "🚀 1st",
            "1st",
            "“1st” names no company: begin with its name, or put “1st” in quotes "
            "if that is its name.",
        ),
        ("🚀", "🚀", "A company's name needs a letter or a digit: type one like Acme."),
        (":rocket:", ":rocket:", "A company's name needs a letter or a digit: type one like Acme."),
        (
            "x" * 500,
            "x" * 500,
            "A company's name has at most 80 characters and this one has 500: type a shorter one.",
        ),
    ],
)
def test_lines_that_are_refused(text: str, what: str, sentence: str) -> None:
    problem = refused(text)
    assert problem.sentence == sentence
    assert problem.what == what


def test_a_refusal_keeps_the_whole_text_as_it_was_typed() -> None:
    assert refused("  A &amp; B 2nd &lt;b&gt; ").text == "A & B 2nd <b>"


def test_every_example_of_the_usage_is_understood() -> None:
    examples = [line for line in USAGE.splitlines() if line.startswith("/log-conversation ")][1:]
    assert len(examples) == 6
    for example in examples[:-1]:
        assert read(example.removeprefix("/log-conversation ")).company
