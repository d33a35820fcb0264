"""`/log-conversation`, the buttons under its answers, and the form."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.access import Caller
from bot.domain.conversations import forms as conversation_forms
from bot.domain.conversations import logging as conversations
from bot.domain.refusals import Refusal
from bot.domain.shown.conversations import Form, Logged
from bot.rules.problems import NotUnderstood
from bot.slack import outcomes
from bot.slack.listeners.conversations import listing
from bot.slack.listeners.payloads import (
    OLD_FORM,
    identity,
    metadata_of,
    page_number,
    pressed_in,
    pressed_value,
)
from bot.slack.receiving.shapes import BlockActions, Command
from bot.slack.responding.modals import update_modal
from bot.slack.services import Services
from bot.slack.views.blocks import View
from bot.slack.views.conversations import drafts
from bot.slack.views.conversations import form as form_views
from bot.slack.views.conversations import listing as list_views
from bot.slack.views.conversations import messages as views

log = logging.getLogger(__name__)

COMMAND = "/log-conversation"

LISTS = {"list": listing.week_view, "deals": listing.deals_view}
"""The words after the command that open a list."""

ANSWERABLE_FOR = timedelta(minutes=28)
"""How long a response_url can be relied on; Slack says 30 minutes."""


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the command, the buttons and the form."""
    listeners = _Listeners(services)
    app.command(COMMAND)(listeners.command)
    app.action(views.OPEN_MODAL)(listeners.open_form)
    app.action(views.OPEN_FILLED)(listeners.open_filled)
    app.action(views.UNDO)(listeners.undo)
    app.action(views.EDIT)(listeners.edit)
    app.action(list_views.EDIT_LISTED)(listeners.edit_listed)
    app.action(form_views.REMOVE)(listeners.remove)
    app.action(re.compile(rf"^{re.escape(views.WHICH)}"))(listeners.which_company)
    app.view(form_views.FORM_MODAL)(listeners.submit)


@dataclass(frozen=True)
class _Origin:
    """The place a form was opened from, read from its metadata before anything is written."""

    key: str
    reply: str | None
    replace: bool
    opened_at: datetime

    @classmethod
    def of(cls, metadata: dict[str, Any]) -> _Origin:
        """Read the metadata; raises Refusal if no form of the bot has such metadata."""
        try:
            opened_at = datetime.fromisoformat(metadata["opened_at"])
            key, reply = metadata["key"], metadata["reply"]
            if not isinstance(key, str) or opened_at.tzinfo is None:
                raise ValueError("no origin of ours")
            return cls(key, str(reply) if reply else None, bool(metadata["replace"]), opened_at)
        except (ValueError, KeyError, TypeError) as error:
            raise Refusal(OLD_FORM) from error


class _Listeners:
    def __init__(self, services: Services) -> None:
        self._services = services

    async def command(
        self,
        ack: AsyncAck,
        body: Command,
        context: dict[str, Any],
        client: AsyncWebClient,
    ) -> None:
        caller: Caller = context["caller"]
        text = body.get("text", "").strip()
        now = self._services.clock.now()
        if text.casefold() == "help":
            await ack(**views.usage_message())
            return
        if text.casefold() == "undo":
            undone = await self._services.database.write(
                conversations.undo_last, caller=caller, now=now
            )
            await ack(**views.logged_message(undone))
            return
        if not text:
            form = await self._services.database.read(
                conversation_forms.empty_form, caller=caller, now=now
            )
            await self._open(ack, client, body, form)
            return
        if text.casefold() in LISTS:
            view = await LISTS[text.casefold()](self._services, caller)
            await client.views_open(trigger_id=body["trigger_id"], view=view)
            await ack()
            return
        try:
            outcome = await self._services.database.write(
                conversations.log_line,
                caller=caller,
                text=text,
                request_key=body["trigger_id"],
                now=now,
            )
        except NotUnderstood as problem:
            message = views.not_understood_message(problem, request_key=body["trigger_id"])
            await ack(**message)
            return
        if isinstance(outcome, Logged):
            await ack(**views.logged_message(outcome))
        elif outcome.doubt is not None:
            await ack(**views.which_reading_message(outcome, request_key=body["trigger_id"]))
        elif outcome.candidates:
            await ack(**views.which_company_message(outcome, request_key=body["trigger_id"]))
        else:
            form = await self._services.database.read(
                conversation_forms.question_form, caller=caller, question=outcome
            )
            await self._open(ack, client, body, form)

    async def open_form(
        self,
        ack: AsyncAck,
        body: BlockActions,
        context: dict[str, Any],
        client: AsyncWebClient,
    ) -> None:
        form = await self._services.database.read(
            conversation_forms.empty_form, caller=context["caller"], now=self._services.clock.now()
        )
        await self._open(ack, client, body, form)

    async def open_filled(
        self,
        ack: AsyncAck,
        body: BlockActions,
        context: dict[str, Any],
        client: AsyncWebClient,
    ) -> None:
        """Open the form with what was understood of a line; its answer takes the place of the question."""
        said, request_key = _filled(pressed_value(body))
        form = await self._services.database.read(
            conversation_forms.filled_form,
            caller=context["caller"],
            form=said,
            now=self._services.clock.now(),
        )
        await self._open(ack, client, body, form, request_key=request_key or None)

    async def which_company(
        self,
        ack: AsyncAck,
        body: BlockActions,
        context: dict[str, Any],
        client: AsyncWebClient,
    ) -> None:
        caller: Caller = context["caller"]
        chosen = _chosen(pressed_value(body))
        outcome = await self._services.database.write(
            conversations.log_draft,
            caller=caller,
            draft=chosen.draft,
            request_key=chosen.request_key,
            typed=chosen.typed,
            certain=chosen.certain,
            now=self._services.clock.now(),
        )
        if isinstance(outcome, Logged):
            await ack()
            if "response_url" in body:
                self._replace(body["response_url"], outcome)
            return
        form = await self._services.database.read(
            conversation_forms.question_form, caller=caller, question=outcome
        )
        await self._open(ack, client, body, form, request_key=chosen.request_key)

    async def undo(
        self,
        ack: AsyncAck,
        body: BlockActions,
        context: dict[str, Any],
        client: AsyncWebClient,
    ) -> None:
        undone = await self._services.database.write(
            conversations.undo,
            caller=context["caller"],
            conversation_id=identity(pressed_value(body)),
            now=self._services.clock.now(),
        )
        await ack()
        if "response_url" in body:
            self._replace(body["response_url"], undone)
        else:
            modal = views.logged_modal(undone)
            view_id = pressed_in(body)["id"]
            self._services.background.add(update_modal(client, view_id, modal))

    async def edit(
        self,
        ack: AsyncAck,
        body: BlockActions,
        context: dict[str, Any],
        client: AsyncWebClient,
    ) -> None:
        form = await self._services.database.read(
            conversation_forms.edit_form,
            caller=context["caller"],
            conversation_id=identity(pressed_value(body)),
            now=self._services.clock.now(),
        )
        if "response_url" in body:
            await self._open(ack, client, body, form)
            return
        updated = form_views.form_modal(form, metadata=self._metadata(body))
        await client.views_update(view_id=pressed_in(body)["id"], view=updated)
        await ack()

    async def edit_listed(
        self, ack: AsyncAck, body: BlockActions, context: dict[str, Any], client: AsyncWebClient
    ) -> None:
        """Open the form on top of *My week*, which follows once the form is sent."""
        page = page_number(metadata_of(pressed_in(body)).get("page"))
        form = await self._services.database.read(
            conversation_forms.edit_form,
            caller=context["caller"],
            conversation_id=identity(pressed_value(body)),
            now=self._services.clock.now(),
        )
        metadata = {**self._metadata(body), "page": page}
        await client.views_push(
            trigger_id=body["trigger_id"], view=form_views.form_modal(form, metadata=metadata)
        )
        await ack()

    async def remove(
        self, ack: AsyncAck, body: BlockActions, context: dict[str, Any], client: AsyncWebClient
    ) -> None:
        """Remove the conversation of the form, and bring *My week* or the message below up to date."""
        here, caller = pressed_in(body), context["caller"]
        metadata = metadata_of(here)
        removed = await self._services.database.write(
            conversations.remove,
            caller=caller,
            conversation_id=identity(pressed_value(body)),
            now=self._services.clock.now(),
        )
        await ack()
        modal = list_views.removed_modal(removed)
        self._services.background.add(update_modal(client, here["id"], modal))
        listing.refresh_below(
            self._services, client, caller, here.get("previous_view_id"), metadata
        )

    async def submit(
        self,
        ack: AsyncAck,
        view: dict[str, Any],
        context: dict[str, Any],
        client: AsyncWebClient,
    ) -> None:
        form, metadata = _form(view)
        origin = _Origin.of(metadata)
        now = self._services.clock.now()
        if form.conversation_id is None:
            outcome = await self._services.database.write(
                conversations.log_form,
                caller=context["caller"],
                form=form,
                request_key=origin.key,
                now=now,
            )
        else:
            outcome = await self._services.database.write(
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
        if "page" in metadata:
            await ack()
            below = view.get("previous_view_id")
            listing.refresh_below(self._services, client, context["caller"], below, metadata)
            return
        if origin.reply is None or now > origin.opened_at + ANSWERABLE_FOR:
            await ack(response_action="update", view=views.logged_modal(outcome))
            return
        await ack()
        if origin.replace:
            self._replace(origin.reply, outcome)
        else:
            answer = {**views.logged_message(outcome), "response_type": "ephemeral"}
            self._services.responses.later(origin.reply, answer)

    async def _open(
        self,
        ack: AsyncAck,
        client: AsyncWebClient,
        body: Command | BlockActions,
        form: Form,
        *,
        request_key: str | None = None,
    ) -> None:
        """Open the form; its answer goes to the place where the command or the press came from."""
        metadata = self._metadata(body, request_key=request_key)
        try:
            await client.views_open(
                trigger_id=body["trigger_id"], view=form_views.form_modal(form, metadata=metadata)
            )
        except SlackApiError as error:
            failure = outcomes.classify(error)
            lost = failure is not None and failure.outcome is outcomes.CallOutcome.TRIGGER_LOST
            if not lost or "command" not in body:
                raise
            await ack(**views.form_lost_message())
            return
        await ack()

    def _metadata(
        self, body: Command | BlockActions, *, request_key: str | None = None
    ) -> dict[str, Any]:
        """Return the metadata that tells a form where it was opened from."""
        return {
            "key": request_key or body["trigger_id"],
            "reply": body.get("response_url"),
            "replace": "command" not in body,
            "opened_at": self._services.clock.now().isoformat(),
        }

    def _replace(self, response_url: str, shown: Logged) -> None:
        """Replace the message that contains the pressed button with the answer."""
        answer = {**views.logged_message(shown), "replace_original": True}
        self._services.responses.later(response_url, answer)


def _form(view: View) -> tuple[Form, dict[str, Any]]:
    try:
        return form_views.read_form(view)
    except (ValueError, KeyError, TypeError) as error:
        raise Refusal(
            "This form is from an older version: close it and send /log-conversation again."
        ) from error


def _filled(value: object) -> tuple[Form, str]:
    try:
        return drafts.decode_form(str(value))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Refusal(
            "This button is from an older message: log it again with /log-conversation."
        ) from error


def _chosen(value: object) -> drafts.Chosen:
    try:
        return drafts.decode_draft(str(value))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Refusal(
            "This button is from an older message: log it again with /log-conversation."
        ) from error
