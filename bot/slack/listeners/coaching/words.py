"""The rep's own words: what was in the way of a missed week, and a wish for advice."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain import access
from bot.domain.checkins import causes
from bot.domain.coaching import advice
from bot.rules.acts import Cause
from bot.slack.listeners.payloads import (
    chosen_in,
    chosen_value,
    identity,
    metadata_of,
    pressed_value,
    typed_text,
)
from bot.slack.receiving.shapes import BlockActions, ViewSubmission
from bot.slack.services import Services
from bot.slack.views.coaching import words as views


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the menu of causes, to the wish for advice, and to their modals."""
    listeners = _Words(services)
    app.action(views.CAUSE)(listeners.choose)
    app.action(views.CAUSE_LINE)(listeners.open_line)
    app.view(views.CAUSE_MODAL)(listeners.submit_cause)
    app.action(views.ADVICE)(listeners.open_advice)
    app.view(views.ADVICE_MODAL)(listeners.submit_advice)
    app.action(views.ADVICE_BACK)(listeners.take_back)
    app.action(views.ADVICE_DONE)(listeners.done)


class _Words:
    def __init__(self, services: Services) -> None:
        self._services = services

    async def choose(
        self, ack: AsyncAck, body: BlockActions, context: dict[str, Any], client: AsyncWebClient
    ) -> None:
        """Keep the tapped cause; *something else* asks for a line first."""
        cause, url = chosen_value(body), body.get("response_url")
        block_id = body["actions"][0].get("block_id", "")
        check_in_id = identity(block_id.removeprefix(views.CAUSE_BLOCK))
        if cause == Cause.SOMETHING_ELSE:
            await self._open(body, context, client, check_in_id, chosen=cause)
            await ack()
            return
        await self._services.database.write(
            causes.give,
            caller=context["caller"],
            check_in_id=check_in_id,
            cause=cause,
            now=self._services.clock.now(),
            redraws=bool(url),
        )
        await ack()
        self._redraw(url, context, check_in_id)

    async def open_line(
        self, ack: AsyncAck, body: BlockActions, context: dict[str, Any], client: AsyncWebClient
    ) -> None:
        await self._open(body, context, client, identity(pressed_value(body)))
        await ack()

    async def submit_cause(
        self, ack: AsyncAck, body: ViewSubmission, context: dict[str, Any]
    ) -> None:
        view, metadata = body["view"], metadata_of(body["view"])
        check_in_id, url = identity(metadata.get("check_in")), metadata.get("reply")
        await self._services.database.write(
            causes.give,
            caller=context["caller"],
            check_in_id=check_in_id,
            cause=chosen_in(view, views.CAUSE_FIELD, views.CAUSE_INPUT),
            words=typed_text(view, views.LINE_FIELD, views.LINE_INPUT) or "",
            field=views.LINE_FIELD,
            now=self._services.clock.now(),
            redraws=bool(url),
        )
        await ack()
        self._redraw(url, context, check_in_id)

    async def open_advice(
        self, ack: AsyncAck, body: BlockActions, context: dict[str, Any], client: AsyncWebClient
    ) -> None:
        await self._services.database.read(access.rep, context["caller"])
        await client.views_open(trigger_id=body["trigger_id"], view=views.advice_modal())
        await ack()

    async def submit_advice(
        self, ack: AsyncAck, body: ViewSubmission, context: dict[str, Any]
    ) -> None:
        await self._services.database.write(
            advice.ask,
            caller=context["caller"],
            words=typed_text(body["view"], views.ADVICE_FIELD, views.ADVICE_INPUT) or "",
            now=self._services.clock.now(),
            field=views.ADVICE_FIELD,
        )
        await ack()

    async def take_back(self, ack: AsyncAck, body: BlockActions, context: dict[str, Any]) -> None:
        await self._services.database.write(
            advice.take_back, caller=context["caller"], now=self._services.clock.now()
        )
        await ack()

    async def done(self, ack: AsyncAck, body: BlockActions, context: dict[str, Any]) -> None:
        await self._services.database.write(
            advice.done,
            caller=context["caller"],
            advice_id=identity(pressed_value(body)),
            now=self._services.clock.now(),
        )
        await ack()

    async def _open(
        self,
        body: BlockActions,
        context: dict[str, Any],
        client: AsyncWebClient,
        check_in_id: int,
        *,
        chosen: str | None = None,
    ) -> None:
        form = await self._services.database.read(
            causes.form,
            caller=context["caller"],
            check_in_id=check_in_id,
            now=self._services.clock.now(),
        )
        view = views.cause_modal(form, chosen=chosen, reply=body.get("response_url"))
        await client.views_open(trigger_id=body["trigger_id"], view=view)

    def _redraw(self, url: object, context: dict[str, Any], check_in_id: int) -> None:
        if isinstance(url, str) and url:
            self._services.redrawing.check_in(
                url, workspace_id=context["caller"].workspace_id, check_in_id=check_in_id
            )
