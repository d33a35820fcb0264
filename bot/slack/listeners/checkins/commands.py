"""`/checkin`: opens the check-in's form, records days off, logs numbers by hand, and sends a rep their record.

It switches the mid-week line as well, and so do buttons.
"""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.checkins import midweek
from bot.domain.shown.midweek import MidweekChoice
from bot.rules.companies import plain_text
from bot.slack.listeners.absences import handle_away, handle_back
from bot.slack.listeners.checkins.forms import open_form
from bot.slack.listeners.conversations.entries import handle_quick_entry
from bot.slack.listeners.privacy import handle_export
from bot.slack.receiving.shapes import Command
from bot.slack.services import Services
from bot.slack.views.checkins import midweek as views
from bot.slack.views.checkins.messages import usage_message


def register(app: AsyncApp, services: Services) -> None:
    """Listen to `/checkin`, and to the buttons of the mid-week line."""
    listeners = _Commands(services)
    app.command("/checkin")(listeners.checkin)
    app.action(views.ON)(listeners.midweek_on)
    app.action(views.OFF)(listeners.midweek_off)


class _Commands:
    def __init__(self, services: Services) -> None:
        self._services = services

    async def checkin(
        self, ack: AsyncAck, body: Command, context: dict[str, Any], client: AsyncWebClient
    ) -> None:
        services, caller = self._services, context["caller"]
        text = body.get("text", "").strip()
        word, rest = _first_word(text)
        if not text:
            await open_form(services, client=client, trigger_id=body["trigger_id"], caller=caller)
            await ack()
        elif word == "help":
            await ack(**usage_message())
        elif word == "away":
            await handle_away(services, ack=ack, body=body, caller=caller, client=client, text=rest)
        elif word == "back" and not rest:
            await handle_back(services, ack=ack, caller=caller)
        elif word == "export" and not rest:
            await handle_export(services, ack=ack, body=body, caller=caller, client=client)
        elif word == "log":
            await handle_quick_entry(services, ack=ack, body=body, caller=caller, text=rest)
        elif word == "midweek" and rest.lower() in _CHOICES:
            choice = await self._choose(context, wanted=_CHOICES[rest.lower()])
            await ack(**views.choice_message(choice))
        else:
            await ack(**usage_message(plain_text(text)))

    async def midweek_on(self, ack: AsyncAck, context: dict[str, Any]) -> None:
        await self._choose(context, wanted=True)
        await ack()

    async def midweek_off(self, ack: AsyncAck, context: dict[str, Any]) -> None:
        await self._choose(context, wanted=False)
        await ack()

    async def _choose(self, context: dict[str, Any], *, wanted: bool) -> MidweekChoice:
        return await self._services.database.write(
            midweek.choose,
            caller=context["caller"],
            wanted=wanted,
            now=self._services.clock.now(),
        )


_CHOICES = {"on": True, "off": False}


def _first_word(text: str) -> tuple[str, str]:
    word, _, rest = text.partition(" ")
    return word.lower(), rest.strip()
