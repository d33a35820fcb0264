"""A few seeds of the simulation at every change; `make simulate SEEDS=1000` has the many."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import time

import pytest

from tests.simulation.many import outcomes
from tests.simulation.mix import Move, Span, draw_mix, quiet_mix
from tests.simulation.odd_answers import DAY, HOUR, OddAnswer
from tests.simulation.running import run
from tests.simulation.yard import Yard


@pytest.fixture(scope="module")
def yard() -> Iterator[Yard]:
    yard = Yard()
    yield yard
    yard.close()


@pytest.mark.parametrize("seed", [4, 9, 14])
def test_every_promise_is_kept(yard: Yard, seed: int) -> None:
    outcome = run(draw_mix(seed, 3), yard)
    assert not outcome.broken, "\n".join(outcome.trace[-40:])


def test_odd_answers_of_slack_cost_no_message(yard: Yard) -> None:
    monday = 3.5 * DAY
    answers = (
        OddAnswer("a_code_of_tomorrow", monday, monday + HOUR),
        OddAnswer("invalid_auth", monday + DAY, monday + 7 * DAY, "chat.postMessage", calls=1),
        OddAnswer("cant_update_message", monday + DAY, monday + 2 * DAY, "chat.update"),
    )
    outcome = run(quiet_mix(3, 2, odd_answers=answers), yard)
    assert not outcome.broken, "\n".join(outcome.trace[-40:])
    assert outcome.sometimes["call fault odd answer"]


def test_a_seed_tells_the_same_story_after_others_and_in_a_process_of_its_own(yard: Yard) -> None:
    alone = [outcome.digest for outcome in outcomes([14, 15], weeks=2, jobs=1)]
    assert [run(draw_mix(seed, 2), yard).digest for seed in (15, 14)] == alone[::-1]
    assert [outcome.digest for outcome in outcomes([14, 15], weeks=2, jobs=2)] == alone


def test_a_move_is_known_in_time_though_no_event_tells_and_reading_fails_at_first(
    yard: Yard,
) -> None:
    moves_at = 5 * 86_400.0
    world = quiet_mix(
        1,
        4,
        people={"U0SAM": "Europe/London"},
        check_in_day=6,
        check_in_at=time(1, 30),
        deadline_day=0,
        dropped_events=1.0,
        moves=(Move(moves_at, "U0SAM", "Pacific/Chatham"),),
        slack_outages=(Span(moves_at, moves_at + 86_400.0),),
    )
    outcome = run(world, yard)
    assert not outcome.broken, "\n".join(outcome.trace[-40:])
