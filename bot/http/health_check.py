"""Checks the health of the bot's parts and of the database, and describes each problem in a sentence."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlmodel import Session

from bot import failures, migrations
from bot.clock import Clock
from bot.database import Database, rows
from bot.database.disk import Disk, disk_of
from bot.database.failures import WORDS, cause_of
from bot.database.write_probe import write_probe
from bot.domain.outbox.backlog import Backlog, backlog
from bot.failures import RECENT_SECONDS
from bot.scheduler import Heartbeat
from bot.slack.delivery.sender import Sender
from bot.slack.receiving.payload_metrics import PayloadMetrics
from bot.slack.receiving.transport import Transport

TICK_LIMIT = 90.0
CUT_OFF_LIMIT = 40.0
"""A lost connection is noticed after up to 20 s (a ping that is not answered, the watchdog's next look), so that a
minute after the first press that went astray the bot is not ready."""
OLDEST_DUE_LIMIT = 300.0
SKEW_LIMIT = 5.0
"""The bot is not ready if the clocks differ by more than this many seconds."""

DATABASE_SECONDS = 2.0
"""How many seconds the database may take to answer, and how many to take a write."""

WRITE_EVERY = 10.0
"""Seconds between two attempts to write, however often somebody asks, unless a write has failed since."""

_PARTS: Mapping[str, str] = {
    failures.LISTENER: "What people did failed",
    failures.BACKGROUND: "What follows an action failed",
    failures.ROW: "Rows could not be handled",
    failures.SENDER: "Messages failed because of the bot",
}
"""How the problem of each part begins."""


@dataclass(frozen=True)
class Stored:
    """The part of the report that is read from the database."""

    backlog: Backlog
    revision: str | None
    skew_seconds: float | None
    """How many seconds PostgreSQL's clock is ahead of this machine's; None on SQLite, which has no clock."""
    disk: Disk | None
    """The disk of the SQLite database; None for PostgreSQL."""


@dataclass(frozen=True)
class HealthReport:
    """The result of one check. Times are in seconds; `problems` says why the bot is not ready."""

    problems: tuple[str, ...]
    transport: str
    connected: bool
    cut_off_seconds: float
    reconnects: int
    tick_seconds_ago: float | None
    last_delivery_at: datetime | None
    holding_back: bool
    stored: Stored | None
    oldest_due_seconds: float
    unwritable: str | None
    """Why the database took no write at the last attempt; None if it did, or if none was made."""


class HealthCheck:
    """Checks a bot's parts. It changes nothing but the row that it writes to see whether the database takes it."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        heartbeat: Heartbeat,
        tick: str,
        sender: Sender,
        transport: Transport,
        payload_metrics: PayloadMetrics,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.payload_metrics = payload_metrics
        self.heartbeat = heartbeat
        self.database = database
        self._clock = clock
        self._tick = tick
        self._sender = sender
        self._transport = transport
        self._monotonic = monotonic
        self._asking: asyncio.Task[Stored] | None = None
        self._writing: asyncio.Task[None] | None = None
        self._written_at = 0.0
        self._failed_then = 0

    async def look(self) -> HealthReport:
        """Check everything and return the report; takes at most twice DATABASE_SECONDS."""
        transport = self._transport
        connected = await transport.is_connected()
        # The watchdog looks from time to time: until its next look it may not know of a new connection.
        cut_off = 0.0 if connected else transport.cut_off_seconds
        stored = await self._ask_database()
        unwritable = None
        if stored is not None and stored.revision == migrations.HEAD:
            unwritable = await self._try_to_write()
        silent = self.heartbeat.silent_seconds(self._tick)
        oldest = 0.0
        if stored is not None and stored.backlog.oldest_due_at is not None:
            waiting = self._clock.now() - stored.backlog.oldest_due_at
            oldest = max(waiting.total_seconds(), 0.0)
        problems = []
        if transport.gave_up.is_set():
            problems.append("Slack could not be reached for minutes; this process is ending.")
        elif cut_off > CUT_OFF_LIMIT:
            problems.append(f"No connection to Slack for {cut_off:.0f} s.")
        elif silent is None and not connected:
            problems.append("Not connected to Slack yet.")
        if silent is None:
            problems.append("No tick has gone well yet.")
        elif silent > TICK_LIMIT:
            problems.append(f"The last tick that went well is {silent:.0f} s ago.")
        problems += _of_database(stored)
        if unwritable is not None:
            problems.append(f"Nothing can be written to the database: {WORDS[unwritable]}.")
        problems += _of_failures(self.payload_metrics.failures.recent())
        if oldest > OLDEST_DUE_LIMIT:
            problems.append(f"The oldest undelivered message has been due for {oldest:.0f} s.")
        return HealthReport(
            problems=tuple(problems),
            transport=transport.name,
            connected=connected,
            cut_off_seconds=cut_off,
            reconnects=transport.reconnects,
            tick_seconds_ago=silent,
            last_delivery_at=self._sender.last_delivery_at,
            holding_back=self.heartbeat.guard.holds(),
            stored=stored,
            oldest_due_seconds=oldest,
            unwritable=unwritable,
        )

    async def _ask_database(self) -> Stored | None:
        """Query the database; return None if it does not answer in time. Only one query runs at a time."""
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self.database.read(_stored, now=self._clock.now()))
        try:
            async with asyncio.timeout(DATABASE_SECONDS):
                return await asyncio.shield(self._asking)
        except Exception:  # any error means that the database does not answer as it should
            return None

    async def _try_to_write(self) -> str | None:
        """Try to write, unless that was tried a moment ago; return the cause if it fails, None if it succeeds."""
        now, task = self._monotonic(), self._writing
        stale = now - self._written_at >= WRITE_EVERY or self._failed_writes() > self._failed_then
        if task is None or (task.done() and stale):
            task = self._writing = asyncio.create_task(self._write())
            self._written_at = now
        try:
            async with asyncio.timeout(DATABASE_SECONDS):
                await asyncio.shield(task)
        except TimeoutError:
            return "slow"
        except Exception as error:
            return cause_of(error) or "other"
        return None

    async def _write(self) -> None:
        """Write once, and remember how many writes had failed by then: another one makes what was seen stale."""
        try:
            await self.database.write(write_probe, now=self._clock.now())
        finally:
            self._failed_then = self._failed_writes()

    def _failed_writes(self) -> int:
        return sum(self.database.write_failures().values())


def _stored(session: Session, *, now: datetime) -> Stored:
    skew = None
    if session.get_bind().dialect.name == "postgresql":
        before = time.time()
        ((theirs,),) = rows(session, sa.text("SELECT clock_timestamp()"))
        skew = theirs.timestamp() - (before + time.time()) / 2
    ((revision,),) = rows(session, sa.text("SELECT version_num FROM alembic_version"))
    bind = session.get_bind()
    assert isinstance(bind, sa.Engine)  # noqa: S101 - as Database makes its sessions
    return Stored(
        backlog=backlog(session, now=now),
        revision=revision,
        skew_seconds=skew,
        disk=disk_of(bind.url),
    )


def _of_database(stored: Stored | None) -> list[str]:
    if stored is None:
        return ["The database does not answer."]
    problems = []
    if stored.revision != migrations.HEAD:
        problems.append(
            f"The database's schema is at {stored.revision}, this release needs {migrations.HEAD}."
        )
    if stored.skew_seconds is not None and abs(stored.skew_seconds) > SKEW_LIMIT:
        problems.append(f"The database's clock differs by {stored.skew_seconds:+.0f} s.")
    return problems


def _of_failures(recent: Mapping[str, Counter[str]]) -> list[str]:
    problems = []
    for part, causes in sorted(recent.items()):
        listed = ", ".join(f"{cause}: {count}" for cause, count in causes.most_common())
        problems.append(f"{_PARTS[part]} in the last {RECENT_SECONDS:.0f} s ({listed}).")
    return problems


def shown(report: HealthReport) -> dict[str, object]:
    """Return the report as the JSON object that /readyz answers with."""
    stored, delivered = report.stored, report.last_delivery_at
    ago = report.tick_seconds_ago
    return {
        "ready": not report.problems,
        "problems": list(report.problems),
        "transport": report.transport,
        "connected": report.connected,
        "cut_off_seconds": round(report.cut_off_seconds, 1),
        "last_tick_seconds_ago": None if ago is None else round(ago, 1),
        "last_delivery_at": delivered.astimezone(UTC).isoformat() if delivered else None,
        "holding_back_after_clock_jump": report.holding_back,
        "database": stored is not None,
        "writable": report.unwritable is None if stored else None,
        "disk_free_bytes": stored.disk.free if stored and stored.disk else None,
        "schema": stored.revision if stored else None,
        "due": stored.backlog.due if stored else None,
        "oldest_due_seconds": round(report.oldest_due_seconds, 1) if stored else None,
        "given_up": stored.backlog.given_up if stored else None,
    }
