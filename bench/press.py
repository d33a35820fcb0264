"""A press of Yes: over signed HTTP, durable, then acknowledged."""

from __future__ import annotations

import contextlib
import statistics
import time
from collections.abc import Awaitable, Callable

import sqlalchemy as sa

from bench.databases import KINDS, Databases
from bench.load import press_all, press_of
from bench.people import QUESTIONS, fill
from bench.processes import come_to_rest, cpu_seconds, started
from bench.rounds import Result, paired, ratios
from bot.database import Database, create_engine, parse_url

AT_ONCE = 32
BURST = 320
"""Presses that come one upon the other; then the messages are redrawn, and the next burst follows."""

REST = 0.05
"""Seconds between presses that come one at a time: by then the message of the last one is redrawn."""


async def measure(databases: Databases, *, quick: bool) -> list[Result]:
    """Presses a second at 32 at once and the median at one at a time, both kinds of database."""
    rounds, bursts, single = (3, 2, 60) if quick else (7, 4, 150)
    reps = -(-(rounds * bursts * BURST + rounds * single + 200) // len(QUESTIONS)) + AT_ONCE
    urls = {kind: databases.new(kind) for kind in KINDS} | {"orm": databases.new("sqlite")}
    for url in urls.values():
        database = Database(url)
        fill(database, reps=reps, check_ins="open")
        database.close()
    with contextlib.ExitStack() as stack:
        api, _ = stack.enter_context(started("bench.mock_slack"))
        slack = f"http://127.0.0.1:{api}"
        bodies = [
            press_of(m, q, slack=slack) for q in range(len(QUESTIONS)) for m in range(1, reps + 1)
        ]
        commands = {
            "floor": ("floor",),
            "orm": ("orm", urls["orm"]),
            **{kind: ("basecoach", urls[kind], f"{slack}/api/") for kind in KINDS},
        }
        servers = {
            name: stack.enter_context(started("bench.servers", *command))
            for name, command in commands.items()
        }
        ports = {name: int(port) for name, (port, _) in servers.items()}
        worked: dict[str, list[float]] = {name: [] for name in ports}
        taken = dict.fromkeys(ports, 0)

        def next_bodies(name: str, count: int) -> list[bytes]:
            at = taken[name]
            taken[name] += count
            return bodies[at : at + count]

        for name, port in ports.items():  # first calls import and compile
            await press_all(port, next_bodies(name, 100), at_once=8)
            await come_to_rest(servers[name][1].pid)

        def per_second(name: str) -> Callable[[int], Awaitable[float]]:
            async def run(_: int) -> float:
                pid = servers[name][1].pid
                before, seconds = cpu_seconds(pid), 0.0
                for _ in range(bursts):
                    pressed = next_bodies(name, BURST)
                    load = await press_all(ports[name], pressed, at_once=AT_ONCE)
                    seconds += BURST / load.per_second
                    # Redrawing goes on, and must not slow down whatever is measured next.
                    await come_to_rest(pid)
                worked[name].append((cpu_seconds(pid) - before) / (bursts * BURST))
                return bursts * BURST / seconds

            return run

        def p50(name: str) -> Callable[[int], Awaitable[float]]:
            async def run(_: int) -> float:
                load = await press_all(
                    ports[name], next_bodies(name, single), at_once=1, pause=REST
                )
                return load.p50

            return run

        def commit(kind: str) -> Callable[[int], Awaitable[float]]:
            async def run(_: int) -> float:
                return _commit_p50(urls[kind], single)

            return run

        fast = await paired({name: per_second(name) for name in ports}, rounds=rounds)
        variants = {f"press {name}": p50(name) for name in ports if name != "orm"}
        variants |= {f"commit {kind}": commit(kind) for kind in KINDS}
        alone = await paired(variants, rounds=rounds)
        for kind in KINDS:
            if (found := _recorded(urls[kind])) != taken[kind]:
                raise RuntimeError(f"{found} of {taken[kind]} presses were recorded, {kind}")
    beyond = {
        kind: tuple(
            (one[f"press {kind}"] - one[f"commit {kind}"]) / one["press floor"] for one in alone
        )
        for kind in KINDS
    }
    results = [
        Result("press, 32 at once, SQLite ÷ no-op Bolt", ratios(fast, "sqlite", "floor"), 0.9),
        Result(
            "press, 32 at once, PostgreSQL ÷ no-op Bolt", ratios(fast, "postgresql", "floor"), 0.7
        ),
        Result("press, 32 at once, SQLite ÷ Bolt + ORM session", ratios(fast, "sqlite", "orm"), 4),
    ]
    for kind in KINDS:
        name = f"press and its redrawing, processor time, {kind} ÷ no-op Bolt alone"
        spent = zip(worked[kind], worked["floor"], strict=True)
        results.append(Result(name, tuple(a / b for a, b in spent), None, better="less"))
    for kind in KINDS:
        name = f"press p50 beyond one commit, {kind} ÷ no-op Bolt"
        results.append(Result(name, beyond[kind], 2, better="less"))
    return results


def _recorded(url: str) -> int:
    """How many answers were given."""
    engine = create_engine(parse_url(url), writes=False, pool_size=1)
    with engine.connect() as connection:
        found = "SELECT count(*) FROM answer WHERE verdict = 'yes'"
        recorded = int(connection.execute(sa.text(found)).scalar_one())
    engine.dispose()
    return recorded


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
