"""Shows App Home when a person opens it; from then on the outbox keeps it up to date.

Somebody who is in no team, and is no admin, is shown a page without being stored.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.homes import homes
from bot.domain.people.members import Profile
from bot.slack.listeners.payloads import page_number, pressed_value
from bot.slack.receiving.shapes import BlockActions, HomeOpened
from bot.slack.services import Services
from bot.slack.views.coach_home import TURN
from bot.slack.views.home import home_view

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

    async def opened(
        self, event: HomeOpened, context: dict[str, Any], client: AsyncWebClient
    ) -> None:
        if event.get("tab") != "home":
            return
        services, caller = self._services, context["caller"]
        profile = await services.profiles.of_stranger(caller)
        if profile is not None and not self._is_admin(profile):
            # Looking is no reason to be stored: the page is published at once, and forgotten.
            view = home_view(homes.of_stranger(profile.name))
            await client.views_publish(user_id=caller.slack_user_id, view=view)
            if await services.profiles.of_stranger(caller) is not None:
                return
        await services.profiles.ensure(caller, max_age=FRESH)
        await services.database.write(homes.opened, caller=caller, now=services.clock.now())

    def _is_admin(self, profile: Profile) -> bool:
        return profile.is_admin or profile.slack_user_id in self._services.admin_users

    async def turn(self, ack: AsyncAck, body: BlockActions, context: dict[str, Any]) -> None:
        await self._services.database.write(
            homes.turn,
            caller=context["caller"],
            page=page_number(pressed_value(body)),
            now=self._services.clock.now(),
        )
        await ack()
