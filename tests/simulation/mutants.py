"""Planted faults: does the simulation see? Each breaks the product in one way, and some promise must notice.

The faults are patches that hold inside this process for the length of a run; the product knows nothing of them.
`python -m tests.simulation.mutants` prints which promise caught which, and fails where one went unseen.
"""

from __future__ import annotations

import sys
import time as machine_time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tests.simulation import (
    people,
    planted_attention,
    planted_hands,
    planted_loop,
    planted_refusals,
)
from tests.simulation import planted as planted_faults
from tests.simulation.mix import Mix, quiet_mix
from tests.simulation.planted import Mutant, Patch
from tests.simulation.running import run
from tests.simulation.yard import Yard


@dataclass(frozen=True)
class Hunted:
    """Which promise caught a mutant, and how long that took."""

    promise: str | None
    words: str = ""
    seeds: int = 0
    weeks: int = 0


SEEDS = 6

MUTANTS = (
    *planted_faults.MUTANTS,
    *planted_hands.MUTANTS,
    *planted_attention.MUTANTS,
    *planted_loop.MUTANTS,
    *planted_refusals.MUTANTS,
)


def hunt(mutant: Mutant, yard: Yard) -> Hunted:
    """Run the mutant seed by seed until a promise is broken that the product itself keeps there."""
    for seed in range(1, SEEDS + 1):
        with planted(mutant):
            outcome = run(mix_of(mutant, seed), yard, mutations=_handlers(mutant))
        if outcome.broken:
            if not is_clean(mutant, yard, seed):
                return Hunted(None, "the product itself breaks a promise there", seed)
            first = outcome.broken[0]
            return Hunted(first.promise, first.words, seed, seed * mutant.weeks)
    return Hunted(None, seeds=SEEDS, weeks=SEEDS * mutant.weeks)


def is_clean(mutant: Mutant, yard: Yard, seed: int) -> bool:
    """Whether the product itself keeps every promise in the mutant's world."""
    with patched([(people, "HABITS", mutant.habits)]):
        return not run(mix_of(mutant, seed), yard).broken


@contextmanager
def planted(mutant: Mutant) -> Iterator[None]:
    """The product with the fault in it."""
    with patched([*mutant.patches(), (people, "HABITS", mutant.habits)]):
        yield


@contextmanager
def patched(patches: Sequence[Patch]) -> Iterator[None]:
    kept = [(owner, name, getattr(owner, name)) for owner, name, _ in patches]
    try:
        for owner, name, instead in patches:
            setattr(owner, name, instead)
        yield
    finally:
        for owner, name, was in reversed(kept):
            setattr(owner, name, was)


def mix_of(mutant: Mutant, seed: int) -> Mix:
    """Two reps, and only the faults that the mutant needs."""
    return quiet_mix(seed, mutant.weeks, **mutant.mix)


def _handlers(mutant: Mutant) -> Callable[[Any], None]:
    def mutate(world: Any) -> None:
        world.retry_handlers = mutant.retry_handlers

    return mutate


def main() -> int:
    """Hunt every mutant and print the table; 1 where one was not caught."""
    yard, missed, began = Yard(), 0, machine_time.monotonic()
    wanted = sys.argv[1:]
    try:
        for mutant in MUTANTS:
            if wanted and mutant.name not in wanted:
                continue
            found = hunt(mutant, yard)
            missed += found.promise is None
            by = found.promise or "NOT CAUGHT"
            sys.stdout.write(
                f"{mutant.name:42} {by:24} {found.seeds} seeds, {found.weeks:2} weeks"
                f"  {found.words[:90]}\n"
            )
            sys.stdout.flush()
    finally:
        yard.close()
    sys.stdout.write(
        f"{len(MUTANTS)} mutants, {missed} not caught; {machine_time.monotonic() - began:.0f} s\n"
    )
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
