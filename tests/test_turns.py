"""In turn: every test that repeats another one is taken by one run of five, and all others by each."""

from __future__ import annotations

from pathlib import PurePath

import pytest

from tests.turns import TURNS, is_due, is_repetition, leave_to_others, turn


def test_every_name_has_its_turn_once() -> None:
    names = [f"tests/domain/test_a.py::test_{number}[postgresql]" for number in range(300)]

    shares = [{name for name in names if is_due(name, each)} for each in range(TURNS)]

    assert sorted(name for share in shares for name in share) == sorted(names)
    assert all(len(share) > len(names) / TURNS / 2 for share in shares)
    assert all(is_due(name, None) for name in names)


@pytest.mark.parametrize(
    ("number", "whose"), [("0", 0), ("2", 2), ("5", 0), ("a1b2c3d", 0xA1B2C3D % TURNS)]
)
def test_the_turn_is_that_of_a_commit(
    monkeypatch: pytest.MonkeyPatch, number: str, whose: int
) -> None:
    monkeypatch.setenv("TEST_TURN", number)

    assert turn() == whose


def test_without_a_commit_it_is_everybodys_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TEST_TURN", raising=False)

    assert turn() is None


@pytest.mark.parametrize(
    ("place", "database_url", "expected"),
    [
        ("domain/checkins/test_presses.py", "postgresql", True),
        ("domain/checkins/test_presses.py", "sqlite", False),
        ("domain/checkins/test_presses.py", None, False),
        ("database/test_commits.py", "postgresql", False),
        ("migrations/test_rows.py", "postgresql", False),
        ("http/test_scenarios.py", None, True),
        ("http/test_server.py", None, False),
        ("scenarios/test_monday.py", "sqlite", False),
    ],
)
def test_only_what_repeats_waits(place: str, database_url: str | None, expected: bool) -> None:
    parameters = {} if database_url is None else {"database_url": database_url}

    assert is_repetition(PurePath(place), parameters) is expected


def test_five_runs_together_take_everything_that_one_takes(request: pytest.FixtureRequest) -> None:
    everything = list(request.session.items)
    taken = []
    for each in range(TURNS):
        items = list(everything)
        others = leave_to_others(items, each)
        assert len(items) + len(others) == len(everything)
        taken += items

    assert set(taken) == set(everything)
