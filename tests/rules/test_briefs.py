"""The weekly brief: when it is due, whom to speak with first, and what deserves praise."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from bot.rules.acts import Act
from bot.rules.briefs import (
    STRAGGLERS,
    TOO_LATE,
    Best,
    Due,
    RepWeek,
    Result,
    counted,
    due,
    is_spoken_with,
    praise_order,
    praised_for,
    row_order,
    speaks_first,
    waits,
)

CLOSES = datetime(2026, 11, 24, 17, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
BEST = Best("Conversations", "count", Decimal(27), Decimal(24))


@pytest.mark.parametrize(
    ("asked", "waiting", "now", "expected"),
    [
        (8, 0, CLOSES - timedelta(hours=20), Due.NOW),  # everybody has answered
        (8, 1, CLOSES - MINUTE, Due.WAIT),
        (8, 1, CLOSES + STRAGGLERS - MINUTE, Due.WAIT),  # in the west the day goes on
        (8, 1, CLOSES + STRAGGLERS, Due.NOW),  # a rep who came back late is not waited for
        (8, 4, CLOSES + STRAGGLERS, Due.NOW),
        (8, 5, CLOSES + STRAGGLERS, Due.WAIT),  # most were asked late
        (8, 5, CLOSES + TOO_LATE + MINUTE, Due.NEVER),
        (8, 0, CLOSES + TOO_LATE, Due.NOW),
        (8, 0, CLOSES + TOO_LATE + MINUTE, Due.NEVER),
        (0, 0, CLOSES - MINUTE, Due.WAIT),  # somebody may be asked still
        (0, 0, CLOSES, Due.NEVER),  # a holiday, or a team without reps
        (0, 3, CLOSES - MINUTE, Due.WAIT),  # in the west Monday has not begun
    ],
)
def test_when_it_is_due(asked: int, waiting: int, now: datetime, expected: Due) -> None:
    assert due(asked=asked, waiting=waiting, closes_at=CLOSES, now=now) is expected


def missed(name: str, act: Act | None, **facts: object) -> RepWeek:
    return replace(RepWeek(name, Result.MISSED, act), **facts)  # type: ignore[arg-type]


def test_whom_to_speak_with_first() -> None:
    reps = [
        missed("Ida", Act.MENTOR),
        missed("Gus", Act.COACH, misses=1),
        missed("Eve", Act.HOLD_ACCOUNTABLE, misses=1),
        missed("bob", Act.MOTIVATE, misses=2),
        missed("Hal", Act.COACH, misses=1),
        missed("Ada", Act.MENTOR, asked_advice=True),
        RepWeek("Dan", Result.SILENT, Act.HOLD_ACCOUNTABLE, misses=3),
        missed("Fay", Act.COACH, misses=4),
        missed("Cy", Act.MOTIVATE, misses=2),
    ]
    first = [rep.name for rep in sorted(reps, key=speaks_first)]
    assert first == ["Ada", "bob", "Cy", "Dan", "Eve", "Fay", "Gus", "Hal", "Ida"]


@pytest.mark.parametrize(
    ("rep", "expected"),
    [
        (missed("Ada", Act.COACH), True),
        (RepWeek("Ada", Result.SILENT, Act.HOLD_ACCOUNTABLE), True),
        (missed("Ada", None), False),  # it is done
        (RepWeek("Ada", Result.MET, Act.COACH), False),  # it is no miss any more
        (RepWeek("Ada", Result.OPEN, Act.COACH), False),
    ],
)
def test_who_is_spoken_with(rep: RepWeek, expected: bool) -> None:
    assert is_spoken_with(rep) is expected


def met(**facts: object) -> RepWeek:
    return replace(RepWeek("Ada", Result.MET), **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rep", "said"),
    [
        (met(), []),
        (met(streak=2), []),
        (met(streak=3), ["every goal met for 3 weeks in a row"]),
        (met(streak=9, holds=False), []),  # the log does not carry it
        (met(bests=[BEST]), ["personal best in conversations: 27, after 24"]),
        (
            met(bests=[Best("Sales", "money", Decimal(18_000), Decimal(14_500))]),
            ["personal best in sales: $18,000, after $14,500"],
        ),
        (missed("Ada", Act.COACH, streak=5), []),
        (missed("Ada", Act.COACH, kept_steps=["Three plans"]), ["kept the step “Three plans”"]),
        (
            met(streak=4, bests=[BEST], kept_steps=["Three plans"]),
            [
                "personal best in conversations: 27, after 24",
                "every goal met for 4 weeks in a row",
                "kept the step “Three plans”",
            ],
        ),
    ],
)
def test_what_deserves_praise(rep: RepWeek, said: list[str]) -> None:
    assert praised_for(rep) == said


def test_amounts_are_written_as_the_reader_writes_them() -> None:
    best = Best("Sales", "money", Decimal(18_000), Decimal(14_500))
    (said,) = praised_for(met(bests=[best]), currency="EUR", locale="de_DE")
    assert said.replace("\xa0", " ") == "personal best in sales: 18.000 €, after 14.500 €"


def test_bests_are_praised_before_streaks() -> None:
    reps = [met(streak=3), met(streak=8), met(bests=[BEST]), replace(met(), name="Zoe")]
    found = sorted(reps, key=praise_order)
    assert [(len(rep.bests), rep.streak) for rep in found] == [(1, 0), (0, 8), (0, 3), (0, 0)]


def test_the_table_begins_with_what_needs_the_coach() -> None:
    reps = [RepWeek("Ada", result) for result in Result]
    reps += [met(differs=True), replace(met(), name="Abe")]
    found = [(rep.result.value, rep.differs, rep.name) for rep in sorted(reps, key=row_order)]
    assert found == [
        ("missed", False, "Ada"),
        ("silent", False, "Ada"),
        ("open", False, "Ada"),
        ("met", True, "Ada"),
        ("met", False, "Abe"),
        ("met", False, "Ada"),
        ("away", False, "Ada"),
        ("unasked", False, "Ada"),
    ]


def test_what_is_counted() -> None:
    silent, away = RepWeek("Ada", Result.SILENT), RepWeek("Bob", Result.AWAY)
    assert counted([silent, away, silent]) == [
        (Result.MET, 0),
        (Result.SILENT, 2),
        (Result.AWAY, 1),
    ]


def test_how_long_alerts_waited() -> None:
    came = CLOSES
    found = waits(
        [
            (came, came + timedelta(hours=1)),
            (came, came + timedelta(hours=30)),
            (came, came + timedelta(hours=4)),
            (came + MINUTE, None),
            (came, None),
        ]
    )
    assert (found.acted, found.typical) == (3, timedelta(hours=4))
    assert (found.waiting, found.since) == (2, came)


def test_without_alerts_nothing_waited() -> None:
    found = waits([])
    assert (found.acted, found.typical, found.waiting, found.since) == (0, None, 0, None)
