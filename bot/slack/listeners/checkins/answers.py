"""Presses on a check-in's message, the modal for a number, and snoozing."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.access import Caller
from bot.domain.checkins import answers, presses, reminders
from bot.domain.checkins.answers import TypedNumbers
from bot.domain.checkins.presses import Press, PressedMessage
from bot.domain.refusals import Refusal, TooLate
from bot.domain.shown.checkins import NumberQuestion, Recorded
from bot.rules.weeks import Snooze
from bot.slack.delivery.delivery import METADATA_EVENT
from bot.slack.listeners.payloads import identity, metadata_of, pressed_value, typed_text
from bot.slack.receiving.shapes import BlockActions, ViewSubmission
from bot.slack.services import Services
from bot.slack.views import words
from bot.slack.views.checkins.forms import FIELD, NUMBER_INPUT, NUMBER_MODAL, number_modal
from bot.slack.views.checkins.messages import (
    ANSWER_NO,
    ANSWER_YES,
    AS_LOGGED,
    CHANGE,
    SNOOZE,
    SNOOZE_BLOCK,
)
from bot.slack.views.checkins.reminders import snoozed_words

_SNOOZES: dict[str, Snooze] = {"1h": "1h", "3h": "3h", "tomorrow": "tomorrow"}


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the buttons on a check-in's message and to the modal for a number."""
    listeners = _Answers(services)
    app.action(ANSWER_YES)(listeners.press_yes)
    app.action(ANSWER_NO)(listeners.press_no)
    app.action(AS_LOGGED)(listeners.press_as_logged)
    app.action(CHANGE)(listeners.change)
    app.action(SNOOZE)(listeners.snooze)
    app.view(NUMBER_MODAL)(listeners.submit_number)


class _Answers:
    def __init__(self, services: Services) -> None:
        self._services = services

    async def press_yes(
        self, ack: AsyncAck, body: BlockActions, context: dict[str, Any], client: AsyncWebClient
    ) -> None:
        await self._press("yes", ack, body, context["caller"], client)

    async def press_no(
        self, ack: AsyncAck, body: BlockActions, context: dict[str, Any], client: AsyncWebClient
    ) -> None:
        await self._press("no", ack, body, context["caller"], client)

    async def press_as_logged(
        self, ack: AsyncAck, body: BlockActions, context: dict[str, Any], client: AsyncWebClient
    ) -> None:
        await self._press(presses.AS_LOGGED, ack, body, context["caller"], client)

    async def change(
        self, ack: AsyncAck, body: BlockActions, context: dict[str, Any], client: AsyncWebClient
    ) -> None:
        question = await self._services.database.read(
            answers.change,
            caller=context["caller"],
            answer_id=identity(pressed_value(body)),
            now=self._services.clock.now(),
        )
        view = number_modal(question, reply=body.get("response_url"))
        await client.views_open(trigger_id=body["trigger_id"], view=view)
        await ack()

    async def submit_number(
        self, ack: AsyncAck, body: ViewSubmission, context: dict[str, Any]
    ) -> None:
        metadata = metadata_of(body["view"])
        answer_id = identity(metadata.get("answer"))
        field = f"{FIELD}{answer_id}"
        text = typed_text(body["view"], field, NUMBER_INPUT)
        caller, now = context["caller"], self._services.clock.now()
        try:
            recorded = await self._services.database.write_batched(
                answers.give_numbers,
                TypedNumbers(
                    caller=caller,
                    typed={answer_id: (field, text)},
                    late_accepted=bool(metadata.get("late")),
                    now=now,
                    redraws=bool(metadata.get("reply")),
                ),
            )
        except TooLate:
            # Nothing was changed; the typed text stays, because the input keeps its ids.
            question = await self._services.database.read(
                answers.change, caller=caller, answer_id=answer_id, now=now
            )
            view = number_modal(question, closed_meanwhile=True, reply=metadata.get("reply"))
            await ack(response_action="update", view=view)
            return
        await ack()
        self._redraw(metadata.get("reply"), caller, recorded)

    async def snooze(self, ack: AsyncAck, body: BlockActions, context: dict[str, Any]) -> None:
        action = body["actions"][0]
        option = action.get("selected_option")
        choice = _SNOOZES.get(option["value"]) if option is not None else None
        if choice is None:
            raise Refusal("Choose when to be reminded: in 1 hour, in 3 hours, or tomorrow morning.")
        moment, reader = await self._services.database.write(
            reminders.snooze,
            caller=context["caller"],
            check_in_id=identity(action.get("block_id", "").removeprefix(SNOOZE_BLOCK)),
            choice=choice,
            now=self._services.clock.now(),
        )
        await ack()
        if "response_url" in body:
            answer = {
                "response_type": "ephemeral",
                "replace_original": False,
                "text": snoozed_words(words.weekday_and_time(moment, reader)),
            }
            self._services.responses.later(body["response_url"], answer)

    async def _press(
        self,
        pressed: str,
        ack: AsyncAck,
        body: BlockActions,
        caller: Caller,
        client: AsyncWebClient,
    ) -> None:
        """Record the press. A press that contradicts the log opens the modal, and then the number decides."""
        press = Press(
            caller=caller,
            answer_id=identity(pressed_value(body)),
            pressed=pressed,
            now=self._services.clock.now(),
            posted=_pressed_message(body),
            redraws="response_url" in body,
        )
        with self._services.redrawing.press_burst.recording():
            outcome = await self._services.database.write_batched(presses.press_many, press)
        if isinstance(outcome, NumberQuestion):
            view = number_modal(outcome, reply=body.get("response_url"))
            await client.views_open(trigger_id=body["trigger_id"], view=view)
        await ack()
        if isinstance(outcome, Recorded):
            self._redraw(body.get("response_url"), caller, outcome)

    def _redraw(self, response_url: object, caller: Caller, recorded: Recorded) -> None:
        """Have the message redrawn through the press's response_url, if the press came with one."""
        if isinstance(response_url, str) and response_url:
            self._services.redrawing.check_in(
                response_url,
                workspace_id=caller.workspace_id,
                check_in_id=recorded.check_in_id,
            )


def _pressed_message(body: BlockActions) -> PressedMessage | None:
    """Return the pressed message: the press proves that it was posted, even if the sender does not know it yet."""
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
