"""Absences: `/checkin away …`, `/coach away @rep …`, the form, and the buttons that take an absence back."""

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
from bot.slack.listeners.payloads import OLD_FORM, identity, metadata_of, pressed_value
from bot.slack.receiving.shapes import BlockActions, Command, ViewSubmission
from bot.slack.responding.modals import update_modal
from bot.slack.services import Services
from bot.slack.views import absences as views

MENTIONED = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>\s*(.*)", re.DOTALL)


async def handle_away(
    services: Services,
    *,
    ack: AsyncAck,
    body: Command,
    caller: Caller,
    client: AsyncWebClient,
    text: str,
    slack_user_id: str | None = None,
) -> None:
    """Handle the text after `/checkin away`, or after the rep in `/coach away @rep`; no text opens the form."""
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
    """Handle `/checkin back`: today's absence ended yesterday."""
    saved = await services.database.write(
        absences.be_back, caller=caller, absence_id=None, now=services.clock.now()
    )
    await ack(response_type="ephemeral", **views.saved_message(saved))


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the form and to the buttons that take an absence back or end it."""
    listeners = _Absences(services)
    app.action(views.OPEN)(listeners.open_form)
    app.action(re.compile(rf"^{re.escape(views.TAKE_BACK)}(?:\.[0-9])?$"))(listeners.take_back)
    app.action(views.MORE)(listeners.choose)
    app.view(views.FORM_MODAL)(listeners.submit)


class _Absences:
    def __init__(self, services: Services) -> None:
        self._services = services

    async def open_form(
        self, ack: AsyncAck, body: BlockActions, context: dict[str, Any], client: AsyncWebClient
    ) -> None:
        form = await self._services.database.read(
            absence_forms.form, caller=context["caller"], now=self._services.clock.now()
        )
        await client.views_open(trigger_id=body["trigger_id"], view=views.form_modal(form))
        await ack()

    async def submit(self, ack: AsyncAck, body: ViewSubmission, context: dict[str, Any]) -> None:
        member = metadata_of(body["view"]).get("member")
        try:
            first, last, kind = views.read_form({**body["view"]})
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Refusal(OLD_FORM) from error
        saved = await self._services.database.write(
            absences.record,
            caller=context["caller"],
            member_id=None if member is None else identity(member),
            first=first,
            last=last,
            kind=kind,
            request_key=body["view"]["id"],
            now=self._services.clock.now(),
        )
        await ack(response_action="update", view=views.saved_modal(saved))

    async def take_back(
        self, ack: AsyncAck, body: BlockActions, context: dict[str, Any], client: AsyncWebClient
    ) -> None:
        absence_id = identity(pressed_value(body))
        await self._end(views.TAKE_BACK_VALUE, absence_id, ack, body, context["caller"], client)

    async def choose(
        self, ack: AsyncAck, body: BlockActions, context: dict[str, Any], client: AsyncWebClient
    ) -> None:
        option = body["actions"][0].get("selected_option")
        how, _, absence_id = (option["value"] if option is not None else "").partition(":")
        await self._end(how, identity(absence_id), ack, body, context["caller"], client)

    async def _end(
        self,
        how: str,
        absence_id: int,
        ack: AsyncAck,
        body: BlockActions,
        caller: Caller,
        client: AsyncWebClient,
    ) -> None:
        """Take the absence back, or end it yesterday, and show the result where the press came from."""
        end = absences.be_back if how == views.BACK_VALUE else absences.take_back
        saved = await self._services.database.write(
            end, caller=caller, absence_id=absence_id, now=self._services.clock.now()
        )
        await ack()
        view = body.get("view")
        if "response_url" in body:
            answer = {**views.saved_message(saved), "replace_original": True}
            self._services.responses.later(body["response_url"], answer)
        elif view is not None and view.get("callback_id") == views.FORM_MODAL:
            self._services.background.add(self._form_again(client, view["id"], caller, saved))
        elif view is not None and view["type"] == "modal":
            modal = views.saved_modal(saved)
            self._services.background.add(update_modal(client, view["id"], modal))

    async def _form_again(
        self, client: AsyncWebClient, view_id: str, caller: Caller, saved: AbsenceSaved
    ) -> None:
        """Show the form without the absence that was taken back.

        The values already filled in stay, because the inputs keep their ids.
        """
        form = await self._services.database.read(
            absence_forms.form,
            caller=caller,
            member_id=saved.member_id,
            now=self._services.clock.now(),
        )
        await update_modal(client, view_id, views.form_modal(form))
