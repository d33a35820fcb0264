"""`basecoach import members` with 200 and 2,000 lines of new reps, and how long another writer waits meanwhile."""

from __future__ import annotations

import asyncio
import os
import subprocess
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa

from bench.builds import Build
from bench.check_ins import counted
from bench.databases import KINDS
from bench.measuring import Bench, name
from bench.people import slack_user
from bench.rounds import Result, Variant, paired, values
from bot.database import create_engine, parse_url

SIZES, QUICK_SIZES = (200, 2_000), (50, 300)
TEAM = 10
TRIES_EVERY = 0.02
"""Seconds between two writes of the other writer."""

GIVES_UP = 600_000
"""Milliseconds that the other writer waits on SQLite: here the wait is measured, where the bot gives up."""


async def measure(bench: Bench) -> list[Result]:
    """Seconds of processor that the command takes, with the preview, and the longest wait of another writer."""
    rounds, sizes = (2, QUICK_SIZES) if bench.quick else (3, SIZES)
    variants: dict[str, Variant] = {}
    with TemporaryDirectory() as folder:
        for lines in sizes:
            file = Path(folder) / f"{lines}.csv"
            file.write_text(_lines(lines), encoding="utf-8")
            for key, kind, build in bench.on_each_kind():
                facts = {"reps": lines, "team_size": TEAM, "enrolled": False}
                template = bench.databases.filled(kind, build, **facts)

                async def imports(
                    _: int, template: str = template, build: Build = build, file: Path = file
                ) -> dict[str, float]:
                    url = bench.databases.copy(template)
                    return await asyncio.to_thread(_import, build, url, file)

                variants[f"{key} {lines}"] = imports
        pairs = [
            (f"{above} {lines} worked", f"{below} {lines} worked")
            for kind in KINDS
            for lines in sizes
            for above, below in bench.pairs(kind)
        ]
        measured = await paired(variants, rounds=rounds, pairs=pairs, repeats=1)
    results = []
    for kind in KINDS:
        for lines in sizes:
            what, large = f"import of {lines:,} members, {kind}", lines == sizes[1]
            new = name(bench.new, f"{kind} {lines}")
            results.append(Result(what, values(measured, f"{new} worked"), None, "less", " s"))
            bar = 0.1 if large else None
            results += bench.beside(what, measured, f"{kind} {lines} worked", bar=bar)
            wait = f"{what}, longest wait of another writer"
            bar = 0.5 if large else None
            results.append(Result(wait, values(measured, f"{new} waited"), bar, "less", " s"))
            for old in bench.builds[1:]:
                waited = values(measured, name(old, f"{kind} {lines} waited"))
                results.append(Result(f"{wait}, {old.name}", waited, None, "less", " s"))
    return results


def _lines(count: int) -> str:
    rows = [
        f"{slack_user(number)},Team {(number - 1) // TEAM + 1},10000,4,20"
        for number in range(1, count + 1)
    ]
    return "\n".join(["user,team,sales,base_moves,conversations", *rows, ""])


def _import(build: Build, url: str, file: Path) -> dict[str, float]:
    """Run the command beside a writer; both report once it has ended."""
    process = subprocess.Popen(  # noqa: S603
        build.command("bot", "import", "members", str(file), "--yes"),
        cwd=build.folder,
        env=build.environment(DATABASE_URL=url),
        stdout=subprocess.DEVNULL,
    )
    longest, worked = _write_until(url, process)
    members = counted(url, "enrolment")
    expected = file.read_text(encoding="utf-8").count("\n") - 1
    if process.returncode or members != expected:
        raise RuntimeError(f"{members} of {expected} members were imported")
    return {"worked": worked, "waited": longest}


def _write_until(url: str, process: subprocess.Popen[bytes]) -> tuple[float, float]:
    """Write a row again and again until the process has ended.

    Returns the longest that a write took, and the processor time of the process, both in seconds.
    """
    engine = create_engine(parse_url(url), writes=True, pool_size=1)
    longest = 0.0
    try:
        if engine.dialect.name == "sqlite":

            @sa.event.listens_for(engine, "connect")
            def patient(connection: object, _record: object) -> None:
                connection.execute(f"PRAGMA busy_timeout={GIVES_UP}")  # type: ignore[attr-defined]

        while True:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                process.returncode = os.waitstatus_to_exitcode(status)
                return longest, usage.ru_utime + usage.ru_stime
            began = time.perf_counter()
            with engine.begin() as connection:
                connection.execute(sa.text("UPDATE workspace SET name = 'Bench' WHERE id = 1"))
            longest = max(longest, time.perf_counter() - began)
            time.sleep(TRIES_EVERY)
    finally:
        engine.dispose()
