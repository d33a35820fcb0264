"""`python -m tests.simulation`: many seeds, or one again with its trace."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from dataclasses import replace
from typing import TextIO

from tests.simulation.many import cores, outcomes
from tests.simulation.mix import Mix, draw_mix
from tests.simulation.running import Outcome, digest_of, run
from tests.simulation.yard import Yard


def main() -> int:
    """Run what the command line asks for; 1 when a promise was broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation")
    parser.add_argument("--seeds", type=int, default=20, help="how many seeds")
    parser.add_argument("--first", type=int, default=1, help="the first of them")
    parser.add_argument("--seed", type=int, help="this seed only, with its trace")
    parser.add_argument("--weeks", type=int, default=52)
    parser.add_argument("--off", action="append", default=[], help="switch something off")
    parser.add_argument("--go-on", action="store_true", help="do not stop at a broken promise")
    parser.add_argument("--jobs", type=int, default=cores(), help="how many at once")
    given = parser.parse_args()
    if given.seed is not None:
        return _one(draw_mix(given.seed, given.weeks).without_all(given.off))
    return _many(range(given.first, given.first + given.seeds), given)


def _one(mix: Mix) -> int:
    yard = Yard()
    try:
        outcome = run(mix, yard)
    finally:
        yard.close()
    _say("\n".join(outcome.trace))
    _summary(outcome)
    return int(bool(outcome.broken))


def _summary(outcome: Outcome) -> None:
    mix = outcome.mix
    _say(f"seed {mix.seed}, {mix.weeks} weeks, {len(mix.people)} reps: {', '.join(mix.kinds())}")
    for broken in outcome.broken:
        _say(f"  {broken}")
    _say(f"  {outcome.seconds:.1f} s, digest {outcome.digest}")


def _many(seeds: range, given: argparse.Namespace) -> int:
    sometimes: Counter[str] = Counter()
    digests: list[str] = []
    failed, began, cpu = 0, time.monotonic(), 0.0
    for outcome in outcomes(seeds, weeks=given.weeks, jobs=given.jobs):
        sometimes.update(outcome.sometimes)
        digests.append(outcome.digest)
        cpu += outcome.seconds
        if outcome.broken:
            failed += 1
            seed = outcome.mix.seed
            _say(f"seed {seed} broke {'; '.join(map(str, outcome.broken))}")
            if not given.go_on:
                _explain(outcome, given.weeks)
                return 1
        if len(digests) % 10 == 0:
            _say(f"{len(digests)} of {len(seeds)} seeds, {failed} failed", to=sys.stderr)
    for what, count in sorted(sometimes.items()):
        _say(f"  {count:7}  {what}")
    _say(
        f"{len(seeds)} seeds of {given.weeks} weeks, {failed} failed; {cpu:.0f} processor seconds"
        f" ({cpu / len(seeds):.1f} a seed), {time.monotonic() - began:.0f} s in all,"
        f" digest {digest_of(digests)}"
    )
    return int(failed > 0)


def _explain(outcome: Outcome, weeks: int) -> None:
    """The failing seed shrunk, with the commands that run it again."""
    yard = Yard()
    try:
        small = shrink(outcome, yard)
    finally:
        yard.close()
    _say("\n".join(small.trace[-60:]))
    _summary(small)
    _say(f"again: make simulate SEED={outcome.mix.seed} WEEKS={weeks}")
    off = " ".join(f"--off '{kind}'" for kind in sorted(small.mix.off))
    _say(
        f"shrunk: make simulate SEED={outcome.mix.seed} WEEKS={small.mix.weeks}"
        + (f' ARGS="{off}"' if off else "")
    )


def shrink(outcome: Outcome, yard: Yard) -> Outcome:
    """The same promise broken with fewer weeks, faults and people, as far as one at a time leads."""
    promises = {broken.promise for broken in outcome.broken}

    def still(mix: Mix) -> Outcome | None:
        tried = run(mix, yard)
        return tried if promises & {broken.promise for broken in tried.broken} else None

    best = outcome
    for weeks in (2, 4, 8, 16, 32):
        if weeks < best.mix.weeks:
            shorter = replace(best.mix, weeks=weeks)
            if (tried := still(shorter)) is not None:
                best = tried
                break
    for kind in [*best.mix.kinds(), *best.mix.people]:
        if kind in best.mix.people and len(best.mix.people) == 1:
            continue
        if (tried := still(best.mix.without(kind))) is not None:
            best = tried
    return best


def _say(words: str, *, to: TextIO = sys.stdout) -> None:
    to.write(words + "\n")
    to.flush()


if __name__ == "__main__":
    sys.exit(main())
