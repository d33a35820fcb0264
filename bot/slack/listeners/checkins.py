"""Presses and modals of the check-in, and `/checkin`."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.access import Caller
from bot.domain.checkins import answers, presses, reminders, showing
from bot.domain.checkins.answers import TooLate
from bot.domain.checkins.presses import Press, PressedMessage
from bot.domain.refusals import Refusal
from bot.domain.shown.checkins import NumberQuestion, Recorded
from bot.rules.weeks import Snooze
from bot.slack.delivery.delivery import METADATA_EVENT
from bot.slack.listeners.absences import handle_away, handle_back
from bot.slack.listeners.entries import handle_quick_entry
from bot.slack.listeners.payloads import identity, metadata_of, typed_text
from bot.slack.services import Services
from bot.slack.views import words
from bot.slack.views.blocks import escape
from bot.slack.views.checkins.forms import (
    FIELD,
    FORM_MODAL,
    NUMBER_INPUT,
    NUMBER_MODAL,
    form_modal,
    number_modal,
)
from bot.slack.views.checkins.messages import (
    ANSWER_NO,
    ANSWER_YES,
    CHANGE,
    OPEN_FORM,
    SNOOZE,
    SNOOZE_BLOCK,
    snoozed_words,
)

USAGE = (
    "`/checkin` opens your check-in.\n"
    "`/checkin log Proposals 3` logs a number of your team's own.\n"
    "`/checkin away today`, `/checkin away sick today`, `/checkin away 3 Dec – 10 Dec` say when you are away; "
    "`/checkin away` alone opens the form, with what is planned.\n"
    "`/checkin back` says that you are back today, earlier than planned.\n"
    "`/checkin help` shows this."
)

_SNOOZES: dict[str, Snooze] = {"1h": "1h", "3h": "3h", "tomorrow": "tomorrow"}


def register(app: AsyncApp, services: Services) -> None:
    """Listen to everything a rep does with a check-in."""

    @app.action(ANSWER_YES)
    async def pressed_yes(
        ack: AsyncAck, body: dict[str, Any], context: dict[str, Any], client: AsyncWebClient
    ) -> None:
        await _pressed("yes", ack, body, context["caller"], client)

    @app.action(ANSWER_NO)
    async def pressed_no(
        ack: AsyncAck, body: dict[str, Any], context: dict[str, Any], client: AsyncWebClient
    ) -> None:
        await _pressed("no", ack, body, context["caller"], client)

    async def _pressed(
        pressed: str,
        ack: AsyncAck,
        body: dict[str, Any],
        caller: Caller,
        client: AsyncWebClient,
    ) -> None:
        press = Press(
            caller=caller,
            answer_id=identity(body["actions"][0].get("value")),
            pressed=pressed,
            now=services.clock.now(),
            posted=_posted(body),
            redraws=bool(body.get("response_url")),
        )
        with services.redrawing.press_burst.recording():
            outcome = await services.database.write_batched(presses.press_many, press)
        if isinstance(outcome, NumberQuestion):
            view = number_modal(outcome, reply=body.get("response_url"))
            await client.views_open(trigger_id=body["trigger_id"], view=view)
        await ack()
        if isinstance(outcome, Recorded):
            redraw(body.get("response_url"), caller, outcome)

    @app.action(CHANGE)
    async def change_pressed(
        ack: AsyncAck, body: dict[str, Any], context: dict[str, Any], client: AsyncWebClient
    ) -> None:
        question = await services.database.read(
            answers.change,
            caller=context["caller"],
            answer_id=identity(body["actions"][0].get("value")),
            now=services.clock.now(),
        )
        await client.views_open(
            trigger_id=body["trigger_id"],
            view=number_modal(question, reply=body.get("response_url")),
        )
        await ack()

    @app.view(NUMBER_MODAL)
    async def number_sent(ack: AsyncAck, body: dict[str, Any], context: dict[str, Any]) -> None:
        metadata = metadata_of(body["view"])
        answer_id = identity(metadata.get("answer"))
        field = f"{FIELD}{answer_id}"
        text = typed_text(body["view"], field, NUMBER_INPUT)
        caller, now = context["caller"], services.clock.now()
        try:
            recorded = await services.database.write(
                answers.give_numbers,
                caller=caller,
                typed={answer_id: (field, text)},
                late_accepted=bool(metadata.get("late")),
                now=now,
                redraws=bool(metadata.get("reply")),
            )
        except TooLate:
            # Nothing was changed; what was typed stays, because the input keeps its ids.
            question = await services.database.read(
                answers.change, caller=caller, answer_id=answer_id, now=now
            )
            view = number_modal(question, closed_meanwhile=True, reply=metadata.get("reply"))
            await ack(response_action="update", view=view)
            return
        await ack()
        redraw(metadata.get("reply"), caller, recorded)

    def redraw(response_url: object, caller: Caller, recorded: Recorded) -> None:
        if isinstance(response_url, str) and response_url:
            services.redrawing.check_in(
                response_url,
                workspace_id=caller.workspace_id,
                check_in_id=recorded.check_in_id,
            )

    @app.action(SNOOZE)
    async def snooze_chosen(ack: AsyncAck, body: dict[str, Any], context: dict[str, Any]) -> None:
        action = body["actions"][0]
        choice = _SNOOZES.get(action.get("selected_option", {}).get("value", ""))
        if choice is None:
            raise Refusal("Choose when to be reminded: in 1 hour, in 3 hours, or tomorrow morning.")
        caller: Caller = context["caller"]
        moment, reader = await services.database.write(
            reminders.snooze,
            caller=caller,
            check_in_id=identity(action.get("block_id", "").removeprefix(SNOOZE_BLOCK)),
            choice=choice,
            now=services.clock.now(),
        )
        await ack()
        if body.get("response_url"):
            when = words.weekday_and_time(moment, reader)
            services.responses.later(
                body["response_url"],
                {
                    "response_type": "ephemeral",
                    "replace_original": False,
                    "text": snoozed_words(when),
                },
            )

    @app.action(OPEN_FORM)
    async def form_asked(
        ack: AsyncAck, body: dict[str, Any], context: dict[str, Any], client: AsyncWebClient
    ) -> None:
        await _open_form(client, body["trigger_id"], context["caller"])
        await ack()

    @app.command("/checkin")
    async def checkin_command(
        ack: AsyncAck, body: dict[str, Any], context: dict[str, Any], client: AsyncWebClient
    ) -> None:
        text = body.get("text", "").strip()
        caller: Caller = context["caller"]
        word, _, rest = text.partition(" ")
        if not text:
            await _open_form(client, body["trigger_id"], caller)
            await ack()
        elif word.lower() == "help":
            await ack(text=USAGE)
        elif word.lower() == "away":
            await handle_away(
                services, ack=ack, body=body, caller=caller, client=client, text=rest.strip()
            )
        elif word.lower() == "back" and not rest.strip():
            await handle_back(services, ack=ack, caller=caller)
        elif word.lower() == "log":
            await handle_quick_entry(services, ack=ack, body=body, caller=caller, text=rest.strip())
        else:
            await ack(text=f"I don't know “{escape(text[:200])}”. What I know:\n{USAGE}")

    async def _open_form(client: AsyncWebClient, trigger_id: str, caller: Caller) -> None:
        shown = await services.database.read(
            answers.open_current, caller=caller, now=services.clock.now()
        )
        await client.views_open(trigger_id=trigger_id, view=form_modal(shown))

    @app.view(FORM_MODAL)
    async def form_sent(ack: AsyncAck, body: dict[str, Any], context: dict[str, Any]) -> None:
        view = body["view"]
        metadata = metadata_of(view)
        caller, now = context["caller"], services.clock.now()
        typed = {
            identity(block_id.removeprefix(FIELD)): (
                block_id,
                typed_text(view, block_id, NUMBER_INPUT),
            )
            for block_id in view["state"]["values"]
            if block_id.startswith(FIELD)
        }
        try:
            await services.database.write(
                answers.give_numbers,
                caller=caller,
                typed=typed,
                late_accepted=bool(metadata.get("late")),
                now=now,
            )
        except TooLate as late:
            # The form's own check-in: meanwhile the next one may have come.
            shown = await services.database.read(showing.show, late.check_in_id, now=now)
            await ack(response_action="update", view=form_modal(shown, closed_meanwhile=True))
            return
        await ack()

    @app.view("notice")
    async def notice_closed(ack: AsyncAck) -> None:
        await ack()


def _posted(body: dict[str, Any]) -> PressedMessage | None:
    """A press on a message proves that it was posted, should the sender not know it yet."""
    container = body.get("container", {})
    metadata = body.get("message", {}).get("metadata", {})
    token = metadata.get("event_payload", {}).get("token")
    if metadata.get("event_type") != METADATA_EVENT or not isinstance(token, str):
        return None
    return PressedMessage(
        token=token,
        channel=container.get("channel_id", ""),
        ts=container.get("message_ts", ""),
    )
