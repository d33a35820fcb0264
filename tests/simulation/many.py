"""Many seeds on many cores: told one after the other, in their order, whoever ran which when."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from multiprocessing.context import ForkServerProcess
from multiprocessing.queues import Queue
from queue import Empty

from tests.simulation.mix import draw_mix
from tests.simulation.running import Outcome, run
from tests.simulation.yard import Yard

LOOK = 5.0
"""Seconds between two looks at whether the processes still live."""


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def outcomes(seeds: Iterable[int], *, weeks: int, jobs: int) -> Iterator[Outcome]:
    """How each seed ended, in the seeds' order. What a seed does depends on nothing but the seed and `weeks`."""
    wanted = list(seeds)
    if jobs == 1:
        yard = Yard()
        try:
            for seed in wanted:
                yield _brief(run(draw_mix(seed, weeks), yard))
        finally:
            yard.close()
        return
    machine = multiprocessing.get_context("forkserver")  # the bot is imported once for all of them
    machine.set_forkserver_preload(["tests.simulation.running"])
    waiting: Queue[int | None] = machine.Queue()
    ended: Queue[Outcome | None] = machine.Queue()
    workers = [
        machine.Process(target=_work, args=(waiting, ended, weeks), daemon=True)
        for _ in range(min(jobs, len(wanted)))
    ]
    for seed in wanted:
        waiting.put(seed)
    for worker in workers:
        waiting.put(None)
        worker.start()
    try:
        yield from _in_order(wanted, ended, workers)
    finally:
        for worker in workers:
            worker.terminate()
            worker.join()


def _in_order(
    seeds: list[int], ended: Queue[Outcome | None], workers: list[ForkServerProcess]
) -> Iterator[Outcome]:
    early: dict[int, Outcome] = {}
    for seed in seeds:
        while seed not in early:
            try:
                outcome = ended.get(timeout=LOOK)
            except Empty:
                outcome = None
                if all(worker.exitcode in {None, 0} for worker in workers):
                    continue
            if outcome is None:
                raise RuntimeError("a process that ran seeds has failed; its words stand above")
            early[outcome.mix.seed] = outcome
        yield early.pop(seed)


def _work(waiting: Queue[int | None], ended: Queue[Outcome | None], weeks: int) -> None:
    yard = Yard()
    try:
        while (seed := waiting.get()) is not None and _is_wanted():
            ended.put(_brief(run(draw_mix(seed, weeks), yard)))
    except BaseException:
        ended.put(None)
        raise
    finally:
        yard.close()


def _is_wanted() -> bool:
    """Whether the process that started this one still lives: killed, it could not stop anybody."""
    parent = multiprocessing.parent_process()
    return parent is None or parent.is_alive()


def _brief(outcome: Outcome) -> Outcome:
    """Without the trace where there is nothing to find out."""
    return outcome if outcome.broken else replace(outcome, trace=[])
