"""The form in which a coach names a substitute, and the buttons that end it."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.access import Caller
from bot.domain.handover import substitutes
from bot.domain.refusals import FieldProblems
from bot.domain.shown.substitutes import SUBSTITUTE
from bot.slack.profiles import FRESH
from bot.slack.receiving.shapes import BlockActions
from bot.slack.responding.modals import update_modal
from bot.slack.services import Services
from bot.slack.views.blocks import message, section
from bot.slack.views.setup import substitute as views
from bot.slack.views.setup.inputs import BACK


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the form, and to *I’m back* in it and in messages."""
    listeners = _Substitutes(services)
    app.view(views.SUBSTITUTE_MODAL)(listeners.submit)
    app.action(BACK)(listeners.back)


class _Substitutes:
    def __init__(self, services: Services) -> None:
        self._services = services

    async def submit(self, ack: AsyncAck, view: dict[str, Any], context: dict[str, Any]) -> None:
        caller: Caller = context["caller"]
        await self._services.profiles.ensure(caller, max_age=FRESH)
        person, first, last = views.read_substitute(view)
        if person is not None:
            # Nobody is stored for a person who may not name a substitute.
            await self._services.database.read(
                substitutes.form, caller=caller, now=self._services.clock.now()
            )
            problems = await self._services.profiles.refresh(caller.workspace_id, [person])
            if person in problems:
                raise FieldProblems({SUBSTITUTE: problems[person]})
        saved = await self._services.database.write(
            substitutes.name_substitute,
            caller=caller,
            slack_user_id=person,
            first=first,
            last=last,
            now=self._services.clock.now(),
        )
        await ack(response_action="update", view=views.substitute_done(saved))

    async def back(
        self, ack: AsyncAck, body: BlockActions, context: dict[str, Any], client: AsyncWebClient
    ) -> None:
        saved = await self._services.database.write(
            substitutes.be_back, caller=context["caller"], now=self._services.clock.now()
        )
        await ack()
        view = body.get("view")
        if view is not None:
            done = update_modal(client, view["id"], views.substitute_done(saved))
            self._services.background.add(done)
        elif "response_url" in body:
            said = views.back_text(saved)
            answer = {**message(said, [section(said)]), "replace_original": True}
            self._services.responses.later(body["response_url"], answer)
