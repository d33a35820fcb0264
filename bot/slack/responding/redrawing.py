"""Updates a check-in's message through the response_url of the press that changed it.

A response_url has no rate limit tier, while chat.update accepts fifty calls a minute from a whole workspace. A
response_url works five times in half an hour and may fail. After a failure the sender updates the message, and
once more when a response_url's call that was given up can no longer arrive.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from bot.clock import Clock
from bot.database import Database
from bot.domain.outbox import outbox, sending
from bot.domain.outbox.sending import Redrawn
from bot.slack.delivery.addressing import RenderRequest, ToMember
from bot.slack.delivery.rendering import render_many
from bot.slack.responding.background import BackgroundTasks
from bot.slack.responding.press_burst import PressBurst
from bot.slack.responding.response_urls import ResponseUrls
from bot.slack.views.blocks import Message

AT_ONCE = 32
"""The largest number of redraws at the same time."""

LONGEST_HOLD = 1.0
"""How many seconds a redraw waits for a burst to end: after RESPONSE_FIRST the sender updates the message."""


class Redrawing:
    """Redraws check-ins; for each check-in one call runs at a time, so that no call overtakes another."""

    def __init__(
        self, database: Database, clock: Clock, responses: ResponseUrls, background: BackgroundTasks
    ) -> None:
        self._database = database
        self._clock = clock
        self._responses = responses
        self._background = background
        self._places = asyncio.Semaphore(AT_ONCE)
        self._turns: dict[int, _Turn] = {}
        self.press_burst = PressBurst()
        """Knows every press that is being recorded; during a burst of presses, redraws wait."""

    def check_in(self, url: str, *, workspace_id: int, check_in_id: int) -> None:
        """Redraw the check-in's message without delaying the ack of the press."""
        turn = self._turns.setdefault(check_in_id, _Turn())
        turn.asked += 1
        self._background.add(self._redraw(turn, turn.asked, url, workspace_id, check_in_id))

    async def _redraw(
        self, turn: _Turn, number: int, url: str, workspace_id: int, check_in_id: int
    ) -> None:
        await self.press_burst.wait_until_over(within=LONGEST_HOLD)
        async with turn.lock, self._places:
            if number < turn.asked:
                turn.passed_over += 1
                return  # a later press is waiting, and renders this press's change too
            presses, turn.passed_over = 1 + turn.passed_over, 0
            try:
                await self._show(url, workspace_id, check_in_id, presses)
            finally:
                if number == turn.asked:
                    del self._turns[check_in_id]

    async def _show(self, url: str, workspace_id: int, check_in_id: int, presses: int) -> None:
        began = self._clock.now()
        current = await self._database.read_batched(
            _current, _Asked(workspace_id, check_in_id, began)
        )
        if current is None:
            return
        if await self._responses.send(url, {"replace_original": True, **current.message}):
            await self._database.write_batched(
                sending.mark_redrawn,
                Redrawn(
                    workspace_id,
                    outbox.CHECK_IN,
                    check_in_id,
                    version=current.version,
                    now=self._clock.now(),
                    presses=presses,
                ),
            )
        else:
            await self._database.write(
                sending.not_redrawn,
                workspace_id=workspace_id,
                surface=outbox.CHECK_IN,
                subject_id=check_in_id,
                began=began,
            )


@dataclass
class _Turn:
    """The redraws of one check-in: the lock that lets one run at a time, and the number requested."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    asked: int = 0
    passed_over: int = 0
    """How many redraws left the work to a later one since the last version was shown."""


@dataclass(frozen=True)
class _Asked:
    workspace_id: int
    check_in_id: int
    now: datetime


@dataclass(frozen=True)
class _Current:
    """A check-in's message in its current state, and the version of that state."""

    version: int
    message: Message


def _current(session: Session, asked: Sequence[_Asked]) -> list[_Current | Exception | None]:
    """Return the message of each check-in; None for a message that does not exist in Slack."""
    # The version is read first, so what is rendered afterwards is at least as new.
    versions = outbox.versions(
        session,
        surface=outbox.CHECK_IN,
        subjects=[(one.workspace_id, one.check_in_id) for one in asked],
    )
    all_rendered = render_many(
        session, [RenderRequest(outbox.CHECK_IN, one.check_in_id, one.now) for one in asked]
    )
    return [
        rendered
        if isinstance(rendered, Exception)
        else _Current(versions[one.workspace_id, one.check_in_id], rendered.message)
        if isinstance(rendered, ToMember) and (one.workspace_id, one.check_in_id) in versions
        else None
        for one, rendered in zip(asked, all_rendered, strict=True)
    ]
