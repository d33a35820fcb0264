"""Numbers logged by hand: from Home, and with `/checkin log Proposals 3`."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.access import Caller
from bot.domain.conversations import entries
from bot.domain.refusals import Refusal
from bot.slack.listeners.payloads import OLD_FORM, identity, pressed_in, pressed_value
from bot.slack.receiving.shapes import BlockActions, Command, ViewSubmission
from bot.slack.responding.modals import update_modal
from bot.slack.services import Services
from bot.slack.views.conversations import entries as views


async def handle_quick_entry(
    services: Services, *, ack: AsyncAck, body: Command, caller: Caller, text: str
) -> None:
    """Log the entry after `/checkin log`, and answer the command with the week's numbers."""
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
    listeners = _Entries(services)
    app.action(views.OPEN)(listeners.open_form)
    app.action(views.UNDO)(listeners.undo)
    app.view(views.FORM_MODAL)(listeners.submit)


class _Entries:
    def __init__(self, services: Services) -> None:
        self._services = services

    async def open_form(
        self, ack: AsyncAck, body: BlockActions, context: dict[str, Any], client: AsyncWebClient
    ) -> None:
        form = await self._services.database.read(
            entries.entry_form, caller=context["caller"], now=self._services.clock.now()
        )
        await client.views_open(trigger_id=body["trigger_id"], view=views.form_modal(form))
        await ack()

    async def submit(self, ack: AsyncAck, body: ViewSubmission, context: dict[str, Any]) -> None:
        try:
            metric_id, number, week = views.read_form({**body["view"]})
        except (ValueError, KeyError, TypeError) as error:
            raise Refusal(OLD_FORM) from error
        logged = await self._services.database.write(
            entries.log_entry,
            caller=context["caller"],
            metric_id=identity(metric_id),
            text=number,
            request_key=body["view"]["id"],
            now=self._services.clock.now(),
            week=week,
        )
        await ack(response_action="update", view=views.logged_modal(logged))

    async def undo(
        self, ack: AsyncAck, body: BlockActions, context: dict[str, Any], client: AsyncWebClient
    ) -> None:
        undone = await self._services.database.write(
            entries.undo_entry,
            caller=context["caller"],
            entry_id=identity(pressed_value(body)),
            now=self._services.clock.now(),
        )
        await ack()
        if "response_url" in body:
            answer = {**views.logged_message(undone), "replace_original": True}
            self._services.responses.later(body["response_url"], answer)
        else:
            modal = views.logged_modal(undone)
            view_id = pressed_in(body)["id"]
            self._services.background.add(update_modal(client, view_id, modal))
