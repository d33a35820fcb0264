"""The check-in's form, which is opened from Home, a reminder or `/checkin`."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.access import Caller
from bot.domain.checkins import answers, showing
from bot.domain.checkins.answers import TypedNumbers
from bot.domain.refusals import TooLate
from bot.slack.listeners.payloads import identity, metadata_of, typed_text
from bot.slack.receiving.shapes import BlockActions, ViewSubmission
from bot.slack.services import Services
from bot.slack.views.checkins.forms import FIELD, FORM_MODAL, NUMBER_INPUT, form_modal
from bot.slack.views.checkins.messages import OPEN_FORM


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the button that opens the form, and to the sent form."""
    listeners = _Forms(services)
    app.action(OPEN_FORM)(listeners.open_form)
    app.view(FORM_MODAL)(listeners.submit)
    app.view("notice")(listeners.close_notice)


async def open_form(
    services: Services, *, client: AsyncWebClient, trigger_id: str, caller: Caller
) -> None:
    """Open the caller's check-in; raises Refusal if there is none to answer."""
    shown = await services.database.read(
        answers.open_current, caller=caller, now=services.clock.now()
    )
    await client.views_open(trigger_id=trigger_id, view=form_modal(shown))


class _Forms:
    def __init__(self, services: Services) -> None:
        self._services = services

    async def open_form(
        self, ack: AsyncAck, body: BlockActions, context: dict[str, Any], client: AsyncWebClient
    ) -> None:
        await open_form(
            self._services, client=client, trigger_id=body["trigger_id"], caller=context["caller"]
        )
        await ack()

    async def submit(self, ack: AsyncAck, body: ViewSubmission, context: dict[str, Any]) -> None:
        view = body["view"]
        metadata = metadata_of(view)
        now = self._services.clock.now()
        typed = {
            identity(block_id.removeprefix(FIELD)): (
                block_id,
                typed_text(view, block_id, NUMBER_INPUT),
            )
            for block_id in view["state"]["values"]
            if block_id.startswith(FIELD)
        }
        try:
            await self._services.database.write_batched(
                answers.give_numbers,
                TypedNumbers(
                    caller=context["caller"],
                    typed=typed,
                    late_accepted=bool(metadata.get("late")),
                    now=now,
                ),
            )
        except TooLate as late:
            # The form's own check-in is shown again, because the next check-in may have come meanwhile.
            shown = await self._services.database.read(showing.show, late.check_in_id, now=now)
            await ack(response_action="update", view=form_modal(shown, closed_meanwhile=True))
            return
        await ack()

    async def close_notice(self, ack: AsyncAck) -> None:
        await ack()
