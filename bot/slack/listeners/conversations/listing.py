"""*My week* and *My deals*: a rep looks through the log, edits a conversation and removes one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.access import Caller
from bot.domain.conversations import listing
from bot.slack.listeners.payloads import page_number, pressed_in, pressed_value
from bot.slack.receiving.shapes import BlockActions
from bot.slack.responding.modals import update_modal
from bot.slack.services import Services
from bot.slack.views.blocks import View
from bot.slack.views.conversations import listing as views


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the buttons that open the lists and turn their pages."""
    listeners = _Listing(services)
    app.action(views.WEEK)(listeners.open_week)
    app.action(views.DEALS)(listeners.open_deals)
    app.action(re.compile(rf"^{re.escape(views.WEEK_PAGE)}"))(listeners.turn_week)
    app.action(re.compile(rf"^{re.escape(views.DEALS_PAGE)}"))(listeners.turn_deals)


async def week_view(services: Services, caller: Caller, page: int = 0) -> View:
    """Return *My week*; raises Refusal for anybody who is not a rep."""
    shown = await services.database.read(
        listing.my_week, caller=caller, now=services.clock.now(), page=page
    )
    return views.week_modal(shown)


async def deals_view(services: Services, caller: Caller, page: int = 0) -> View:
    """Return *My deals*; raises Refusal for anybody who is not a rep."""
    shown = await services.database.read(
        listing.my_deals, caller=caller, now=services.clock.now(), page=page
    )
    return views.deals_modal(shown)


def refresh_below(
    services: Services,
    client: AsyncWebClient,
    caller: Caller,
    view_id: str | None,
    metadata: Mapping[str, Any],
) -> None:
    """Bring *My week* up to date after a change of the log, if the form was opened on top of it."""
    if view_id and "page" in metadata:
        page = page_number(metadata["page"])
        services.background.add(_update_week(services, client, caller, view_id=view_id, page=page))


async def _update_week(
    services: Services, client: AsyncWebClient, caller: Caller, *, view_id: str, page: int
) -> None:
    await update_modal(client, view_id, await week_view(services, caller, page))


class _Listing:
    def __init__(self, services: Services) -> None:
        self._services = services

    async def open_week(
        self, ack: AsyncAck, body: BlockActions, context: dict[str, Any], client: AsyncWebClient
    ) -> None:
        view = await week_view(self._services, context["caller"])
        await client.views_open(trigger_id=body["trigger_id"], view=view)
        await ack()

    async def open_deals(
        self, ack: AsyncAck, body: BlockActions, context: dict[str, Any], client: AsyncWebClient
    ) -> None:
        view = await deals_view(self._services, context["caller"])
        await client.views_open(trigger_id=body["trigger_id"], view=view)
        await ack()

    async def turn_week(
        self, ack: AsyncAck, body: BlockActions, context: dict[str, Any], client: AsyncWebClient
    ) -> None:
        view = await week_view(self._services, context["caller"], page_number(pressed_value(body)))
        await _replace(client, body, view)
        await ack()

    async def turn_deals(
        self, ack: AsyncAck, body: BlockActions, context: dict[str, Any], client: AsyncWebClient
    ) -> None:
        view = await deals_view(self._services, context["caller"], page_number(pressed_value(body)))
        await _replace(client, body, view)
        await ack()


async def _replace(client: AsyncWebClient, body: BlockActions, view: View) -> None:
    here = pressed_in(body)
    await client.views_update(view_id=here["id"], hash=here["hash"], view=view)
