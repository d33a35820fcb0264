"""*Prepare*, and `/coach @name`: the card for a one-to-one."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.access import Caller
from bot.domain.homes import card
from bot.domain.plans import reality
from bot.slack.listeners.payloads import pressed_value, slack_id
from bot.slack.listeners.plans.modals import push_view
from bot.slack.receiving.shapes import BlockActions, Command
from bot.slack.services import Services
from bot.slack.views import card as views
from bot.slack.views.coaching.on_home import PREPARE


def register(app: AsyncApp, services: Services) -> None:
    """Listen to *Prepare*, wherever it stands; `/coach` opens the card by itself."""
    app.action(PREPARE)(_Card(services).prepare)


async def open_card(
    services: Services,
    *,
    client: AsyncWebClient,
    body: BlockActions | Command,
    caller: Caller,
    rep: str,
) -> None:
    """Show the card about a rep; raises Refusal for everybody but the rep's present coaches.

    What the card says once counts as said when Slack has shown it.
    """
    now = services.clock.now()
    shown = await services.database.read(card.card, caller=caller, slack_user_id=rep, now=now)
    await push_view(client, body, views.card_modal(shown))
    if shown.plan is not None and shown.plan.announces:
        await services.database.write(reality.told, shown=shown.plan, now=now)


class _Card:
    def __init__(self, services: Services) -> None:
        self._services = services

    async def prepare(
        self, ack: AsyncAck, body: BlockActions, context: dict[str, Any], client: AsyncWebClient
    ) -> None:
        rep = slack_id(pressed_value(body))
        await open_card(self._services, client=client, body=body, caller=context["caller"], rep=rep)
        await ack()
