"""Work that is done after a payload has been acknowledged, because it must not delay the ack.

Only work that may be lost belongs here: a note beside a press, an update of a modal. Work that must not be lost
goes through the outbox.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from bot import failures
from bot.failures import Failures
from bot.slack.causes import cause

log = logging.getLogger(__name__)


class BackgroundTasks:
    """Keeps the tasks of a process, so that all of them are finished before it stops."""

    def __init__(self, failed: Failures | None = None) -> None:
        self._tasks: set[asyncio.Task[None]] = set()
        self._failed = failed or Failures()

    def add(self, work: Coroutine[Any, Any, object]) -> None:
        """Run `work` as a task of its own; a failure is only logged and counted."""
        task = asyncio.create_task(self._guarded(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def finish(self) -> None:
        """Wait until all tasks are finished."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    async def _guarded(self, work: Coroutine[Any, Any, object]) -> None:
        try:
            await work
        except Exception as error:
            why = cause(error)
            self._failed.note(error, part=failures.BACKGROUND, kind="", cause=why)
            log.exception("what was to be done afterwards failed", extra={"cause": why})
