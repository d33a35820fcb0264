"""Collects the jobs that wait for the database into batches, and returns their outcomes to the callers.

A job is one call of a use case. The jobs of a *batched* use case that wait at the same moment are given to it in
one call, because it needs only a few statements for all of them.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session

BATCH_LIMIT = 128
"""The largest number of jobs that share one commit; a larger batch saves no more time."""

BATCH_WINDOW_WAITS = (0.002,) * 5
"""Waits in seconds, one after the other, until a batch has as many jobs as the batches before it. PostgreSQL's
commit_delay does the same: few large batches cost less than many small ones. After a single job there is no wait.
"""

BATCH_WINDOW_REMEMBERED = 0.02
"""After this many seconds without a job the next job does not wait for others."""

BatchedUseCase = Callable[[Session, Sequence[Any]], Sequence[Any]]
"""A use case for many requests in one call: it returns an outcome for each, in their order. An outcome may be an
exception, which then concerns only that request.
"""


@dataclass
class Job:
    """One call that waits for the database; `batched` and `request` are set if its use case is batched."""

    run: Callable[[Session], Any]
    result: Future[Any] = field(default_factory=Future)
    batched: BatchedUseCase | None = None
    request: Any = None
    outcome: Any = None
    error: BaseException | None = None
    signals: frozenset[str] = frozenset()

    @classmethod
    def of_batch(cls, use_case: BatchedUseCase, request: Any) -> Job:
        """Return a job for one request of a batched use case."""

        def run(session: Session) -> Any:
            (outcome,) = use_case(session, [request])
            return outcome

        return cls(run, batched=use_case, request=request)

    def run_alone(self, session: Session) -> Sequence[Any]:
        """Run this job as a batch of one, and return its outcome in a list."""
        return [self.run(session)]

    def settle(self, outcome: Any) -> None:
        """Give the outcome to the waiting caller; an exception from a batched use case is raised there."""
        if self.batched is not None and isinstance(outcome, Exception):
            self.fail(outcome)
        else:
            self.result.set_result(outcome)

    def fail(self, error: BaseException) -> None:
        """Raise the error at the waiting caller."""
        self.result.set_exception(error)


class BatchWindow:
    """Decides how long the next batch waits for more jobs: only if recent batches were large."""

    def __init__(self, waits: Sequence[float] = BATCH_WINDOW_WAITS) -> None:
        self._waits = waits
        self._usual = 0
        self._left_at = 0.0

    def wait(self, waiting: Callable[[], int]) -> None:
        """Sleep until as many jobs wait as usual, or none waits any more, or the waits are over."""
        if time.monotonic() - self._left_at > BATCH_WINDOW_REMEMBERED:
            self._usual = 0
        for seconds in self._waits:
            if not 0 < waiting() < self._usual:
                return
            time.sleep(seconds)

    def left(self, count: int) -> None:
        """Record that a batch of `count` jobs is done; the next one is expected to be as large, or three quarters
        of before.
        """
        self._usual, self._left_at = max(count, self._usual * 3 // 4), time.monotonic()


@dataclass
class _PendingBatch:
    """The jobs that wait for one use case, and whether a thread serves them."""

    window: BatchWindow
    waiting: list[Job] = field(default_factory=list)
    is_served: bool = False


class BatchQueues:
    """A queue for each batched use case, each served by one thread at a time.

    `submit` starts a function on a thread. `serve` runs one batch of a use case and settles its jobs.
    """

    def __init__(
        self,
        *,
        submit: Callable[[Callable[[], None]], object],
        serve: Callable[[BatchedUseCase, list[Job]], None],
        waits: Sequence[float],
    ) -> None:
        self._submit = submit
        self._serve_batch = serve
        self._lock = threading.Lock()
        self._pending: defaultdict[BatchedUseCase, _PendingBatch] = defaultdict(
            lambda: _PendingBatch(BatchWindow(waits))
        )

    def put(self, job: Job) -> None:
        """Add a job of a batched use case; start a thread unless one serves this use case already."""
        use_case = job.batched
        assert use_case is not None  # noqa: S101 - only such jobs come here
        with self._lock:
            pending = self._pending[use_case]
            pending.waiting.append(job)
            if pending.is_served:
                return
            pending.is_served = True
        self._submit(lambda: self._serve(use_case, pending))

    def _serve(self, use_case: BatchedUseCase, pending: _PendingBatch) -> None:
        """Serve the waiting jobs, and those that arrive meanwhile, until none is left."""
        while True:
            pending.window.wait(lambda: len(pending.waiting))
            with self._lock:
                taken = pending.waiting[:BATCH_LIMIT]
                del pending.waiting[:BATCH_LIMIT]
                if not taken:
                    pending.is_served = False
                    return
            batch = [job for job in taken if job.result.set_running_or_notify_cancel()]
            if batch:
                self._serve_batch(use_case, batch)
            pending.window.left(len(taken))


class CompletionQueue:
    """Passes outcomes from the threads to the event loop, and wakes the loop once for all that are ready.

    Waking the loop for each outcome (`asyncio.wrap_future`) costs more than a small use case's share of a commit.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self._completed: deque[tuple[asyncio.Future[Any], Future[Any]]] = deque()
        self._is_called = False

    def put(self, waiter: asyncio.Future[Any], result: Future[Any]) -> None:
        """Pass on the finished result of a job. Any thread may call this."""
        self._completed.append((waiter, result))
        if not self._is_called:
            self._is_called = True
            with contextlib.suppress(RuntimeError):  # the loop is closed: no caller waits any more
                self.loop.call_soon_threadsafe(self._deliver)

    def _deliver(self) -> None:
        self._is_called = (
            False  # set before the queue is emptied: a later result schedules a new call
        )
        while self._completed:
            waiter, result = self._completed.popleft()
            if not waiter.done():
                _complete(waiter, result)


def _complete(waiter: asyncio.Future[Any], result: Future[Any]) -> None:
    if result.cancelled():
        waiter.cancel()
        return
    error = result.exception()
    if error is None:
        waiter.set_result(result.result())
    elif isinstance(error, Exception) and not isinstance(error, StopIteration):
        waiter.set_exception(error)
    else:
        # A future rejects StopIteration. What is no Exception would look like a cancelled wait, or end the loop.
        wrapped = RuntimeError(f"a use case raised {type(error).__name__}")
        wrapped.__cause__ = error
        waiter.set_exception(wrapped)
