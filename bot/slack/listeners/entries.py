"""Numbers logged by hand: from Home, and with `/checkin log Proposals 3`."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.access import Caller
from bot.domain.conversations import entries
from bot.domain.refusals import Refusal
from bot.slack.listeners.conversations import update_modal
from bot.slack.listeners.payloads import identity
from bot.slack.services import Services
from bot.slack.views.conversations import entries as views


async def handle_quick_entry(
    services: Services, *, ack: AsyncAck, body: dict[str, Any], caller: Caller, text: str
) -> None:
    """Log what stands after `/checkin log`, and answer the command with where the week stands."""
    logged = await services.database.write(
        entries.log_named_entry,
        caller=caller,
        text=text,
        request_key=body["trigger_id"],
        now=services.clock.now(),
    )
    await ack(**views.logged_message(logged))


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the form for numbers, and to Undo."""

    @app.action(views.OPEN)
    async def form_asked(
        ack: AsyncAck, body: dict[str, Any], context: dict[str, Any], client: AsyncWebClient
    ) -> None:
        form = await services.database.read(
            entries.entry_form, caller=context["caller"], now=services.clock.now()
        )
        await client.views_open(trigger_id=body["trigger_id"], view=views.form_modal(form))
        await ack()

    @app.view(views.FORM_MODAL)
    async def form_sent(ack: AsyncAck, body: dict[str, Any], context: dict[str, Any]) -> None:
        try:
            metric_id, number, week = views.read_form(body["view"])
        except (ValueError, KeyError, TypeError) as error:
            raise Refusal(
                "This form is from an older version: close it and open it again."
            ) from error
        logged = await services.database.write(
            entries.log_entry,
            caller=context["caller"],
            metric_id=identity(metric_id),
            text=number,
            request_key=body["view"]["id"],
            now=services.clock.now(),
            week=week,
        )
        await ack(response_action="update", view=views.logged_modal(logged))

    @app.action(views.UNDO)
    async def undo_pressed(
        ack: AsyncAck, body: dict[str, Any], context: dict[str, Any], client: AsyncWebClient
    ) -> None:
        undone = await services.database.write(
            entries.undo_entry,
            caller=context["caller"],
            entry_id=identity(body["actions"][0].get("value")),
            now=services.clock.now(),
        )
        await ack()
        if body.get("response_url"):
            answer = {**views.logged_message(undone), "replace_original": True}
            services.responses.later(body["response_url"], answer)
        else:
            modal = views.logged_modal(undone)
            services.background.add(update_modal(client, body["view"]["id"], modal))
