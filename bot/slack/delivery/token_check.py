"""Asks Slack whether the bot's token works, when a call says that it does not, and again until it does."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.database import Database
from bot.domain import deliveries
from bot.slack.delivery.calls import SlackCalls
from bot.slack.delivery.probing import pause_after
from bot.slack.outcomes import CallOutcome, classify

log = logging.getLogger(__name__)

GOOD_FOR = timedelta(seconds=5)
"""How long an answer of Slack's about the token serves all calls that were refused because of it."""


class TokenCheck:
    """Marks a workspace as disconnected when auth.test refuses the token, and as connected when it takes it."""

    def __init__(self, *, database: Database, calls: SlackCalls, clock: Clock) -> None:
        self._database = database
        self._calls = calls
        self._clock = clock
        self.is_refused = False
        """Whether the token was refused when Slack was last asked, as far as this process knows."""
        self._one_at_a_time = asyncio.Lock()
        self._answer: str | None = None
        self._answered_at: datetime | None = None
        self._asked = 0
        self._ask_at: datetime | None = None

    async def is_dead(self, workspace_id: int) -> bool:
        """Ask whether the token is dead after a call was refused; if so, mark the workspace as disconnected."""
        async with self._one_at_a_time:
            now = self._clock.now()
            if self._answered_at is None or now - self._answered_at >= GOOD_FOR:
                self._answer, _ = await self._ask()
                self._answered_at = now
                self.is_refused = self._answer is not None
                if self._answer is not None:
                    log.error("the token is refused", extra={"code": self._answer})
                    await self._database.write(
                        deliveries.token_died, workspace_id=workspace_id, because=self._answer
                    )
        return self._answer is not None

    async def ask_again(self) -> None:
        """Ask, with growing pauses, about the token of a disconnected workspace; reconnect it if it works."""
        disconnected = await self._database.read(deliveries.disconnected)
        self.is_refused = bool(disconnected)
        if not disconnected:
            self._asked, self._ask_at = 0, None
            return
        now = self._clock.now()
        if self._ask_at is not None and now < self._ask_at:
            return
        _, slack_team_id = await self._ask()
        workspace_id = disconnected.get(slack_team_id) if slack_team_id is not None else None
        if workspace_id is not None:
            self._answered_at, self.is_refused = None, False
            await self._database.write(deliveries.token_works, workspace_id=workspace_id)
            log.warning("the token works again", extra={"workspace": slack_team_id})
        self._ask_at = now + pause_after(self._asked)
        self._asked += 1

    async def _ask(self) -> tuple[str | None, str | None]:
        """Return the code with which the token is refused, and the workspace it is for where it works."""
        try:
            answer = await self._calls.call("auth.test")
        except Exception as error:
            failure = classify(error)
            if failure is None:
                raise
            dead = failure.outcome is CallOutcome.TOKEN_DEAD
            return failure.code if dead else None, None
        return None, str(answer["team_id"])
