"""What was agreed: *It was otherwise*, and the check-in's rows that ask what became of it."""

from __future__ import annotations

import re
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.checkins import follow_ups
from bot.domain.checkins.follow_ups import About
from bot.domain.coaching import agreements
from bot.domain.refusals import Refusal
from bot.slack.listeners.payloads import identity, metadata_of, pressed_value, typed_text
from bot.slack.receiving.shapes import UNREADABLE, BlockActions, ViewSubmission
from bot.slack.services import Services
from bot.slack.views.coaching import agreements as views


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the buttons and to the modal."""
    listeners = _Agreements(services)
    app.action(views.OTHERWISE)(listeners.open_otherwise)
    app.view(views.OTHERWISE_MODAL)(listeners.submit_otherwise)
    app.action(re.compile(rf"^{re.escape(views.ANSWER)}"))(listeners.answer)


class _Agreements:
    def __init__(self, services: Services) -> None:
        self._services = services

    async def open_otherwise(
        self, ack: AsyncAck, body: BlockActions, context: dict[str, Any], client: AsyncWebClient
    ) -> None:
        agreement_id = identity(pressed_value(body))
        said = await self._services.database.read(
            agreements.otherwise_form, caller=context["caller"], agreement_id=agreement_id
        )
        view = views.otherwise_modal(agreement_id, said)
        await client.views_open(trigger_id=body["trigger_id"], view=view)
        await ack()

    async def submit_otherwise(
        self, ack: AsyncAck, body: ViewSubmission, context: dict[str, Any]
    ) -> None:
        view = body["view"]
        await self._services.database.write(
            agreements.say_otherwise,
            caller=context["caller"],
            agreement_id=identity(metadata_of(view).get("agreement")),
            words=typed_text(view, views.OTHERWISE_FIELD, views.OTHERWISE_INPUT) or "",
            now=self._services.clock.now(),
            field=views.OTHERWISE_FIELD,
        )
        await ack()

    async def answer(self, ack: AsyncAck, body: BlockActions, context: dict[str, Any]) -> None:
        asked = str(body["actions"][0]["action_id"]).removeprefix(views.ANSWER)
        about, _, said = asked.partition(".")
        if about not in set(About):
            raise Refusal(UNREADABLE)
        caller, url = context["caller"], body.get("response_url")
        check_in_id = await self._services.database.write(
            follow_ups.answer,
            caller=caller,
            agreement_id=identity(pressed_value(body)),
            about=About(about),
            said=said,
            now=self._services.clock.now(),
            redraws=bool(url),
        )
        await ack()
        if url:
            self._services.redrawing.check_in(
                url, workspace_id=caller.workspace_id, check_in_id=check_in_id
            )
