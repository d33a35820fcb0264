"""The engine, transactions, the one SQLite writer, and the column types that keep time and numbers exact.

Use cases are plain functions `use_case(session, …)`. They run in a transaction through
`await database.write(use_case, …)` and see either all of their work committed or none of it.

On SQLite one thread writes. Use cases that are waiting when a commit begins share it, each behind its
own savepoint (group commit), so that `synchronous=FULL` stays affordable and nobody ever sees
"database is locked". On PostgreSQL each use case has a transaction of its own on a pool.

Where many of a kind come at once (presses, reports of the sender), `write_together` hands all that wait to
one use case, which needs a few statements for all of them; on PostgreSQL too they share the commit.
`read_together` does the same for those that only look.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import queue
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError, SQLAlchemyError
from sqlmodel import Session, SQLModel

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")
A = TypeVar("A")

SQLITE_BUSY_TIMEOUT_MS = 5_000
"""How long a second process waits for the SQLite write lock."""

GROUP_LIMIT = 128
"""Use cases that share one commit at the most; beyond this nothing is won."""

BATCHES_AT_ONCE = 2
"""Transactions of one kind of batch; more would take the connections from everybody else."""

COMPANY_WAITS = (0.002,) * 5
"""Seconds that a group waits, one after the other, for as many as came together before, as PostgreSQL's
commit_delay does: few large groups cost less than many small ones. Where all came alone, none waits.
"""

COMPANY_REMEMBERED = 0.02
"""Seconds without anybody after which a rush is over, and whoever comes next waits for nobody."""

ATTEMPTS = 3
"""How often PostgreSQL may ask for a transaction to be repeated."""

DECIMAL_PLACES = 4
DECIMAL_SCALE = 10**DECIMAL_PLACES


class DatabaseProblem(Exception):
    """The database can't be used; the words say what to do."""


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """An aware datetime in UTC. Naive datetimes are refused with a ValueError, in and out."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a naive datetime never enters the database: {value!r}")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class ExactDecimal(sa.types.TypeDecorator[Decimal]):
    """A Decimal with four places, stored exactly.

    PostgreSQL has NUMERIC; SQLite has only floating point, so there it is an integer of ten-thousandths,
    which SQL can still sum and compare.
    """

    impl = sa.Numeric(20, DECIMAL_PLACES)
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(sa.BigInteger())
        return dialect.type_descriptor(sa.Numeric(20, DECIMAL_PLACES))

    def process_bind_param(self, value: Decimal | None, dialect: sa.Dialect) -> Any:
        if value is None or dialect.name != "sqlite":
            return value
        return int((value * DECIMAL_SCALE).to_integral_exact())

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> Decimal | None:
        if value is None:
            return None
        exact = Decimal(value) / DECIMAL_SCALE if dialect.name == "sqlite" else Decimal(value)
        return exact.quantize(Decimal(1)) if exact == exact.to_integral_value() else exact


def parse_url(text: str) -> URL:
    """Read a `DATABASE_URL`; raises DatabaseProblem naming what is supported."""
    try:
        url = make_url(text)
    except ArgumentError:
        raise DatabaseProblem(
            "DATABASE_URL is not a database address. Use sqlite:///data/basecoach.db or "
            "postgresql://user:password@host/database."
        ) from None
    if url.drivername in {"postgres", "postgresql", "postgresql+psycopg"}:
        return url.set(drivername="postgresql+psycopg")
    if url.drivername in {"sqlite", "sqlite+pysqlite"}:
        if not url.database or url.database == ":memory:":
            raise DatabaseProblem(
                "DATABASE_URL names no SQLite file. Use sqlite:///data/basecoach.db."
            )
        return url.set(drivername="sqlite+pysqlite")
    raise DatabaseProblem(
        f"DATABASE_URL starts with {url.drivername}, which Basecoach does not speak. "
        "Use sqlite:///… or postgresql://…."
    )


def create_engine(url: URL, *, writes: bool, pool_size: int = 4) -> Engine:
    """An engine whose transactions begin as they should: immediate writers on SQLite, UTC on PostgreSQL."""
    if url.get_backend_name() == "postgresql":
        return sa.create_engine(
            url,
            pool_size=pool_size,
            max_overflow=0,
            pool_timeout=5,
            pool_pre_ping=True,
            hide_parameters=True,  # what people typed stays out of tracebacks
            connect_args={
                "connect_timeout": 5,
                "options": "-c timezone=UTC -c statement_timeout=10000 -c lock_timeout=5000"
                " -c idle_in_transaction_session_timeout=30000",
            },
        )
    path = Path(url.database or "")
    if not path.exists() and not path.parent.exists():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise DatabaseProblem(
                f"The folder of the database, {path.parent}, can't be made: {error.strerror}."
            ) from error
    engine = sa.create_engine(
        url,
        poolclass=sa.pool.QueuePool,
        pool_size=pool_size,
        max_overflow=0,
        hide_parameters=True,
        connect_args={"check_same_thread": False, "timeout": SQLITE_BUSY_TIMEOUT_MS / 1000},
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # transactions begin where we say so
        cursor = connection.cursor()
        try:
            if writes:
                cursor.execute("PRAGMA journal_mode=WAL")
            cursor.execute("PRAGMA synchronous=FULL")
            cursor.execute("PRAGMA foreign_keys=ON")
            cursor.execute(f"PRAGMA query_only={'OFF' if writes else 'ON'}")
        finally:
            cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def rows(session: Session, statement: sa.Executable, **parameters: Any) -> list[tuple[Any, ...]]:
    """The rows of a Core statement, as `run` gives them."""
    return [tuple(row) for row in run(session, statement, **parameters)]


def run(session: Session, statement: sa.Executable, **parameters: Any) -> sa.CursorResult[Any]:
    """Execute a Core statement inside the session's transaction, what is pending written first."""
    session.flush()
    return session.connection().execute(statement, padded(parameters))


def padded(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The same parameters with every list brought to a power of two, by its last value once more.

    `IN (…)` of every other length is another statement, which the database plans anew.
    """
    return {
        name: _padded(value) if isinstance(value, list) and len(value) > 2 else value
        for name, value in parameters.items()
    }


def _padded(values: list[Any]) -> list[Any]:
    missing = (1 << (len(values) - 1).bit_length()) - len(values)
    return values + values[-1:] * missing


def any_of(name: str) -> sa.BindParameter[Any]:
    """For `column.in_(…)` of a statement that is built once: the parameter takes a list.

    Building a statement takes as long as running it.
    """
    return sa.bindparam(name, expanding=True)


def table(model: type[SQLModel]) -> sa.Table:
    """The model's table, for Core statements."""
    found: sa.Table = model.__table__  # type: ignore[attr-defined]
    return found


def columns(model: type[SQLModel]) -> Any:
    """The columns of the model's table, for Core statements."""
    return table(model).c


def signal(session: Session, name: str) -> None:
    """Have the subscribers of `name` called once the session's work is committed."""
    session.info.setdefault("signals", set()).add(name)


Together = Callable[[Session, Sequence[Any]], Sequence[Any]]
"""A use case for many at once: takes what each asks for, gives each its outcome, or an exception as one."""


@dataclass
class _Work:
    """A use case that waits for the writer; one of many at once where `together` is set."""

    run: Callable[[Session], Any]
    result: Future[Any]
    together: Together | None = None
    asked: Any = None
    outcome: Any = None
    error: BaseException | None = None
    signals: frozenset[str] = frozenset()

    def run_for_itself(self, session: Session) -> Sequence[Any]:
        return [self.run(session)]

    def settle(self, outcome: Any) -> None:
        """Tell whoever waits; among many an outcome may be an exception."""
        if self.together is not None and isinstance(outcome, Exception):
            self.result.set_exception(outcome)
        else:
            self.result.set_result(outcome)


class _Company:
    """How many come together, while many do."""

    def __init__(self) -> None:
        self._usual = 0
        self._left_at = 0.0

    def expected(self) -> int:
        """How many are worth waiting for, now that somebody came: nobody after a moment of quiet."""
        if time.monotonic() - self._left_at > COMPANY_REMEMBERED:
            self._usual = 0
        return self._usual

    def left(self, count: int) -> None:
        """So many came together, and have what they came for: next time as many, or not much fewer than before."""
        self._usual, self._left_at = max(count, self._usual * 3 // 4), time.monotonic()


@dataclass
class _Crowd:
    """Who waits for one use case, and whether a thread is at it."""

    waiting: list[_Work] = field(default_factory=list)
    is_served: bool = False
    company: _Company = field(default_factory=_Company)


_Crowds = defaultdict[Together, _Crowd]


class _Mailbox:
    """Outcomes on their way from the threads to the event loop, which is woken once for all that are there.

    Waking it for each (`asyncio.wrap_future`) costs more than a small use case's share of a commit.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self._letters: deque[tuple[asyncio.Future[Any], Future[Any]]] = deque()
        self._is_called = False

    def put(self, waiter: asyncio.Future[Any], result: Future[Any]) -> None:
        """From any thread: the result is there."""
        self._letters.append((waiter, result))
        if not self._is_called:
            self._is_called = True
            with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
                self.loop.call_soon_threadsafe(self._deliver)

    def _deliver(self) -> None:
        self._is_called = False  # before looking: whoever comes from now on calls anew
        while self._letters:
            waiter, result = self._letters.popleft()
            if waiter.done():
                continue
            if result.cancelled():
                waiter.cancel()
            elif (error := result.exception()) is not None:
                waiter.set_exception(error)
            else:
                waiter.set_result(result.result())


class Database:
    """One database: `write` for use cases that change it, `read` for those that only look.

    Both take a plain function whose first argument is a Session, run it off the event loop and give
    back what it returned. What it returns must be plain data: the session is gone by then.

    By default it has threads and engines of its own. With `executor` everything runs there, the groups of
    SQLite's writer too; `engines` gives the engines that are used instead.
    """

    def __init__(
        self,
        url: str,
        *,
        pool_size: int = 4,
        executor: Executor | None = None,
        engines: Callable[..., Engine] | None = None,
    ) -> None:
        new_engine = engines or create_engine
        self.url = parse_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = new_engine(
            self.url, writes=True, pool_size=1 if self.is_sqlite else pool_size
        )
        self._read_engine = (
            new_engine(self.url, writes=False, pool_size=pool_size)
            if self.is_sqlite
            else self.engine
        )
        self._threads = executor or ThreadPoolExecutor(pool_size, thread_name_prefix="database")
        self._has_writer_thread = self.is_sqlite and executor is None
        self._company_waits = COMPANY_WAITS if executor is None else ()
        self._subscribers: dict[str, list[Callable[[], None]]] = {}
        self._waiting: queue.SimpleQueue[_Work | None] = queue.SimpleQueue()
        self._writer: threading.Thread | None = None
        self._start_writer = threading.Lock()
        self._closed = False
        self._writers: _Crowds = defaultdict(_Crowd)
        self._readers: _Crowds = defaultdict(_Crowd)
        self._mailbox: _Mailbox | None = None

    def check(self) -> None:
        """Open the database once; raises DatabaseProblem with words for the operator."""
        name = self.url.render_as_string(hide_password=True)
        try:
            with self.engine.begin() as connection:
                if self.is_sqlite:
                    connection.exec_driver_sql("SELECT count(*) FROM sqlite_master")
                    connection.exec_driver_sql("CREATE TABLE _writable (x)")
                    connection.exec_driver_sql("DROP TABLE _writable")
                else:
                    connection.exec_driver_sql("SELECT 1")
        except OperationalError as error:
            if self.is_sqlite and "readonly" in str(error.orig):
                raise DatabaseProblem(
                    f"The database {self.url.database} is read-only. "
                    "Make the file and its folder writable for the user that runs Basecoach."
                ) from error
            if self.is_sqlite:
                raise DatabaseProblem(
                    f"The database {self.url.database} can't be opened ({error.orig}). "
                    "Check that DATABASE_URL names a file in a folder that Basecoach may write to."
                ) from error
            raise DatabaseProblem(
                f"PostgreSQL does not answer at {name}. Check DATABASE_URL and that the server is up."
            ) from error
        except DatabaseError as error:
            raise DatabaseProblem(
                f"{self.url.database} is not an SQLite database. "
                "Point DATABASE_URL at another file, or restore this one from a backup."
            ) from error

    def subscribe(self, name: str, callback: Callable[[], None]) -> None:
        """Call `callback` after every commit whose use case said `signal(session, name)`.

        The callback runs in a database thread and must not block.
        """
        self._subscribers.setdefault(name, []).append(callback)

    async def write(
        self,
        use_case: Callable[Concatenate[Session, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Run `use_case` in a transaction; it is durable when this returns.

        Raises what the use case raised, after rolling its work (and only its work) back.
        """
        work = _Work(lambda s: use_case(s, *args, **kwargs), Future())
        outcome: T = await self._outcome_of(self._submit(work))
        return outcome

    async def write_batches(self, step: Callable[..., int], *, now: datetime) -> None:
        """`write` a use case that does a batch and returns how much that was, until nothing is left.

        On PostgreSQL two go side by side: one is worked out while the other is stored.
        """

        async def go_on() -> None:
            while await self.write(step, now=now):
                continue

        if self.is_sqlite:
            await go_on()
            return
        async with asyncio.TaskGroup() as side_by_side:
            for _ in range(BATCHES_AT_ONCE):
                side_by_side.create_task(go_on())

    async def write_together(
        self, use_case: Callable[[Session, Sequence[A]], Sequence[T | Exception]], asked: A
    ) -> T:
        """`write`, for a use case that does at once what everybody asks who waits at this moment.

        It gives an outcome for each, in their order; one that is an exception is raised here, and by then
        the use case has taken back that one's work. When it raises instead, each is done by itself.
        """
        together: Together = use_case
        work = _Work(lambda s: _single(together, s, asked), Future(), together, asked)
        outcome: T = await self._outcome_of(self._submit(work))
        return outcome

    async def _outcome_of(self, result: Future[Any]) -> Any:
        loop = asyncio.get_running_loop()
        if self._mailbox is None or self._mailbox.loop is not loop:
            self._mailbox = _Mailbox(loop)
        waiter = loop.create_future()
        result.add_done_callback(partial(self._mailbox.put, waiter))
        try:
            return await waiter
        except asyncio.CancelledError:
            result.cancel()
            raise

    def write_now(
        self,
        use_case: Callable[Concatenate[Session, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """`write` for callers without an event loop (the command line, tests)."""
        work = _Work(lambda s: use_case(s, *args, **kwargs), Future())
        outcome: T = self._submit(work).result()
        return outcome

    async def read(
        self,
        use_case: Callable[Concatenate[Session, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Run `use_case` on one consistent view of the database; SQLite refuses writes here."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(
            self._threads, lambda: self.read_now(use_case, *args, **kwargs)
        )

    async def read_together(
        self, use_case: Callable[[Session, Sequence[A]], Sequence[T | Exception]], asked: A
    ) -> T:
        """`read`, for a use case that looks at once for everybody who waits at this moment.

        It gives an outcome for each, in their order; one that is an exception is raised here.
        """
        together: Together = use_case
        work = _Work(lambda s: _single(together, s, asked), Future(), together, asked)
        self._wait_for_others(work, self._readers, self._read_for)
        outcome: T = await self._outcome_of(work.result)
        return outcome

    def read_now(
        self,
        use_case: Callable[Concatenate[Session, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """`read` for callers without an event loop."""
        with Session(self._read_engine) as session:
            return use_case(session, *args, **kwargs)

    def close(self) -> None:
        """Finish what is waiting, then let go of every connection."""
        if self._closed:
            return
        self._closed = True
        if self._writer is not None:
            self._waiting.put(None)
            self._writer.join()
        self._threads.shutdown(wait=True)
        self.engine.dispose()
        self._read_engine.dispose()

    def _submit(self, work: _Work) -> Future[Any]:
        if self._closed:
            raise RuntimeError("the database is closed")
        if not self.is_sqlite:
            if work.together is None:
                self._threads.submit(self._write_alone, work)
            else:
                self._wait_for_others(work, self._writers, self._write_for)
            return work.result
        if not self._has_writer_thread:
            self._waiting.put(work)
            self._threads.submit(self._write_waiting)
            return work.result
        with self._start_writer:
            if self._writer is None:
                self._writer = threading.Thread(target=self._write_groups, name="database-writer")
                self._writer.start()
        self._waiting.put(work)
        return work.result

    # How groups form: by the load, and with a little patience where many come.

    def _wait_for_company(self, usual: int, waiting: Callable[[], int]) -> None:
        for seconds in self._company_waits:
            there = waiting()
            if not 0 < there < usual:
                return
            time.sleep(seconds)

    # PostgreSQL: a transaction each, or one for all that wait together; repeated when the database asks for it.

    def _write_alone(self, work: _Work) -> None:
        if work.result.set_running_or_notify_cancel():
            self._write_in_one([work], work.run_for_itself)

    def _wait_for_others(
        self, work: _Work, crowds: _Crowds, serve: Callable[[Together, list[_Work]], None]
    ) -> None:
        assert work.together is not None  # noqa: S101 - that is what brings it here
        with self._start_writer:
            crowd = crowds[work.together]
            crowd.waiting.append(work)
            if crowd.is_served:
                return
            crowd.is_served = True
        self._threads.submit(self._serve, work.together, crowd, serve)

    def _serve(
        self, together: Together, crowd: _Crowd, serve: Callable[[Together, list[_Work]], None]
    ) -> None:
        """Do what waits for this use case, and what came meanwhile, until nothing does."""
        while True:
            self._wait_for_company(crowd.company.expected(), lambda: len(crowd.waiting))
            with self._start_writer:
                group = crowd.waiting[:GROUP_LIMIT]
                del crowd.waiting[:GROUP_LIMIT]
                if not group:
                    crowd.is_served = False
                    return
            count = len(group)
            group = [work for work in group if work.result.set_running_or_notify_cancel()]
            if group:
                serve(together, group)
            crowd.company.left(count)

    def _write_for(self, together: Together, group: list[_Work]) -> None:
        self._write_in_one(group, partial(_all, together, [work.asked for work in group]))

    def _read_for(self, together: Together, group: list[_Work]) -> None:
        try:
            outcomes = self.read_now(together, [work.asked for work in group])
        except BaseException as error:
            if len(group) == 1:
                group[0].result.set_exception(error)
                return
            for work in group:
                self._read_for(together, [work])
            return
        for work, outcome in zip(group, outcomes, strict=True):
            work.settle(outcome)

    def _write_in_one(
        self, group: list[_Work], run: Callable[[Session], Sequence[Any]], attempt: int = 1
    ) -> None:
        try:
            with Session(self.engine, expire_on_commit=False) as session, session.begin():
                outcomes = run(session)
                session.flush()
                signals = frozenset(session.info.get("signals", ()))
        except BaseException as error:
            state = getattr(getattr(error, "orig", None), "sqlstate", None)
            if state in {"40001", "40P01"} and attempt < ATTEMPTS:
                log.info("transaction repeated", extra={"attempt": attempt})
                self._write_in_one(group, run, attempt + 1)
            elif len(group) > 1 and (state or not isinstance(error, SQLAlchemyError)):
                for work in group:
                    self._write_in_one([work], work.run_for_itself)
            else:
                for work in group:
                    work.result.set_exception(error)
            return
        self._tell(signals)
        for work, outcome in zip(group, outcomes, strict=True):
            work.settle(outcome)

    # SQLite: one thread, natural batches.

    def _write_groups(self) -> None:
        company = _Company()
        while (first := self._waiting.get()) is not None:
            if first.together is not None:
                self._wait_for_company(company.expected(), lambda: 1 + self._waiting.qsize())
            group, last = self._with_others(first)
            self._write_group(group)
            company.left(sum(work.together is not None for work in group))
            if last:
                return

    def _write_waiting(self) -> None:
        """One group of what waits now; nothing when an earlier group took it along."""
        with contextlib.suppress(queue.Empty):
            first = self._waiting.get_nowait()
            if first is not None:
                group, _ = self._with_others(first)
                self._write_group(group)

    def _with_others(self, first: _Work) -> tuple[list[_Work], bool]:
        """A group that begins with `first`, and whether the end of all writing was waiting behind it."""
        group, last = [first], False
        while len(group) < GROUP_LIMIT:
            try:
                work = self._waiting.get_nowait()
            except queue.Empty:
                break
            if work is None:
                last = True
                break
            group.append(work)
        return [work for work in group if work.result.set_running_or_notify_cancel()], last

    def _write_group(self, group: list[_Work]) -> None:
        if len(group) == 1:  # without a savepoint: there is nobody to be spared
            self._write_in_one(group, group[0].run_for_itself)
            return
        crowds: dict[Together, list[_Work]] = defaultdict(list)
        try:
            with self.engine.connect() as connection, connection.begin():
                for work in group:
                    if work.together is None:
                        self._write_behind_savepoint(connection, work)
                    else:
                        crowds[work.together].append(work)
                for together, crowd in crowds.items():
                    self._write_crowd(connection, together, crowd)
        except BaseException as error:  # the shared commit failed: nobody's work is there
            for work in group:
                work.result.set_exception(work.error or error)
            return
        self._tell(frozenset().union(*(work.signals for work in group if work.error is None)))
        for work in group:
            if work.error is not None:
                work.result.set_exception(work.error)
            else:
                work.settle(work.outcome)

    @staticmethod
    def _write_behind_savepoint(connection: Connection, work: _Work) -> None:
        with _behind_savepoint(connection) as session:
            try:
                work.outcome = work.run(session)
                session.commit()
                work.signals = frozenset(session.info.get("signals", ()))
            except BaseException as error:
                session.rollback()
                work.error = error

    def _write_crowd(self, connection: Connection, together: Together, crowd: list[_Work]) -> None:
        if len(crowd) > 1:
            with _behind_savepoint(connection) as session:
                try:
                    outcomes = together(session, [work.asked for work in crowd])
                    session.commit()
                except Exception:
                    session.rollback()  # one by one, then
                else:
                    for work, outcome in zip(crowd, outcomes, strict=True):
                        work.outcome = outcome
                    crowd[0].signals = frozenset(session.info.get("signals", ()))
                    return
        for work in crowd:
            self._write_behind_savepoint(connection, work)

    def _tell(self, signals: frozenset[str]) -> None:
        for name in signals:
            for callback in self._subscribers.get(name, ()):
                callback()


def _all(together: Together, asked: Sequence[Any], session: Session) -> Sequence[Any]:
    return together(session, asked)


def _single(together: Together, session: Session, asked: Any) -> Any:
    (outcome,) = together(session, [asked])
    return outcome


def _behind_savepoint(connection: Connection) -> Session:
    return Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False)


@contextmanager
def opened(url: str, *, pool_size: int = 4) -> Iterator[Database]:
    """A checked Database for the length of a `with` block; raises DatabaseProblem."""
    database = Database(url, pool_size=pool_size)
    try:
        database.check()
        yield database
    finally:
        database.close()
