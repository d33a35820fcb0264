"""*Accept the numbers* on a coach's Home: answers that the log does not carry, nodded through."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.domain.metrics import carried
from bot.slack.listeners.payloads import identity, pressed_value
from bot.slack.receiving.shapes import BlockActions
from bot.slack.services import Services
from bot.slack.views.coaching.on_home import NOD


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the button."""
    app.action(NOD)(_Numbers(services).nod)


class _Numbers:
    def __init__(self, services: Services) -> None:
        self._services = services

    async def nod(self, ack: AsyncAck, body: BlockActions, context: dict[str, Any]) -> None:
        await self._services.database.write(
            carried.nod,
            caller=context["caller"],
            check_in_id=identity(pressed_value(body)),
            now=self._services.clock.now(),
        )
        await ack()
