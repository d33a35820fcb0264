"""The buttons *Take it* and *Done* on an alert."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.coaching import alerts
from bot.slack.listeners.payloads import identity, metadata_of, pressed_value, typed_text
from bot.slack.receiving.shapes import BlockActions, ViewSubmission
from bot.slack.services import Services
from bot.slack.views.alerts import DONE, DONE_MODAL, NOTE_FIELD, NOTE_INPUT, TAKE, done_modal


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the buttons on alerts."""
    listeners = _Alerts(services)
    app.action(TAKE)(listeners.take)
    app.action(DONE)(listeners.open_done)
    app.view(DONE_MODAL)(listeners.submit_done)


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

    async def open_done(
        self, ack: AsyncAck, body: BlockActions, context: dict[str, Any], client: AsyncWebClient
    ) -> None:
        alert_id = identity(pressed_value(body))
        rep_name = await self._services.database.read(
            alerts.done_form, caller=context["caller"], alert_id=alert_id
        )
        view = done_modal(alert_id=alert_id, rep_name=rep_name)
        await client.views_open(trigger_id=body["trigger_id"], view=view)
        await ack()

    async def submit_done(
        self, ack: AsyncAck, body: ViewSubmission, context: dict[str, Any]
    ) -> None:
        await self._services.database.write(
            alerts.finish,
            caller=context["caller"],
            alert_id=identity(metadata_of(body["view"]).get("alert")),
            note=typed_text(body["view"], NOTE_FIELD, NOTE_INPUT),
            now=self._services.clock.now(),
            field=NOTE_FIELD,
        )
        await ack()
