"""The only writer of an SQLite database: jobs that wait when a commit begins share that commit."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable

from bot.database.batching import BATCH_LIMIT, BatchWindow, Job


class SqliteWriter:
    """Takes jobs from any thread, and commits them in groups on one thread.

    `commit` runs a group and settles its jobs. The thread starts with the first job. With `submit` there is no
    thread: each job submits a call that commits all jobs waiting at that moment.
    """

    def __init__(
        self,
        commit: Callable[[list[Job]], None],
        *,
        submit: Callable[[Callable[[], None]], object] | None = None,
    ) -> None:
        self._commit = commit
        self._submit = submit
        self._waiting: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()

    def put(self, job: Job) -> None:
        """Queue the job for the next commit."""
        self._waiting.put(job)
        if self._submit is not None:
            self._submit(self._commit_waiting)
            return
        with self._starting:
            if self._thread is None:
                self._thread = threading.Thread(target=self._commit_groups, name="database-writer")
                self._thread.start()

    def close(self) -> None:
        """Commit the waiting jobs, then end the thread."""
        if self._thread is not None:
            self._waiting.put(None)
            self._thread.join()

    def _commit_groups(self) -> None:
        window = BatchWindow()
        while (first := self._waiting.get()) is not None:
            if first.batched is not None:
                window.wait(lambda: 1 + self._waiting.qsize())
            group, is_last = self._group_with(first)
            if group:
                self._commit(group)
            window.left(sum(job.batched is not None for job in group))
            if is_last:
                return

    def _commit_waiting(self) -> None:
        """Commit one group of the waiting jobs, if an earlier call has not committed all of them already."""
        with contextlib.suppress(queue.Empty):
            first = self._waiting.get_nowait()
            if first is not None:
                group, _ = self._group_with(first)
                if group:
                    self._commit(group)

    def _group_with(self, first: Job) -> tuple[list[Job], bool]:
        """Return the next group, which begins with `first`, and whether the writer was closed after it."""
        group, is_last = [first], False
        while len(group) < BATCH_LIMIT:
            try:
                job = self._waiting.get_nowait()
            except queue.Empty:
                break
            if job is None:
                is_last = True
                break
            group.append(job)
        return [job for job in group if job.result.set_running_or_notify_cancel()], is_last
