"""`Database`: `write` runs a use case in a transaction, `read` runs it on one consistent view.

Use cases are plain functions `use_case(session, …)`. Either all of a use case's work is committed or none of it.

On SQLite one thread writes. Use cases that wait when a commit begins share it, each with its own savepoint (group
commit), so that `synchronous=FULL` stays affordable and no use case fails with "database is locked". On PostgreSQL
each use case has a transaction of its own on a pool.

Where many requests of a kind come at once (presses, reports of the sender), `write_batched` gives all waiting
requests to one call of a use case, which needs only a few statements for all of them; they share one commit on
PostgreSQL too. `read_batched` does the same for use cases that only read.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from bot.database import engines as engine_maker
from bot.database import opening, postgresql
from bot.database.batching import (
    BATCH_WINDOW_WAITS,
    BatchedUseCase,
    BatchQueues,
    CompletionQueue,
    Job,
)
from bot.database.commits import Commits
from bot.database.failures import WORDS, cause_of
from bot.database.sqlite_writer import SqliteWriter
from bot.problems import DatabaseProblem

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")
A = TypeVar("A")

BATCHES_AT_ONCE = 2
"""How many transactions of one batched step run at the same time; more would leave others no connections."""


class Database:
    """One database: `write` for use cases that change it, `read` for those that only read it.

    Both take a plain function whose first argument is a Session, run it outside the event loop and return its
    result. The result must be plain data, because the session is closed by then.

    By default the database has threads and engines of its own. With `executor` everything runs there, also the
    groups of SQLite's writer; `engines` makes the engines instead. `pooler` is one of `postgresql.POOLERS`.
    """

    def __init__(
        self,
        url: str,
        *,
        pool_size: int = 4,
        executor: Executor | None = None,
        engines: Callable[..., Engine] | None = None,
        pooler: str = "auto",
    ) -> None:
        new_engine = engines or partial(engine_maker.create_engine, pooler=pooler)
        self.url = engine_maker.parse_url(url)
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
        self._subscribers: dict[str, list[Callable[[], None]]] = {}
        self._commits = Commits(self.engine, self._tell)
        self._writer = SqliteWriter(
            self._commits.group, submit=self._threads.submit if executor is not None else None
        )
        waits = BATCH_WINDOW_WAITS if executor is None else ()
        self._writes = BatchQueues(
            submit=self._threads.submit, serve=self._commits.batch, waits=waits
        )
        self._reads = BatchQueues(submit=self._threads.submit, serve=self._read_batch, waits=waits)
        self._completions: CompletionQueue | None = None
        self._closed = False

    def write_failures(self) -> Mapping[str, int]:
        """Return how many writes the database did not take, by cause (bot.database.failures), since the start."""
        return self._commits.failures.counts()

    def check(self) -> None:
        """Open the database once; raises DatabaseProblem, whose text is for the operator."""
        opening.check(self.engine)

    def transaction_settings(self) -> postgresql.TransactionSettings:
        """Return whether a pooler stands before PostgreSQL, and the time limits that a transaction has there."""
        return postgresql.transaction_settings(self.engine)

    def subscribe(self, name: str, callback: Callable[[], None]) -> None:
        """Call `callback` after every commit whose use case called `signal(session, name)`.

        The callback runs in a database thread and must not block.
        """
        self._subscribers.setdefault(name, []).append(callback)

    async def write(
        self,
        use_case: Callable[Concatenate[Session, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Run `use_case` in a transaction; its changes are durable when this returns.

        Raises the use case's error, after its work (and only its work) was rolled back.
        """
        job = Job(lambda session: use_case(session, *args, **kwargs))
        outcome: T = await self._outcome_of(self._submit(job))
        return outcome

    async def write_batches(self, step: Callable[..., int], *, now: datetime) -> None:
        """Run `step`, which handles one batch and returns its size, again and again until nothing is left.

        On PostgreSQL two batches run concurrently: one is computed while the other is stored.
        """

        async def go_on() -> None:
            while await self.write(step, now=now):
                continue

        if self.is_sqlite:
            await go_on()
            return
        # One that fails leaves the others to end: what they hold locked, nobody else could take up meanwhile.
        batches = (go_on() for _ in range(BATCHES_AT_ONCE))
        outcomes = await asyncio.gather(*batches, return_exceptions=True)
        if errors := [outcome for outcome in outcomes if isinstance(outcome, Exception)]:
            raise ExceptionGroup("batches failed", errors)

    async def write_batched(
        self, use_case: Callable[[Session, Sequence[A]], Sequence[T | Exception]], request: A
    ) -> T:
        """Run a batched use case in a transaction: one call handles all requests that wait at this moment.

        It returns an outcome for each, in their order. An outcome that is an exception is raised here, and the use
        case has rolled back that request's work by then. When the use case itself raises, each request is run
        alone.
        """
        outcome: T = await self._outcome_of(self._submit(Job.of_batch(use_case, request)))
        return outcome

    def write_now(
        self,
        use_case: Callable[Concatenate[Session, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Do what `write` does, for callers without an event loop (the command line, tests)."""
        outcome: T = self._submit(Job(lambda session: use_case(session, *args, **kwargs))).result()
        return outcome

    async def read(
        self,
        use_case: Callable[Concatenate[Session, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Run `use_case` on one consistent view of the database; SQLite refuses writes here."""
        read = self._threads.submit(lambda: self.read_now(use_case, *args, **kwargs))
        outcome: T = await self._outcome_of(read)
        return outcome

    async def read_batched(
        self, use_case: Callable[[Session, Sequence[A]], Sequence[T | Exception]], request: A
    ) -> T:
        """Run a batched use case that only reads: one call serves all requests that wait at this moment.

        It returns an outcome for each, in their order. An outcome that is an exception is raised here.
        """
        job = Job.of_batch(use_case, request)
        self._reads.put(job)
        outcome: T = await self._outcome_of(job.result)
        return outcome

    def read_now(
        self,
        use_case: Callable[Concatenate[Session, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """Do what `read` does, for callers without an event loop."""
        with Session(self._read_engine) as session:
            return use_case(session, *args, **kwargs)

    def close(self) -> None:
        """Finish the waiting jobs, then close every connection."""
        if self._closed:
            return
        self._closed = True
        self._writer.close()
        self._threads.shutdown(wait=True)
        self.engine.dispose()
        self._read_engine.dispose()

    def _submit(self, job: Job) -> Future[Any]:
        if self._closed:
            raise RuntimeError("the database is closed")
        if self.is_sqlite:
            self._writer.put(job)
        elif job.batched is None:
            self._threads.submit(self._commits.alone, job)
        else:
            self._writes.put(job)
        return job.result

    async def _outcome_of(self, result: Future[Any]) -> Any:
        loop = asyncio.get_running_loop()
        if self._completions is None or self._completions.loop is not loop:
            self._completions = CompletionQueue(loop)
        waiter = loop.create_future()
        result.add_done_callback(partial(self._completions.put, waiter))
        try:
            return await waiter
        except asyncio.CancelledError:
            result.cancel()
            raise

    def _read_batch(self, use_case: BatchedUseCase, batch: list[Job]) -> None:
        try:
            outcomes = self.read_now(use_case, [job.request for job in batch])
            if len(outcomes) != len(batch):
                raise ValueError("a batched use case returns one outcome for each request")
        except BaseException as error:
            if len(batch) == 1:
                batch[0].fail(error)
                return
            for job in batch:
                self._read_batch(use_case, [job])
            return
        for job, outcome in zip(batch, outcomes, strict=True):
            job.settle(outcome)

    def _tell(self, signals: frozenset[str]) -> None:
        for name in signals:
            for callback in self._subscribers.get(name, ()):
                try:
                    callback()
                except Exception:
                    # What is committed stays committed, and its callers still wait for their outcomes.
                    log.exception("a subscriber failed", extra={"signal": name})


@contextmanager
def opened(url: str, *, pool_size: int = 4, pooler: str = "auto") -> Iterator[Database]:
    """Open and check a Database for the length of a `with` block.

    Raises DatabaseProblem, also where the database fails later in the block.
    """
    database = Database(url, pool_size=pool_size, pooler=pooler)
    try:
        database.check()
        yield database
    except SQLAlchemyError as error:
        cause = cause_of(error)
        if cause is None:
            raise
        raise DatabaseProblem(
            f"The database failed: {WORDS[cause]}. docs/alarms.md says what to do."
        ) from error
    finally:
        database.close()
