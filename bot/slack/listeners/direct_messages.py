"""Lines that people type into the bot's direct messages.

Slack tells of every message there: of the bot's own, of edits, of deletions, of broadcasts of threads. Only what a
person wrote anew is heard.
"""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.domain.direct_messages import hearing
from bot.domain.direct_messages.hearing import Heard
from bot.domain.refusals import Refusal
from bot.slack.receiving.shapes import EventCallback, MessageEvent, written_by_person
from bot.slack.services import Services


def register(app: AsyncApp, services: Services) -> None:
    """Listen to messages."""
    app.event("message")(_DirectMessages(services).said)


class _DirectMessages:
    def __init__(self, services: Services) -> None:
        self._services = services

    async def said(self, event: MessageEvent, body: EventCallback, context: dict[str, Any]) -> None:
        """Hear a line; it is answered through the outbox, so that the answer is there once."""
        text = event.get("text", "").strip()
        if not written_by_person(event) or "caller" not in context or not text:
            return
        event_id = body.get("event_id", "")
        heard = Heard(text, event_id or event["ts"], event.get("client_msg_id") or event["ts"])
        caller, now = context["caller"], self._services.clock.now()
        try:
            await self._services.database.write(hearing.hear, caller=caller, heard=heard, now=now)
        except Refusal as refusal:
            await self._services.database.write(
                hearing.hear_refused,
                caller=caller,
                heard=heard,
                sentence=refusal.sentence,
                now=now,
            )
