"""Redrawing a check-in through the response_url of the press that changed it.

A response_url has no tier to keep, where chat.update takes fifty calls a minute from a whole workspace. It
works five times in half an hour and may fail; the sender follows where it did, and once more when an answer
that was given up can no longer arrive.
"""

from __future__ import annotations

import asyncio
from weakref import WeakValueDictionary

from bot.clock import Clock
from bot.database import Database
from bot.domain import outbox
from bot.slack.afterwards import Afterwards
from bot.slack.drawing import ToMember, draw
from bot.slack.response_urls import ResponseUrls


class Redrawing:
    """Redraws check-ins, each of them by one answer at a time, so that none overtakes another."""

    def __init__(
        self, database: Database, clock: Clock, responses: ResponseUrls, afterwards: Afterwards
    ) -> None:
        self._database = database
        self._clock = clock
        self._responses = responses
        self._afterwards = afterwards
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    def check_in(self, url: str, *, workspace_id: int, check_in_id: int) -> None:
        """Redraw the check-in's message, without holding up the ack of the press."""
        self._afterwards.do(self._redraw(url, workspace_id, check_in_id))

    async def _redraw(self, url: str, workspace_id: int, check_in_id: int) -> None:
        turn = self._turns.setdefault(check_in_id, asyncio.Lock())
        async with turn:
            version = await self._database.read(
                outbox.version,
                workspace_id=workspace_id,
                surface=outbox.CHECK_IN,
                subject_id=check_in_id,
            )
            if version is None:
                return
            began = self._clock.now()
            drawn = await self._database.read(
                draw, surface=outbox.CHECK_IN, subject_id=check_in_id, now=began
            )
            if not isinstance(drawn, ToMember):
                return
            if await self._responses.send(url, {"replace_original": True, **drawn.message}):
                await self._database.write(
                    outbox.redrawn,
                    workspace_id=workspace_id,
                    surface=outbox.CHECK_IN,
                    subject_id=check_in_id,
                    version=version,
                    now=self._clock.now(),
                )
            else:
                await self._database.write(
                    outbox.not_redrawn,
                    workspace_id=workspace_id,
                    surface=outbox.CHECK_IN,
                    subject_id=check_in_id,
                    began=began,
                )
