"""`/coach acts`: how each act is done, which an admin can rewrite for the workspace."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.access import Caller
from bot.domain.coaching import guides
from bot.rules.acts import Act
from bot.slack.listeners.payloads import typed_text
from bot.slack.receiving.shapes import ViewSubmission
from bot.slack.services import Services
from bot.slack.views.coaching import acts as views


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the form; `/coach` opens it."""
    app.view(views.GUIDES_MODAL)(_Guides(services).submit)


async def open_guides(
    services: Services, *, client: AsyncWebClient, trigger_id: str, caller: Caller
) -> None:
    """Show how acts are done to a coach, with inputs to an admin; raises Refusal for anybody else."""
    found = await services.database.read(guides.read, caller=caller)
    view = views.guides_modal(found.lines, may_write=found.may_write)
    await client.views_open(trigger_id=trigger_id, view=view)


class _Guides:
    def __init__(self, services: Services) -> None:
        self._services = services

    async def submit(self, ack: AsyncAck, body: ViewSubmission, context: dict[str, Any]) -> None:
        fields = {act.value: f"{views.GUIDE_FIELD}{act.value}" for act in Act}
        await self._services.database.write(
            guides.write,
            caller=context["caller"],
            typed={
                act: (field, typed_text(body["view"], field, views.GUIDE_INPUT) or "")
                for act, field in fields.items()
            },
            now=self._services.clock.now(),
        )
        await ack()
