"""A few seeds of the simulation at every change; `make simulate SEEDS=1000` has the many."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.simulation.mix import draw_mix
from tests.simulation.world import Yard, run


@pytest.fixture(scope="module")
def yard() -> Iterator[Yard]:
    yard = Yard()
    yield yard
    yard.close()


@pytest.mark.parametrize("seed", [4, 7, 9, 14])
def test_every_promise_is_kept(yard: Yard, seed: int) -> None:
    outcome = run(draw_mix(seed, 3), yard)
    assert not outcome.broken, "\n".join(outcome.trace[-40:])


def test_a_seed_tells_the_same_story_twice(yard: Yard) -> None:
    mix = draw_mix(7, 2)
    assert run(mix, yard).digest == run(mix, yard).digest
