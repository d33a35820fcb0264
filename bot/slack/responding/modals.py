"""Updates a modal after the press in it was acknowledged."""

from __future__ import annotations

import logging

from slack_sdk.web.async_client import AsyncWebClient

from bot.slack import outcomes
from bot.slack.views.blocks import View

log = logging.getLogger(__name__)


async def update_modal(client: AsyncWebClient, view_id: str, view: View) -> None:
    """Show the result of a press in its modal; a modal that was closed meanwhile stays closed."""
    try:
        await client.views_update(view_id=view_id, view=view)
    except Exception as error:
        failure = outcomes.classify(error)
        if failure is None:
            raise
        log.info("modal not updated", extra={"code": failure.code})
