"""Days off as people type them, on Wednesday 25 November 2026: what is recorded, and what is said back."""

from __future__ import annotations

from datetime import date

import pytest

from bot.rules.absence_words import parse_absences
from bot.rules.problems import AbsenceProblem

WEDNESDAY = date(2026, 11, 25)


def outcome(text: str, *, today: date = WEDNESDAY, day_first: bool | None = True) -> str:
    """`sick 25.11; 30.11-02.12`, or the sentence."""
    try:
        line = parse_absences(text, today=today, day_first=day_first)
    except AbsenceProblem as problem:
        return f"refused: {problem}"
    spans = []
    for one in line.absences:
        first, last = (
            f"{day:%d.%m}" if day.year == today.year else f"{day:%d.%m.%y}"
            for day in (one.first, one.last)
        )
        spans.append(first if first == last else f"{first}-{last}")
    kind = line.absences[0].kind
    assert {one.kind for one in line.absences} == {kind}
    return ("" if kind == "away" else f"{kind} ") + "; ".join(spans)


AS_TYPED = """
today                                 -> 25.11
Today                                 -> 25.11
TODAY!                                -> 25.11
today 🤒                              -> 25.11
off today                             -> 25.11
I'm off today                         -> 25.11
i’m out today                         -> 25.11
I am away today                       -> 25.11
today please                          -> 25.11
day off today                         -> 25.11
ooo today                             -> 25.11
out of office today                   -> 25.11
I will be out of office tomorrow      -> 26.11
tomorrow                              -> 26.11
Tomorrow.                             -> 26.11
yesterday                             -> 24.11
today and tomorrow                    -> 25.11-26.11
today & tomorrow                      -> 25.11-26.11
today + tomorrow                      -> 25.11-26.11
yesterday and today                   -> 24.11-25.11
today, tomorrow                       -> 25.11-26.11
tomorrow afternoon                    -> 26.11
this afternoon                        -> 25.11
this morning                          -> 25.11
tonight                               -> 25.11
half day tomorrow                     -> 26.11
friday pm                             -> 27.11
sick                                  -> sick 25.11
sick today                            -> sick 25.11
Sick today 🤒                         -> sick 25.11
today sick                            -> sick 25.11
today, sick                           -> sick 25.11
I'm sick today                        -> sick 25.11
I am ill today                        -> sick 25.11
ill be away today                     -> 25.11
unwell today                          -> sick 25.11
feeling unwell today                  -> sick 25.11
flu today and tomorrow                -> sick 25.11-26.11
sick yesterday                        -> sick 24.11
called in sick today                  -> sick 25.11
sick until friday                     -> sick 25.11-27.11
sick till friday                      -> sick 25.11-27.11
sick since monday                     -> sick 23.11-25.11
since monday                          -> 23.11-25.11
since yesterday                       -> 24.11-25.11
sick since 23 Nov                     -> sick 23.11-25.11
sick mon-wed                          -> sick 30.11-02.12
sick all week                         -> sick 23.11-29.11
sick for 3 days                       -> sick 25.11-27.11
sick for three days                   -> sick 25.11-27.11
sick for a week                       -> sick 25.11-01.12
monday                                -> 30.11
Mon                                   -> 30.11
on Monday                             -> 30.11
wednesday                             -> 25.11
last monday                           -> 23.11
this friday                           -> 27.11
next friday                           -> 04.12
Next Fri                              -> 04.12
next monday                           -> 30.11
friday next week                      -> 04.12
next week friday                      -> 04.12
next week on friday                   -> 04.12
next mon-wed                          -> 30.11-02.12
next monday to wednesday              -> 30.11-02.12
mon and wed                           -> 30.11; 02.12
Mon & Wed                             -> 30.11; 02.12
mon, wed                              -> 30.11; 02.12
mon + wed                             -> 30.11; 02.12
mon, wed and fri                      -> 30.11; 02.12; 04.12
monday and tuesday                    -> 30.11-01.12
thursday and monday                   -> 26.11; 30.11
wed and fri                           -> 25.11; 27.11
today and friday                      -> 25.11; 27.11
tomorrow and monday                   -> 26.11; 30.11
sick mon and wed                      -> sick 30.11; 02.12
mon-tue and fri                       -> 30.11-01.12; 04.12
mon to tue, fri                       -> 30.11-01.12; 04.12
mon-wed                               -> 30.11-02.12
mon – wed                             -> 30.11-02.12
Mon—Wed                               -> 30.11-02.12
mon to wed                            -> 30.11-02.12
monday till wednesday                 -> 30.11-02.12
monday through wednesday              -> 30.11-02.12
monday thru wednesday                 -> 30.11-02.12
monday until wednesday                -> 30.11-02.12
from monday to wednesday              -> 30.11-02.12
between monday and wednesday          -> 30.11-02.12
from monday until 10 dec              -> 30.11-10.12
from monday                           -> 30.11-06.12
From Monday.                          -> 30.11-06.12
starting monday                       -> 30.11-06.12
from tomorrow                         -> 26.11-29.11
from 7 dec                            -> 07.12-13.12
from monday for 3 days                -> 30.11-02.12
monday for 3 days                     -> 30.11-02.12
for 3 days from monday                -> 30.11-02.12
3 days from monday                    -> 30.11-02.12
3 days                                -> 25.11-27.11
2 weeks from 7 dec                    -> 07.12-20.12
two weeks from 7 dec                  -> 07.12-20.12
7 dec for two weeks                   -> 07.12-20.12
until friday                          -> 25.11-27.11
till friday                           -> 25.11-27.11
until 3 dec                           -> 25.11-03.12
this week                             -> 23.11-29.11
next week                             -> 30.11-06.12
last week                             -> 16.11-22.11
all week                              -> 23.11-29.11
rest of the week                      -> 25.11-29.11
the week of 7 dec                     -> 07.12-13.12
week of 9 dec                         -> 07.12-13.12
vacation next week                    -> vacation 30.11-06.12
holiday next week                     -> vacation 30.11-06.12
PTO next week                         -> vacation 30.11-06.12
annual leave 3-10 Dec                 -> vacation 03.12-10.12
on leave 3 Dec                        -> vacation 03.12
vacation from 3 to 10 dec             -> vacation 03.12-10.12
3 Dec                                 -> 03.12
3rd Dec                               -> 03.12
3rd of December                       -> 03.12
the 3rd of December                   -> 03.12
Dec 3                                 -> 03.12
Dec 3rd                               -> 03.12
December 3, 2026                      -> 03.12
3 Dec 2026                            -> 03.12
3 dec and 5 dec                       -> 03.12; 05.12
3 and 5 dec                           -> 03.12; 05.12
3, 4 and 7 dec                        -> 03.12-04.12; 07.12
dec 3 and 5                           -> 03.12; 05.12
3 – 10 Dec                            -> 03.12-10.12
3-10 Dec                              -> 03.12-10.12
3 to 10 Dec                           -> 03.12-10.12
3 Dec – 10 Dec                        -> 03.12-10.12
Dec 3-10                              -> 03.12-10.12
3 Dec 10 Dec                          -> 03.12-10.12
3-4 dec and 10-11 dec                 -> 03.12-04.12; 10.12-11.12
24/12                                 -> 24.12
24.12.                                -> 24.12
24.12                                 -> 24.12
24.12.2026                            -> 24.12
3/12                                  -> 03.12
3.12.                                 -> 03.12
24/12 to 2/1                          -> 24.12-02.01.27
24/12-2/1                             -> 24.12-02.01.27
24.12. - 2.1.                         -> 24.12-02.01.27
24.12.–02.01.                         -> 24.12-02.01.27
24 Dec – 2 Jan                        -> 24.12-02.01.27
28 Dec to 3 Jan                       -> 28.12-03.01.27
28 Dec – 3 Jan 2027                   -> 28.12-03.01.27
28 Dec 2026 – 3 Jan 2027              -> 28.12-03.01.27
2026-12-24 to 2027-01-02              -> 24.12-02.01.27
between christmas and new year        -> 25.12-01.01.27
christmas eve                         -> 24.12
xmas to new year                      -> 25.12-01.01.27
31 Dec and 1 Jan                      -> 31.12-01.01.27
2 Jan                                 -> 02.01.27
18 Nov                                -> 18.11
1 May                                 -> 01.05.27
1 Oct 2027                            -> 01.10.27
1 Sep                                 -> refused: “1 Sep” can be Tuesday 1 September
31 Feb                                -> refused: “31 Feb” is not in the calendar
3                                     -> refused: I can't read “3” as days
soon                                  -> refused: I can't read “soon” as days
in 2 weeks                            -> refused: I can't read “in 2 weeks” as days
mon and soon                          -> refused: I can't read “mon and soon” as days
Acme 2nd                              -> refused: I can't read “Acme 2nd” as days
sick and vacation today               -> refused: Say sick or vacation, not both
"""
ROWS = [tuple(part.strip() for part in row.split("->")) for row in AS_TYPED.strip().splitlines()]


def test_there_are_many_lines() -> None:
    assert len(ROWS) >= 150
    assert len({line for line, _ in ROWS}) == len(ROWS)


@pytest.mark.parametrize(("line", "expected"), ROWS)
def test_days_as_they_are_typed(line: str, expected: str) -> None:
    found = outcome(line)
    if expected.startswith("refused"):
        assert found.startswith(expected)
        assert found.endswith(".")
    else:
        assert found == expected


@pytest.mark.parametrize(
    ("line", "day_first", "expected"),
    [
        ("3/12", True, "03.12"),
        ("3/12", False, "12.03.27"),
        ("3/12", None, "refused: “3/12” can be read as two days: type one like 2026-11-25."),
        # One date that has only one reading decides for the others.
        ("24/12 to 2/1", False, "24.12-02.01.27"),
        ("12/24 to 1/2", True, "24.12-02.01.27"),
        ("12/24 to 1/2", None, "24.12-02.01.27"),
        ("24.12. - 2.1.", False, "24.12-02.01.27"),
    ],
)
def test_figures_are_read_as_the_locale_writes_them(
    line: str, day_first: bool | None, expected: str
) -> None:
    assert outcome(line, day_first=day_first) == expected


@pytest.mark.parametrize(
    ("line", "note"),
    [
        ("today", None),
        ("next friday", "I read “next friday” as Friday 4 December."),
        ("3/12", "I read “3/12” as Thursday 3 December."),
        ("24/12 to 2/1", "I read “2/1” as Saturday 2 January 2027."),
        (
            "from monday",
            "No last day was said, so it is the rest of that week, until Sunday 6 December.",
        ),
        ("tomorrow afternoon", "Days count whole: a part of a day is recorded as the day."),
    ],
)
def test_what_had_two_readings_is_said_back(line: str, note: str | None) -> None:
    notes = parse_absences(line, today=WEDNESDAY, day_first=True).notes
    assert notes == (() if note is None else (note,))


@pytest.mark.parametrize(
    ("today", "line", "expected"),
    [
        (
            date(2026, 12, 14),
            "1 Oct",
            "refused: “1 Oct” can be Thursday 1 October, which is past, or Friday 1 October 2027: "
            "type it with its year, like 1 Oct 2027.",
        ),
        (date(2026, 12, 14), "1 Nov", "01.11"),  # within 60 days: just now
        (date(2026, 12, 31), "tomorrow", "01.01.27"),
        (date(2026, 12, 31), "next monday", "04.01.27"),
        (date(2027, 1, 4), "30 Dec", "30.12.26"),
        (date(2027, 1, 4), "28 Dec - 1 Jan", "28.12.26-01.01"),
        (date(2026, 11, 30), "next monday", "07.12"),  # said on a Monday
        (date(2026, 11, 29), "next monday", "30.11"),  # said on a Sunday
        (date(2026, 11, 29), "this week", "23.11-29.11"),
    ],
)
def test_on_other_days(today: date, line: str, expected: str) -> None:
    assert outcome(line, today=today) == expected
