"""Shows App Home when a person opens it; from then on the outbox keeps it up to date."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.domain.homes import homes
from bot.slack.listeners.payloads import page_number, pressed_value
from bot.slack.receiving.shapes import BlockActions, HomeOpened
from bot.slack.services import Services
from bot.slack.views.coach_home import TURN

FRESH = timedelta(minutes=5)
"""How old a profile may be here: what Home shows depends on whether the person is an admin."""


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the event that a person opened Home, and to the buttons that turn its pages."""
    listeners = _Home(services)
    app.event("app_home_opened")(listeners.opened)
    app.action(re.compile(rf"^{re.escape(TURN)}"))(listeners.turn)


class _Home:
    def __init__(self, services: Services) -> None:
        self._services = services

    async def opened(self, event: HomeOpened, context: dict[str, Any]) -> None:
        if event.get("tab") != "home":
            return
        await self._services.profiles.ensure(context["caller"], max_age=FRESH)
        await self._services.database.write(
            homes.opened, caller=context["caller"], now=self._services.clock.now()
        )

    async def turn(self, ack: AsyncAck, body: BlockActions, context: dict[str, Any]) -> None:
        await self._services.database.write(
            homes.turn,
            caller=context["caller"],
            page=page_number(pressed_value(body)),
            now=self._services.clock.now(),
        )
        await ack()
