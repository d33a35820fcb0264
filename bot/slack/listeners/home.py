"""Shows App Home when a person opens it; from then on the outbox keeps it up to date."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.domain.homes import homes
from bot.slack.receiving.shapes import HomeOpened
from bot.slack.services import Services

FRESH = timedelta(minutes=5)
"""How old a profile may be here: what Home shows depends on whether the person is an admin."""


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the event that a person opened Home."""
    app.event("app_home_opened")(_Home(services).opened)


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
