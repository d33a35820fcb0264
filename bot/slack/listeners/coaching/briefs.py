"""The buttons of the weekly brief: *Well done*, and its pages."""

from __future__ import annotations

import re
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.domain.coaching import briefs, praise
from bot.slack.listeners.payloads import identity, page_number, pressed_value
from bot.slack.receiving.shapes import BlockActions
from bot.slack.services import Services
from bot.slack.views.coaching.briefs import PAGE, PRAISE


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the buttons."""
    listeners = _Briefs(services)
    app.action(PRAISE)(listeners.praise)
    app.action(re.compile(rf"^{re.escape(PAGE)}\."))(listeners.turn)


class _Briefs:
    def __init__(self, services: Services) -> None:
        self._services = services

    async def praise(self, ack: AsyncAck, body: BlockActions, context: dict[str, Any]) -> None:
        brief_id, _, check_in_id = str(pressed_value(body)).partition(":")
        await self._services.database.write(
            praise.give,
            caller=context["caller"],
            brief_id=identity(brief_id),
            check_in_id=identity(check_in_id),
            now=self._services.clock.now(),
        )
        await ack()

    async def turn(self, ack: AsyncAck, body: BlockActions, context: dict[str, Any]) -> None:
        brief_id, _, page = str(pressed_value(body)).partition(":")
        await self._services.database.write(
            briefs.turn,
            caller=context["caller"],
            brief_id=identity(brief_id),
            page=page_number(page),
            now=self._services.clock.now(),
        )
        await ack()
