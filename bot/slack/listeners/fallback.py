"""What no other listener knows: it is acknowledged and answered with words, never left to time out."""

from __future__ import annotations

import logging
import re
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.domain.refusals import Refusal

log = logging.getLogger(__name__)

ANYTHING = re.compile(".*", re.DOTALL)


def register(app: AsyncApp) -> None:
    """Listen to whatever is left. Register this last."""

    @app.command(ANYTHING)
    async def unknown_command() -> None:
        raise Refusal(
            "Basecoach does not know this command. Use /log-conversation, /checkin, /plan or /coach."
        )

    @app.action(ANYTHING)
    async def unknown_action(ack: AsyncAck, body: dict[str, Any]) -> None:
        if any(action.get("type") == "button" and action.get("url") for action in body["actions"]):
            await ack()  # a link: Slack opened it, and only wants to hear that we know
            return
        raise Refusal("This button is from an older message. Use /checkin or open Home to go on.")

    @app.view(ANYTHING)
    async def unknown_modal(ack: AsyncAck) -> None:
        raise Refusal(
            "This form is from an older version of Basecoach. Close it and open it again."
        )

    @app.view_closed(ANYTHING)
    async def modal_closed(ack: AsyncAck) -> None:
        await ack()

    @app.event(ANYTHING)
    async def unknown_event(body: dict[str, Any]) -> None:
        event_type = body.get("event", {}).get("type")
        log.info("an event nobody listens to", extra={"event": event_type})
