"""The buttons on an alert: *Take it*, another act, how it is done, and *Done* with what was agreed."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.coaching import alerts
from bot.domain.shown.agreements import DoneTyped
from bot.slack.listeners.payloads import (
    chosen_in,
    chosen_value,
    day_in,
    identity,
    metadata_of,
    pressed_value,
    typed_text,
)
from bot.slack.receiving.shapes import BlockActions, ViewSubmission
from bot.slack.services import Services
from bot.slack.views.alerts import DONE, TAKE
from bot.slack.views.coaching import acts as views


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the buttons on alerts."""
    listeners = _Alerts(services)
    app.action(TAKE)(listeners.take)
    app.action(views.CHOOSE)(listeners.choose)
    app.action(views.HOW)(listeners.how)
    app.action(DONE)(listeners.open_done)
    app.view(views.DONE_MODAL)(listeners.submit_done)


class _Alerts:
    def __init__(self, services: Services) -> None:
        self._services = services

    async def take(self, ack: AsyncAck, body: BlockActions, context: dict[str, Any]) -> None:
        await self._services.database.write(
            alerts.take,
            caller=context["caller"],
            alert_id=identity(pressed_value(body)),
            now=self._services.clock.now(),
        )
        await ack()

    async def choose(self, ack: AsyncAck, body: BlockActions, context: dict[str, Any]) -> None:
        alert_id, _, act = chosen_value(body).partition(":")
        await self._services.database.write(
            alerts.choose,
            caller=context["caller"],
            alert_id=identity(alert_id),
            act=act,
            now=self._services.clock.now(),
        )
        await ack()

    async def how(
        self, ack: AsyncAck, body: BlockActions, context: dict[str, Any], client: AsyncWebClient
    ) -> None:
        act, lines = await self._services.database.read(
            alerts.how, caller=context["caller"], alert_id=identity(pressed_value(body))
        )
        view = views.how_modal(act, lines)
        await client.views_open(trigger_id=body["trigger_id"], view=view)
        await ack()

    async def open_done(
        self, ack: AsyncAck, body: BlockActions, context: dict[str, Any], client: AsyncWebClient
    ) -> None:
        alert_id = identity(pressed_value(body))
        form = await self._services.database.read(
            alerts.done_form, caller=context["caller"], alert_id=alert_id
        )
        view = views.done_modal(form)
        await client.views_open(trigger_id=body["trigger_id"], view=view)
        await ack()

    async def submit_done(
        self, ack: AsyncAck, body: ViewSubmission, context: dict[str, Any]
    ) -> None:
        view = body["view"]
        await self._services.database.write(
            alerts.finish,
            caller=context["caller"],
            alert_id=identity(metadata_of(view).get("alert")),
            form=DoneTyped(
                act=chosen_in(view, views.ACT_FIELD, views.ACT_INPUT),
                note=typed_text(view, views.NOTE_FIELD, views.NOTE_INPUT),
                step=typed_text(view, views.STEP_FIELD, views.STEP_INPUT),
                due_on=day_in(view, views.DUE_FIELD, views.DUE_INPUT),
                act_field=views.ACT_FIELD,
                note_field=views.NOTE_FIELD,
                step_field=views.STEP_FIELD,
                due_field=views.DUE_FIELD,
            ),
            now=self._services.clock.now(),
        )
        await ack()
