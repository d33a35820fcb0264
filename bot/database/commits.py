"""Runs jobs in transactions: one commit for a job, for a batch, or for a group of jobs with savepoints."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from bot.database.batching import BatchedUseCase, Job
from bot.database.failures import WriteFailures
from bot.database.statements import signals_of

log = logging.getLogger(__name__)

ATTEMPTS = 3
"""How often a transaction is tried when PostgreSQL asks for it to be repeated."""

REPEATABLE = frozenset({"40001", "40P01"})
"""PostgreSQL's codes for a serialization failure and a deadlock (Appendix A of its manual)."""

Tell = Callable[[frozenset[str]], None]
"""Calls the subscribers of these signals."""


class Commits:
    """Runs jobs in transactions of one engine, settles them, and publishes the signals that they raised."""

    def __init__(self, engine: Engine, tell: Tell) -> None:
        self._engine = engine
        self._tell = tell
        self.failures = WriteFailures()

    def alone(self, job: Job) -> None:
        """Run one job in a transaction of its own, unless its caller has stopped waiting."""
        if job.result.set_running_or_notify_cancel():
            self._in_one_transaction([job], job.run_alone)

    def batch(self, use_case: BatchedUseCase, batch: list[Job]) -> None:
        """Run all jobs of a batched use case in one transaction; if that fails, run each in its own."""
        self._in_one_transaction(batch, partial(_run_batch, use_case, batch))

    def group(self, group: list[Job]) -> None:
        """Run jobs of any kind with one commit (group commit); each job or batch has its own savepoint.

        A job that fails is rolled back alone. When the shared commit fails, every job fails with it.
        """
        if len(group) == 1:  # no savepoint is needed: there is no other job to protect
            self._in_one_transaction(group, group[0].run_alone)
            return
        batches: dict[BatchedUseCase, list[Job]] = defaultdict(list)
        try:
            with self._engine.connect() as connection, connection.begin():
                for job in group:
                    if job.batched is None:
                        _behind_savepoint(connection, job)
                    else:
                        batches[job.batched].append(job)
                for use_case, batch in batches.items():
                    _batch_behind_savepoint(connection, use_case, batch)
        except BaseException as error:  # nothing of the group was committed
            self._fail(group, error)
            return
        self._tell(frozenset().union(*(job.signals for job in group if job.error is None)))
        for job in group:
            if job.error is not None:
                self._fail([job], job.error)
            else:
                job.settle(job.outcome)

    def _fail(self, jobs: list[Job], error: BaseException) -> None:
        """Raise the error, or a job's own error, at each caller; count it where the database is to blame."""
        for job in jobs:
            self.failures.note(job.error or error)
            job.fail(job.error or error)

    def _in_one_transaction(
        self, jobs: list[Job], run: Callable[[Session], Sequence[Any]], attempt: int = 1
    ) -> None:
        try:
            with Session(self._engine, expire_on_commit=False) as session, session.begin():
                outcomes = run(session)
                if len(outcomes) != len(jobs):
                    raise ValueError("a batched use case returns one outcome for each request")
                session.flush()
                signals = signals_of(session)
        except BaseException as error:
            state = getattr(getattr(error, "orig", None), "sqlstate", None)
            if state in REPEATABLE and attempt < ATTEMPTS:
                log.info("transaction repeated", extra={"attempt": attempt})
                self._in_one_transaction(jobs, run, attempt + 1)
            elif len(jobs) > 1 and (state or not isinstance(error, SQLAlchemyError)):
                for job in jobs:
                    self._in_one_transaction([job], job.run_alone)
            else:
                self._fail(jobs, error)
            return
        self._tell(signals)
        for job, outcome in zip(jobs, outcomes, strict=True):
            job.settle(outcome)


def _run_batch(use_case: BatchedUseCase, batch: list[Job], session: Session) -> Sequence[Any]:
    return use_case(session, [job.request for job in batch])


def _session(connection: Connection) -> Session:
    return Session(connection, join_transaction_mode="create_savepoint", expire_on_commit=False)


def _behind_savepoint(connection: Connection, job: Job) -> None:
    with _session(connection) as session:
        try:
            job.outcome = job.run(session)
            session.commit()
            job.signals = signals_of(session)
        except BaseException as error:
            job.error = error
            session.rollback()  # fails where SQLite has given up the whole group, as it does on a full disk


def _batch_behind_savepoint(
    connection: Connection, use_case: BatchedUseCase, batch: list[Job]
) -> None:
    if len(batch) > 1:
        with _session(connection) as session:
            try:
                outcomes = _run_batch(use_case, batch, session)
                session.commit()
            except Exception:
                session.rollback()  # then the jobs run one by one
            else:
                for job, outcome in zip(batch, outcomes, strict=True):
                    job.outcome = outcome
                batch[0].signals = signals_of(session)
                return
    for job in batch:
        _behind_savepoint(connection, job)
