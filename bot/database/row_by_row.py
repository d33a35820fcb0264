"""Runs the steps of a beat so that one row that can't be handled holds up no other row and no other step."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlmodel import Session

from bot import failures
from bot.database.failures import cause_of
from bot.database.transactions import Database
from bot.failures import Failures

log = logging.getLogger(__name__)

ASIDE_FOR = timedelta(minutes=10)
"""How long a row that could not be handled is left out before it is tried again."""

ROUNDS = 20
"""How often a step is run again in one beat after rows were set aside; the next beat goes on."""


class Step(Protocol):
    """Handles a batch of due rows in one transaction and returns its size; 0 means that nothing is left.

    It handles only the rows `only`, by their ids, if they are given, and none of the rows `without`.
    """

    __name__: str

    def __call__(
        self,
        session: Session,
        *,
        now: datetime,
        only: Collection[int] | None = None,
        without: Collection[int] = (),
    ) -> int: ...


class DueIds(Protocol):
    """Returns the ids of the rows that a step would take next, in their order, without the rows `without`."""

    def __call__(
        self, session: Session, *, now: datetime, without: Collection[int]
    ) -> Sequence[int]: ...


class RowByRow:
    """Runs steps in batches, and row by row where a batch fails."""

    def __init__(self, database: Database, failed: Failures | None = None) -> None:
        self._database = database
        self._failed = failed or Failures()
        self._aside: dict[tuple[str, int], datetime] = {}

    async def run(self, step: Step, due_ids: DueIds, *, now: datetime) -> None:
        """Handle everything that is due. A row that fails is logged, and set aside for ASIDE_FOR.

        Raises an error of the database's own, which no row is to blame for.
        """
        for _ in range(ROUNDS):
            without = self._without(step, now)
            try:
                await self._database.write_batches(partial(step, without=without), now=now)
                return
            except Exception as error:
                if _is_the_databases(error):
                    raise
            ids = await self._database.read(due_ids, now=now, without=without)
            await self._in_parts(step, ids, now)
            if self._without(step, now) == without:
                return  # no row failed by itself: the next beat tries the batch again

    async def _in_parts(self, step: Step, ids: Sequence[int], now: datetime) -> None:
        """Handle the rows, the halves of a part that fails apart from each other."""
        if not ids:
            return
        try:
            await self._database.write(step, now=now, only=ids)
        except Exception as error:
            if _is_the_databases(error):
                raise
            if len(ids) > 1:
                middle = len(ids) // 2
                await self._in_parts(step, ids[:middle], now)
                await self._in_parts(step, ids[middle:], now)
                return
            name = step.__name__
            self._failed.note(error, part=failures.ROW, kind=name, cause=cause_of(error) or "bug")
            log.exception("a row could not be handled", extra={"step": name, "row": ids[0]})
            self._aside[name, ids[0]] = now + ASIDE_FOR

    def _without(self, step: Step, now: datetime) -> tuple[int, ...]:
        """Return the ids of the step's rows that are set aside; those whose time is over may be tried again."""
        self._aside = {
            row: until for row, until in self._aside.items() if now < until <= now + ASIDE_FOR
        }
        return tuple(sorted(id for name, id in self._aside if name == step.__name__))


def _is_the_databases(error: BaseException) -> bool:
    """Return whether the database failed, and not the work that it was asked to do."""
    if isinstance(error, BaseExceptionGroup):
        return any(_is_the_databases(inner) for inner in error.exceptions)
    return isinstance(error, (OperationalError, InterfaceError, OSError))
