"""Being away: `/checkin away …`, `/coach away @rep …`, the form, and taking back."""

from __future__ import annotations

import re
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.absences import forms as absence_forms
from bot.domain.absences import recording as absences
from bot.domain.access import Caller
from bot.domain.refusals import Refusal
from bot.domain.shown.absences import AbsenceSaved
from bot.rules.companies import plain_text
from bot.slack.listeners.conversations import update_modal
from bot.slack.listeners.payloads import OLD_FORM, identity, metadata_of
from bot.slack.services import Services
from bot.slack.views import absences as views

MENTIONED = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>\s*(.*)", re.DOTALL)


async def handle_away(
    services: Services,
    *,
    ack: AsyncAck,
    body: dict[str, Any],
    caller: Caller,
    client: AsyncWebClient,
    text: str,
    slack_user_id: str | None = None,
) -> None:
    """What stands after `/checkin away`, or after the rep in `/coach away @rep`; nothing opens the form."""
    if not text:
        form = await services.database.read(
            absence_forms.form,
            caller=caller,
            slack_user_id=slack_user_id,
            now=services.clock.now(),
        )
        await client.views_open(trigger_id=body["trigger_id"], view=views.form_modal(form))
        await ack()
        return
    saved = await services.database.write(
        absences.record_line,
        caller=caller,
        text=plain_text(text),
        request_key=body["trigger_id"],
        slack_user_id=slack_user_id,
        now=services.clock.now(),
    )
    await ack(response_type="ephemeral", **views.saved_message(saved))


async def handle_back(services: Services, *, ack: AsyncAck, caller: Caller) -> None:
    """`/checkin back`: the absence of today ended yesterday."""
    saved = await services.database.write(
        absences.be_back, caller=caller, absence_id=None, now=services.clock.now()
    )
    await ack(response_type="ephemeral", **views.saved_message(saved))


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the form and to what can be done about an absence."""

    @app.action(views.OPEN)
    async def form_asked(
        ack: AsyncAck, body: dict[str, Any], context: dict[str, Any], client: AsyncWebClient
    ) -> None:
        form = await services.database.read(
            absence_forms.form, caller=context["caller"], now=services.clock.now()
        )
        await client.views_open(trigger_id=body["trigger_id"], view=views.form_modal(form))
        await ack()

    @app.view(views.FORM_MODAL)
    async def form_sent(ack: AsyncAck, body: dict[str, Any], context: dict[str, Any]) -> None:
        member = metadata_of(body["view"]).get("member")
        try:
            first, last, kind = views.read_form(body["view"])
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Refusal(OLD_FORM) from error
        saved = await services.database.write(
            absences.record,
            caller=context["caller"],
            member_id=None if member is None else identity(member),
            first=first,
            last=last,
            kind=kind,
            request_key=body["view"]["id"],
            now=services.clock.now(),
        )
        await ack(response_action="update", view=views.saved_modal(saved))

    @app.action(views.TAKE_BACK)
    async def take_back_pressed(
        ack: AsyncAck, body: dict[str, Any], context: dict[str, Any], client: AsyncWebClient
    ) -> None:
        absence_id = identity(body["actions"][0].get("value"))
        await _end(views.TAKE_BACK_VALUE, absence_id, ack, body, context["caller"], client)

    @app.action(views.MORE)
    async def more_chosen(
        ack: AsyncAck, body: dict[str, Any], context: dict[str, Any], client: AsyncWebClient
    ) -> None:
        choice = body["actions"][0].get("selected_option", {}).get("value", "")
        how, _, absence_id = choice.partition(":")
        await _end(how, identity(absence_id), ack, body, context["caller"], client)

    async def _end(
        how: str,
        absence_id: int,
        ack: AsyncAck,
        body: dict[str, Any],
        caller: Caller,
        client: AsyncWebClient,
    ) -> None:
        end = absences.be_back if how == views.BACK_VALUE else absences.take_back
        saved = await services.database.write(
            end, caller=caller, absence_id=absence_id, now=services.clock.now()
        )
        await ack()
        view = body.get("view", {})
        if body.get("response_url"):
            answer = {**views.saved_message(saved), "replace_original": True}
            services.responses.later(body["response_url"], answer)
        elif view.get("callback_id") == views.FORM_MODAL:
            services.background.add(_form_again(client, view["id"], caller, saved))
        elif view.get("type") == "modal":
            services.background.add(update_modal(client, view["id"], views.saved_modal(saved)))

    async def _form_again(
        client: AsyncWebClient, view_id: str, caller: Caller, saved: AbsenceSaved
    ) -> None:
        """The form without what was taken back; what was filled in stays, because the inputs keep their ids."""
        form = await services.database.read(
            absence_forms.form, caller=caller, member_id=saved.member_id, now=services.clock.now()
        )
        await update_modal(client, view_id, views.form_modal(form))
