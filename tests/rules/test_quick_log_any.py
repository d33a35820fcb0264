"""Any line at all is one conversation, or a sentence that says what was not understood."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.rules.companies import MAX_LENGTH
from bot.rules.problems import NotUnderstood
from bot.rules.quick_log import Base, Close, DealOutcome, QuickLog, parse_quick_log

TODAY = date(2026, 11, 25)
FIRST_OPEN_DAY = date(2026, 11, 16)


def read(text: str) -> QuickLog:
    return parse_quick_log(text, today=TODAY, first_open_day=FIRST_OPEN_DAY)


words = st.sampled_from(
    [
        "Acme",
        "1st",
        "2nd",
        "third",
        "home",
        "won",
        "lost",
        "asked",
        "not",
        "inoffensive",
        "close",
        "today",
        "monday",
        "last",
        "on",
        "3",
        "mar",
        "12k",
        "12",
        "500",
        "$",
        "EUR",
        "3/4",
        "2026-11-24",
        ",",
        "-",
        "for",
        '"',
        "“Blue",
        "Sky”",
        "31",
        "Feb",
        "<!here>",
        "&amp;",
        ".5",
        "1.234",
        "base",
    ]
)


@given(text=st.text(max_size=60) | st.lists(words, max_size=9).map(" ".join))
def test_any_text_is_understood_or_refused_with_a_sentence(text: str) -> None:
    result = read_or_problem(text)
    if isinstance(result, NotUnderstood):
        assert result.sentence.endswith(".")
        assert "\n" not in result.sentence
        return
    assert 0 < len(result.company) <= MAX_LENGTH
    assert FIRST_OPEN_DAY <= result.held_on <= TODAY
    assert result.amount is None or result.base is Base.HOME
    assert (result.base is Base.HOME) == (result.outcome is DealOutcome.WON)


def read_or_problem(text: str) -> QuickLog | NotUnderstood:
    try:
        return read(text)
    except NotUnderstood as problem:
        return problem


@given(
    company=st.sampled_from(["Acme", '"Blue Sky Ltd"', "Harbor Supply"]),
    parts=st.permutations(["2nd", "inoffensive close", "yesterday", "lost"]),
)
def test_the_order_of_the_words_does_not_matter(company: str, parts: list[str]) -> None:
    assert read(f"{company} {' '.join(parts)}") == QuickLog(
        company=company.strip('"'),
        amount=None,
        base=Base.SECOND,
        close=Close.INOFFENSIVE,
        held_on=TODAY - timedelta(days=1),
        outcome=DealOutcome.LOST,
    )
