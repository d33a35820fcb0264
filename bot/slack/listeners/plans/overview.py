"""`/plan`, the overview, and the versions of a plan."""

from __future__ import annotations

import re
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.plans import overview as plans
from bot.domain.refusals import Refusal
from bot.rules.companies import plain_text
from bot.slack.listeners.payloads import chosen_value, identity, pressed_value
from bot.slack.listeners.plans import sign_off as plan_sign_off
from bot.slack.listeners.plans import wizard as plan_wizard
from bot.slack.listeners.plans.modals import (
    OLD_BUTTON,
    overview,
    push_view,
    rep_named,
    replace_view,
)
from bot.slack.receiving.shapes import BlockActions
from bot.slack.services import Services
from bot.slack.views.plans import buttons as plan_buttons
from bot.slack.views.plans import versions as plan_versions
from bot.slack.views.plans.overview import usage_message

COMMAND = "/plan"

_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the command and to the buttons that only show something, then to the wizard and the decisions."""
    listeners = _Listeners(services)
    app.command(COMMAND)(listeners.command)
    app.action(plan_buttons.OPEN)(listeners.open)
    app.action(plan_buttons.VERSIONS)(listeners.versions)
    app.action(plan_buttons.SEE)(listeners.see)
    app.action(plan_versions.MORE)(listeners.version_chosen)
    plan_wizard.register(app, services)
    plan_sign_off.register(app, services)


class _Listeners:
    def __init__(self, services: Services) -> None:
        self._services = services

    async def command(
        self,
        ack: AsyncAck,
        body: BlockActions,
        context: dict[str, Any],
        client: AsyncWebClient,
    ) -> None:
        said = str(body.get("text", "")).strip()
        if said.casefold() == "help":
            await ack(response_type="ephemeral", **usage_message())
            return
        mentioned = _MENTION.fullmatch(said)
        if said and mentioned is None:
            await ack(response_type="ephemeral", **usage_message(plain_text(said)))
            return
        view = await overview(
            self._services, context["caller"], mentioned[1] if mentioned else None
        )
        await client.views_open(trigger_id=body["trigger_id"], view=view)
        await ack()

    async def open(
        self,
        ack: AsyncAck,
        body: BlockActions,
        context: dict[str, Any],
        client: AsyncWebClient,
    ) -> None:
        """Open the overview from a button, whose value may name a rep."""
        rep = rep_named(pressed_value(body))
        await replace_view(client, body, await overview(self._services, context["caller"], rep))
        await ack()

    async def versions(
        self,
        ack: AsyncAck,
        body: BlockActions,
        context: dict[str, Any],
        client: AsyncWebClient,
    ) -> None:
        shown = await self._services.database.read(
            plans.versions,
            caller=context["caller"],
            slack_user_id=rep_named(pressed_value(body)),
            now=self._services.clock.now(),
        )
        await push_view(client, body, plan_versions.versions_modal(shown))
        await ack()

    async def see(
        self,
        ack: AsyncAck,
        body: BlockActions,
        context: dict[str, Any],
        client: AsyncWebClient,
    ) -> None:
        await self._see(identity(pressed_value(body)), body, context, client)
        await ack()

    async def version_chosen(
        self,
        ack: AsyncAck,
        body: BlockActions,
        context: dict[str, Any],
        client: AsyncWebClient,
    ) -> None:
        """Show one version (`see:id`) or compare two (`compare:before:after`)."""
        chosen = chosen_value(body)
        match str(chosen).split(":"):
            case ["see", plan_id]:
                await self._see(identity(plan_id), body, context, client)
            case ["compare", before, after]:
                compared = await self._services.database.read(
                    plans.compare,
                    caller=context["caller"],
                    before_id=identity(before),
                    after_id=identity(after),
                    now=self._services.clock.now(),
                )
                await push_view(client, body, plan_versions.comparison_modal(compared))
            case _:
                raise Refusal(OLD_BUTTON)
        await ack()

    async def _see(
        self, plan_id: int, body: BlockActions, context: dict[str, Any], client: AsyncWebClient
    ) -> None:
        shown = await self._services.database.read(
            plans.version, caller=context["caller"], plan_id=plan_id, now=self._services.clock.now()
        )
        await push_view(client, body, plan_versions.version_modal(shown))
