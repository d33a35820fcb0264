"""Checks the database: whether the bot can reach it and write to it, its schema, its clock and its rows."""

from __future__ import annotations

import glob
import os
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from bot import migrations
from bot.clock import Clock
from bot.database import LIMITS, Database, TransactionSettings, opened, parse_url
from bot.database.disk import disk_of
from bot.doctor.findings import Finding, Notebook, listed
from bot.doctor.records import Records, look
from bot.problems import DatabaseProblem

CLOCKS_MAY_DIFFER = 5.0
"""How many seconds two clocks that decide about the same deadlines may differ."""


@dataclass
class Storage:
    """The findings, and the facts about each workspace in the database (None if it can't be read)."""

    findings: list[Finding] = field(default_factory=list)
    records: list[Records] | None = None


def about_database(url: str, *, pooler: str = "auto", machine: Clock, now: datetime) -> Storage:
    """Check the database without changing it. `machine` is this machine's clock, `now` the bot's time."""
    said = Notebook("Database")
    storage = Storage(said.findings)
    try:
        _about_disk(url, said)
        if _not_there_yet(url, said):
            return storage
        with opened(url, pooler=pooler) as database:
            _about_writing(database, said)
            if not database.is_sqlite:
                tell_limits(said, database.transaction_settings())
                _about_clock(database, said, machine)
            if _about_schema(database, said):
                found, storage.records = database.read_now(look, now=now)
                storage.findings = said.findings + found
    except DatabaseProblem as problem:
        said.mend(str(problem))
    return storage


def _about_disk(url: str, said: Notebook) -> None:
    disk = disk_of(parse_url(url))
    if disk is None:
        return
    free, taken = _megabytes(disk.free), _megabytes(disk.database)
    if disk.is_nearly_full:
        said.mend(
            f"Only {free} MB are left on the database's disk, and the database takes {taken} MB. "
            "Make room: backups fail first, and then everything that people do."
        )
    else:
        said.ok(f"{free} MB are left on the database's disk; the database takes {taken} MB.")


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:,.0f}"


def _not_there_yet(url: str, said: Notebook) -> bool:
    """Return whether this is an SQLite file that does not exist yet; the check must not create it."""
    parsed = parse_url(url)
    if parsed.get_backend_name() != "sqlite":
        return False
    path = Path(parsed.database or "")
    if path.exists():
        return False
    there = next(folder for folder in path.absolute().parents if folder.exists())
    effective = os.access in os.supports_effective_ids
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK, effective_ids=effective):
        said.mend(
            f"There is no database {path}, and it can't be made: {there} is not writable. "
            "Make it so for the user that runs Basecoach, or set DATABASE_URL."
        )
    else:
        said.note(f"There is no database {path} yet. `basecoach run` makes it.")
    return True


def _about_writing(database: Database, said: Notebook) -> None:
    name = database.url.render_as_string(hide_password=True)
    if database.is_sqlite:
        said.ok(f"The SQLite database {database.url.database} can be read and written.")
        _about_copies(Path(database.url.database or ""), said)
        return
    with database.engine.connect() as connection:
        read_only = connection.scalar(sa.text("SHOW transaction_read_only")) == "on"
    if read_only:
        said.mend(
            f"{name} is read-only: a standby, or made so by a setting. "
            "Point DATABASE_URL at the server that takes writes."
        )
    else:
        said.ok(f"{name} can be read and written.")


def _about_copies(path: Path, said: Notebook) -> None:
    """Name the copies from before upgrades that lie beside the database."""
    copies = sorted(copy.name for copy in path.parent.glob(f"{glob.escape(path.name)}.schema-*"))
    if copies:
        said.note(
            f"Beside the database lies what it was before an upgrade ({listed(copies)}). That holds people's "
            "data, of those too who were removed since: delete it once you need no way back."
        )


def tell_limits(said: Notebook, found: TransactionSettings) -> None:
    """Report whether a pooler stands before PostgreSQL, and whether transactions have their time limits."""
    if found.pooled:
        said.note(
            "A pooler stands before PostgreSQL: nothing is prepared on the server, and each transaction "
            "sets its own time limits."
        )
    wrong = [f"{name} is {limit}" for name, limit in found.limits.items() if limit != LIMITS[name]]
    limits = "a statement ends after {}, a wait for a lock after {}, an idle transaction after {}."
    if wrong:
        said.mend(
            f"Time limits are not in force ({', '.join(wrong)}): something on the way to the server drops "
            "them. Set BASECOACH_DATABASE_POOLER=yes."
        )
    else:
        said.ok(f"Time limits are in force: {limits.format(*LIMITS.values())}")


def _about_clock(database: Database, said: Notebook, machine: Clock) -> None:
    with database.engine.connect() as connection:
        connection.exec_driver_sql("SELECT 1")  # opens the connection, so the next query is fast
        theirs = connection.scalar(sa.text("SELECT clock_timestamp()"))
        ours = machine.now()
    assert isinstance(theirs, datetime)  # noqa: S101 - PostgreSQL's clock_timestamp is one
    tell_skew(said, (ours - theirs).total_seconds(), "PostgreSQL's")


def tell_skew(said: Notebook, seconds: float, whose: str, *, allowed: float = 0.0) -> None:
    """Report the difference from another clock; `seconds` is by how much this machine's clock is ahead."""
    if abs(seconds) > CLOCKS_MAY_DIFFER + allowed:
        where = "ahead of" if seconds > 0 else "behind"
        said.mend(
            f"This machine's clock is {round(abs(seconds))} s {where} {whose}. "
            "Deadlines depend on it: have it set by NTP."
        )
    else:
        said.ok(f"This machine's clock agrees with {whose}.")


def _about_schema(database: Database, said: Notebook) -> bool:
    """Report the schema's revision, and return whether it is this release's."""
    revision = migrations.current(database)
    if database.is_sqlite and revision != migrations.HEAD and migrations.is_known(revision):
        said.note(
            f"The schema is at {revision or 'nothing'}, this release's is {migrations.HEAD}. "
            "`basecoach run` upgrades it when it starts."
        )
        return False
    migrations.require_current(database)
    said.ok(f"The schema is at {revision}, as this release needs it.")
    return True
