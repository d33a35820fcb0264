"""Absences as people type them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.absence_words import EXAMPLE, Absence, kind_of, must_be_possible, parse_absences
from bot.rules.problems import AbsenceProblem

WEDNESDAY = date(2026, 11, 25)


def read(text: str) -> tuple[str, str, str]:
    (found,) = parse_absences(text, today=WEDNESDAY).absences
    return found.first.isoformat(), found.last.isoformat(), found.kind


DECEMBER = ("2026-12-03", "2026-12-10", "away")


@pytest.mark.parametrize(
    "text",
    [
        "3 Dec – 10 Dec",
        "3 dec - 10 dec",
        "3 Dec — 10 Dec",
        "3 Dec to 10 Dec",
        "from 3 Dec until 10 Dec",
        "between 3 Dec and 10 Dec",
        "3-10 Dec",
        "3 – 10 December",
        "3rd-10th Dec",
        "Dec 3-10",
        "Dec 3 – Dec 10",
        "December 3rd – 10th",
        "3 Dec 10 Dec",
        "2026-12-03 to 2026-12-10",
        "2026-12-03 – 2026-12-10",
        "2026-12-03 2026-12-10",
        "3 Dec – 2026-12-10",
        "3 Dec 2026 – 10 Dec 2026",
        "3 Dec – 10 Dec 2026",
        "3-10 Dec 2026",
        "Dec 3-10, 2026",
        "  3\u00a0Dec   –  10  Dec ",
    ],
)
def test_a_range_in_many_ways(text: str) -> None:
    assert read(text) == DECEMBER


@pytest.mark.parametrize(
    ("text", "first", "last", "kind"),
    [
        ("today", "2026-11-25", "2026-11-25", "away"),
        ("tomorrow", "2026-11-26", "2026-11-26", "away"),
        ("yesterday", "2026-11-24", "2026-11-24", "away"),
        ("sick today", "2026-11-25", "2026-11-25", "sick"),
        ("today, sick", "2026-11-25", "2026-11-25", "sick"),
        ("vacation 3 Dec", "2026-12-03", "2026-12-03", "vacation"),
        ("holiday 3 Dec", "2026-12-03", "2026-12-03", "vacation"),
        ("monday", "2026-11-30", "2026-11-30", "away"),
        ("on Monday", "2026-11-30", "2026-11-30", "away"),
        ("wednesday", "2026-11-25", "2026-11-25", "away"),
        ("last monday", "2026-11-23", "2026-11-23", "away"),
        ("mon-wed", "2026-11-30", "2026-12-02", "away"),
        ("fri – mon", "2026-11-27", "2026-11-30", "away"),
        ("today – friday", "2026-11-25", "2026-11-27", "away"),
        ("yesterday – today", "2026-11-24", "2026-11-25", "away"),
        ("yesterday to tomorrow", "2026-11-24", "2026-11-26", "away"),
        ("18 Nov – today", "2026-11-18", "2026-11-25", "away"),
        ("until tomorrow", "2026-11-25", "2026-11-26", "away"),
        ("until friday", "2026-11-25", "2026-11-27", "away"),
        ("this week", "2026-11-23", "2026-11-29", "away"),
        ("next week", "2026-11-30", "2026-12-06", "away"),
        ("last week", "2026-11-16", "2026-11-22", "away"),
        ("28 Dec – 3 Jan", "2026-12-28", "2027-01-03", "away"),
        ("28 Dec – 3 Jan 2028", "2027-12-28", "2028-01-03", "away"),
        ("3 – 10 Dec 2027", "2027-12-03", "2027-12-10", "away"),
        ("3 Dec", "2026-12-03", "2026-12-03", "away"),
        ("18 Nov", "2026-11-18", "2026-11-18", "away"),  # last week rather than in a year
        ("10 Dec – 3 Dec", "2026-12-10", "2026-12-03", "away"),  # refused afterwards, in words
        ("23/12 – 31/12", "2026-12-23", "2026-12-31", "away"),
        ("３ Dec", "2026-12-03", "2026-12-03", "away"),
        ("ill today", "2026-11-25", "2026-11-25", "sick"),
        ("sickness today", "2026-11-25", "2026-11-25", "sick"),
        ("holidays 3 Dec", "2026-12-03", "2026-12-03", "vacation"),
        ("on leave 3 Dec", "2026-12-03", "2026-12-03", "vacation"),
        ("on 3 – 10 Dec", *DECEMBER),
        ("off 3 Dec", "2026-12-03", "2026-12-03", "away"),
        ("away the 3rd Dec", "2026-12-03", "2026-12-03", "away"),
        ("day off tomorrow", "2026-11-26", "2026-11-26", "away"),
        ("3 Dec till 10 Dec", *DECEMBER),
        ("3 Dec through 10 Dec", *DECEMBER),
        ("3‑10 Dec", *DECEMBER),  # with a hyphen that doesn't break
        ("till friday", "2026-11-25", "2026-11-27", "away"),
        ("18 Nov – yesterday", "2026-11-18", "2026-11-24", "away"),
        ("18 Nov – last monday", "2026-11-18", "2026-11-23", "away"),
        ("18 Nov – tomorrow", "2026-11-18", "2026-11-26", "away"),
        ("2026-12-03 friday", "2026-12-03", "2026-12-04", "away"),
        ("Dec 3 – 10, 2027", "2027-12-03", "2027-12-10", "away"),
        ("monday – 10 Dec 2027", "2026-11-30", "2027-12-10", "away"),
        ("3 Dec – 3 Dec 2027", "2027-12-03", "2027-12-03", "away"),
    ],
)
def test_what_people_type(text: str, first: str, last: str, kind: str) -> None:
    assert read(text) == (first, last, kind)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", f"Say which days you are away, like today or {EXAMPLE}."),
        ("vacation", f"Say which days you are away, like today or {EXAMPLE}."),
        ("3.12.2026", "“3.12.2026” can be read as two days: type one like 2026-11-25."),
        ("soon", f"I can't read “soon” as days: type them like today or {EXAMPLE}."),
        ("3", f"I can't read “3” as days: type them like today or {EXAMPLE}."),
        ("3 Dec –", f"I can't read “3 Dec –” as days: type them like today or {EXAMPLE}."),
        (
            "3 – 5 – 7 Dec",
            f"I can't read “3 – 5 – 7 Dec” as days: type them like today or {EXAMPLE}.",
        ),
        ("3/12", "“3/12” can be read as two days: type one like 2026-11-25."),
        ("31 Feb", "“31 Feb” is not in the calendar: type a day like 2026-11-25."),
        ("3 Dec – 31 Feb", "“3 Dec – 31 Feb” is not in the calendar: type a day like 2026-12-03."),
        (
            "sick vacation today",
            "Say sick or vacation, not both: record them one after the other.",
        ),
        *(
            (text, f"I can't read “{text}” as days: type them like today or 3 Dec – 10 Dec.")
            for text in (
                "3 Dec – soon",
                "soon – 3 Dec",
                "soon – 3 Dec 2027",
                "3 Dec – soon or 2027",
                "3 Dec – 10 Dec maybe",
                "soon now 3 Dec",
                "3 Dec – 31 Feb – 7 Mar",
                "x" * 60,
            )
        ),
        (
            "x" * 61,
            f"I can't read “{'x' * 59}…” as days: type them like today or {EXAMPLE}.",
        ),
        (
            "x" * 200,
            f"I can't read “{'x' * 59}…” as days: type them like today or {EXAMPLE}.",
        ),
        ("x" * 201, f"That is too long to be days: type them like {EXAMPLE}."),
    ],
)
def test_what_cannot_be_read_says_what_to_type(text: str, sentence: str) -> None:
    with pytest.raises(AbsenceProblem) as problem:
        read(text)
    assert str(problem.value) == sentence


def test_days_without_a_kind_are_away() -> None:
    assert Absence(WEDNESDAY, WEDNESDAY).kind == "away"


EARLIEST = date(2026, 11, 9)


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        (
            date(2026, 12, 10),
            date(2026, 12, 3),
            f"Thursday 3 December comes before Thursday 10 December: type the first day first, "
            f"like {EXAMPLE}.",
        ),
        (
            date(2027, 11, 20),
            date(2027, 11, 27),
            "Saturday 27 November 2027 is more than a year ahead: "
            "choose days up to Friday 26 November 2027.",
        ),
        (
            date(2026, 11, 5),
            date(2026, 11, 12),
            "The week of Monday 2 November is closed for good: "
            "choose days from Monday 9 November on.",
        ),
    ],
)
def test_what_is_impossible_says_what_to_choose(first: date, last: date, sentence: str) -> None:
    with pytest.raises(AbsenceProblem) as problem:
        must_be_possible(first, last, today=WEDNESDAY, earliest=EARLIEST)
    assert str(problem.value) == sentence


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("out tomorrow", ["2026-11-30 2026-11-30"]),
        ("sick tomorrow", ["2026-11-30 2026-11-30"]),
        ("tomorrow for 2 days", ["2026-11-30 2026-12-01"]),
        ("saturday", ["2026-11-28 2026-11-28"]),
        ("today and tomorrow", ["2026-11-27 2026-11-28"]),
        ("until tomorrow", ["2026-11-27 2026-11-28"]),
        ("tomorrow to wednesday", ["2026-11-28 2026-12-02"]),
    ],
)
def test_tomorrow_is_the_next_working_day_where_nobody_works_on_the_days(
    text: str, days: list[str]
) -> None:
    friday = date(2026, 11, 27)
    said = parse_absences(text, today=friday, works=lambda day: day.weekday() < 5)
    assert [f"{one.first} {one.last}" for one in said.absences] == days
    sentence = "Tomorrow is no working day, so I took it as Monday 30 November."
    assert (sentence in said.notes) == (days[0][:10] == "2026-11-30")


def test_tomorrow_stays_tomorrow_where_nothing_is_worked_for_weeks() -> None:
    friday = date(2026, 11, 27)
    said = parse_absences("tomorrow", today=friday, works=lambda day: False)
    assert (said.absences[0].first, said.notes) == (date(2026, 11, 28), ())


def test_the_edges_are_possible() -> None:
    must_be_possible(EARLIEST, EARLIEST, today=WEDNESDAY, earliest=EARLIEST)
    year = WEDNESDAY + timedelta(days=366)
    must_be_possible(year, year, today=WEDNESDAY, earliest=EARLIEST)


@pytest.mark.parametrize("kind", ["away", "vacation", "sick"])
def test_kinds_have_names(kind: str) -> None:
    assert kind_of(kind) == kind
    assert kind_of("holidays") is None


@given(st.text(max_size=60), st.dates(date(2001, 1, 1), date(2090, 1, 1)))
def test_any_text_is_days_or_a_sentence(text: str, today: date) -> None:
    try:
        said = parse_absences(text, today=today).absences[0].kind
    except AbsenceProblem as problem:
        said = str(problem)
    assert said in {"away", "vacation", "sick"} or said.endswith(".")


@given(st.integers(-55, 180), st.integers(0, 30), st.dates(date(2001, 1, 1), date(2090, 1, 1)))
def test_days_written_out_come_back(offset: int, length: int, today: date) -> None:
    first = today + timedelta(days=offset)
    last = first + timedelta(days=length)
    if (first.month, first.day) == (2, 29) or (last.month, last.day) == (2, 29):
        return
    (found,) = parse_absences(f"{first:%-d %b} – {last:%-d %b}", today=today).absences
    assert (found.first, found.last) == (first, last)
