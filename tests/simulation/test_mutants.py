"""The simulation notices planted faults; `make simulate-mutants` shows it for all of them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.simulation.mutants import MUTANTS, hunt
from tests.simulation.planted import Mutant
from tests.simulation.yard import Yard

QUICK = {"a post is made twice", "silence counts as No", "an ack before the commit"}


@pytest.fixture(scope="module")
def yard() -> Iterator[Yard]:
    yard = Yard()
    yield yard
    yard.close()


@pytest.mark.parametrize(
    "mutant", [m for m in MUTANTS if m.name in QUICK], ids=lambda m: m.name.replace(" ", "_")
)
def test_a_planted_fault_is_caught(yard: Yard, mutant: Mutant) -> None:
    hunted = hunt(mutant, yard)
    assert hunted.promise, hunted.words


def test_every_fault_has_a_name_of_its_own() -> None:
    names = {mutant.name for mutant in MUTANTS}
    assert len(names) == len(MUTANTS) >= 12
    assert names >= QUICK
