"""A rep's record: the pages of its weeks, the log, and a coach's corrections."""

from __future__ import annotations

import re
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.access import Caller
from bot.domain.conversations import listing
from bot.domain.homes import corrections, record
from bot.domain.refusals import Refusal
from bot.domain.shown.record import NUMBER, REASON, WHICH
from bot.slack.listeners.payloads import (
    OLD_FORM,
    identity,
    metadata_of,
    page_number,
    pressed_in,
    pressed_value,
    slack_id,
    typed_text,
)
from bot.slack.listeners.plans.modals import overview, push_view
from bot.slack.receiving.shapes import BlockActions, ViewSubmission
from bot.slack.responding.modals import update_modal
from bot.slack.services import Services
from bot.slack.views import record as views
from bot.slack.views.blocks import View


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the buttons of records, and to the form for a correction."""
    listeners = _Record(services)
    app.action(views.OPEN)(listeners.open)
    app.action(re.compile(rf"^{re.escape(views.PAGE)}"))(listeners.turn)
    app.action(views.LOG)(listeners.open_log)
    app.action(re.compile(rf"^{re.escape(views.LOG_PAGE)}"))(listeners.turn_log)
    app.action(views.PLAN)(listeners.open_plan)
    app.action(views.CORRECT)(listeners.correct)
    app.view(views.CORRECTION_MODAL)(listeners.submit)


class _Record:
    def __init__(self, services: Services) -> None:
        self._services = services

    async def open(
        self, ack: AsyncAck, body: BlockActions, context: dict[str, Any], client: AsyncWebClient
    ) -> None:
        value = pressed_value(body)
        view = await self._view(context["caller"], slack_id(value) if value else None, 0)
        await push_view(client, body, view)
        await ack()

    async def turn(
        self, ack: AsyncAck, body: BlockActions, context: dict[str, Any], client: AsyncWebClient
    ) -> None:
        here = pressed_in(body)
        rep = slack_id(metadata_of(here).get("rep"))
        view = await self._view(context["caller"], rep, page_number(pressed_value(body)))
        await client.views_update(view_id=here["id"], hash=here["hash"], view=view)
        await ack()

    async def open_log(
        self, ack: AsyncAck, body: BlockActions, context: dict[str, Any], client: AsyncWebClient
    ) -> None:
        view = await self._log(context["caller"], slack_id(pressed_value(body)), 0)
        await client.views_push(trigger_id=body["trigger_id"], view=view)
        await ack()

    async def turn_log(
        self, ack: AsyncAck, body: BlockActions, context: dict[str, Any], client: AsyncWebClient
    ) -> None:
        here = pressed_in(body)
        rep = slack_id(metadata_of(here).get("rep"))
        view = await self._log(context["caller"], rep, page_number(pressed_value(body)))
        await client.views_update(view_id=here["id"], hash=here["hash"], view=view)
        await ack()

    async def open_plan(
        self, ack: AsyncAck, body: BlockActions, context: dict[str, Any], client: AsyncWebClient
    ) -> None:
        rep = slack_id(pressed_value(body))
        await push_view(client, body, await overview(self._services, context["caller"], rep))
        await ack()

    async def correct(
        self, ack: AsyncAck, body: BlockActions, context: dict[str, Any], client: AsyncWebClient
    ) -> None:
        form = await self._services.database.read(
            corrections.form,
            caller=context["caller"],
            check_in_id=identity(pressed_value(body)),
            now=self._services.clock.now(),
        )
        page = page_number(metadata_of(pressed_in(body)).get("page"))
        await client.views_push(
            trigger_id=body["trigger_id"], view=views.correction_modal(form, page=page)
        )
        await ack()

    async def submit(
        self,
        ack: AsyncAck,
        body: ViewSubmission,
        context: dict[str, Any],
        client: AsyncWebClient,
    ) -> None:
        view, caller = body["view"], context["caller"]
        metadata = metadata_of(view)
        chosen = view["state"]["values"].get(WHICH, {}).get(views.INPUT, {}).get("selected_option")
        if chosen is None:
            raise Refusal(OLD_FORM)
        rep = await self._services.database.write(
            corrections.note,
            caller=caller,
            check_in_id=identity(metadata.get("check_in")),
            answer_id=identity(chosen["value"]),
            number=typed_text(view, NUMBER, views.INPUT),
            reason=typed_text(view, REASON, views.INPUT),
            request_key=view["id"],
            now=self._services.clock.now(),
        )
        await ack()
        below = view.get("previous_view_id")
        if below:
            page = page_number(metadata.get("page"))
            self._services.background.add(self._refresh(client, caller, below, rep, page))

    async def _refresh(
        self, client: AsyncWebClient, caller: Caller, view_id: str, rep: str, page: int
    ) -> None:
        """Show the correction in the record below the form."""
        await update_modal(client, view_id, await self._view(caller, rep, page))

    async def _view(self, caller: Caller, rep: str | None, page: int) -> View:
        shown = await self._services.database.read(
            record.page,
            caller=caller,
            slack_user_id=rep,
            number=page,
            now=self._services.clock.now(),
        )
        return views.record_modal(shown)

    async def _log(self, caller: Caller, rep: str, page: int) -> View:
        shown = await self._services.database.read(
            listing.log_of,
            caller=caller,
            slack_user_id=rep,
            page=page,
            now=self._services.clock.now(),
        )
        return views.log_modal(shown)
