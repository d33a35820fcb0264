"""When a method is closed for everybody, when it is asked again, and what opens it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.slack.delivery.probing import Probing, pause_after

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


def test_pauses_grow_to_a_quarter_of_an_hour_and_to_an_hour_where_there_is_no_window() -> None:
    assert [pause_after(tries).total_seconds() for tries in (0, 1, 2, 5, 6, 29, 99)] == [
        15, 30, 60, 480, 900, 900, 900,
    ]  # fmt: skip
    without = [pause_after(tries, within_window=False) for tries in (0, 29, 30, 5_000)]
    assert without == [seconds(15), seconds(900), timedelta(hours=1), timedelta(hours=1)]


@pytest.mark.parametrize(
    "refused", [[("C1", 1), ("C1", 2), ("C1", 3)], [("C1", 1), ("U1", 1), ("U2", 1)]]
)
def test_one_place_or_one_message_that_is_refused_closes_nothing_however_often(
    refused: list[tuple[str, int]],
) -> None:
    probing = Probing()
    for place, row in refused * 3:
        probing.refused(place, row=row, now=NOW)
    assert probing.next_at is None


def test_a_call_that_is_taken_between_two_refusals_keeps_the_method_open() -> None:
    probing = Probing()
    for row, place in enumerate(("C1", "C2", "C3", "C4")):
        probing.refused(place, row=row, now=NOW)
        assert not probing.taken()
    assert probing.next_at is None


def test_three_places_close_the_method_and_its_probes_come_less_and_less_often() -> None:
    probing = Probing()
    for row in range(5):  # the last two were under way already
        probing.refused(f"C{row}", row=row, now=NOW)
    assert probing.next_at == NOW + seconds(15)
    now, pauses = NOW + seconds(15), []
    for probe in range(7):
        probing.refused(f"P{probe}", row=probe, now=now)
        assert probing.next_at is not None
        pauses.append((probing.next_at - now).total_seconds())
        now = probing.next_at
    assert pauses == [30, 60, 120, 240, 480, 900, 900]
    assert probing.taken()
    assert probing.next_at is None
    probing.refused("C1", row=1, now=now)
    assert probing.next_at is None
