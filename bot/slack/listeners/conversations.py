"""`/log-conversation`, the buttons under its answers, and the form."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain import conversation_forms, conversations
from bot.domain.access import Caller
from bot.domain.shown.conversations import Form, Logged
from bot.rules.quick_log import NotUnderstood
from bot.slack import outcomes
from bot.slack.house import House
from bot.slack.replies import GOOD_FOR, Replies
from bot.slack.views import conversation_form as form_views
from bot.slack.views import conversations as views

COMMAND = "/log-conversation"


def register(app: AsyncApp, house: House) -> None:
    listeners = _Listeners(house)
    app.command(COMMAND)(listeners.command)
    app.action(views.UNDO)(listeners.undo)
    app.action(views.EDIT)(listeners.edit)
    app.action(re.compile(rf"^{re.escape(views.WHICH)}"))(listeners.which_company)
    app.view(form_views.FORM_MODAL)(listeners.submit)


class _Listeners:
    def __init__(self, house: House) -> None:
        self._house = house
        self._replies = Replies()

    async def command(
        self,
        ack: AsyncAck,
        body: dict[str, Any],
        context: AsyncBoltContext,
        client: AsyncWebClient,
    ) -> None:
        caller: Caller = context["caller"]
        text = str(body.get("text") or "").strip()
        if text.casefold() == "help":
            await ack(**views.usage_message())
            return
        now = self._house.clock.now()
        if not text:
            form = await self._house.database.read(
                conversation_forms.empty_form, caller=caller, now=now
            )
            await self._open(ack, client, body, form)
            return
        try:
            outcome = await self._house.database.write(
                conversations.log_line,
                caller=caller,
                text=text,
                request_key=body["trigger_id"],
                now=now,
            )
        except NotUnderstood as problem:
            await ack(**views.not_understood_message(problem))
            return
        if isinstance(outcome, Logged):
            await ack(**views.logged_message(outcome))
        elif outcome.candidates:
            await ack(**views.which_company_message(outcome, request_key=body["trigger_id"]))
        else:
            form = await self._house.database.read(
                conversation_forms.question_form, caller=caller, question=outcome
            )
            await self._open(ack, client, body, form)

    async def which_company(
        self,
        ack: AsyncAck,
        body: dict[str, Any],
        context: AsyncBoltContext,
        client: AsyncWebClient,
    ) -> None:
        caller: Caller = context["caller"]
        draft, request_key = views.decode_draft(body["actions"][0]["value"])
        outcome = await self._house.database.write(
            conversations.log_draft,
            caller=caller,
            draft=draft,
            request_key=request_key,
            now=self._house.clock.now(),
        )
        if isinstance(outcome, Logged):
            await ack()
            self._replies.replace(body["response_url"], views.logged_message(outcome))
            return
        form = await self._house.database.read(
            conversation_forms.question_form, caller=caller, question=outcome
        )
        await self._open(ack, client, body, form, request_key=request_key)

    async def undo(self, ack: AsyncAck, body: dict[str, Any], context: AsyncBoltContext) -> None:
        undone = await self._house.database.write(
            conversations.undo,
            caller=context["caller"],
            conversation_id=int(body["actions"][0]["value"]),
            now=self._house.clock.now(),
        )
        await ack()
        self._replies.replace(body["response_url"], views.logged_message(undone))

    async def edit(
        self,
        ack: AsyncAck,
        body: dict[str, Any],
        context: AsyncBoltContext,
        client: AsyncWebClient,
    ) -> None:
        form = await self._house.database.read(
            conversation_forms.edit_form,
            caller=context["caller"],
            conversation_id=int(body["actions"][0]["value"]),
            now=self._house.clock.now(),
        )
        await self._open(ack, client, body, form)

    async def submit(self, ack: AsyncAck, view: dict[str, Any], context: AsyncBoltContext) -> None:
        form, metadata = form_views.read_form(view)
        now = self._house.clock.now()
        if form.conversation_id is None:
            outcome = await self._house.database.write(
                conversations.log_form,
                caller=context["caller"],
                form=form,
                request_key=metadata["key"],
                now=now,
            )
        else:
            outcome = await self._house.database.write(
                conversations.edit,
                caller=context["caller"],
                conversation_id=form.conversation_id,
                form=form,
                now=now,
            )
        if not isinstance(outcome, Logged):
            asked = conversation_forms.ask(form, outcome)
            updated = form_views.form_modal(asked, metadata=metadata)
            await ack(response_action="update", view=updated)
            return
        opened_at = datetime.fromisoformat(metadata["opened_at"])
        if not metadata["reply"] or now > opened_at + GOOD_FOR:
            await ack(response_action="update", view=views.logged_modal(outcome))
            return
        await ack()
        if metadata["replace"]:
            self._replies.replace(metadata["reply"], views.logged_message(outcome))
        else:
            self._replies.send(metadata["reply"], views.logged_message(outcome))

    async def _open(
        self,
        ack: AsyncAck,
        client: AsyncWebClient,
        body: dict[str, Any],
        form: Form,
        *,
        request_key: str | None = None,
    ) -> None:
        """Open the form; its answer goes where the command or the press came from."""
        pressed = body.get("type") == "block_actions"
        metadata = {
            "key": request_key or body["trigger_id"],
            "reply": body.get("response_url"),
            "replace": pressed,
            "opened_at": self._house.clock.now().isoformat(),
        }
        try:
            await client.views_open(
                trigger_id=body["trigger_id"], view=form_views.form_modal(form, metadata=metadata)
            )
        except SlackApiError as error:
            failure = outcomes.understand(error)
            if failure is None or failure.outcome is not outcomes.Outcome.TRIGGER_LOST or pressed:
                raise
            await ack(**views.form_lost_message())
            return
        await ack()
