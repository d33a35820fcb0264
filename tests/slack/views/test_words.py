"""Numbers, days and times as the reader writes them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest
from babel import localedata

from bot.domain.shown.reader import Reader
from bot.rules.absences import WorkWeek
from bot.slack.views import words
from bot.slack.views.mrkdwn import escape, literal
from tests.slack.views.shown import MET, NOW, READER


@pytest.mark.parametrize(
    ("work", "said"),
    [
        (WorkWeek(5, off=2), "2 of 5 days away"),
        (WorkWeek(1, off=1), "1 of 1 day away"),
        (WorkWeek(5, off=1, holidays=1), "1 of 5 days a public holiday"),
        (WorkWeek(5, off=2, holidays=2), "2 of 5 days public holidays"),
        (WorkWeek(5, off=3, holidays=1), "3 of 5 days off, 1 of them a public holiday"),
        (WorkWeek(5, off=2, joined_on=date(2026, 12, 2)), "joined on Wednesday: 3 of 5 days"),
        (
            WorkWeek(5, off=3, holidays=1, joined_on=date(2026, 12, 2)),
            "joined on Wednesday and had days off: 2 of 5 days",
        ),
    ],
)
def test_days_off_in_words(work: WorkWeek, said: str) -> None:
    assert words.days_off(work, READER) == said


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (date(2026, 12, 3), date(2026, 12, 3), "Thursday 3 December"),
        (date(2026, 12, 3), date(2026, 12, 10), "3–10 December"),
        (date(2026, 12, 28), date(2027, 1, 3), "28 December – 3 January"),
    ],
)
def test_days_in_words(first: date, last: date, said: str) -> None:
    assert words.days(first, last, READER) == said


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ([literal("a")], "a"),
        ([literal("a"), escape("<b>")], "a and &lt;b&gt;"),
        ([literal("a"), literal("b"), literal("c")], "a, b and c"),
    ],
)
def test_things_are_listed(texts: list[words.Mrkdwn], said: str) -> None:
    assert words.listed(texts) == said


def test_counts_and_names() -> None:
    assert (words.count(1, "rep"), words.count(2, "rep")) == ("1 rep", "2 reps")
    assert words.count(2, "more rep", "more reps") == "2 more reps"
    assert (words.first_name("Priya Nair"), words.first_name(" \u3000")) == ("Priya", None)


def test_a_unit_that_people_typed_is_still_to_be_escaped() -> None:
    assert words.number(Decimal("3.5"), "<b>", READER) == "3.5 <b>"


def test_no_locale_has_a_sign_in_its_days_and_times_that_slack_would_read() -> None:
    for locale in sorted(localedata.locale_identifiers()):
        reader = Reader("Europe/London", locale, "GBP")
        for month in range(1, 13):
            when = datetime(2026, month, month, 15, 30, tzinfo=NOW.tzinfo)
            said = [words.day_and_time(when, reader), words.week(when.date(), reader)]
            assert not {"<", ">", "&"} & set("".join(said))


def test_what_came_late_is_named_where_not_everything_did() -> None:
    def said(*late: bool, edited: bool = False) -> str:
        names = ("Calls", "<Sales>", "Visits", "Demos", "Quotes")
        questions = [
            replace(MET, name=name, late=is_late, edited=edited)
            for name, is_late in zip(names, late, strict=False)
        ]
        return words.late(questions)

    assert said(True, True) == "answered late"
    assert said(False, True) == "&lt;Sales&gt; answered late"
    assert said(False, True, edited=True) == "&lt;Sales&gt; changed late"
    assert said(True, True, False) == "Calls and &lt;Sales&gt; answered late"
    assert said(True, True, True, True, False) == "4 of 5 answers late"
