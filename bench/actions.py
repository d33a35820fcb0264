"""What one person does again and again, one at a time: what it costs the bot until everything rests."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bench import slack_seen
from bench.builds import Build
from bench.databases import KINDS
from bench.load import send
from bench.measuring import Bench, name
from bench.processes import come_to_rest, cpu_seconds, started
from bench.rounds import REPEATS, Result, Variant, paired, ratios, values

PATIENCE = 60.0


@dataclass
class Actor:
    """A bot over a database of its own, and who acts there."""

    port: int
    pid: int
    api: int
    url: str
    number: int = 0
    """How often they acted."""

    @property
    def slack(self) -> str:
        return f"http://127.0.0.1:{self.api}"

    async def send(self, body: bytes) -> None:
        """Send one request, and wait until it is acknowledged."""
        await send(self.port, body)

    async def count(self, method: str) -> int:
        """Return how often this method of Slack's was called so far."""
        return (await slack_seen.calls(self.api)).get(method, 0)

    async def until(self, method: str, count: int, *, seconds: float = PATIENCE) -> None:
        """Wait until this method of Slack's was called so many times; raises TimeoutError if it is not."""
        async with asyncio.timeout(seconds):
            while await self.count(method) < count:
                await asyncio.sleep(0.005)


Act = Callable[[Actor, int], Awaitable[None]]
"""Does it once; the number, from 1, is another each time."""

Check = Callable[[Actor], None]
"""Raises RuntimeError if what was done is not in the database."""


@dataclass(frozen=True)
class Size:
    """One of the sizes at which something is done."""

    name: str
    facts: dict[str, Any]
    """The arguments of `bench.people.fill`."""


@dataclass(frozen=True)
class Plan:
    """What is measured."""

    what: str
    sizes: Sequence[Size]
    act: Act
    check: Check
    a_round: int
    """How often it is done in a round."""
    growth_bar: float | None = None
    beside_bar: float | None = None
    """For the larger size."""


def actions(a_round: int, *, quick: bool) -> int:
    """How often something is done at the most, if it is done so often in a round."""
    return rounds_of(quick=quick) * (1 + repeats_of(quick=quick)) * a_round + 1


def rounds_of(*, quick: bool) -> int:
    return 3 if quick else 7


def repeats_of(*, quick: bool) -> int:
    return 1 if quick else REPEATS


async def measure_actions(bench: Bench, plan: Plan) -> list[Result]:
    """Processor time at each size and on each kind of database, what the larger costs more, and both builds."""
    results: list[Result] = []
    rounds, repeats = rounds_of(quick=bench.quick), repeats_of(quick=bench.quick)
    for kind in KINDS:
        variants: dict[str, Variant] = {}
        actors = []
        with contextlib.ExitStack() as stack:
            for build in bench.builds:
                for size in plan.sizes:
                    actor = await _actor(stack, bench, kind, build, size)
                    await _worked(actor, plan.act, 1)  # first calls import and compile

                    async def acts(_: int, actor: Actor = actor) -> float:
                        return await _worked(actor, plan.act, plan.a_round)

                    variants[name(build, size.name)] = acts
                    actors.append(actor)
            small, large = (name(bench.new, size.name) for size in plan.sizes)
            pairs = [(large, small), *bench.pairs(plan.sizes[1].name)]
            measured = await paired(variants, rounds=rounds, pairs=pairs, repeats=repeats)
            for actor in actors:
                plan.check(actor)
        for size in plan.sizes:
            what = f"{plan.what}, {size.name}, {kind}"
            bar = plan.beside_bar if size is plan.sizes[1] else None
            found = values(measured, name(bench.new, size.name))
            results.append(Result(what, found, None, better="less", unit=" ms"))
            results += bench.beside(what, measured, size.name, bar=bar)
        grown = f"{plan.what}, {plan.sizes[1].name} ÷ {plan.sizes[0].name}, {kind}"
        more = ratios(measured, large, small)
        results.append(Result(grown, more, plan.growth_bar, better="less"))
    return results


async def _actor(
    stack: contextlib.ExitStack, bench: Bench, kind: str, build: Build, size: Size
) -> Actor:
    api, _ = stack.enter_context(started("bench.mock_slack"))
    url = bench.databases.with_people(kind, build, **size.facts)
    told = ("serve", url, f"http://127.0.0.1:{api}/api/")
    port, process = stack.enter_context(started("bench.inside", *told, build=build))
    return Actor(int(port), process.pid, int(api), url)


async def _worked(actor: Actor, act: Act, times: int) -> float:
    """Milliseconds of the bot's processor for each time."""
    before = cpu_seconds(actor.pid)
    for _ in range(times):
        actor.number += 1
        await act(actor, actor.number)
    await come_to_rest(actor.pid)
    return (cpu_seconds(actor.pid) - before) / times * 1000
