"""A press of Yes that agrees with the log, over signed HTTP, durable, then acknowledged: the cheapest answer."""

from __future__ import annotations

import contextlib
import statistics
import time
from dataclasses import dataclass

import sqlalchemy as sa

from bench.check_ins import counted
from bench.databases import KINDS
from bench.load import press_all
from bench.measuring import Bench, name
from bench.payloads import press_of
from bench.people import QUESTIONS
from bench.processes import come_to_rest, cpu_seconds, started
from bench.rounds import REPEATS, Result, Variant, paired, ratios, values
from bot.database import create_engine, parse_url

AT_ONCE = 32
BURST = 320
"""Presses that come one upon the other; then the messages are redrawn, and the next burst follows."""

REST = 0.05
"""Seconds between presses that come one at a time: by then the message of the last one is redrawn."""

WARM = 100
FLOOR, FLOOR_H11 = "floor", "floor-h11"


@dataclass
class Server:
    """A server that is pressed. Every rep's every question is answered once, so no press comes twice."""

    port: int
    pid: int
    slack: str
    reps: int
    taken: int = 0

    def bodies(self, count: int) -> list[bytes]:
        """The next presses."""
        first, self.taken = self.taken, self.taken + count
        return [
            press_of(n % self.reps + 1, n // self.reps, slack=self.slack)
            for n in range(first, first + count)
        ]

    async def bursts(self, count: int) -> dict[str, float]:
        """Presses a second while they come in bursts, and what one costs with the redrawing that follows."""
        before, seconds = cpu_seconds(self.pid), 0.0
        for _ in range(count):
            load = await press_all(self.port, self.bodies(BURST), at_once=AT_ONCE)
            seconds += BURST / load.per_second
            # Redrawing goes on, and must not slow down whatever is measured next.
            await come_to_rest(self.pid)
        worked = (cpu_seconds(self.pid) - before) / (count * BURST)
        return {"a second": count * BURST / seconds, "worked": worked}

    async def steadily(self, count: int) -> float:
        """Presses a second that it can go on with for long: from the first to the last message redrawn."""
        bodies = self.bodies(count)
        began = time.perf_counter()
        await press_all(self.port, bodies, at_once=AT_ONCE)
        return count / (await come_to_rest(self.pid) - began)

    async def alone(self, count: int) -> float:
        """The median time to the acknowledgement of presses that come one at a time."""
        load = await press_all(self.port, self.bodies(count), at_once=1, pause=REST)
        return load.p50


async def measure(bench: Bench) -> list[Result]:
    """Presses a second at 32 at once and the median at one at a time, on both kinds of database."""
    rounds, bursts, steady, single = (3, 2, 640, 60) if bench.quick else (7, 4, 1_280, 150)
    repeats = 1 if bench.quick else REPEATS
    each = bursts * BURST + steady + single
    reps = -(-(rounds * (repeats + 1) * each + WARM) // len(QUESTIONS)) + AT_ONCE
    of = {name: (kind, build) for name, kind, build in bench.on_each_kind()}
    facts = {"reps": reps, "check_ins": "open"}
    urls = {n: bench.databases.with_people(kind, build, **facts) for n, (kind, build) in of.items()}
    orm = bench.databases.with_people("sqlite", bench.new, **facts)
    servers: dict[str, Server] = {}
    with contextlib.ExitStack() as stack:
        api, _ = stack.enter_context(started("bench.mock_slack"))
        slack = f"http://127.0.0.1:{api}"
        for key, arguments in ((FLOOR_H11, ()), (FLOOR, ()), ("orm", (orm,))):
            port, process = stack.enter_context(started("bench.servers", key, *arguments))
            servers[key] = Server(int(port), process.pid, slack, reps)
        for key, (_, build) in of.items():
            port, process = stack.enter_context(
                started("bench.inside", "serve", urls[key], f"{slack}/api/", build=build)
            )
            servers[key] = Server(int(port), process.pid, slack, reps)
        for server in servers.values():  # first calls import and compile
            await press_all(server.port, server.bodies(WARM), at_once=8)
            await come_to_rest(server.pid)
        fast = await paired(
            {key: _bursts(server, bursts) for key, server in servers.items()},
            rounds=rounds,
            pairs=[(f"{name(bench.new, k)} a second", f"{FLOOR_H11} a second") for k in KINDS],
            repeats=repeats,
        )
        beside = {key: server for key, server in servers.items() if key != "orm"}
        lasting = await paired(
            {key: _steadily(server, steady) for key, server in beside.items()},
            rounds=rounds,
            pairs=[(name(bench.new, k), FLOOR_H11) for k in KINDS],
            repeats=repeats,
        )
        variants = {key: _alone(server, single) for key, server in beside.items()}
        variants |= {f"commit {k}": _commit(urls[name(bench.new, k)], single) for k in KINDS}
        alone = await paired(
            variants,
            rounds=rounds,
            pairs=[pair for kind in KINDS for pair in bench.pairs(kind)],
            repeats=repeats,
        )
        for key, url in urls.items():
            if (found := counted(url, "answer WHERE verdict = 'yes'")) != servers[key].taken:
                raise RuntimeError(f"{found} of {servers[key].taken} presses were recorded, {key}")
    return _results(bench, fast, lasting, alone)


def _bursts(server: Server, count: int) -> Variant:
    async def run(_: int) -> dict[str, float]:
        return await server.bursts(count)

    return run


def _steadily(server: Server, count: int) -> Variant:
    async def run(_: int) -> float:
        return await server.steadily(count)

    return run


def _alone(server: Server, count: int) -> Variant:
    async def run(_: int) -> float:
        return await server.alone(count)

    return run


def _commit(url: str, count: int) -> Variant:
    async def run(_: int) -> float:
        return _commit_p50(url, count)

    return run


def _results(
    bench: Bench,
    fast: list[dict[str, float]],
    lasting: list[dict[str, float]],
    alone: list[dict[str, float]],
) -> list[Result]:
    results = []
    for kind, bar in zip(KINDS, (0.9, 0.7), strict=True):
        new = name(bench.new, kind)
        what = f"cheap press, 32 at once in bursts, {kind}"
        for floor, found in ((FLOOR_H11, bar), (FLOOR, None)):
            against = ratios(fast, f"{new} a second", f"{floor} a second")
            results.append(Result(f"{what} ÷ no-op Bolt ({floor})", against, found))
        if kind == "sqlite":
            against = ratios(fast, f"{new} a second", "orm a second")
            results.append(Result(f"{what} ÷ Bolt + ORM session", against, 4))
        results += bench.beside(f"{what}, a second", fast, f"{kind} a second", better="more")
        what = f"cheap press, 32 at once, steady load with its redrawing, {kind}"
        results.append(Result(f"{what} ÷ no-op Bolt", ratios(lasting, new, FLOOR_H11), None))
        results += bench.beside(f"{what}, a second", lasting, kind, better="more")
        what = f"cheap press and its redrawing, processor time, {kind}"
        spent = ratios(fast, f"{new} worked", f"{FLOOR_H11} worked")
        results.append(Result(f"{what} ÷ no-op Bolt alone", spent, 1.9, better="less"))
        results += bench.beside(what, fast, f"{kind} worked")
        what = f"cheap press alone, p50, {kind}"
        commits = zip(values(alone, new), values(alone, f"commit {kind}"), strict=True)
        floors = values(alone, FLOOR_H11)
        beyond = tuple((p50 - one) / no for (p50, one), no in zip(commits, floors, strict=True))
        results.append(Result(f"{what}, beyond one commit ÷ no-op Bolt", beyond, 2, better="less"))
        results += bench.beside(what, alone, kind, bar=0.6)
    return results


def _commit_p50(url: str, count: int) -> float:
    """What one durable commit of one small row costs here, at this minute."""
    engine = create_engine(parse_url(url), writes=True, pool_size=1)
    took = []
    try:
        with engine.begin() as connection:
            connection.execute(sa.text("CREATE TABLE IF NOT EXISTS bench_commit (x INTEGER)"))
        for number in range(count):
            with engine.connect() as connection:
                began = time.perf_counter()
                connection.execute(sa.text("INSERT INTO bench_commit VALUES (:x)"), {"x": number})
                connection.commit()
                took.append(time.perf_counter() - began)
    finally:
        engine.dispose()
    return statistics.median(took)
