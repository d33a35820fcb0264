"""The form that pauses a whole team, and the buttons that take a pause back."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.absences import team_pauses
from bot.domain.access import Caller
from bot.domain.refusals import Refusal
from bot.slack.listeners.payloads import identity, metadata_of, pressed_value
from bot.slack.listeners.setup.modals import OLD_BUTTON
from bot.slack.profiles import FRESH
from bot.slack.receiving.shapes import BlockActions
from bot.slack.responding.modals import update_modal
from bot.slack.services import Services
from bot.slack.views.setup import pause as views


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the form and its buttons."""
    listeners = _Pauses(services)
    app.view(views.PAUSE_MODAL)(listeners.submit)
    app.action(views.TAKE_BACK)(listeners.take_back)


class _Pauses:
    def __init__(self, services: Services) -> None:
        self._services = services

    async def submit(self, ack: AsyncAck, view: dict[str, Any], context: dict[str, Any]) -> None:
        caller: Caller = context["caller"]
        await self._services.profiles.ensure(caller, max_age=FRESH)
        first, weeks = views.read_pause(view)
        saved = await self._services.database.write(
            team_pauses.pause,
            caller=caller,
            team_id=identity(metadata_of(view).get("team")),
            first=first,
            weeks=weeks,
            now=self._services.clock.now(),
        )
        await ack(response_action="update", view=views.pause_done(saved))

    async def take_back(
        self, ack: AsyncAck, body: BlockActions, context: dict[str, Any], client: AsyncWebClient
    ) -> None:
        try:
            team_id, key = views.read_key(str(pressed_value(body)))
        except ValueError as error:
            raise Refusal(OLD_BUTTON) from error
        saved = await self._services.database.write(
            team_pauses.take_back,
            caller=context["caller"],
            team_id=team_id,
            key=key,
            now=self._services.clock.now(),
        )
        await ack()
        view = body.get("view")
        if view is not None:
            done = update_modal(client, view["id"], views.pause_done(saved))
            self._services.background.add(done)
