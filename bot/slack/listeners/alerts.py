"""*Take it* and *Done* on an alert."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.coaching import alerts
from bot.slack.listeners.payloads import identity, metadata_of, typed_text
from bot.slack.services import Services
from bot.slack.views.alerts import DONE, DONE_MODAL, NOTE_FIELD, NOTE_INPUT, TAKE, done_modal


def register(app: AsyncApp, services: Services) -> None:
    """Listen to what coaches do with alerts."""

    @app.action(TAKE)
    async def take_pressed(ack: AsyncAck, body: dict[str, Any], context: dict[str, Any]) -> None:
        await services.database.write(
            alerts.take,
            caller=context["caller"],
            alert_id=identity(body["actions"][0].get("value")),
            now=services.clock.now(),
        )
        await ack()

    @app.action(DONE)
    async def done_pressed(
        ack: AsyncAck, body: dict[str, Any], context: dict[str, Any], client: AsyncWebClient
    ) -> None:
        alert_id = identity(body["actions"][0].get("value"))
        rep_name = await services.database.read(
            alerts.done_form, caller=context["caller"], alert_id=alert_id
        )
        await client.views_open(
            trigger_id=body["trigger_id"],
            view=done_modal(alert_id=alert_id, rep_name=rep_name),
        )
        await ack()

    @app.view(DONE_MODAL)
    async def done_sent(ack: AsyncAck, body: dict[str, Any], context: dict[str, Any]) -> None:
        metadata = metadata_of(body["view"])
        await services.database.write(
            alerts.finish,
            caller=context["caller"],
            alert_id=identity(metadata.get("alert")),
            note=typed_text(body["view"], NOTE_FIELD, NOTE_INPUT),
            now=services.clock.now(),
            field=NOTE_FIELD,
        )
        await ack()
