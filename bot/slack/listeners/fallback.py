"""Acknowledges payloads that no other listener knows, and answers with a sentence instead of timing out."""

from __future__ import annotations

import logging
import re
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.domain.refusals import Refusal

log = logging.getLogger(__name__)

ANYTHING = re.compile(".*", re.DOTALL)


def register(app: AsyncApp) -> None:
    """Listen to all remaining payloads. Register this last."""
    listeners = _Fallback()
    app.command(ANYTHING)(listeners.command)
    app.action(ANYTHING)(listeners.action)
    app.view(ANYTHING)(listeners.submission)
    app.view_closed(ANYTHING)(listeners.closed)
    app.event(ANYTHING)(listeners.event)


class _Fallback:
    async def command(self) -> None:
        raise Refusal(
            "Basecoach does not know this command. Use /log-conversation, /checkin, /plan or /coach."
        )

    async def action(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        if any(action.get("type") == "button" and action.get("url") for action in body["actions"]):
            await (
                ack()
            )  # a link button: Slack opens the link itself and only needs the acknowledgement
            return
        raise Refusal("This button is from an older message. Use /checkin or open Home to go on.")

    async def submission(self) -> None:
        raise Refusal(
            "This form is from an older version of Basecoach. Close it and open it again."
        )

    async def closed(self, ack: AsyncAck) -> None:
        await ack()

    async def event(self, body: dict[str, Any]) -> None:
        event_type = body.get("event", {}).get("type")
        log.info("an event without a listener", extra={"event": event_type})
