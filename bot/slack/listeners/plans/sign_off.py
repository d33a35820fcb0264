"""Decisions of rep and coach about a version: sign, send back, suggest, accept, decline, raise the sights."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.access import Caller
from bot.domain.plans import sights
from bot.domain.plans import sign_off as plan_sign_off
from bot.domain.refusals import Refusal
from bot.domain.shown.plans import FROM_WEEK, Decided
from bot.slack.listeners.payloads import identity, metadata_of, pressed_value
from bot.slack.listeners.plans.modals import modal_of, overview, replace_view
from bot.slack.receiving.shapes import BlockActions
from bot.slack.responding.modals import update_modal
from bot.slack.services import Services
from bot.slack.views.blocks import View
from bot.slack.views.plans import buttons as buttons
from bot.slack.views.plans import decisions as views

BACK = "back"
"""The mark in a form's metadata that the form replaced the overview, which is shown again once it is sent."""

Decide = Callable[..., Decided]


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the buttons and to the forms that some of them open."""
    decisions = _Decisions(services)
    app.action(buttons.APPROVE)(decisions.pressed(plan_sign_off.approve))
    app.action(buttons.ACCEPT)(decisions.pressed(plan_sign_off.accept))
    app.action(buttons.WITHDRAW)(decisions.pressed(plan_sign_off.withdraw))
    app.action(buttons.AGREE)(decisions.pressed(sights.agree))
    app.action(buttons.NOT_NOW)(decisions.pressed(sights.not_now))
    for button, read, modal in (
        (buttons.APPROVE_LATER, plan_sign_off.approval, views.approval_modal),
        (buttons.SEND_BACK, plan_sign_off.send_back_form, views.send_back_modal),
        (buttons.SUGGEST, plan_sign_off.suggest_step, views.suggest_modal),
        (buttons.DECLINE, plan_sign_off.decline_form, views.decline_modal),
    ):
        app.action(button)(decisions.asked(read, modal))
    app.view(views.APPROVAL_MODAL)(decisions.later_sent)
    app.view(views.SEND_BACK_MODAL)(decisions.send_back_sent)
    app.view(views.SUGGEST_MODAL)(decisions.suggestion_sent)
    app.view(views.DECLINE_MODAL)(decisions.decline_sent)


class _Decisions:
    def __init__(self, services: Services) -> None:
        self._services = services

    def pressed(self, decide: Decide) -> Callable[..., Any]:
        """Return a listener for a button that decides at once; its value names the version."""

        async def listener(
            ack: AsyncAck,
            body: BlockActions,
            context: dict[str, Any],
            client: AsyncWebClient,
        ) -> None:
            decided = await self._services.database.write(decide, **self._about(body, context))
            here = modal_of(body)
            view = await self._overview(context["caller"], decided) if here is not None else None
            await ack()
            if here is not None and view is not None:
                self._services.background.add(update_modal(client, here["id"], view))

        return listener

    def asked(self, read: Callable[..., Any], modal: Callable[[Any], View]) -> Callable[..., Any]:
        """Return a listener for a button that opens a form: over the message, or in place of the overview."""

        async def listener(
            ack: AsyncAck,
            body: BlockActions,
            context: dict[str, Any],
            client: AsyncWebClient,
        ) -> None:
            view = modal(await self._services.database.read(read, **self._about(body, context)))
            if modal_of(body) is not None:
                noted = metadata_of(view) | {BACK: True}
                view = {**view, "private_metadata": json.dumps(noted, separators=(",", ":"))}
            await replace_view(client, body, view)
            await ack()

        return listener

    def _about(self, body: BlockActions, context: dict[str, Any]) -> dict[str, Any]:
        return {
            "caller": context["caller"],
            "plan_id": identity(pressed_value(body)),
            "now": self._services.clock.now(),
        }

    # The sent forms

    async def later_sent(
        self, ack: AsyncAck, view: dict[str, Any], context: dict[str, Any]
    ) -> None:
        try:
            week = date.fromisoformat(views.read_week(view))
        except ValueError as error:
            raise Refusal("Choose a week.", field=FROM_WEEK) from error
        await self._decided(ack, view, context, plan_sign_off.approve, from_week=week)

    async def send_back_sent(
        self, ack: AsyncAck, view: dict[str, Any], context: dict[str, Any]
    ) -> None:
        reason = views.read_reason(view)
        await self._decided(ack, view, context, plan_sign_off.send_back, reason=reason)

    async def suggestion_sent(
        self, ack: AsyncAck, view: dict[str, Any], context: dict[str, Any]
    ) -> None:
        await self._decided(
            ack,
            view,
            context,
            plan_sign_off.suggest,
            form=views.read_suggestion(view),
            request_key=view["id"],
        )

    async def decline_sent(
        self, ack: AsyncAck, view: dict[str, Any], context: dict[str, Any]
    ) -> None:
        reason = views.read_reason(view)
        await self._decided(ack, view, context, plan_sign_off.decline, reason=reason)

    async def _decided(
        self,
        ack: AsyncAck,
        view: dict[str, Any],
        context: dict[str, Any],
        decide: Decide,
        **said: Any,
    ) -> None:
        """Carry out the decision; then the form closes, or the overview is shown in its place again."""
        metadata = metadata_of(view)
        caller: Caller = context["caller"]
        decided = await self._services.database.write(
            decide,
            caller=caller,
            plan_id=identity(metadata.get("plan")),
            now=self._services.clock.now(),
            **said,
        )
        if metadata.get(BACK) is True:
            await ack(response_action="update", view=await self._overview(caller, decided))
        else:
            await ack()

    async def _overview(self, caller: Caller, decided: Decided) -> View:
        own = decided.rep == caller.slack_user_id
        return await overview(self._services, caller, None if own else decided.rep)
